"""Making the text of a tab: once for what it is made of, and off the event loop where that is large."""

from dataclasses import dataclass

from hottui.model.answer import Answer
from hottui.render.detail_context import DetailContext
from hottui.render.lazy_lines import NO_LINES, LazyLines, fixed, matching
from hottui.render.styled_text import Line, Span, note
from hottui.runtime import error_hooks
from hottui.tui.detail.tabs import Tab

_SMALL = 30_000
"""Characters of an answer up to which its text is made at once: that takes a few milliseconds."""
_TRANSITION = 100
"""Characters that a transition counts as."""
PLACEHOLDER = fixed((Line((Span(" Preparing the text of a large answer…", "dim"),)),))


@dataclass(frozen=True, slots=True)
class Prepared:
    """The text of one tab, whole and filtered."""

    made_of: tuple[object, ...]
    whole: LazyLines
    words: tuple[str, ...]
    lines: LazyLines

    def has_text(self, tab: Tab, subject: DetailContext) -> bool:
        """Whether making the text of `subject` anew would give this one."""
        return _same(self.made_of, tab.depends(subject))

    def shows(self, tab: Tab, subject: DetailContext) -> bool:
        """Whether this is what is to be shown of `subject`, filter included."""
        return self.words == subject.words and self.has_text(tab, subject)


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether both hold the same. Answers and histories are large: an equal one is the same object, see `Subjects`."""
    return len(one) == len(other) and all(
        a is b or (not isinstance(a, Answer | tuple) and a == b) for a, b in zip(one, other, strict=True)
    )


def is_small(subject: DetailContext) -> bool:
    """Whether any text of `subject` is made in no time."""
    answers = (subject.answer, subject.before)
    size = sum(len(answer.text) for answer in answers if answer) + len(subject.transitions) * _TRANSITION
    return size <= _SMALL


def prepare(tab: Tab, subject: DetailContext, last: Prepared | None) -> Prepared:
    """The text of `tab`; what there was is used again where it is the same. A fault becomes the text."""
    made_of = tab.depends(subject)
    try:
        if last is not None and last.has_text(tab, subject):
            whole = last.whole
        else:
            whole = tab.body(subject) if tab.body else NO_LINES
        return Prepared(made_of, whole, subject.words, matching(whole, subject.words))
    except Exception as error:  # noqa: BLE001 - reported; one tab that fails leaves the others and the table
        return Prepared(made_of, lines := failed(error, subject.width), subject.words, lines)


def shown(tab: Tab, subject: DetailContext, body: LazyLines) -> LazyLines:
    """All lines of `tab` around its `body`. A fault becomes the text."""
    try:
        return tab.around(subject, body)
    except Exception as error:  # noqa: BLE001 - as above
        return failed(error, subject.width)


def failed(error: Exception, width: int) -> LazyLines:
    """Report `error` and say what to do."""
    error_hooks.current_hooks().handle(error)
    return fixed(note(fault_text(error), width, "stale"))


def fault_text(error: Exception) -> str:
    """A fault as messages for the user."""
    name = type(error).__name__
    return (
        f"This tab cannot be shown because of a fault in hottui ({name}). Press r to read the answer again, "
        "or Y to copy it; the report to send is named when hottui ends."
    )
