"""The cost of one setting: cores, memory and CU, with the arithmetic and every assumption."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hottui.analysis.changes import value_text
from hottui.analysis.cost import SLOTS_KEY, Cost, basic_cost, plan_cost, spec_cost
from hottui.model.memory_size import GIB
from hottui.model.plan import Plan, read_plan
from hottui.model.result import EXPERT, BasicResourceSetting, ResourceSettings, ResourceSettingSpec


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """Cores, bytes and compute units; lower bounds where `at_least`. A part is None where nothing of it is known."""

    cores: float | None
    memory_bytes: int | None
    cu: float | None
    at_least: bool
    arithmetic: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()


def estimate(
    resources: ResourceSettings,
    conf: Mapping[str, Any] | None,
    parallelism: int | None = None,
    nodes: Mapping[str, int] = MappingProxyType({}),
    *,
    assumptions: tuple[str, ...] = (),
    plan: Plan | None = None,
) -> CostEstimate | None:
    """The cost of `resources` and `conf`; None where the setting has too little for it.

    `parallelism` takes the place of the setting's in BASIC mode, `nodes` (node ID → parallelism) of the plan's in
    EXPERT mode. `plan` is that of `resources` if it was decoded already.
    """
    expert = resources.expert
    if expert is not None and resources.mode == EXPERT:
        plan = plan or read_plan(expert.resource_plan).plan
        if plan is not None and plan.nodes:
            return _of_plan(plan, nodes, expert.jobmanager_resource_setting_spec, assumptions)
    return _of_basic(resources.basic, conf, parallelism, assumptions) if resources.basic else None


def nodes_of(plan: Plan | None, vertices: Mapping[str, int]) -> dict[str, int]:
    """Return node ID → the parallelism of the vertex that it is chained into; empty without a plan."""
    pairs = plan.vertices if plan else ()
    return {node: vertices[vertex] for vertex, members in pairs if vertex in vertices for node in members}


def _of_plan(
    plan: Plan, moved: Mapping[str, int], jobmanager: ResourceSettingSpec | None, assumptions: tuple[str, ...]
) -> CostEstimate:
    cost = plan_cost(plan, jobmanager, moved)
    lines = [f"group {g.name or '(none)'}: {g.slots} slots x ({_text(g.slot)}) = {_text(g.total)}" for g in cost.groups]
    named = ("EXPERT: a group needs as many slots as its largest parallelism.", *assumptions)
    return _whole(cost.taskmanagers, jobmanager, lines, named)


def _of_basic(
    setting: BasicResourceSetting,
    conf: Mapping[str, Any] | None,
    parallelism: int | None,
    assumptions: tuple[str, ...],
) -> CostEstimate | None:
    cost = basic_cost(setting, dict(conf or {}), parallelism)
    spec = setting.taskmanager_resource_setting_spec
    if cost is None or spec is None:
        return None
    subtasks, one = setting.parallelism if parallelism is None else parallelism, spec_cost(spec)
    count = f"{subtasks} subtasks / {cost.slots} slots"
    plain = -(-(subtasks or 0) // cost.slots)
    lines = [f"TaskManagers: {count}, rounded up = {plain} x ({_text(one)}) = {_text(cost.workers)}"]
    named = [*assumptions]
    if cost.taskmanagers != plain:
        lines.append(f"split into {cost.taskmanagers} TaskManagers of at most 16 cores and 64 GiB")
        named.append("BASIC: the sum is split where a TaskManager would exceed 16 cores or 64 GiB.")
    if conf is None or conf.get(SLOTS_KEY) is None:
        named.append(f"One slot for each TaskManager: {SLOTS_KEY} is not known.")
    else:
        named.append(f"{SLOTS_KEY} is {value_text(conf[SLOTS_KEY])[:40]}.")
    return _whole(cost.workers, setting.jobmanager_resource_setting_spec, lines, tuple(named))


def _whole(
    workers: Cost, jobmanager: ResourceSettingSpec | None, lines: list[str], assumptions: tuple[str, ...]
) -> CostEstimate:
    manager = spec_cost(jobmanager)
    total = workers + manager
    if jobmanager is None:
        assumptions = (*assumptions, "The JobManager is not counted: the setting has none.")
    else:
        lines.append(f"JobManager: {_text(manager)}")
    lines.append(f"total: {_text(total)}")
    lines.append(f"CU: max({total.cpu:g} cores, {total.memory / GIB:g} GiB / 4) = {total.cu:g}")
    unknown = () if total.known else ("A size that cannot be read is left out: the total is a lower bound.",)
    return CostEstimate(
        cores=total.cpu if total.cpu or total.cpu_known else None,
        memory_bytes=total.memory if total.memory or total.memory_known else None,
        cu=total.cu if total.cu or total.known else None,
        at_least=not total.known,
        arithmetic=tuple(lines),
        assumptions=(*assumptions, *unknown),
    )


def _text(cost: Cost) -> str:
    """`2 cores, 8 GiB`; `?` for what is not known at all, `at least` before a lower bound."""
    cores = f"{cost.cpu:g} {'core' if cost.cpu == 1 else 'cores'}"
    cpu = cores if cost.cpu_known else f"at least {cores}" if cost.cpu else "? cores"
    gib = f"{cost.memory / GIB:g} GiB"
    return f"{cpu}, {gib if cost.memory_known else f'at least {gib}' if cost.memory else '? GiB'}"
