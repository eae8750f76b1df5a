"""Marks of what differs between two plans in one drawing, readable without colour."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from hottui.graph.plan_graph import Link, Member
from hottui.model.plan import Edge, Plan

ADDED: Final = "+"
REMOVED: Final = "-"
CHANGED: Final = "±"

EdgeKey = tuple[str, str, str, str]
"""Source, target, ship strategy, exchange mode."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks by node ID and by edge, and node ID → (old, new) slot sharing group where they differ."""

    nodes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    edges: Mapping[EdgeKey, str] = field(default_factory=lambda: MappingProxyType({}))
    groups: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))

    def of_member(self, member: Member) -> str:
        """Return the mark of a box: that of its operators if they share it, otherwise that it changed, or "".

        A box whose operators are all marked as changed, or only some of which are marked, has changed.
        """
        return common_mark(self.nodes.get(node.id, "") for node in member.nodes)

    def of_edge(self, edge: Edge) -> str:
        """Return the mark of an edge, or ""."""
        return self.edges.get((edge.source, edge.target, edge.strategy, edge.mode), "") if self.edges else ""

    def of_links(self, plan: Plan, members: Sequence[Member], links: Sequence[Link]) -> list[tuple[str, ...]]:
        """Return for each link the mark of each of its strategies; empty tuples if no edge of it is marked."""
        if not self.edges:
            return [()] * len(links)
        place = {node.id: at for at, member in enumerate(members) for node in member.nodes}
        marks: dict[tuple[int, int], list[str]] = {}
        for edge in plan.edges:
            source, target = place.get(edge.source), place.get(edge.target)
            if source is not None and target is not None and (source != target or edge.source == edge.target):
                marks.setdefault((source, target), []).append(self.of_edge(edge))
        found = (tuple(marks.get((link.source, link.target), ())) for link in links)
        return [each if any(each) else () for each in found]


NO_MARKS: Final = Marks()


def is_one_sided(mark: str) -> bool:
    """Whether a box with this mark is in one plan only: then so are its edges, which need no mark of their own."""
    return mark in (ADDED, REMOVED)


def common_mark(marks: Iterable[str]) -> str:
    """Return the mark of what consists of parts: theirs if they share it, otherwise that it changed, or ""."""
    found = set(marks)
    return found.pop() if len(found) == 1 else CHANGED if found else ""
