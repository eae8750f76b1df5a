"""Assign a port, the cell where a line meets a box, to each line, ordered so that lines do not cross at the box."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hottui.graph.layout.coordinates import Pull
from hottui.graph.layout.long_edges import Layered


@dataclass(frozen=True, slots=True)
class Frame:
    """Spacing of boxes and lines for one drawing direction."""

    edge: int
    """Cells at both ends of a box side without ports."""
    pitch: int
    """Cells from one port to the next."""
    apart: int
    """Gap between adjacent boxes of a layer, in cells."""
    equal: bool
    """Whether all boxes of a layer get the length of the longest."""

    def needed(self, ports: int) -> int:
        """Return the breadth of a side with `ports` ports."""
        return (ports - 1) * self.pitch + 1 + 2 * self.edge if ports else 0

    def cells(self, ports: int, breadth: int) -> list[int]:
        """Return the cells of `ports` ports, centred on a side of `breadth` cells."""
        first = self.edge + max(breadth - self.needed(ports), 0) // 2
        return [first] if ports == 1 else list(range(first, first + ports * self.pitch, self.pitch))


@dataclass(slots=True)
class Ports:
    """Port cells relative to the first cell of each vertex. A dummy has only one cell."""

    tops: list[int]
    """Segment: where it leaves its end in the earlier layer."""
    bottoms: list[int]
    """Segment: where it reaches its end in the next layer."""
    loops: dict[int, tuple[int, int]]
    """Box with a self-loop: the ports of its start and end."""
    breadths: list[int]
    """Vertex: its breadth in cells, large enough for its ports."""


class _Crowded(NamedTuple):
    """A box with several lines on one side, or with a self-loop."""

    box: int
    leaving: list[int]
    """Segments."""
    arriving: list[int]
    looped: bool


def find_ports(
    graph: Layered, orders: Sequence[Sequence[int]], breadths: Sequence[int], loops: Mapping[int, int], frame: Frame
) -> Ports:
    """Assign ports to all lines and widen boxes as far as their ports require."""
    n, real = len(graph.layer), graph.real
    arriving: list[list[int]] = [[] for _ in range(n)]
    leaving: list[list[int]] = [[] for _ in range(n)]
    for segment, (top, bottom) in enumerate(zip(graph.tops, graph.bottoms, strict=True)):
        leaving[top].append(segment)
        arriving[bottom].append(segment)
    ports = Ports([0] * len(graph.tops), [0] * len(graph.tops), {}, [*breadths, *[1] * (n - real)])
    crowded = []
    least = frame.needed(1)
    for v in range(real):
        outs, ins = leaving[v], arriving[v]
        if len(outs) > 1 or len(ins) > 1 or v in loops:
            crowded.append(_Crowded(v, outs, ins, v in loops))
            continue
        breadth = ports.breadths[v] = max(breadths[v], least)
        cell = frame.edge + (breadth - least) // 2
        for s in outs:
            ports.tops[s] = cell
        for s in ins:
            ports.bottoms[s] = cell
    _share(graph, orders, ports, crowded, frame)
    return ports


def _share(
    graph: Layered, orders: Sequence[Sequence[int]], ports: Ports, crowded: Sequence[_Crowded], frame: Frame
) -> None:
    """Assign ports to boxes with several lines on one side."""
    pos = [0] * len(graph.layer)
    for row in orders:
        for i, v in enumerate(row):
            pos[v] = i
    for v, leaving, arriving, looped in crowded:
        nets = _nets(graph, pos, leaving)
        outs = len(nets) + 2 * looped
        ports.breadths[v] = max(ports.breadths[v], frame.needed(max(outs, len(arriving))))
        cells = frame.cells(outs, ports.breadths[v])
        for cell, segments in zip(cells, nets, strict=False):
            for s in segments:
                ports.tops[s] = cell
        if looped:
            ports.loops[v] = (cells[-2], cells[-1])
    for v, _, arriving, _ in crowded:
        arriving.sort(key=lambda s: (pos[graph.tops[s]], ports.tops[s]))
        for cell, s in zip(frame.cells(len(arriving), ports.breadths[v]), arriving, strict=True):
            ports.bottoms[s] = cell


def _nets(graph: Layered, pos: Sequence[int], leaving: list[int]) -> list[list[int]]:
    """Group the segments that leave a box by net, ordered by the positions of their targets."""
    if len(leaving) < 2:
        return [leaving] if leaving else []
    found: dict[int, list[int]] = {}
    for s in leaving:
        found.setdefault(graph.nets[s], []).append(s)
    nets = list(found.values())
    if len(nets) > 1:
        nets.sort(key=lambda segments: sum([pos[graph.bottoms[s]] for s in segments]) / len(segments))
    return nets


def find_pulls(graph: Layered, ports: Ports) -> list[Pull]:
    """Return a pull per segment. Segments between dummies weigh most: a bend within a long edge carries no meaning."""
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
