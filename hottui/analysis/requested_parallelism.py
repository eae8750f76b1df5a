"""The operators whose parallelism a hot update changes, by the plan of its target setting."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hottui.model.plan import Node, Plan
from hottui.model.result import HotUpdateJobResult

_UNBOUNDED: Final = 2**62


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


def has_requested(plan: Plan, result: HotUpdateJobResult, before: Mapping[str, int] = MappingProxyType({})) -> bool:
    """Return whether the target's `plan` was written with the requested parallelism, rather than being the one before.

    It was if a vertex has that parallelism and did not run with it `before` (vertex ID → parallelism; may be
    incomplete). The service writes it to each vertex that changes; the others keep their explicit one. A vertex that
    was requested by its ID shows nothing about the others.
    """
    asked = result.asked_parallelism
    if asked is None:
        return False
    chained = {node for _, members in plan.vertices for node in members}
    own = {node.id: node.parallelism for node in plan.nodes if node.id not in chained} | plan.parallelism_by_vertex
    return any(
        parallelism == asked and before.get(vertex) != asked
        for vertex, parallelism in own.items()
        if vertex not in result.asked_vertices
    )


def requested_changes(
    plan: Plan,
    result: HotUpdateJobResult,
    before: Plan | None = None,
    before_vertices: Mapping[str, int] = MappingProxyType({}),
) -> Mapping[str, tuple[int, int]]:
    """Return node ID → (old, new) parallelism where the request of `result` changes its target's `plan`.

    `before_vertices` is what the vertices ran with before, as far as it is known.
    """
    asked = None if has_requested(plan, result, before_vertices) else result.asked_parallelism
    return plan_changes(plan, asked, before, result.asked_vertices)


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
