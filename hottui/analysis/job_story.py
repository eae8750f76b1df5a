"""All known changes of a job: tracked hot updates, and changes by Autopilot and schedules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from hottui.analysis.changes import PARALLELISM, changes, headline
from hottui.analysis.cost_estimate import CostEstimate
from hottui.analysis.values_before import HotUpdate
from hottui.model.effect import Before, Effect, Verdict
from hottui.model.job_history import ScheduledPlanExecution, TuningHistory, TuningResources
from hottui.model.masking import masked_line
from hottui.model.memory_size import GIB, parse_memory


class ChangeSource(StrEnum):
    """Who changed the job."""

    HOT_UPDATE = "hot update"
    AUTOPILOT = "Autopilot"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class TrackedUpdate:
    """A tracked hot update with everything known about it."""

    update: HotUpdate
    label: str = ""
    before: Before = field(default_factory=Before)
    effect: Effect | None = None
    asked_cost: CostEstimate | None = None


@dataclass(frozen=True, slots=True)
class JobChange:
    """One change. `at` is in seconds since the epoch, None where the service gives no time.

    `outcome` is the service's word; `verdict` is set only for tracked hot updates. `parallelism` and `cu` are those
    after it, where known.
    """

    at: float | None
    source: ChangeSource
    id: str
    what: str
    old: str = ""
    new: str = ""
    outcome: str = ""
    verdict: Verdict | None = None
    detail: str = ""
    parallelism: int | None = None
    cu: float | None = None
    job_id: str = ""


def job_story(
    updates: Sequence[TrackedUpdate] = (),
    tunings: Iterable[TuningHistory] = (),
    executions: Iterable[ScheduledPlanExecution] = (),
) -> tuple[JobChange, ...]:
    """Return all changes, newest first; those without a time last."""
    found = [_of_update(each) for each in updates]
    found += [_of_tuning(each) for each in tunings]
    found += [_of_execution(each) for each in executions]
    return tuple(sorted(found, key=lambda change: (-(change.at or 0.0), change.source, change.id)))


def level_over_time(story: Sequence[JobChange]) -> tuple[tuple[float, int | None, float | None], ...]:
    """Time, parallelism and CU after each change that succeeded and has either, the oldest first: for a chart."""
    known = [change for change in story if change.at is not None and _succeeded(change)]
    points = [(change.at or 0.0, change.parallelism, change.cu) for change in known]
    return tuple(reversed([point for point in points if point[1:] != (None, None)]))


def _succeeded(change: JobChange) -> bool:
    if change.source is ChangeSource.AUTOPILOT:
        return change.outcome == "SUCCESS"
    return change.verdict not in (None, Verdict.NONE, Verdict.UNKNOWN)


def _of_update(each: TrackedUpdate) -> JobChange:
    result, before = each.update.result, each.before
    old = f"parallelism {before.parallelism}" if before.parallelism is not None else ""
    asked = result.asked_parallelism
    return JobChange(
        at=each.update.at,
        source=ChangeSource.HOT_UPDATE,
        id=masked_line(each.update.id),
        what=headline(changes(result)) or "hot update",
        old=old if asked is not None else "",
        new=f"parallelism {asked}" if asked is not None else "",
        outcome=masked_line(result.state),
        verdict=each.effect.verdict if each.effect else None,
        detail=": ".join(filter(None, (masked_line(each.label), each.effect.reason if each.effect else ""))),
        parallelism=_parallelism_after(asked, each.effect),
        cu=each.asked_cost.cu if each.asked_cost else None,
        job_id=masked_line(result.job_id),
    )


def _parallelism_after(asked: int | None, effect: Effect | None) -> int | None:
    """The one that runs where only a part took effect, else the one asked for: what runs may have changed since."""
    if effect is not None and effect.verdict is Verdict.PARTIAL:
        for item in effect.items:
            if item.key == PARALLELISM and isinstance(item.running, int):
                return item.running
    return asked


def _of_tuning(each: TuningHistory) -> JobChange:
    new = each.new_resource_setting
    kind = "" if each.is_hot_update is None else ", hot update" if each.is_hot_update else ", with a restart"
    return JobChange(
        at=each.trigger_time,
        source=ChangeSource.AUTOPILOT,
        id=masked_line(each.tuning_id),
        what=(masked_line(each.action_type).lower().replace("_", " ") or "tuning") + kind,
        old=_resources(each.old_resource_setting),
        new=_resources(new),
        outcome=masked_line(each.tuning_state),
        detail=masked_line(each.tuning_message),
        parallelism=new.parallelism if new else None,
        cu=_cu(new),
        job_id=masked_line(each.job_id),
    )


def _of_execution(each: ScheduledPlanExecution) -> JobChange:
    status = each.status
    restart = masked_line(status.restart_type) if status else ""
    return JobChange(
        at=each.created_at,
        source=ChangeSource.SCHEDULE,
        id=masked_line(each.job_resource_upgrading_id),
        what=" ".join(part for part in (masked_line(each.name) or "plan", restart.lower().replace("_", " ")) if part),
        outcome=masked_line(status.status_state) if status else "",
        detail=f"created by {masked_line(each.creator_name)}" if each.creator_name else "",
        job_id=masked_line(each.origin_job_id),
    )


def _resources(setting: TuningResources | None) -> str:
    """`parallelism 4, 2 cores, 8 GiB`; a size that cannot be read as it came."""
    if setting is None:
        return ""
    size = parse_memory(setting.memory)
    memory = f"{size / GIB:g} GiB" if size is not None else masked_line(setting.memory)
    parallelism = "" if setting.parallelism is None else f"parallelism {setting.parallelism}"
    cores = "" if setting.cpu is None else f"{setting.cpu:g} {'core' if setting.cpu == 1 else 'cores'}"
    return ", ".join(part for part in (parallelism, cores, memory) if part)


def _cu(setting: TuningResources | None) -> float | None:
    size = parse_memory(setting.memory) if setting else None
    if setting is None or setting.cpu is None or size is None:
        return None
    return max(setting.cpu, size / (4 * GIB))
