"""Load the two sides of a comparison from the monitor: hot updates, what a job ran with before, a job as it runs."""

import asyncio
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hottui.analysis.job_setting import Setting, setting_of_before, setting_of_reading, setting_of_result
from hottui.model.control_characters import shorten, visible
from hottui.model.effect import Before, BeforeSource, before_from_json, before_to_json
from hottui.model.job import Job
from hottui.model.job_reading import JOB_GONE
from hottui.model.masking import mask_json
from hottui.model.tracking import Observation, Tracked
from hottui.render.ages import clock_time
from hottui.render.comparison import Comparison, compare
from hottui.render.diff_text import Side
from hottui.render.effect_text import before_source_text
from hottui.render.table_rows import display_name
from hottui.runtime import garbage_collection
from hottui.tui.background_thread import in_thread
from hottui.tui.detail.loader import decode

if TYPE_CHECKING:
    from hottui.monitor.interface import Jobs
    from hottui.monitor.known_job import KnownJob


_LONGEST_CHANGE: Final = 200
"""Characters shown of the requested change."""


class Against(StrEnum):
    """What a hot update is compared with."""

    MARKED = "marked"
    PREDECESSOR = "predecessor"
    BEFORE = "before"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Pair:
    """A hot update and what it is compared with: `other`, or its job."""

    tracked: Tracked
    against: Against
    other: Tracked | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """What the two sides are made of. Equal sources give an equal comparison."""

    observation: Observation | None
    other: Observation | None = None
    before: Before | None = None
    known: "KnownJob | None" = None

    @property
    def is_large(self) -> bool:
        """Whether an answer has a large plan."""
        return any(garbage_collection.is_large(each.answer) for each in (self.observation, self.other) if each)


async def read_sources(pair: Pair, monitor: "Jobs") -> Sources:
    """Return what the monitor has for `pair`. In a thread: it may wait for the store."""
    job = monitor.job_of(pair.tracked.ref) if pair.against is Against.RUNNING else None

    def read() -> Sources:
        observation = monitor.observation(pair.tracked.ref)
        if pair.other is not None:
            return Sources(observation, monitor.observation(pair.other.ref))
        if pair.against is Against.BEFORE:
            insight = monitor.insight(pair.tracked.ref)
            return Sources(observation, before=insight.before if insight else Before())
        return Sources(observation, known=monitor.job(job) if job else None)

    return await asyncio.to_thread(read)


async def load(pair: Pair, sources: Sources, *, swapped: bool) -> Comparison:
    """Return the comparison, or the one in the other direction, computed in the background thread."""

    def work() -> Comparison:
        old, new = _sides(pair, sources)
        return compare(new, old) if swapped else compare(old, new)

    with garbage_collection.postponed(when=sources.is_large):
        return await in_thread(work)


def _sides(pair: Pair, sources: Sources) -> tuple[Side, Side]:
    """Return both sides, the earlier one first."""
    own = _of_update(pair.tracked, sources.observation)
    match pair.against:
        case Against.RUNNING:
            return own, _of_job(pair.tracked, sources.known)
        case Against.BEFORE:
            return _of_before(pair.tracked, sources.before or Before()), own
    assert pair.other is not None, "needed to compare two hot updates"  # noqa: S101
    return _of_update(pair.other, sources.other), own


def _of_update(tracked: Tracked, observation: Observation | None) -> Side:
    """Return the target of a hot update. Secrets are masked: they are not in the store and cannot be compared."""
    title = display_name(tracked)
    change = shorten(visible(tracked.summary.change), _LONGEST_CHANGE) if tracked.summary else ""
    if observation is None:
        return Side(title, Setting(), "It has not been read yet.", change)
    decoded = decode(observation, False)
    if decoded.answer is None:
        return Side(title, Setting(), f"The answer cannot be read: {decoded.reason}.", change)
    return Side(title, setting_of_result(decoded.answer.result, decoded.answer.plan.plan), about=change)


def _of_before(tracked: Tracked, before: Before) -> Side:
    title = f"the job before {display_name(tracked)}"
    if before.source is BeforeSource.UNKNOWN:
        return Side(title, Setting(), f"{before_source_text(before).capitalize()}.")
    masked = before_from_json(mask_json(before_to_json(before)))
    return Side(title, setting_of_before(masked), about=before_source_text(before))


def _of_job(tracked: Tracked, known: "KnownJob | None") -> Side:
    if known is None:
        return Side("the job as it runs", Setting(), "The job is not known yet.")
    reading = known.reading
    name = visible((reading.job.deployment_name if reading.job else "") or tracked.job_name)
    title = f"job {name} as it runs" if name else "the job as it runs"
    if reading.gone:
        return Side(title, Setting(), JOB_GONE)
    if reading.job is None and reading.flink is None:
        reasons = " ".join(dict.fromkeys(reading.errors.values()))
        return Side(title, Setting(), visible(reasons) or "The job has not been read yet.")
    if reading.job is not None:
        document = reading.job.model_dump(mode="json", by_alias=True, exclude_none=True)
        reading = replace(reading, job=Job.read(mask_json(document)))
    about = f"read {clock_time(reading.at)}" if reading.at is not None else ""
    return Side(title, setting_of_reading(reading), about=about)
