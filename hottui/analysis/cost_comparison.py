"""What a job cost before a hot update, what was asked for costs, and what runs now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hottui.analysis.changes import plan_changes
from hottui.analysis.cost_estimate import CostEstimate, estimate, nodes_of
from hottui.model.effect import Before
from hottui.model.job import JobMetric
from hottui.model.job_reading import JobReading
from hottui.model.plan import Plan
from hottui.model.result import HotUpdateJobResult, TargetResourceSetting


@dataclass(frozen=True, slots=True)
class CostComparison:
    """Each None where too little is known; `metric` is what the service counts the job as using."""

    before: CostEstimate | None = None
    asked: CostEstimate | None = None
    running: CostEstimate | None = None
    metric: JobMetric | None = None


def compare_costs(result: HotUpdateJobResult, *, before: Before, reading: JobReading) -> CostComparison:
    """The costs, from the settings that each has, else from the nearest one known, which is then named."""
    target = result.target_resource_setting
    return CostComparison(
        before=_before(before, target),
        asked=_asked(result, before, target),
        running=_running(reading, target),
        metric=reading.job.metric if reading.job else None,
    )


def _before(before: Before, target: TargetResourceSetting | None) -> CostEstimate | None:
    if before.resources is not None:
        resources = TargetResourceSetting.read(dict(before.resources))
        found = estimate(resources, before.conf, before.parallelism, _running_with(before.vertices))
        if found is not None:
            return found
    if target is None or (before.parallelism is None and not before.vertices):
        return None
    assumed = ("Sizes are those of the target setting: those before are not known.",)
    conf = before.conf if before.conf is not None else target.flink_conf
    return estimate(target, conf, before.parallelism, _running_with(before.vertices), assumed)


def _asked(result: HotUpdateJobResult, before: Before, target: TargetResourceSetting | None) -> CostEstimate | None:
    asked = result.asked_parallelism
    conf = {**result.flink_conf, **result.asked_conf}
    if target is not None:
        found = estimate(target, conf, asked, _asked_of(result))
        if found is not None:
            return found
    if before.resources is None:
        return None
    assumed = ("Sizes are those before: the target setting has none.",)
    resources = TargetResourceSetting.read(dict(before.resources))
    parallelism = before.parallelism if asked is None else asked
    return estimate(resources, {**(before.conf or {}), **conf}, parallelism, _asked_of(result), assumed)


def _running(reading: JobReading, target: TargetResourceSetting | None) -> CostEstimate | None:
    job, vertices = reading.job, reading.flink.parallelism_by_vertex if reading.flink else {}
    parallelism = max(vertices.values(), default=None)
    by_flink = ("Parallelism is that of Flink's vertices.",) if vertices else ()
    if job is not None:
        resources = TargetResourceSetting(
            streaming_resource_setting=job.streaming_resource_setting,
            batch_resource_setting=job.batch_resource_setting,
        )
        found = estimate(resources, job.conf, parallelism, _running_with(vertices), by_flink)
        if found is not None:
            return found
    if target is None or parallelism is None:
        return None
    assumed = (*by_flink, "Sizes are those of the target setting: the job's are not known.")
    return estimate(target, target.flink_conf, parallelism, _running_with(vertices), assumed)


def _running_with(vertices: Mapping[str, int]) -> Callable[[Plan], Mapping[str, int]]:
    return lambda plan: nodes_of(plan, vertices)


def _asked_of(result: HotUpdateJobResult) -> Callable[[Plan], Mapping[str, int]]:
    def moved(plan: Plan) -> Mapping[str, int]:
        found = plan_changes(plan, result.asked_parallelism, asked_vertices=result.asked_vertices)
        return {node: new for node, (_, new) in found.items()}

    return moved
