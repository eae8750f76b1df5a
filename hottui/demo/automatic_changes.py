"""The changes of a job that Autopilot and schedules made: when, and between which parallelisms.

All are hot updates: the job has run since it was started.
"""

from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Final

from hottui.demo.job_types import SimulatedJob
from hottui.demo.lifecycle import DAY, HOUR
from hottui.demo.running_job import running_job

_TUNED_FOR: Final = 29.8 * DAY
_MOST: Final = 64
"""The highest parallelism that Autopilot chooses."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """A change by Autopilot at second `at`; without effect where both parallelisms are the same."""

    at: float
    old: int
    new: int

    @property
    def failed(self) -> bool:
        """Whether nothing changed."""
        return self.old == self.new


@dataclass(frozen=True, slots=True)
class Execution:
    """An execution of a scheduled plan at second `at`, the `number`-th before now."""

    at: float
    number: int

    @property
    def failed(self) -> bool:
        """Whether it changed nothing."""
        return self.number == 4


def tunings_of(job: SimulatedJob) -> list[Tuning]:
    """Return Autopilot's changes of the last thirty days, newest first.

    They end before the first hot update by people, with the parallelism that this one started from.
    """
    count = job.spec.autopilot
    if not count:
        return []
    rng = Random(job.id)  # noqa: S311 - demo data, not cryptography
    last = min(update.lifecycle.starts for update in job.updates) - HOUR / 2
    step = (_TUNED_FOR + last) / count
    values = [running_job(job.spec, job.updates, last).parallelism]
    while len(values) <= count:
        values.append(max(1, min(_MOST, rng.choice((values[-1] * 2, values[-1] // 2, values[-1] + 2)))))
    return [Tuning(last - number * step, old, new) for number, (new, old) in enumerate(pairwise(values))]


def executions_of(job: SimulatedJob) -> list[Execution]:
    """Return the executions of scheduled plans, one a day, newest first."""
    return [Execution(-(number + 1) * DAY + 3 * HOUR, number) for number in range(job.spec.scheduled)]


def automatic_restarts(job: SimulatedJob, second: float) -> list[float]:
    """Return the seconds up to `second` at which these changes made Flink restart the job, the earliest first."""
    changes: tuple[Tuning | Execution, ...] = (*tunings_of(job), *executions_of(job))
    return sorted(change.at for change in changes if change.at <= second and not change.failed)
