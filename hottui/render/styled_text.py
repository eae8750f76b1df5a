"""Styled text: spans and lines, and helpers to wrap, clip and lay them out.

A `Line` is data; panes are pure functions that return lines, and one widget draws them.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, set_cell_size

from hottui.model.cell_width import pad
from hottui.model.control_characters import visible

if TYPE_CHECKING:
    from hottui.render.detail_context import DetailContext

_LEADING_PART = re.compile(r"(?:^|(?<=\s))…?[A-Za-z][\w-]*\.(?=[A-Za-z])")
"""The first part of a dotted key, and the ellipsis that replaces earlier ones."""


class Span(NamedTuple):
    """A piece of a line; `style` is a name of the palette."""

    text: str
    style: str = "text"


class Line(NamedTuple):
    """One line; `value` is the text to copy, or None.

    `to_copy` converts `value` when it is copied; the conversion may be slow, and a line is rendered on every draw.
    """

    spans: tuple[Span, ...] = ()
    value: str | None = None
    to_copy: Callable[[str], str] | None = None

    @property
    def copied(self) -> str | None:
        """The text to copy, or None."""
        return self.to_copy(self.value) if self.to_copy and self.value is not None else self.value

    @property
    def text(self) -> str:
        """The plain text."""
        return "".join(span.text for span in self.spans)


EMPTY = Line()


def line(
    *parts: str | Span | tuple[str, str], value: str | None = None, to_copy: Callable[[str], str] | None = None
) -> Line:
    """Return a line of texts, `(text, style)` pairs and spans."""
    return Line(tuple(_span(part) for part in parts), value, to_copy)


def _span(part: str | Span | tuple[str, str]) -> Span:
    return Span(part) if isinstance(part, str) else Span(*part)


def squeeze(text: str, width: int) -> str:
    """Return `text`, if it is too long without the leading parts of its keys: `…timeout 10min → 60min`."""
    while cell_len(text) > width and (shorter := _LEADING_PART.sub("…", text, count=1)) != text:
        text = shorter
    return text


def wrap(text: str, width: int) -> list[str]:
    """Wrap `text` into pieces of at most `width` cells, at spaces where possible.

    Only the characters that could fit are examined for each piece: a message may have a million characters.
    """
    text, width = visible(text), max(width, 8)
    pieces: list[str] = []
    start = 0
    while True:
        ahead = text[start : start + width + 1]
        if start + len(ahead) == len(text) and cell_len(ahead) <= width:
            return [*pieces, ahead]
        head = set_cell_size(ahead, width).rstrip(" ")
        cut = head.rfind(" ") if ahead[len(head) : len(head) + 1] != " " else -1
        if cut > width // 2:
            head = head[:cut]
        pieces.append(head)
        start += len(head)
        while text[start : start + 1] == " ":
            start += 1


def clip(text: str, limit: int = 4_000) -> str:
    """Return `text`, or its first `limit` characters and the number of those left out."""
    return text if len(text) <= limit else f"{text[:limit]}… {len(text) - limit:,} characters more"


NAME_WIDTH = 18
_LONGEST = 20_000
"""Maximum characters of a value that are wrapped into lines; the Answer tab and copying have the rest."""


def field(name: str, value: str, style: str = "text", *, copy: str | None = None, width: int = 0) -> tuple[Line, ...]:
    """Return ` name      value`, wrapped to `width` cells. An empty value is shown as `–`."""
    shown = wrap(clip(value, _LONGEST), width - NAME_WIDTH - 1) if width else [visible(clip(value))]
    first = line(
        (" " + pad(name, NAME_WIDTH), "dim"), Span(shown[0] or "–", style if shown[0] else "dim"), value=copy or value
    )
    return (first, *(line(" " * (NAME_WIDTH + 1), Span(more, style)) for more in shown[1:]))


def heading(text: str, note: str = "") -> tuple[Line, ...]:
    """Return a blank line and a title."""
    return (EMPTY, line((f" {text}", "header"), (f"  {note}" if note else "", "dim")))


def note(text: str, width: int, style: str = "dim") -> tuple[Line, ...]:
    """Return a paragraph in a muted style."""
    return tuple(line((f" {piece}", style)) for piece in wrap(text, width - 2))


def no_answer(context: "DetailContext", style: str = "dim") -> tuple[Line, ...]:
    """Return the content of a pane for a hot update without an answer."""
    if context.unreadable:
        return note(f"Cannot read the answer: {context.unreadable}. Press r to try again.", context.width, "stale")
    return note("No answer yet.", context.width, style)
