"""Contract adjacent layers between which no line forks or joins, for the time of ordering.

If every vertex of a layer has at most one successor and every vertex of the next at most one predecessor, both layers
can have the same order without a crossing between them. If all lines continue, no other order saves a crossing; if some
begin or end, it hardly ever does. Most layers of a plan are of that kind: about half of the vertices remain.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hottui.graph.crossings import Orders
from hottui.graph.trunks import Layered


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A graph with contracted layers; each vertex represents a path of original vertices."""

    layer: list[int]
    segments: list[tuple[int, int, int]]
    """(end in the earlier layer, end in the next one, number of edges)"""
    stretches: list[list[int]]
    """Vertex: the original vertices it represents, layer by layer."""
    kin: list[int]
    """Vertex: the net of the first dummy among those, -1 if there is none."""

    def expanded(self, orders: Orders, layer: Sequence[int]) -> Orders:
        """Return the orders of the original graph, whose layers are `layer`."""
        whole: Orders = [[] for _ in range(max(layer) + 1)]
        for row in orders:
            for stretch in row:
                for v in self.stretches[stretch]:
                    whole[layer[v]].append(v)
        return whole


def squeeze(graph: Layered) -> Squeezed:
    """Contract adjacent layers wherever no line forks or joins between them."""
    layer = graph.layer
    n = len(layer)
    knotted = _knotted(graph)
    number, numbers = 0, []
    for knot in knotted:
        numbers.append(number)
        number += knot
    home = [-1] * n
    made = Squeezed([], [], [], [])
    before = [-1] * n
    for top, bottom in zip(graph.tops, graph.bottoms, strict=True):
        if not knotted[layer[top]]:
            before[bottom] = top
    for v in sorted(range(n), key=layer.__getitem__):
        if before[v] >= 0:
            home[v] = home[before[v]]
            made.stretches[home[v]].append(v)
            if made.kin[home[v]] < 0:
                made.kin[home[v]] = graph.kin[v]
        else:
            home[v] = len(made.layer)
            made.layer.append(numbers[layer[v]])
            made.stretches.append([v])
            made.kin.append(graph.kin[v])
    for top, bottom, through in zip(graph.tops, graph.bottoms, graph.through, strict=True):
        if knotted[layer[top]]:
            made.segments.append((home[top], home[bottom], len(through)))
    return made


def _knotted(graph: Layered) -> list[bool]:
    """Return for each layer whether lines fork or join before the next one."""
    n = len(graph.layer)
    leaves, reached = [False] * n, [False] * n
    knotted = [False] * (max(graph.layer) + 1)
    for top, bottom in zip(graph.tops, graph.bottoms, strict=True):
        if leaves[top] or reached[bottom]:
            knotted[graph.layer[top]] = True
        leaves[top] = reached[bottom] = True
    return knotted
