"""Where lines touch boxes: a cell for each, in the order of what they lead to, so that none cross beside the box."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hottui.graph.places import Pull
from hottui.graph.trunks import Layered


@dataclass(frozen=True, slots=True)
class Frame:
    """How boxes and lines share the cells in one direction of drawing."""

    edge: int
    """Cells at either end of a box's side that take no port."""
    pitch: int
    """Cells from one port to the next."""
    apart: int
    """Free cells between neighbours in a layer."""
    equal: bool
    """Whether all boxes of a layer are as long as the longest."""

    def needed(self, ports: int) -> int:
        """The breadth of a side with so many ports."""
        return (ports - 1) * self.pitch + 1 + 2 * self.edge if ports else 0

    def cells(self, ports: int, breadth: int) -> list[int]:
        """The cells of so many ports, around the middle of a side of `breadth` cells."""
        first = self.edge + max(breadth - self.needed(ports), 0) // 2
        return [first + i * self.pitch for i in range(ports)]


@dataclass(slots=True)
class Ports:
    """Cells across the layers, from each vertex's first; on a long edge's places there is only one."""

    tops: list[int]
    """Segment: where it leaves its end in the earlier layer."""
    bottoms: list[int]
    """Segment: where it reaches its end in the next layer."""
    loops: dict[int, tuple[int, int]]
    """Box with an edge to itself: where that leaves and where it comes back."""
    breadths: list[int]
    """Vertex: the cells it takes across its layer, ports and all."""


def find_ports(
    graph: Layered, orders: Sequence[Sequence[int]], breadths: Sequence[int], loops: Mapping[int, int], frame: Frame
) -> Ports:
    """Ports for every line, and boxes as broad as their ports need."""
    n = len(graph.layer)
    pos = [0] * n
    for row in orders:
        for i, v in enumerate(row):
            pos[v] = i
    above: list[list[int]] = [[] for _ in range(n)]
    leaving: list[dict[int, list[int]]] = [{} for _ in range(n)]
    for segment, (top, bottom) in enumerate(zip(graph.tops, graph.bottoms, strict=True)):
        above[bottom].append(segment)
        leaving[top].setdefault(graph.nets[segment], []).append(segment)
    ports = Ports([0] * len(graph.tops), [0] * len(graph.tops), {}, [1] * n)
    for v in range(graph.real):
        nets = list(leaving[v].values())
        if len(nets) > 1:
            nets.sort(key=lambda segments: sum([pos[graph.bottoms[s]] for s in segments]) / len(segments))
        outs = len(nets) + 2 * (v in loops)
        ports.breadths[v] = max(breadths[v], frame.needed(outs), frame.needed(len(above[v])))
        cells = frame.cells(outs, ports.breadths[v])
        for cell, segments in zip(cells, nets, strict=False):
            for s in segments:
                ports.tops[s] = cell
        if v in loops:
            ports.loops[v] = (cells[-2], cells[-1])
    for v in range(graph.real):
        inlets = above[v]
        if len(inlets) > 1:
            inlets.sort(key=lambda s: (pos[graph.tops[s]], ports.tops[s]))
        for cell, s in zip(frame.cells(len(inlets), ports.breadths[v]), inlets, strict=True):
            ports.bottoms[s] = cell
    return ports


def find_pulls(graph: Layered, ports: Ports) -> list[Pull]:
    """What each segment would like: to be straight, long lines most, as a bend amid one says nothing."""
    weights = (1, 2, 8)
    return [
        Pull(
            top,
            bottom,
            ports.tops[s],
            ports.bottoms[s],
            weights[(top >= graph.real) + (bottom >= graph.real)],
        )
        for s, (top, bottom) in enumerate(zip(graph.tops, graph.bottoms, strict=True))
    ]
