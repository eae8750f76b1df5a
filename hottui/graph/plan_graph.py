"""Convert a plan to a simple directed graph at vertex or operator level, and report its inconsistencies."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from hottui.model.control_characters import shorten, visible
from hottui.model.plan import Edge, Node, Plan


class Level(StrEnum):
    """What one box stands for."""

    VERTEX = "vertex"
    """A JobVertex: operators chained into one task."""
    OPERATOR = "operator"
    """A single operator."""


class Member(NamedTuple):
    """One box: an operator, or a JobVertex with its chained operators in order."""

    id: str
    nodes: tuple[Node, ...]


class Link(NamedTuple):
    """All plan edges from one member to another; the ends are indices into `PlanGraph.members`."""

    source: int
    target: int
    strategies: tuple[str, ...]
    """The ship strategy of each merged edge, in the plan's order."""


@dataclass(frozen=True, slots=True)
class PlanGraph:
    """Members and links. There are no parallel links; a link may be a self-loop."""

    members: tuple[Member, ...]
    links: tuple[Link, ...]
    problems: tuple[str, ...]


def prepare(plan: Plan, level: Level) -> PlanGraph:
    """Return the graph of `plan` at `level`, with a message about each part that cannot be drawn."""
    problems = list(plan.problems)
    if not plan.nodes:
        problems.append("The plan has no nodes.")
    problems += _repeated_ids(plan)
    if level is Level.VERTEX:
        members, member_of = _vertices(plan, problems)
    else:
        members = [Member(node.id, (node,)) for node in plan.node_by_id.values()]
        member_of = {member.id: position for position, member in enumerate(members)}
    links = _links(plan, member_of, problems)
    problems += _group_faults(plan)
    return PlanGraph(tuple(members), links, tuple(problems))


def _name(text: str) -> str:
    return shorten(visible(text), 60)


def _repeated_ids(plan: Plan) -> Iterable[str]:
    if len(plan.node_by_id) == len(plan.nodes):
        return
    times: dict[str, int] = {}
    for node in plan.nodes:
        times[node.id] = times.get(node.id, 0) + 1
    for node_id, count in times.items():
        if count > 1:
            yield f"{count} nodes share the id {_name(node_id)}; only the first is drawn."


def _vertices(plan: Plan, problems: list[str]) -> tuple[list[Member], dict[str, int]]:
    """Return the members in plan order, and the index of the member that each node belongs to."""
    nodes = plan.node_by_id
    owner: dict[str, str] = {}
    chains: dict[str, tuple[Node, ...]] = {}
    for vertex, ids in plan.vertices:
        chain: dict[str, Node] = {}
        for node_id in ids:
            if node_id not in nodes:
                problems.append(f"Vertex {_name(vertex)} names node {_name(node_id)}, which the plan does not have.")
            elif owner.setdefault(node_id, vertex) != vertex:
                problems.append(
                    f"Node {_name(node_id)} is in the vertices {_name(owner[node_id])} and {_name(vertex)}; "
                    "it is drawn in the first."
                )
            else:
                chain[node_id] = nodes[node_id]
        chains[vertex] = tuple(chain.values())
        if not chain:
            problems.append(f"Vertex {_name(vertex)} has no nodes of its own and is not drawn.")
    members: list[Member] = []
    member_of: dict[str, int] = {}
    for node_id, node in nodes.items():
        if node_id in member_of:
            continue
        vertex = owner.get(node_id, "")
        chain_of = chains[vertex] if node_id in owner else (node,)
        for member in chain_of:
            member_of[member.id] = len(members)
        members.append(Member(vertex if node_id in owner else _free_id(node_id, chains), chain_of))
    return members, member_of


def _free_id(node_id: str, taken: dict[str, tuple[Node, ...]]) -> str:
    """Return an unused id for a node outside every vertex: primes are appended while a vertex has the same id."""
    while node_id in taken:
        node_id += "'"
    return node_id


def _links(plan: Plan, member_of: dict[str, int], problems: list[str]) -> tuple[Link, ...]:
    merged: dict[tuple[int, int], list[str]] = {}
    for edge in plan.edges:
        source, target = member_of.get(edge.source), member_of.get(edge.target)
        if source is None or target is None:
            problems.append(_dangling(edge, member_of))
        elif source != target or edge.source == edge.target:
            # An edge inside a vertex is the chain itself, which the box shows.
            merged.setdefault((source, target), []).append(edge.strategy)
    return tuple([Link(ends[0], ends[1], tuple(strategies)) for ends, strategies in merged.items()])


def _dangling(edge: Edge, member_of: dict[str, int]) -> str:
    missing = [_name(end) for end in dict.fromkeys((edge.source, edge.target)) if end not in member_of]
    nodes = "node" if len(missing) == 1 else "nodes"
    names = " and ".join(missing)
    return f"The edge {_name(edge.source)} → {_name(edge.target)} is not drawn: the plan has no {nodes} {names}."


def _group_faults(plan: Plan) -> Iterable[str]:
    known = plan.group_by_name
    if len(known) < len(plan.groups):
        yield "Two groups share a name; the first one's resources are shown."
    users: dict[str, int] = {}
    for node in plan.nodes:
        users[node.profile.group] = users.get(node.profile.group, 0) + 1
    for name, count in users.items():
        if name and name not in known:
            nodes = "1 node is" if count == 1 else f"{count} nodes are"
            yield f"{nodes} in the group {_name(name)}, which the plan does not describe."
    for name in known:
        if name not in users:
            yield f"The group {_name(name) or '(no name)'} has no nodes."
