"""What a plan costs: slots, cores, memory and CU for each slot sharing group and for the whole job.

Slots a group needs = the largest parallelism among its nodes; 1 CU = 1 core and 4 GiB, whichever is more.
"""

import re
from dataclasses import dataclass
from typing import Any

from hottui.model.plan import Group, Plan
from hottui.model.result import ResourceSettingSpec

GIB = 1024**3
_LONGEST_SIZE = 40
"""A longer text is no size: arithmetic ends at numbers of 300 digits."""
_SIZE = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)\s*", re.IGNORECASE)
_UNITS = {
    "": 1, "b": 1, "byte": 1, "bytes": 1,
    "k": 1024, "kb": 1024, "kib": 1024,
    "m": 1024**2, "mb": 1024**2, "mib": 1024**2,
    "g": GIB, "gb": GIB, "gib": GIB,
    "t": 1024 * GIB, "tb": 1024 * GIB, "tib": 1024 * GIB,
}  # fmt: skip
"""Flink's MemorySize reads every unit as a power of 1,024."""


@dataclass(frozen=True, slots=True)
class Cost:
    """`cpu` in cores, `memory` in bytes."""

    cpu: float = 0.0
    memory: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.cpu + other.cpu, self.memory + other.memory)

    def __mul__(self, times: int) -> "Cost":
        return Cost(self.cpu * times, self.memory * times)

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


def parse_size(text: Any) -> int | None:
    """Bytes in a memory text such as `4 GiB`, `32 mb` or `1073741824`; None when it is not a size."""
    if isinstance(text, bool) or not isinstance(text, str | int | float) or len(str(text)) > _LONGEST_SIZE:
        return None
    match = _SIZE.fullmatch(str(text))
    if match is None or match[2].lower() not in _UNITS:
        return None
    return round(float(match[1]) * _UNITS[match[2].lower()])


def managed_bytes(group: Group) -> int:
    """The managed memory of one slot in bytes; weights (texts without a unit, plain numbers) are no sizes."""
    sizes = (parse_size(v) for v in (group.managed or {}).values() if isinstance(v, str) and not v.strip().isdigit())
    return sum(size for size in sizes if size is not None)


def spec_cost(spec: ResourceSettingSpec | None) -> Cost:
    """What one JobManager or TaskManager costs."""
    return Cost(spec.cpu or 0.0, parse_size(spec.memory) or 0) if spec else Cost()


def _slot_cost(group: Group | None) -> Cost:
    if group is None:
        return Cost()
    memory = (parse_size(group.heap) or 0) + (parse_size(group.off_heap) or 0) + managed_bytes(group)
    return Cost(group.cpu or 0.0, memory)


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
