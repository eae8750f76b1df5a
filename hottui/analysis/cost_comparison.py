"""Compare the cost of a job before a hot update, as requested, and as it runs now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hottui.analysis.changes import plan_changes, requested_changes, target_parallelism
from hottui.analysis.cost_estimate import CostEstimate, estimate, nodes_of
from hottui.model.effect import Before
from hottui.model.job import Job, JobMetric
from hottui.model.job_reading import JobReading
from hottui.model.plan import Plan
from hottui.model.result import HotUpdateJobResult, TargetResourceSetting


@dataclass(frozen=True, slots=True)
class CostComparison:
    """Each is None if too little is known; `metric` is the usage measured by the service."""

    before: CostEstimate | None = None
    asked: CostEstimate | None = None
    running: CostEstimate | None = None
    metric: JobMetric | None = None


@dataclass(frozen=True, slots=True)
class _Sizes:
    """A setting whose sizes may be used, with its conf and origin."""

    of: str
    resources: TargetResourceSetting
    conf: Mapping[str, Any] | None
    plan: Plan | None = None


def compare_costs(
    result: HotUpdateJobResult, *, before: Before, reading: JobReading, plan: Plan | None = None
) -> CostComparison:
    """The costs, from the settings that each has, else from another one known, which is then an assumption.

    `plan` is the target's if it was decoded already: decoding takes milliseconds where it is large.
    """
    target, job = result.target_resource_setting, reading.job
    wanted = {**result.flink_conf, **result.asked_conf}
    of_target = _Sizes("the target setting", target, wanted, plan) if target else None
    of_before = (
        _Sizes("the setting before", TargetResourceSetting.read(dict(before.resources)), before.conf)
        if before.resources is not None
        else None
    )
    of_job = _Sizes("the running job", _resources(job), job.conf) if job else None
    vertices = reading.flink.parallelism_by_vertex if reading.flink else {}
    running = max(vertices.values(), default=None)
    by_flink = ("Parallelism is that of Flink's vertices.",) if vertices else ()
    candidates = (result.asked_parallelism, target_parallelism(result), before.parallelism)
    asked = next((parallelism for parallelism in candidates if parallelism is not None), None)
    return CostComparison(
        before=_first(
            of_before,
            (of_target, of_job),
            before.parallelism,
            _running_with(before.vertices),
            moved_elsewhere=None if before.vertices else _moved_to(before.parallelism),
        ),
        asked=_first(of_target, (of_before, of_job), asked, _asked_of(result), conf=wanted),
        running=_first(of_job, (of_target,), running, _running_with(vertices), assumptions=by_flink),
        metric=job.metric if job else None,
    )


def _first(
    own: _Sizes | None,
    others: Sequence[_Sizes | None],
    parallelism: int | None,
    moved: Callable[[Plan], Mapping[str, int]],
    *,
    moved_elsewhere: Callable[[Plan], Mapping[str, int]] | None = None,
    conf: Mapping[str, Any] | None = None,
    assumptions: tuple[str, ...] = (),
) -> CostEstimate | None:
    """The estimate with its own sizes, else with those of the first other setting if a parallelism is known.

    `moved_elsewhere` takes the place of `moved` for the plan of another setting, whose parallelism is another one's.
    """
    found = _estimate(own, own.conf, parallelism, moved, assumptions) if own else None
    for sizes in others:
        if found is None and sizes is not None and parallelism is not None:
            named = (*assumptions, f"Sizes are those of {sizes.of}.")
            merged = {**(sizes.conf or {}), **(conf or {})}
            found = _estimate(sizes, merged, parallelism, moved_elsewhere or moved, named)
    return found


def _estimate(
    sizes: _Sizes,
    conf: Mapping[str, Any] | None,
    parallelism: int | None,
    moved: Callable[[Plan], Mapping[str, int]],
    assumptions: tuple[str, ...],
) -> CostEstimate | None:
    return estimate(sizes.resources, conf, parallelism, moved=moved, assumptions=assumptions, plan=sizes.plan)


def _resources(job: Job) -> TargetResourceSetting:
    return TargetResourceSetting(
        streaming_resource_setting=job.streaming_resource_setting,
        batch_resource_setting=job.batch_resource_setting,
    )


def _running_with(vertices: Mapping[str, int]) -> Callable[[Plan], Mapping[str, int]]:
    return lambda plan: nodes_of(plan, vertices)


def _moved_to(parallelism: int | None) -> Callable[[Plan], Mapping[str, int]]:
    return lambda plan: {node: new for node, (_, new) in plan_changes(plan, parallelism).items()}


def _asked_of(result: HotUpdateJobResult) -> Callable[[Plan], Mapping[str, int]]:
    return lambda plan: {node: new for node, (_, new) in requested_changes(plan, result).items()}
