"""One-line bars: the header, and the footer with messages and key hints."""

import math
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from hottui.model.control_characters import visible
from hottui.render.styled_text import Span
from hottui.tui.appearance import Appearance, to_strip

Parts = tuple[Span, ...]
_FIRST = ("help", "quit", "close")
_MESSAGE_SECONDS = 5.0
"""Seconds for which a message is shown in the footer."""
NOTIFICATION_SECONDS = 20.0
"""Seconds for which a text too long for its line is shown in a notification."""


class Bar(Widget):
    """One line with a left and a right part, redrawn only when its text changes."""

    DEFAULT_CSS = """
    Bar { height: 1; }
    """

    class Clicked(Message):
        """A part of the bar was clicked."""

        def __init__(self, bar: "Bar", span: Span) -> None:
            super().__init__()
            self.bar, self.span = bar, span

    def __init__(self, appearance: Appearance, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._appearance = appearance
        self._left: Parts = ()
        self._right: Parts = ()

    def show(self, left: Parts, right: Parts = ()) -> None:
        """Set both parts."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    @property
    def text(self) -> str:
        """The text of both parts."""
        return "".join(span.text for span in (*self._left, *self._right))

    def on_click(self, event: events.Click) -> None:
        """Report which part was clicked."""
        left_width = max(self.size.width - sum(cell_len(span.text) for span in self._right), 0)
        on_the_right = event.x >= left_width
        end = left_width if on_the_right else 0
        for span in self._right if on_the_right else self._left:
            end += cell_len(span.text)
            if event.x < end:
                self.post_message(self.Clicked(self, span))
                return

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """Return left part, gap, right part; the left part is cut when both do not fit."""
        styles, width = self._appearance.styles, self.size.width
        right = cell_len("".join(span.text for span in self._right))
        left = to_strip(self._left, styles).adjust_cell_length(max(width - right, 0), styles["bar"])
        return Strip.join([left, to_strip(self._right, styles)]).adjust_cell_length(width, styles["bar"])


class _Message(NamedTuple):
    """A message in the footer and when it expires; `announced` marks one that is not the answer to a key."""

    span: Span
    until: float
    announced: bool = False


class Footer(Bar):
    """A message for a few seconds, or else the filter and the keys that work here."""

    def __init__(self, appearance: Appearance, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(appearance, id=id)
        self._message: _Message | None = None

    def show_message(self, text: str, style: str) -> None:
        """Show the answer to a key; one that is too long for a line is shown in a notification."""
        if cell_len(text) >= self.app.size.width > 0:
            self.app.notify(visible(text), timeout=NOTIFICATION_SECONDS, markup=False)
        else:
            self._set_message(text, style, announced=False)

    def announce(self, text: str, style: str) -> None:
        """Show a message that no key asked for, unless the answer to a key is shown."""
        if self._message is None or self._message.announced:
            self._set_message(text, style, announced=True)

    def _set_message(self, text: str, style: str, *, announced: bool) -> None:
        until = self._appearance.clock() + _MESSAGE_SECONDS
        self._message = _Message(Span(f" {visible(text)}", style), until, announced)
        self.show((self._message.span,))

    @property
    def message_seconds_left(self) -> float:
        """The seconds until the message expires; infinity without one."""
        return math.inf if self._message is None else max(self._message.until - self._appearance.clock(), 0.0)

    def expire_message(self) -> None:
        """Drop the message once its time is over; `show_hints` then replaces it."""
        if self._message is not None and self._message.until <= self._appearance.clock():
            self._message = None

    def show_hints(self, hints: list[tuple[str, str]], filtered: str = "", marked: str = "", order: str = "") -> None:
        """Show filter, order, what is marked, and as many `hints` (key and word) as fit, unless a message is shown."""
        if self._message is not None:
            return
        named = (("filter", filtered, "bar.warning"), ("sort", order, "bar.warning"), ("marked", marked, "bar.title"))
        notes = tuple(Span(visible(f" {name}: {text} "), style) for name, text, style in named if text)
        width = self.app.size.width - sum(cell_len(span.text) for span in notes)
        self.show((*notes, *fitting_hints(hints, width)))


def fitting_hints(pairs: list[tuple[str, str]], width: int) -> Parts:
    """Return as many `key word` hints as fit into `width` cells; help, quit and close have priority."""
    fitting: set[str] = set()
    left = width - 1
    for key, word in sorted(pairs, key=lambda pair: pair[1] not in _FIRST):
        left -= cell_len(key) + cell_len(word) + 3
        if left < 0:
            break
        fitting.add(word)
    shown = ((Span(f" {key}", "bar.key"), Span(f" {word} ", "bar.dim")) for key, word in pairs if word in fitting)
    return tuple(span for spans in shown for span in spans)
