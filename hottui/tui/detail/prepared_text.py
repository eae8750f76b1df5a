"""Prepare the text of a tab: once per input, and in a background thread where the answer is large."""

from dataclasses import dataclass

from hottui.model.answer import Answer
from hottui.render.detail_context import DetailContext
from hottui.render.lazy_lines import NO_LINES, LazyLines, fixed, matching
from hottui.render.styled_text import Line, Span
from hottui.tui.detail.error_boundary import report_as_lines
from hottui.tui.detail.tabs import Tab

_SMALL = 30_000
"""Characters of an answer up to which its text is prepared synchronously, in a few milliseconds."""
_TRANSITION = 100
"""Characters that a transition counts as."""
PLACEHOLDER = fixed((Line((Span(" Formatting a large answer…", "dim"),)),))


@dataclass(frozen=True, slots=True)
class Prepared:
    """The text of one tab, whole and filtered."""

    inputs: tuple[object, ...]
    whole: LazyLines
    words: tuple[str, ...]
    lines: LazyLines

    def has_text(self, tab: Tab, subject: DetailContext) -> bool:
        """Return whether preparing `subject` again would give this text."""
        return _same(self.inputs, tab.depends(subject))

    def shows(self, tab: Tab, subject: DetailContext) -> bool:
        """Return whether this is the text to show of `subject`, including the filter."""
        return self.words == subject.words and self.has_text(tab, subject)


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Return whether both are equal. Answers and histories are compared by identity, see `DetailLoader`."""
    return len(one) == len(other) and all(
        a is b or (not isinstance(a, Answer | tuple) and a == b) for a, b in zip(one, other, strict=True)
    )


def is_small(subject: DetailContext) -> bool:
    """Return whether any text of `subject` can be prepared synchronously."""
    answers = (subject.answer, subject.before)
    size = sum(len(answer.text) for answer in answers if answer) + len(subject.transitions) * _TRANSITION
    return size <= _SMALL


def prepare(tab: Tab, subject: DetailContext, last: Prepared | None) -> Prepared:
    """Return the text of `tab`, reusing `last` where it still applies. An unexpected error becomes the text."""
    inputs = tab.depends(subject)
    try:
        if last is not None and last.has_text(tab, subject):
            whole = last.whole
        else:
            whole = tab.body(subject) if tab.body else NO_LINES
        return Prepared(inputs, whole, subject.words, matching(whole, subject.words))
    except Exception as error:  # noqa: BLE001 - reported; the other tabs and the table keep working
        return Prepared(inputs, lines := report_as_lines(error, subject.width), subject.words, lines)


def shown(tab: Tab, subject: DetailContext, body: LazyLines) -> LazyLines:
    """Return all lines of `tab`: head, `body` and tail. An unexpected error becomes the text."""
    try:
        return tab.around(subject, body)
    except Exception as error:  # noqa: BLE001 - as above
        return report_as_lines(error, subject.width)
