"""Rows of a name and a value, shared by the panes."""

from hottui.model.text import visible
from hottui.tui.detail.subject import Subject
from hottui.tui.lines import EMPTY, Line, Span, clip, line, pad, wrap

NAME_WIDTH = 18
_LONGEST = 20_000
"""Letters of one value that are folded into lines; the Answer tab and copying have the rest."""


def field(name: str, value: str, style: str = "text", *, copy: str | None = None, width: int = 0) -> tuple[Line, ...]:
    """` name      value`; a value longer than `width` goes on in the lines below. An empty value reads `–`."""
    shown = wrap(clip(value, _LONGEST), width - NAME_WIDTH - 1) if width else [visible(clip(value))]
    first = line(
        (" " + pad(name, NAME_WIDTH), "dim"), Span(shown[0] or "–", style if shown[0] else "dim"), value=copy or value
    )
    return (first, *(line(" " * (NAME_WIDTH + 1), Span(more, style)) for more in shown[1:]))


def heading(text: str, note: str = "") -> tuple[Line, ...]:
    """A blank line and a title."""
    return (EMPTY, line((f" {text}", "header"), (f"  {note}" if note else "", "dim")))


def note(text: str, width: int, style: str = "dim") -> tuple[Line, ...]:
    """A paragraph in a quiet voice."""
    return tuple(line((f" {piece}", style)) for piece in wrap(text, width - 2))


def no_answer(subject: Subject, style: str = "dim") -> tuple[Line, ...]:
    """What a pane shows of a hot update without an answer."""
    if subject.unreadable:
        return note(
            f"The answer cannot be read: {subject.unreadable}. Press r to read it again.", subject.width, "stale"
        )
    return note("No answer has been read yet.", subject.width, style)
