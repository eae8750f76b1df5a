"""Compute a job's cost in slots or TaskManagers, cores, memory and CU, from the EXPERT plan or the BASIC setting.

The slots of a group = the largest parallelism among its nodes; 1 CU = 1 core and 4 GiB, whichever is more. Values that
cannot be parsed make the figures that include them lower bounds.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from hottui.model.lenient_parsing import whole_number
from hottui.model.memory_size import GIB, parse_memory
from hottui.model.plan import Group, Plan
from hottui.model.result import BasicResourceSetting, ResourceSettingSpec

SLOTS_KEY: Final = "taskmanager.numberOfTaskSlots"
"""The conf key for the slots of one TaskManager; Flink's default is 1."""
_TASKMANAGER_CORES: Final = 16
_TASKMANAGER_MEMORY: Final = 64 * GIB
"""The maximum size of one TaskManager in BASIC mode."""


@dataclass(frozen=True, slots=True)
class Cost:
    """`cpu` in cores, `memory` in bytes; each is a lower bound if a part of it is unknown."""

    cpu: float = 0.0
    memory: int = 0
    cpu_known: bool = True
    memory_known: bool = True

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.cpu + other.cpu,
            self.memory + other.memory,
            self.cpu_known and other.cpu_known,
            self.memory_known and other.memory_known,
        )

    def __mul__(self, times: int) -> "Cost":
        if not times:
            return Cost()
        return Cost(self.cpu * times, self.memory * times, self.cpu_known, self.memory_known)

    @property
    def known(self) -> bool:
        """Whether neither is a lower bound."""
        return self.cpu_known and self.memory_known

    @property
    def cu(self) -> float:
        """Compute units: the larger of cores and memory / 4 GiB."""
        return max(self.cpu, self.memory / (4 * GIB))


@dataclass(frozen=True, slots=True)
class GroupCost:
    """One group, the slots it needs and the cost of one slot. `group` is None if the plan has no profile for it."""

    name: str
    group: Group | None
    slots: int
    nodes: int
    slot: Cost

    @property
    def total(self) -> Cost:
        """The cost of all slots of the group."""
        return self.slot * self.slots


@dataclass(frozen=True, slots=True)
class PlanCost:
    """The groups in the plan's order (those without a profile last), and the sums."""

    groups: tuple[GroupCost, ...]
    jobmanager: Cost

    @property
    def taskmanagers(self) -> Cost:
        """The sum of all groups."""
        return sum((g.total for g in self.groups), Cost())

    @property
    def total(self) -> Cost:
        """TaskManagers and JobManager."""
        return self.taskmanagers + self.jobmanager


def managed_memory(group: Group) -> dict[str, Any]:
    """Return the managed memory of each use: sizes and weights, not parsed.

    Usually `{"STATE_BACKEND": "512 mb"}`, but also `{"type": "STATE_BACKEND", "size": "512 mb"}`.
    """
    managed = {str(use): amount for use, amount in (group.managed or {}).items()}
    if managed.keys() == {"type", "size"}:
        return {str(managed["type"]): managed["size"]}
    return managed


def is_weight(amount: Any) -> bool:
    """Whether an amount of managed memory is a weight, which has no unit, or null."""
    return amount is None or isinstance(amount, int | float) or (isinstance(amount, str) and _digits(amount))


def _digits(text: str) -> bool:
    return not text.strip() or text.strip().isdigit()


def managed_bytes(group: Group) -> int | None:
    """Return the managed memory of one slot in bytes, without weights; None if a size cannot be parsed."""
    sizes = [parse_memory(amount) for amount in managed_memory(group).values() if not is_weight(amount)]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def spec_cost(spec: ResourceSettingSpec | None) -> Cost:
    """Return the cost of one JobManager or TaskManager; zero if the answer has none."""
    if spec is None:
        return Cost()
    memory = parse_memory(spec.memory)
    return Cost(spec.cpu or 0.0, memory or 0, spec.cpu is not None, memory is not None)


def _slot_cost(group: Group | None) -> Cost:
    if group is None:
        return Cost(cpu_known=False, memory_known=False)
    parts = [parse_memory(text) for text in (group.heap, group.off_heap) if text] + [managed_bytes(group)]
    has_sizes = bool(group.heap or group.off_heap or parts[-1])
    known = has_sizes and None not in parts
    return Cost(group.cpu or 0.0, sum(size or 0 for size in parts), group.cpu is not None, known)


def plan_cost(
    plan: Plan,
    jobmanager: ResourceSettingSpec | None = None,
    parallelism: Mapping[str, int] = MappingProxyType({}),
) -> PlanCost:
    """Return the cost of `plan` by group; `parallelism` by node ID takes the place of the plan's."""
    members: dict[str, list[int]] = {name: [] for name in plan.group_by_name}
    for node in plan.nodes:
        members.setdefault(node.group, []).append(parallelism.get(node.id) or node.parallelism or 0)
    costs = []
    for name, parallelisms in members.items():
        group = plan.group_by_name.get(name)
        costs.append(GroupCost(name, group, max(parallelisms, default=0), len(parallelisms), _slot_cost(group)))
    return PlanCost(tuple(costs), spec_cost(jobmanager))


@dataclass(frozen=True, slots=True)
class BasicCost:
    """The cost of a job in BASIC mode: the number of TaskManagers, the slots of each, and the sums."""

    taskmanagers: int
    slots: int
    workers: Cost
    """The sum of all TaskManagers."""
    jobmanager: Cost

    @property
    def total(self) -> Cost:
        """TaskManagers and JobManager."""
        return self.workers + self.jobmanager


def basic_cost(setting: BasicResourceSetting, conf: dict[str, Any], parallelism: int | None = None) -> BasicCost | None:
    """Return the cost of `setting` with `parallelism` or, if None, its own; None if the answer has too little for it.

    There is one TaskManager of the configured size for every `slots` subtasks. If it would exceed 16 cores or 64 GiB,
    the vendor divides the same total among as many as stay within both.
    """
    subtasks = setting.parallelism if parallelism is None else parallelism
    slots = 1 if conf.get(SLOTS_KEY) is None else whole_number(conf[SLOTS_KEY])
    spec = setting.taskmanager_resource_setting_spec
    if spec is None or subtasks is None or subtasks < 1 or slots is None or slots < 1:
        return None
    one, count = spec_cost(spec), _ceiling(subtasks, slots)
    workers = one * count
    if one.cpu > _TASKMANAGER_CORES or one.memory > _TASKMANAGER_MEMORY:
        count = max(math.ceil(workers.cpu / _TASKMANAGER_CORES), _ceiling(workers.memory, _TASKMANAGER_MEMORY))
    return BasicCost(count, slots, workers, spec_cost(setting.jobmanager_resource_setting_spec))


def _ceiling(number: int, divisor: int) -> int:
    return -(-number // divisor)
