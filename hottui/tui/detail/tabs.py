"""The tabs of the detail: what each is called and which lines it shows."""

from collections.abc import Callable
from dataclasses import dataclass

from hottui.model.changes import mode_of
from hottui.model.text import visible
from hottui.tui.detail import conf, overview, raw, resources, timeline
from hottui.tui.detail.fields import note
from hottui.tui.detail.subject import Subject
from hottui.tui.lines import Line


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab. `lines` is None where the tab has a widget of its own."""

    id: str
    title: str
    short: str
    note: Callable[[Subject], str]
    lines: Callable[[Subject], tuple[Line, ...]] | None

    def label(self, subject: Subject | None, *, narrow: bool) -> str:
        """The words on the tab, with its note where there is room."""
        if narrow:
            return self.short
        note = self.note(subject) if subject else ""
        return f"{self.title} {visible(note)}".rstrip()


def searched(lines: Callable[[Subject], tuple[Line, ...]]) -> Callable[[Subject], tuple[Line, ...]]:
    """The same lines, but with a filter only those that hold each of its words."""

    def found(subject: Subject) -> tuple[Line, ...]:
        kept = tuple(each for each in lines(subject) if all(word in each.text.lower() for word in subject.words))
        return kept or note(f"No line holds “{' '.join(subject.words)}”.", subject.width)

    return found


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


TABS: tuple[Tab, ...] = (
    Tab("overview", "Overview", "Overview", _nothing, searched(overview.lines)),
    Tab("conf", "Flink conf", "Conf", _conf_note, conf.lines),
    Tab("batch", "Batch", "Batch", _nothing, searched(resources.batch_lines)),
    Tab("streaming", "Streaming", "Stream", _mode_note, searched(resources.streaming_lines)),
    Tab("plan", "Plan", "Plan", _plan_note, None),
    Tab("timeline", "Timeline", "Times", _nothing, searched(timeline.lines)),
    Tab("answer", "Answer", "Answer", _nothing, searched(raw.lines)),
)
"""In the order of their number keys."""
