"""Merge two plans for one drawing of both, and list what was added, removed or changed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from hottui.analysis.job_setting import EdgeKey, Setting, edge_key
from hottui.analysis.result_diff import Section, SettingDiff
from hottui.model.plan import Edge, Plan


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """`plan` has all nodes, edges and groups of both. The rest are node IDs and edge keys of it.

    `parallelism` is node ID → (old, new); `groups` is node ID → (old name, new name).
    """

    plan: Plan
    added: frozenset[str]
    removed: frozenset[str]
    parallelism: Mapping[str, tuple[int | None, int | None]]
    groups: Mapping[str, tuple[str, str]]
    added_edges: frozenset[EdgeKey]
    removed_edges: frozenset[EdgeKey]


def plan_diff(old: Setting, new: Setting, changed: SettingDiff) -> PlanDiff | None:
    """Return the merged plan; None if either setting has none. `changed` is the result of `diff`."""
    if old.plan is None or new.plan is None:
        return None
    nodes, edges = changed.of(Section.NODES), changed.of(Section.EDGES)
    before, after = old.nodes or {}, new.nodes or {}
    both = [each.key for each in nodes if isinstance(each.key, str) and each.fields]
    return PlanDiff(
        plan=_merged(old.plan, new.plan),
        added=frozenset(after.keys() - before.keys()),
        removed=frozenset(before.keys() - after.keys()),
        parallelism={
            key: (_whole(before[key]["parallelism"]), _whole(after[key]["parallelism"]))
            for key in both
            if before[key]["parallelism"] != after[key]["parallelism"]
        },
        groups={
            key: (str(before[key]["group"]), str(after[key]["group"]))
            for key in both
            if before[key]["group"] != after[key]["group"]
        },
        added_edges=frozenset(e.key for e in edges if isinstance(e.key, tuple) and not _count(e.old)),
        removed_edges=frozenset(e.key for e in edges if isinstance(e.key, tuple) and not _count(e.new)),
    )


def _merged(old: Plan, new: Plan) -> Plan:
    """The new plan, and what only the old one has."""
    vertices = dict(new.vertices)
    members = {node for nodes in vertices.values() for node in nodes}
    for vertex, nodes in old.vertices:
        left = tuple(node for node in nodes if node not in members and node not in new.node_by_id)
        if left:
            vertices[vertex] = (*vertices.get(vertex, ()), *left)
    missing = Counter(map(edge_key, old.edges)) - Counter(map(edge_key, new.edges))
    return Plan(
        groups=(*new.groups, *(group for name, group in old.group_by_name.items() if name not in new.group_by_name)),
        nodes=(*new.nodes, *(node for key, node in old.node_by_id.items() if key not in new.node_by_id)),
        edges=(*new.edges, *_taken(old.edges, missing)),
        vertices=tuple(vertices.items()),
        problems=(*new.problems, *old.problems),
    )


def _taken(edges: tuple[Edge, ...], wanted: Counter[EdgeKey]) -> list[Edge]:
    found = []
    for edge in edges:
        if wanted[edge_key(edge)] > 0:
            wanted[edge_key(edge)] -= 1
            found.append(edge)
    return found


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0
