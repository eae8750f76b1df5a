"""What a job costs: slots or TaskManagers, cores, memory and CU, by the plan of EXPERT mode or the setting of BASIC.

Slots a group needs = the largest parallelism among its nodes; 1 CU = 1 core and 4 GiB, whichever is more. What is not
understood is never taken as zero without a word: the figures it belongs to are marked as lower bounds.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

from hottui.model.lenient_parsing import whole_number
from hottui.model.memory_size import GIB, parse_memory
from hottui.model.plan import Group, Plan
from hottui.model.result import BasicResourceSetting, ResourceSettingSpec

SLOTS_KEY: Final = "taskmanager.numberOfTaskSlots"
"""The conf key for the slots of one TaskManager; Flink's default is 1."""
_TASKMANAGER_CORES: Final = 16
_TASKMANAGER_MEMORY: Final = 64 * GIB
"""The most that the vendor gives one TaskManager in BASIC mode."""


@dataclass(frozen=True, slots=True)
class Cost:
    """`cpu` in cores, `memory` in bytes; each a lower bound where a part of it is not known."""

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
        """Whether every part of it is known."""
        return self.cpu_known and self.memory_known

    @property
    def cu(self) -> float:
        """Compute units: the larger of cores and memory / 4 GiB."""
        return max(self.cpu, self.memory / (4 * GIB))


@dataclass(frozen=True, slots=True)
class GroupCost:
    """One group, the slots it needs and what one slot costs. `group` is None when no profile describes it."""

    name: str
    group: Group | None
    slots: int
    nodes: int
    slot: Cost

    @property
    def total(self) -> Cost:
        """All slots of the group."""
        return self.slot * self.slots


@dataclass(frozen=True, slots=True)
class PlanCost:
    """The groups in the plan's order (groups only named by nodes come last), and the sums."""

    groups: tuple[GroupCost, ...]
    jobmanager: Cost

    @property
    def taskmanagers(self) -> Cost:
        """All groups together."""
        return sum((g.total for g in self.groups), Cost())

    @property
    def total(self) -> Cost:
        """TaskManagers and JobManager."""
        return self.taskmanagers + self.jobmanager


def managed_memory(group: Group) -> dict[str, Any]:
    """What `managed` gives to each use: sizes and weights as they came.

    Usually `{"STATE_BACKEND": "512 mb"}`, but also `{"type": "STATE_BACKEND", "size": "512 mb"}`.
    """
    managed = {str(use): amount for use, amount in (group.managed or {}).items()}
    if managed.keys() == {"type", "size"}:
        return {str(managed["type"]): managed["size"]}
    return managed


def is_weight(amount: Any) -> bool:
    """Whether an amount of managed memory is no size: a weight has no unit, and null is none at all."""
    return amount is None or isinstance(amount, int | float) or (isinstance(amount, str) and _digits(amount))


def _digits(text: str) -> bool:
    return not text.strip() or text.strip().isdigit()


def managed_bytes(group: Group) -> int | None:
    """The managed memory of one slot in bytes, weights apart; None where a size in it is not understood."""
    sizes = [parse_memory(amount) for amount in managed_memory(group).values() if not is_weight(amount)]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def spec_cost(spec: ResourceSettingSpec | None) -> Cost:
    """What one JobManager or TaskManager costs; nothing where the answer has none."""
    if spec is None:
        return Cost()
    memory = parse_memory(spec.memory)
    return Cost(spec.cpu or 0.0, memory or 0, spec.cpu is not None, memory is not None)


def _slot_cost(group: Group | None) -> Cost:
    if group is None:
        return Cost(cpu_known=False, memory_known=False)
    parts = [parse_memory(text) for text in (group.heap, group.off_heap) if text] + [managed_bytes(group)]
    told = bool(group.heap or group.off_heap or parts[-1])
    known = told and None not in parts
    return Cost(group.cpu or 0.0, sum(size or 0 for size in parts), group.cpu is not None, known)


def plan_cost(plan: Plan, jobmanager: ResourceSettingSpec | None = None) -> PlanCost:
    """What `plan` needs, group by group."""
    members: dict[str, list[int]] = {name: [] for name in plan.group_by_name}
    for node in plan.nodes:
        members.setdefault(node.group, []).append(node.parallelism or 0)
    costs = []
    for name, parallelisms in members.items():
        group = plan.group_by_name.get(name)
        costs.append(GroupCost(name, group, max(parallelisms, default=0), len(parallelisms), _slot_cost(group)))
    return PlanCost(tuple(costs), spec_cost(jobmanager))


@dataclass(frozen=True, slots=True)
class BasicCost:
    """What a job in BASIC mode needs: so many TaskManagers with so many slots each, and the sums."""

    taskmanagers: int
    slots: int
    workers: Cost
    """All TaskManagers together."""
    jobmanager: Cost

    @property
    def total(self) -> Cost:
        """TaskManagers and JobManager."""
        return self.workers + self.jobmanager


def basic_cost(setting: BasicResourceSetting, conf: dict[str, Any], parallelism: int | None = None) -> BasicCost | None:
    """What `setting` needs with the `parallelism` given, or else its own; None where the answer has too little for it.

    A TaskManager is as large as the setting says, and there is one for every `slots` subtasks. Where one would exceed
    16 cores or 64 GiB the vendor splits the same sum into as many as stay within both.
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
