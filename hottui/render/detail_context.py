"""The input of the detail panes: one hot update with everything known about it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hottui.model.tracking import Tracked, Transition
from hottui.render.glyphs import Glyphs

if TYPE_CHECKING:
    from hottui.analysis.cost_comparison import CostComparison
    from hottui.analysis.failure_explanation import FailureExplanation
    from hottui.analysis.job_timeline import TimelineEntry
    from hottui.analysis.usual_duration import UsualDuration
    from hottui.model.answer import Answer
    from hottui.model.job_insight import Insight
    from hottui.model.job_reading import JobReading


@dataclass(frozen=True, eq=False)
class JobAnalysis:
    """What is known of the job of a hot update. Compared by identity: an unchanged one is the same object."""

    insight: "Insight | None" = None
    reading: "JobReading | None" = None
    """The last answers about the job; None if its ID is not known."""
    costs: "CostComparison | None" = None
    failure: "FailureExplanation | None" = None
    timeline: "tuple[TimelineEntry, ...]" = ()
    usual: "UsualDuration | None" = None
    events_error: str = ""
    """Why the events of the job, which the timeline and a failure show, cannot be read."""


NO_ANALYSIS = JobAnalysis()


@dataclass(frozen=True)
class DetailContext:
    """One hot update to be rendered. Times are seconds since the epoch, widths are in cells."""

    tracked: Tracked
    now: float
    width: int
    glyphs: Glyphs
    answer: "Answer | None" = None
    """Secrets are masked here already unless `reveal` is set; panes do not mask."""
    answered: float | None = None
    """When `answer` was read."""
    unreadable: str = ""
    """Why the stored answer cannot be read."""
    before: "Answer | None" = None
    """The answer of the previous hot update of the same job."""
    transitions: tuple[Transition, ...] = ()
    job: JobAnalysis = NO_ANALYSIS
    arithmetic: bool = False
    """Whether the arithmetic of the costs is shown."""
    utc: bool = False
    """Whether times are shown in UTC instead of local time."""
    reveal: bool = False
    """Whether secrets are shown, in the dashboard only."""
    words: tuple[str, ...] = ()
    """The pane's filter: words that must all match."""
