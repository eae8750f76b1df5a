"""Lay out one connected component in cells along (`main`) and across (`cross`) its layers.

The same code serves both directions: left to right, `main` is x and `cross` is y; top to bottom, they are exchanged.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hottui.graph.layout.coordinates import assign_coordinates
from hottui.graph.layout.crossings import Orders
from hottui.graph.layout.edge_routes import EdgeRouter, LineSegments, Rect
from hottui.graph.layout.long_edges import Layered, insert_dummy_nodes, merge
from hottui.graph.layout.ordering import order_vertices
from hottui.graph.layout.ports import Frame, find_ports, find_pulls
from hottui.graph.layout.ranks import assign_ranks, reversed_edges
from hottui.graph.layout_progress import OnProgress


@dataclass(frozen=True, slots=True)
class Component:
    """A component to lay out: the sizes of its boxes, the ends and labels of its edges (self-loops included)."""

    lengths: Sequence[int]
    breadths: Sequence[int]
    sources: Sequence[int]
    targets: Sequence[int]
    labels: Sequence[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of a component. Vertices beyond the boxes are dummies of long edges."""

    graph: Layered
    orders: list[list[int]]
    crossings: int
    rects: list[Rect]
    traces: LineSegments
    length: int
    breadth: int


def lay_out_component(component: Component, frame: Frame, on_progress: OnProgress) -> Layout:
    """Lay out a connected component."""
    n = len(component.lengths)
    ends = list(zip(component.sources, component.targets, strict=True))
    plain = [e for e, (source, target) in enumerate(ends) if source != target]
    loops = {source: e for e, (source, target) in enumerate(ends) if source == target}
    tails, heads = [ends[e][0] for e in plain], [ends[e][1] for e in plain]
    graph, found, crossings = min(
        [
            _ordered(n, tails, heads, choice, on_progress, contracted=not number)
            for number, choice in enumerate(reversed_edges(n, tails, heads))
        ],
        key=lambda ordered: ordered[2],
    )
    graph, orders = merge(graph, found)
    ports = find_ports(graph, orders, component.breadths, loops, frame)
    on_progress("coordinates", 0.0)
    at = assign_coordinates(orders, ports.breadths, frame.apart, find_pulls(graph, ports))
    tracer = EdgeRouter(graph, orders, ports, at, component.lengths, frame, loops, plain, component.labels)
    length = tracer.trace(on_progress)
    tracer.shift()
    return Layout(graph, orders, crossings, tracer.rects, tracer.traces, length, tracer.high)


def _ordered(
    n: int,
    tails: Sequence[int],
    heads: Sequence[int],
    is_reversed: Sequence[bool],
    on_progress: OnProgress,
    *,
    contracted: bool,
) -> tuple[Layered, Orders, int]:
    """Return the layers with some edges reversed, the orders of their vertices, and the crossings."""
    ends = [(b, a) if back else (a, b) for a, b, back in zip(tails, heads, is_reversed, strict=True)]
    firsts, lasts = [a for a, _ in ends], [b for _, b in ends]
    ranks = assign_ranks(n, firsts, lasts, on_progress, contracted=contracted)
    graph = insert_dummy_nodes(n, firsts, lasts, is_reversed, ranks)
    return graph, *order_vertices(graph, on_progress)
