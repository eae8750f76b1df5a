"""The tabs of the detail pane and the strip that shows them."""

from collections.abc import Callable
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from hottui.model.control_characters import visible
from hottui.render.detail_context import DetailContext
from hottui.render.lazy_lines import ConcatenatedLines, LazyLines, fixed
from hottui.render.styled_text import Line, Span, note
from hottui.runtime import error_hooks
from hottui.tui.appearance import Appearance, to_strip
from hottui.tui.detail import answer, flink_conf, overview, resources, timeline

_ROOMY = 100
"""Width in cells from which the tabs show their notes."""


class TabStrip(Widget):
    """The tab titles, with the open one underlined."""

    DEFAULT_CSS = """
    TabStrip { height: 1; }
    """

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._open = 0
        self._labels: tuple[str, ...] = ()

    def show(self, subject: DetailContext | None, number: int) -> None:
        """Show the notes of `subject` and underline tab `number`."""
        labels = tuple(tab.label(subject, narrow=self.size.width < _ROOMY) for tab in TABS)
        if (labels, number) != (self._labels, self._open):
            self._labels, self._open = labels, number
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """Render the tab titles, two cells apart."""
        styles, spans = self._appearance.styles, [Span(" ", "tab")]
        for number, label in enumerate(self._labels):
            spans += [Span(label, "tab.open" if number == self._open else "tab"), Span("  ", "tab")]
        return to_strip(spans, styles).adjust_cell_length(self.size.width, styles["tab"])

    def on_click(self, event: events.Click) -> None:
        """Open the tab that was clicked."""
        x = 1
        for number, label in enumerate(self._labels):
            if x <= event.x < x + cell_len(label):
                self.post_message(self.Chosen(number))
            x += cell_len(label) + 2


_Lines = Callable[[DetailContext], tuple[Line, ...]]


def _no_lines(subject: DetailContext) -> tuple[Line, ...]:  # noqa: ARG001
    return ()


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab. `body` is None where the tab has a widget of its own.

    `body` may be slow: it runs in a background thread where the answer is large, and only when a value returned by
    `depends` changes. `head` and `tail` are rendered around it every second; `legend` is not filtered. `no_matches`
    is the message for a filter without matches.
    """

    id: str
    title: str
    short: str
    note: Callable[[DetailContext], str]
    body: Callable[[DetailContext], LazyLines] | None
    depends: Callable[[DetailContext], tuple[object, ...]]
    head: _Lines = _no_lines
    tail: _Lines = _no_lines
    legend: _Lines = _no_lines
    no_matches: str = "No matches for “{}”."

    def label(self, subject: DetailContext | None, *, narrow: bool) -> str:
        """Return the title with its note, or the short title if `narrow`."""
        if narrow:
            return self.short
        try:
            words = self.note(subject) if subject else ""
        except Exception as error:  # noqa: BLE001 - reported; the tab shows the details
            error_hooks.current_hooks().handle(error)
            words = ""
        return f"{self.title} {visible(words)}".rstrip()

    def around(self, subject: DetailContext, body: LazyLines) -> LazyLines:
        """Return head, `body` and tail; with a filter only the lines that contain all of its words."""
        words = subject.words
        found = ConcatenatedLines(_containing(self.head(subject), words), body, _containing(self.tail(subject), words))
        if words and not len(found):
            return fixed(note(self.no_matches.format(" ".join(words)), subject.width))
        return ConcatenatedLines(found, fixed(self.legend(subject)))


def _containing(lines: tuple[Line, ...], words: tuple[str, ...]) -> LazyLines:
    return fixed(line for line in lines if all(word in line.text.lower() for word in words))


def _no_note(subject: DetailContext) -> str:  # noqa: ARG001
    return ""


def _conf_note(subject: DetailContext) -> str:
    count = len(subject.answer.result.flink_conf) if subject.answer else 0
    return f"({count})" if count else ""


def _mode_note(subject: DetailContext) -> str:
    return subject.answer.result.target.mode if subject.answer else ""


def _plan_note(subject: DetailContext) -> str:
    plan = subject.answer.plan.plan if subject.answer else None
    if plan is None:
        return ""
    count = len(plan.vertices) or len(plan.nodes)
    return f"{count} vertices" if count != 1 else "1 vertex"


def _independent(subject: DetailContext) -> tuple[object, ...]:  # noqa: ARG001
    return ()


TABS: tuple[Tab, ...] = (
    Tab("overview", "Overview", "Overview", _no_note, overview.body, overview.depends, head=overview.head),
    Tab("conf", "Flink conf", "Conf", _conf_note, flink_conf.body, flink_conf.depends, legend=flink_conf.legend),
    Tab("batch", "Batch", "Batch", _no_note, resources.batch, resources.depends),
    Tab("streaming", "Streaming", "Stream", _mode_note, resources.streaming, resources.depends),
    Tab("plan", "Plan", "Plan", _plan_note, None, _independent),
    Tab("timeline", "Timeline", "Times", _no_note, timeline.body, timeline.depends,
        head=timeline.head, tail=timeline.tail),
    Tab("answer", "Answer", "Answer", _no_note, answer.body, answer.depends),
)  # fmt: skip
"""In the order of their number keys."""
