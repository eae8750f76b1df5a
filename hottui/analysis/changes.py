"""The changes that a hot update requests, each with the value in the target setting.

The answer does not contain the values from before. While an update runs, the target setting may still have them, and
an earlier plan of the same job may contain more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any, Final

from hottui.model.control_characters import shorten, visible
from hottui.model.json_text import Json, write_json
from hottui.model.masking import mask_value
from hottui.model.plan import Node, Plan
from hottui.model.result import EXPERT, HotUpdateJobResult

PARALLELISM: Final = "parallelism"
_UNBOUNDED: Final = 2**62


class Absent(Enum):
    """The type of ABSENT: no value, as opposed to null."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


class ChangeKind(StrEnum):
    """What is changed."""

    CONF = "conf"
    PARALLELISM = "parallelism"
    VERTEX = "vertex parallelism"


@dataclass(frozen=True, slots=True)
class Change:
    """One requested change. `key` is a conf key, `parallelism` for that of the job, or the ID of a JobVertex."""

    key: str
    asked: Json
    target: Json | Absent = ABSENT
    kind: ChangeKind = ChangeKind.CONF

    @property
    def is_conf(self) -> bool:
        """Whether it changes the Flink configuration."""
        return self.kind is ChangeKind.CONF

    @property
    def name(self) -> str:
        """The name for users: the conf key, `parallelism`, or `vertex ID`."""
        return f"vertex {self.key}" if self.kind is ChangeKind.VERTEX else self.key

    @property
    def differs(self) -> bool:
        """Whether the target setting has another value than the requested one."""
        return self.target is not ABSENT and value_text(self.target) != value_text(self.asked)

    @property
    def arrow(self) -> str:
        """`4 → 10` if the target setting has another value, otherwise `→ 10`; secrets are masked."""
        old = f"{self._shown(self.target)} " if self.differs else ""
        return f"{old}→ {self._shown(self.asked)}"

    def _shown(self, value: Json | Absent) -> str:
        if value is ABSENT or not self.is_conf:
            return value_text(value)
        return value_text(mask_value(self.key, value))


def value_text(value: Any) -> str:
    """Return a conf value in Flink's notation: text unchanged, booleans in lower case, anything else as JSON."""
    if value is ABSENT:
        return ""
    return visible(value) if isinstance(value, str) else visible(write_json(value))


def target_parallelism(result: HotUpdateJobResult) -> int | None:
    """Return the job parallelism of the target setting: streaming first, then batch.

    None in EXPERT mode without a basic setting: then each operator has its own.
    """
    for setting in (result.streaming, result.batch):
        if setting and setting.basic_resource_setting and setting.basic_resource_setting.parallelism is not None:
            return setting.basic_resource_setting.parallelism
    return None


def changes(result: HotUpdateJobResult) -> tuple[Change, ...]:
    """Return the requested changes: the job's parallelism, then vertices and conf keys in the service's order."""
    found: list[Change] = []
    if result.asked_parallelism is not None:
        target = target_parallelism(result)
        found.append(
            Change(PARALLELISM, result.asked_parallelism, ABSENT if target is None else target, ChangeKind.PARALLELISM)
        )
    found += [Change(vertex, asked, kind=ChangeKind.VERTEX) for vertex, asked in result.asked_vertices.items()]
    conf = result.flink_conf
    found += [Change(key, asked, conf.get(key, ABSENT)) for key, asked in result.asked_conf.items()]
    return tuple(found)


def headline(found: tuple[Change, ...]) -> str:
    """Return the changes in a few words for the table: `parallelism 4 → 10, 3 vertices, 2 conf keys`."""
    parts = [f"{PARALLELISM} {change.arrow}" for change in found if change.kind is ChangeKind.PARALLELISM]
    for kind, many in ((ChangeKind.VERTEX, "vertices"), (ChangeKind.CONF, "conf keys")):
        some = [change for change in found if change.kind is kind]
        if len(some) == 1:
            parts.append(f"{shorten(visible(some[0].name), 80)} {shorten(some[0].arrow, 40)}")
        elif some:
            parts.append(f"{len(some)} {many}")
    return ", ".join(parts)


def plan_changes(
    plan: Plan,
    asked_parallelism: int | None = None,
    before: Plan | None = None,
    asked_vertices: Mapping[str, int] = MappingProxyType({}),
) -> Mapping[str, tuple[int, int]]:
    """Return node ID → (old, new) parallelism where they differ.

    The old one is that of the plan `before`, if it has the node with another parallelism. Otherwise a requested
    rescale changes every node whose bounds allow the new value. The service documents no rule. This assumes that
    chained operators run in the same subtasks, so a vertex changes only if the bounds of all its operators allow it.
    """
    moved: dict[str, tuple[int, int]] = {}
    allowed = _allowed_parallelism(plan)
    named: dict[str, int] = {}
    for vertex, members in plan.vertices:
        if vertex in asked_vertices:
            named |= dict.fromkeys(set(members) - named.keys(), asked_vertices[vertex])
    for node in plan.nodes:
        now = node.parallelism
        earlier = before.node_by_id.get(node.id) if before else None
        if now is None:
            continue
        if earlier is not None and earlier.parallelism not in (None, now):
            moved[node.id] = (earlier.parallelism or 0, now)
        elif node.id in named:
            if named[node.id] != now:
                moved[node.id] = (now, named[node.id])
        elif asked_parallelism is not None and asked_parallelism != now and asked_parallelism in allowed[node.id]:
            moved[node.id] = (now, asked_parallelism)
    return moved


def requested_changes(
    plan: Plan, result: HotUpdateJobResult, before: Plan | None = None
) -> Mapping[str, tuple[int, int]]:
    """Return node ID → (old, new) parallelism where the request of `result` changes its target's `plan`.

    A plan that has the requested parallelism is what was asked for: the service has written it to each operator that
    changes, and the others keep their explicit one. A plan without it is still the one before.
    """
    asked, vertices = result.asked_parallelism, result.asked_vertices
    named = {node for vertex, members in plan.vertices if vertex in vertices for node in members}
    written = any(node.parallelism == asked for node in plan.nodes if node.id not in named)
    return plan_changes(plan, None if written else asked, before, vertices)


def _allowed_parallelism(plan: Plan) -> dict[str, range]:
    """Return node ID → the parallelisms that the bounds of the node and of all nodes chained with it allow."""
    allowed = {node.id: _bounds(node) for node in plan.node_by_id.values()}
    chained: set[str] = set()
    for _, members in plan.vertices:
        known = [member for member in dict.fromkeys(members) if member in allowed and member not in chained]
        if known:
            own = [allowed[member] for member in known]
            shared = range(max(each.start for each in own), min(each.stop for each in own))
            allowed.update(dict.fromkeys(known, shared))
            chained.update(known)
    return allowed


def _bounds(node: Node) -> range:
    highest = node.profile.max_parallelism
    return range(node.profile.min_parallelism or 1, (_UNBOUNDED if highest is None else highest) + 1)


def mode_of(result: HotUpdateJobResult) -> str:
    """Return `EXPERT`, `BASIC`, an unknown mode unchanged, or empty if the answer has no streaming setting."""
    streaming = result.streaming
    if streaming is None:
        return ""
    return streaming.resource_setting_mode or (EXPERT if streaming.expert_resource_setting else "")
