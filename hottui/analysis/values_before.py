"""What a job ran with before a hot update, and the source of that."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hottui.analysis.requested_parallelism import has_requested
from hottui.model.effect import Before, BeforeSource
from hottui.model.job_reading import JobReading
from hottui.model.lenient_parsing import LenientModel
from hottui.model.plan import read_plan
from hottui.model.result import HotUpdateJobResult, ResourceSettings
from hottui.model.state import HOT_UPDATED


@dataclass(frozen=True, slots=True)
class HotUpdate:
    """A hot update of a job; `at` is the time of its last transition, as observed."""

    id: str
    at: float
    result: HotUpdateJobResult


def observed_before(reading: JobReading) -> Before | None:
    """Return what the job runs with, from a `reading` before the update began; None if nothing was read."""
    job, flink = reading.job, reading.flink
    if job is None and flink is None:
        return None
    vertices = flink.parallelism_by_vertex if flink else {}
    parallelism = job.parallelism if job else None
    conf = job.conf if job and (job.flink_conf is not None or job.user_flink_conf is not None) else None
    return Before(
        source=BeforeSource.OBSERVED,
        parallelism=parallelism if parallelism is not None else most_common(vertices.values()),
        conf=conf,
        vertices=vertices or (planned_vertices(job.raw_plan) if job else {}),
        resources=_resources(job) if job else None,
        at=reading.at,
    )


def before_of(observed: Before | None, earlier: Sequence[HotUpdate]) -> Before:
    """Return the reading before the update began, otherwise the target of the latest successful earlier update."""
    if observed is not None and observed.source is BeforeSource.OBSERVED:
        return observed
    applied = [update for update in earlier if update.result.state == HOT_UPDATED]
    if not applied:
        return Before()
    last = max(applied, key=lambda update: update.at)
    return replace(_target_of(last.result), at=last.at)


def _target_of(result: HotUpdateJobResult) -> Before:
    target = result.target_resource_setting
    asked = result.asked_parallelism
    plan = read_plan(result.raw_plan).plan
    vertices = plan.parallelism_by_vertex if plan else {}
    # A target that may still have the values before shows only which vertices have what was requested.
    written = plan is not None and has_requested(plan, result) and result.target.parallelism in (None, asked)
    if asked is not None and not written:
        vertices = {vertex: own for vertex, own in vertices.items() if own == asked}
    conf = {**result.flink_conf, **result.asked_conf}
    return Before(
        source=BeforeSource.PREDECESSOR,
        parallelism=result.target.parallelism if asked is None else asked,
        conf=conf or None,
        vertices={**vertices, **result.asked_vertices},
        resources=_resources(target) if target else None,
    )


def planned_vertices(raw_plan: Any) -> dict[str, int]:
    """Return vertex ID → parallelism in an undecoded plan; empty if there is none or it cannot be decoded."""
    plan = read_plan(raw_plan).plan
    return plan.parallelism_by_vertex if plan else {}


def most_common(numbers: Iterable[int]) -> int | None:
    """Return the most frequent number, the larger one of a tie; None if there are none."""
    counted = Counter(numbers)
    return max(counted, key=lambda number: (counted[number], number), default=None)


def _resources(settings: ResourceSettings) -> dict[str, Any]:
    return {
        "streamingResourceSetting": _dumped(settings.streaming_resource_setting),
        "batchResourceSetting": _dumped(settings.batch_resource_setting),
    }


def _dumped(part: LenientModel | None) -> dict[str, Any] | None:
    return part.model_dump(mode="json", by_alias=True, exclude_none=True) if part else None
