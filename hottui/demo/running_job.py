"""What a job of the simulation runs with at a given second, worked out from its hot updates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, Final

from hottui.demo.flink_confs import flink_conf
from hottui.demo.job_types import ChangedLater, HotUpdate, Job, JobFails, Outcome
from hottui.demo.lifecycle import DAY
from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING

STARTED: Final = -40 * DAY
"""The second at which every job of the simulation started: before the oldest change."""
OWNER: Final = "wang.min"

_RESTORED_WITHIN: Final = 20.0
"""Seconds that a restart takes at most; half of a quick hot update."""
_CREATED_IN: Final = 0.9
_REPORTED_IN: Final = 0.4
"""Seconds between Flink's RUNNING and the service's final state."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """Flink leaves RUNNING at second `left` and is back at `back` (infinity: never)."""

    left: float
    back: float


@dataclass(frozen=True, slots=True)
class RunningJob:
    """A job at one second. Times are seconds of the simulation."""

    job: Job
    parallelism: int
    """The parallelism of the setting."""
    conf: Mapping[str, Any]
    kept: int | None = None
    """The parallelism before, where the last rescale left two vertices behind."""
    saved: Mapping[str, Any] = field(default_factory=dict)
    """The conf keys saved in the deployment that do not run."""
    interruptions: tuple[Interruption, ...] = ()
    changed_at: float = STARTED
    changed_by: str = OWNER
    failure: JobFails | None = None
    finished_at: float = inf

    @property
    def restarts(self) -> int:
        """How often Flink restarted the job."""
        return len(self.interruptions)


def running_job(job: Job, updates: Iterable[HotUpdate], second: float) -> RunningJob:
    """Return `job` at `second`, after all changes by its hot updates so far."""
    ordered = sorted(updates, key=lambda update: update.lifecycle.phases[-1][0])
    now = _at_the_start(job, ordered)
    for at, change in sorted(_changes(ordered), key=lambda one: one[0]):
        if at > second or now.failure is not None:
            break
        now = _after(now, at, change)
    failed_at = now.failure.at if now.failure else inf
    seen = (_seen(each, failed_at) for update in ordered if (each := interruption_of(update)))
    interruptions = tuple(each for each in seen if each.left <= min(second, failed_at))
    return replace(
        now,
        interruptions=tuple(sorted(interruptions, key=lambda each: each.left)),
        finished_at=job.ended if job.ended <= second else inf,
    )


def interruption_of(update: HotUpdate) -> Interruption | None:
    """Return when `update` stops its job; None where Flink does not restart it.

    Only a rescale restarts a job. One that fails with severity LOW fails before that.
    """
    ended, state = update.lifecycle.phases[-1]
    begun = next((at for at, reached in update.lifecycle.phases if reached == HOT_UPDATING), ended)
    if not update.rescale or update.outcome is Outcome.NONE:
        return None
    if state == FAILED:
        severe = update.failed is not None and update.failed.severity == "CRITICAL"
        return Interruption(begun + 1.0, ended - _REPORTED_IN) if severe else None
    if state != HOT_UPDATED:
        return None
    back = ended - _REPORTED_IN
    return Interruption(back - min((ended - begun) / 2, _RESTORED_WITHIN), back)


def created_at(interruption: Interruption) -> float:
    """The second at which Flink creates the new execution graph."""
    return interruption.left + min(_CREATED_IN, (interruption.back - interruption.left) / 4)


def _seen(interruption: Interruption, failed_at: float) -> Interruption:
    """`interruption`, without an end where the job fails during it."""
    within = interruption.left <= failed_at <= interruption.back + 2 * _REPORTED_IN
    return replace(interruption, back=inf) if within else interruption


def _at_the_start(job: Job, ordered: list[HotUpdate]) -> RunningJob:
    conf = flink_conf(job.name, job.conf_keys, job.secrets)
    first: dict[str, Any] = {}
    for update in reversed(ordered):
        first |= {key: before for key, (before, _) in update.conf.items()}
    rescaled = next((update.rescale[0] for update in ordered if update.rescale), None)
    parallelism = rescaled if rescaled is not None else ordered[0].parallelism
    return RunningJob(job, parallelism, conf | first)


def _changes(ordered: list[HotUpdate]) -> Iterator[tuple[float, HotUpdate | ChangedLater | JobFails]]:
    for update in ordered:
        ended, state = update.lifecycle.phases[-1]
        if state == HOT_UPDATED:
            yield ended - _REPORTED_IN, update
        if update.then is not None:
            yield update.then.at, update.then


def _after(now: RunningJob, at: float, change: HotUpdate | ChangedLater | JobFails) -> RunningJob:
    match change:
        case JobFails():
            return replace(now, failure=change)
        case ChangedLater():
            return replace(
                now, parallelism=change.parallelism, kept=None, saved={}, changed_at=at, changed_by=change.by
            )
    asked = {key: new for key, (_, new) in change.conf.items()}
    if change.outcome is Outcome.NONE:
        return replace(now, saved={**now.saved, **asked}, changed_at=at - 60)
    before = now.parallelism
    parallelism = change.rescale[1] if change.rescale else before
    partial = change.outcome is Outcome.PARTIAL
    kept = before if partial else (None if change.rescale else now.kept)
    return replace(
        now, parallelism=parallelism, conf={**now.conf, **asked}, kept=kept, changed_at=at - 60, changed_by=OWNER
    )
