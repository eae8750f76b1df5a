"""Compare the cost of a job before a hot update, as requested, and as it runs now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hottui.analysis.cost_estimate import CostEstimate, estimate, nodes_of
from hottui.analysis.requested_parallelism import requested_changes
from hottui.model.effect import Before
from hottui.model.job import JobMetric
from hottui.model.job_reading import JobReading
from hottui.model.plan import Plan, read_plan
from hottui.model.result import HotUpdateJobResult, ResourceSettings, TargetResourceSetting


@dataclass(frozen=True, slots=True)
class CostComparison:
    """Each is None if too little is known; `metric` is the usage measured by the service."""

    before: CostEstimate | None = None
    asked: CostEstimate | None = None
    running: CostEstimate | None = None
    metric: JobMetric | None = None


@dataclass(frozen=True, slots=True)
class _Sizes:
    """A setting whose sizes may be used, with its conf, its decoded plan and its origin."""

    of: str
    resources: ResourceSettings
    conf: Mapping[str, Any] | None
    plan: Plan | None

    def cost(
        self, parallelism: int | None, nodes: Mapping[str, int], assumptions: tuple[str, ...] = ()
    ) -> CostEstimate | None:
        """Return the cost of the setting itself, with another `parallelism` or one by node ID where given."""
        return estimate(self.resources, self.conf, parallelism, nodes, assumptions=assumptions, plan=self.plan)

    def borrowed(
        self,
        parallelism: int | None,
        nodes: Mapping[str, int],
        *,
        conf: Mapping[str, Any] | None = None,
        assumptions: tuple[str, ...] = (),
    ) -> CostEstimate | None:
        """Return the cost of another setting with these sizes, which is an assumption; None without `parallelism`."""
        if parallelism is None:
            return None
        named = (*assumptions, f"Sizes are those of {self.of}.")
        merged = {**(self.conf or {}), **(conf or {})}
        return estimate(self.resources, merged, parallelism, nodes, assumptions=named, plan=self.plan)


def compare_costs(
    result: HotUpdateJobResult, *, before: Before, reading: JobReading, plan: Plan | None = None
) -> CostComparison:
    """The costs, from the settings that each has, else from another one known, which is then an assumption.

    `plan` is the target's if it was decoded already: decoding takes milliseconds where it is large.
    """
    wanted = {**result.flink_conf, **result.asked_conf}
    of_target = _sizes("the target setting", result.target_resource_setting, wanted, plan)
    of_before = (
        _sizes("the setting before", TargetResourceSetting.read(dict(before.resources)), before.conf)
        if before.resources is not None
        else None
    )
    of_job = _sizes_of_job(reading)
    vertices, largest, by_flink = _by_flink(reading)
    running = running_cost(reading)
    if running is None and of_target:
        running = of_target.borrowed(largest, nodes_of(of_target.plan, vertices), assumptions=by_flink)
    candidates = (result.asked_parallelism, result.target.parallelism, before.parallelism)
    asked = next((parallelism for parallelism in candidates if parallelism is not None), None)
    return CostComparison(
        before=_first(
            each.cost(before.parallelism, nodes_of(each.plan, before.vertices))
            if each is of_before
            else each.borrowed(before.parallelism, _nodes_before(each.plan, before, asked))
            for each in (of_before, of_target, of_job)
            if each
        ),
        asked=_first(
            each.cost(asked, _nodes_asked(each.plan, result, before))
            if each is of_target
            else each.borrowed(asked, _nodes_asked(each.plan, result, before), conf=wanted)
            for each in (of_target, of_before, of_job)
            if each
        ),
        running=running,
        metric=reading.job.metric if reading.job else None,
    )


def running_cost(reading: JobReading, plan: Plan | None = None) -> CostEstimate | None:
    """Return the cost of the running job; None if too little of its setting is known.

    Flink's vertices take precedence for the parallelism; the slots of a job in BASIC mode follow from the largest.
    `plan` is that of the job's setting if it was decoded already.
    """
    sizes, (vertices, largest, by_flink) = _sizes_of_job(reading, plan), _by_flink(reading)
    return sizes.cost(largest, nodes_of(sizes.plan, vertices), by_flink) if sizes else None


def _sizes_of_job(reading: JobReading, plan: Plan | None = None) -> _Sizes | None:
    job = reading.job
    return _sizes("the running job", job, job.conf, plan) if job else None


def _first(costs: Iterable[CostEstimate | None]) -> CostEstimate | None:
    return next((cost for cost in costs if cost is not None), None)


def _sizes(
    of: str, resources: ResourceSettings | None, conf: Mapping[str, Any] | None, plan: Plan | None = None
) -> _Sizes | None:
    return None if resources is None else _Sizes(of, resources, conf, plan or read_plan(resources.raw_plan).plan)


def _by_flink(reading: JobReading) -> tuple[Mapping[str, int], int | None, tuple[str, ...]]:
    """Return the parallelism of each running vertex, the largest of them, and the assumption that they are."""
    vertices = reading.flink.parallelism_by_vertex if reading.flink else {}
    named = ("Parallelism is that of Flink's vertices.",) if vertices else ()
    return vertices, max(vertices.values(), default=None), named


def _nodes_before(plan: Plan | None, before: Before, asked: int | None) -> Mapping[str, int]:
    """Return node ID → parallelism before, in a plan from after the update.

    Without vertices, those that have the requested parallelism had that of the job; the others keep their own.
    """
    if before.vertices or plan is None or before.parallelism is None:
        return nodes_of(plan, before.vertices)
    return {node.id: before.parallelism for node in plan.nodes if node.parallelism == asked}


def _nodes_asked(plan: Plan | None, result: HotUpdateJobResult, before: Before) -> Mapping[str, int]:
    moved = requested_changes(plan, result, before_vertices=before.vertices) if plan else {}
    return {node: new for node, (_, new) in moved.items()}
