"""The input of the screen of a job: everything known about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hottui.analysis.job_story import JobChange
from hottui.model.job import Deployment, Job
from hottui.model.job_diagnosis import JobDiagnosis
from hottui.model.job_history import Event
from hottui.model.job_reading import JobReading
from hottui.model.tracking import Trouble
from hottui.render.glyphs import Glyphs


@dataclass(frozen=True)
class JobContext:
    """One job with everything known of it. Times are seconds since the epoch, widths are in cells.

    `troubles` has why the last read of each action failed. `complete`: the history was loaded, or tried.
    """

    job_id: str
    reading: JobReading
    now: float
    width: int
    glyphs: Glyphs
    name: str = ""
    story: tuple[JobChange, ...] = ()
    diagnosis: JobDiagnosis | None = None
    events: tuple[Event, ...] = ()
    troubles: Mapping[str, Trouble] = field(default_factory=lambda: MappingProxyType({}))
    complete: bool = False
    running_cu: float | None = None
    """The CU of the settings that it runs with."""
    is_low: bool = False
    """Whether the terminal has few lines."""

    @property
    def job(self) -> Job | None:
        """The job; None if it is not known."""
        return self.reading.job

    @property
    def deployment(self) -> Deployment | None:
        """The deployment; None if it is not known."""
        return self.reading.deployment
