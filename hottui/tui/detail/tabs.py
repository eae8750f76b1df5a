"""The tabs of the detail: what each is called and which lines it shows."""

from collections.abc import Callable
from dataclasses import dataclass

from hottui import unheard
from hottui.model.changes import mode_of
from hottui.model.text import visible
from hottui.tui.detail import conf, overview, raw, resources, timeline
from hottui.tui.detail.fields import note
from hottui.tui.detail.subject import Subject
from hottui.tui.line_list import Joined, LineList, fixed
from hottui.tui.lines import Line

_Lines = Callable[[Subject], tuple[Line, ...]]


def _no_lines(subject: Subject) -> tuple[Line, ...]:  # noqa: ARG001
    return ()


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab. `body` is None where the tab has a widget of its own.

    `body` may take long: it is made off the event loop where the answer is large, and only when something that
    `depends` gives is another. `head` and `tail` stand around it and are made every second; `legend` stands below
    whatever a filter leaves. `nothing_found` is a sentence about the words of the filter.
    """

    id: str
    title: str
    short: str
    note: Callable[[Subject], str]
    body: Callable[[Subject], LineList] | None
    depends: Callable[[Subject], tuple[object, ...]]
    head: _Lines = _no_lines
    tail: _Lines = _no_lines
    legend: _Lines = _no_lines
    nothing_found: str = "No line holds “{}”."

    def label(self, subject: Subject | None, *, narrow: bool) -> str:
        """The words on the tab, with its note where there is room."""
        if narrow:
            return self.short
        try:
            words = self.note(subject) if subject else ""
        except Exception as error:  # noqa: BLE001 - reported; the tab itself says more
            unheard.current().heard(error)
            words = ""
        return f"{self.title} {visible(words)}".rstrip()

    def around(self, subject: Subject, body: LineList) -> LineList:
        """All lines of the tab, `body` among them; with a filter only those that hold each of its words."""
        words = subject.words
        found = Joined(_holding(self.head(subject), words), body, _holding(self.tail(subject), words))
        if words and not len(found):
            return fixed(note(self.nothing_found.format(" ".join(words)), subject.width))
        return Joined(found, fixed(self.legend(subject)))


def _holding(lines: tuple[Line, ...], words: tuple[str, ...]) -> LineList:
    return fixed(line for line in lines if all(word in line.text.lower() for word in words))


def _nothing(subject: Subject) -> str:  # noqa: ARG001
    return ""


def _conf_note(subject: Subject) -> str:
    count = len(subject.answer.result.flink_conf) if subject.answer else 0
    return f"({count})" if count else ""


def _mode_note(subject: Subject) -> str:
    return mode_of(subject.answer.result) if subject.answer else ""


def _plan_note(subject: Subject) -> str:
    plan = subject.answer.plan.plan if subject.answer else None
    if plan is None:
        return ""
    count = len(plan.vertices) or len(plan.nodes)
    return f"{count} vertices" if count != 1 else "1 vertex"


def _of_its_own(subject: Subject) -> tuple[object, ...]:  # noqa: ARG001
    return ()


TABS: tuple[Tab, ...] = (
    Tab("overview", "Overview", "Overview", _nothing, overview.body, overview.depends, head=overview.head),
    Tab("conf", "Flink conf", "Conf", _conf_note, conf.body, conf.depends, legend=conf.legend,
        nothing_found="No key or value holds “{}”."),
    Tab("batch", "Batch", "Batch", _nothing, resources.batch, resources.depends),
    Tab("streaming", "Streaming", "Stream", _mode_note, resources.streaming, resources.depends),
    Tab("plan", "Plan", "Plan", _plan_note, None, _of_its_own),
    Tab("timeline", "Timeline", "Times", _nothing, timeline.body, timeline.depends,
        head=timeline.head, tail=timeline.tail),
    Tab("answer", "Answer", "Answer", _nothing, raw.body, raw.depends),
)  # fmt: skip
"""In the order of their number keys."""
