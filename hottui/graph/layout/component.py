"""Lay out one connected component in cells along (`main`) and across (`cross`) its layers.

The same code serves both directions: left to right, `main` is x and `cross` is y; top to bottom, they are exchanged.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hottui.graph.layout.coordinates import assign_coordinates
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
    is_reversed = reversed_edges(n, tails, heads)
    for edge, back in enumerate(is_reversed):
        if back:
            tails[edge], heads[edge] = heads[edge], tails[edge]
    graph = insert_dummy_nodes(n, tails, heads, is_reversed, assign_ranks(n, tails, heads, on_progress))
    found, crossings = order_vertices(graph, on_progress)
    graph, orders = merge(graph, found)
    ports = find_ports(graph, orders, component.breadths, loops, frame)
    on_progress("coordinates", 0.0)
    at = assign_coordinates(orders, ports.breadths, frame.apart, find_pulls(graph, ports))
    tracer = EdgeRouter(graph, orders, ports, at, component.lengths, frame, loops, plain, component.labels)
    length = tracer.trace(on_progress)
    tracer.shift()
    return Layout(graph, orders, crossings, tracer.rects, tracer.traces, length, tracer.high)
