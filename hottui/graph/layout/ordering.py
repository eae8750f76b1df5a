"""Order the vertices of each layer with few crossings.

From several initial orders, sweeps find a rough order and sifting refines it. The effort is counted, not timed, so that
a plan always gets the same drawing.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from hottui.graph.layout.crossings import OrderedLayers, Orders
from hottui.graph.layout.long_edges import Layered
from hottui.graph.layout.sifting import Sifter
from hottui.graph.layout.sweeps import sweeps
from hottui.graph.layout_progress import OnProgress


class _Effort(NamedTuple):
    """How much work to spend on reducing crossings."""

    first: int
    """Index of the initial order to begin with."""
    sweeps: int
    """Maximum number of sweeps for each initial order."""
    patience: int
    """Number of sweeps without improvement after which sweeping stops."""
    enough: int
    """Number of crossings at which sweeping stops. If sifting ends at or below it, no other initial order is tried."""
    work: int
    """Work after which no other initial order is tried; see `Refiner.work`."""


_SWEEP = 2.5
"""Work of one sweep per vertex."""
_IDLE = 16
"""Initial orders without improvement after which no more are tried."""
_AGREED = 3
"""Initial orders that reach the same minimum before it is taken as the optimum."""


def _effort(vertices: int, boxes: int, crossings: int) -> _Effort:
    """Return the effort for a graph with `vertices` (dummies included) and `boxes`; `crossings` is 0 until known.

    It grows with the number of boxes, since large drawings are not expected instantly, and falls again for the largest
    graphs, where the other steps already take long.
    """
    if boxes < 105:
        return _Effort(0, 6, 2, 0, 1_700)
    if boxes < 120:
        return _Effort(0, 12, 4, 0, 1_700)
    few = boxes // 100
    work = 4_000 + 12_000 * max(crossings - few, 0)
    if vertices <= 1_200:
        return _Effort(0, 24, 4, few, min(work, 800_000))
    if vertices <= 5_000:
        return _Effort(2, 20, 4, few, min(work, 200_000))
    return _Effort(2, 8, 4, few, min(work, 180_000))


def order_vertices(graph: Layered, on_progress: OnProgress) -> tuple[Orders, int]:
    """Return the ordered vertices of each layer, and the crossings counted with one line per edge."""
    on_progress("order", 0.0)
    if len(graph.layer) == max(graph.layer) + 1:
        return [[v] for v in sorted(range(len(graph.layer)), key=graph.layer.__getitem__)], 0
    contracted = contract(graph)
    ranked = OrderedLayers(contracted.layer, contracted.segments)
    found, fewest = _Search(ranked, graph.real, on_progress).run()
    places = [(layer, net) for layer, net in zip(contracted.layer, contracted.dummy_net, strict=True) if net >= 0]
    if len(set(places)) < len(places):
        ranked.take(found)
        Sifter(ranked).gather(contracted.dummy_net)
        found = ranked.orders
    return contracted.expanded(found, graph.layer), fewest


class _Search:
    """The search for an order of one graph."""

    def __init__(self, ranked: OrderedLayers, boxes: int, on_progress: OnProgress) -> None:
        self.ranked, self.boxes, self.on_progress = ranked, boxes, on_progress
        self.size = len(ranked.layer)
        self.random = Random(1)  # noqa: S311 - shuffles initial orders
        self.attempts = 0
        self.swept = 0.0
        """Total work of all sweeps."""

    def run(self) -> tuple[Orders, int]:
        """Return the best orders found and their crossings."""
        effort = _effort(self.size, self.boxes, 0)
        self.attempts = effort.first
        crossings = self._sweep(effort)
        if not crossings:
            return self.ranked.orders, 0
        return self._refine(crossings, _effort(self.size, self.boxes, crossings))

    def _sweep(self, effort: _Effort) -> int:
        """Sweep from the next initial order; return the remaining crossings."""
        self.ranked.take(initial_order(self.ranked, self.attempts, self.random))
        self.attempts += 1
        crossings, number = sweeps(self.ranked, effort.sweeps, effort.patience, effort.enough)
        self.swept += _SWEEP * self.size * (number + 1)
        return crossings

    def _refine(self, crossings: int, effort: _Effort) -> tuple[Orders, int]:
        """Refine the current orders, then those of further initial orders while work remains."""
        ranked, sifter = self.ranked, Sifter(self.ranked)
        fewest, found = crossings + 1, ranked.orders
        agreed = idle = 0
        while True:
            crossings = sifter.improve(crossings, sifter.work + effort.work, self.on_progress)
            idle += 1
            agreed += crossings == fewest
            if crossings < fewest:
                fewest, found, idle, agreed = crossings, ranked.copy(), 0, 1
            spent = sifter.work + self.swept > effort.work
            if spent or fewest <= effort.enough or idle >= _IDLE or agreed >= _AGREED:
                return found, fewest
            crossings = self._sweep(effort)


_KINDS = ((True, False), (False, True), (True, True), (False, False))
"""(breadth-first, from sources rather than from sinks) for the first initial orders."""


def initial_order(ranked: OrderedLayers, attempt: int, random: Random) -> Orders:
    """Return the initial order number `attempt`. Later ones search in a shuffled order.

    Edges are followed in both directions, so that connected vertices end up close to each other.
    """
    up, down, layer = ranked.up, ranked.down, ranked.layer
    breadth, onward = _KINDS[attempt % len(_KINDS)]
    shuffled = attempt >= len(_KINDS)
    ends = up if onward else down
    begins = [v for v in range(len(layer)) if not ends[v]]
    if shuffled:
        random.shuffle(begins)
    orders: Orders = [[] for _ in range(ranked.depth)]
    seen = [False] * len(layer)
    for begin in begins:
        waiting = deque([begin])
        while waiting:
            v = waiting.popleft() if breadth else waiting.pop()
            if seen[v]:
                continue
            seen[v] = True
            orders[layer[v]].append(v)
            nexts = up[v] + down[v]
            if shuffled and len(nexts) > 2:
                random.shuffle(nexts)
            waiting += nexts if breadth else reversed(nexts)
    return orders


@dataclass(frozen=True, slots=True)
class ContractedGraph:
    """A graph with contracted layers; each vertex represents a path of original vertices."""

    layer: list[int]
    segments: list[tuple[int, int, int]]
    """(end in the earlier layer, end in the next one, number of edges)"""
    stretches: list[list[int]]
    """Vertex: the original vertices it represents, layer by layer."""
    dummy_net: list[int]
    """Vertex: the net of the first dummy among those, -1 if there is none."""

    def expanded(self, orders: Orders, layer: Sequence[int]) -> Orders:
        """Return the orders of the original graph, whose layers are `layer`."""
        whole: Orders = [[] for _ in range(max(layer) + 1)]
        for row in orders:
            for stretch in row:
                for v in self.stretches[stretch]:
                    whole[layer[v]].append(v)
        return whole


def contract(graph: Layered) -> ContractedGraph:
    """Contract adjacent layers wherever no line forks or joins between them."""
    layer = graph.layer
    n = len(layer)
    forks = _forking(graph)
    number, numbers = 0, []
    for fork in forks:
        numbers.append(number)
        number += fork
    position = [-1] * n
    made = ContractedGraph([], [], [], [])
    before = [-1] * n
    for top, bottom in zip(graph.tops, graph.bottoms, strict=True):
        if not forks[layer[top]]:
            before[bottom] = top
    for v in sorted(range(n), key=layer.__getitem__):
        if before[v] >= 0:
            position[v] = position[before[v]]
            made.stretches[position[v]].append(v)
            if made.dummy_net[position[v]] < 0:
                made.dummy_net[position[v]] = graph.dummy_net[v]
        else:
            position[v] = len(made.layer)
            made.layer.append(numbers[layer[v]])
            made.stretches.append([v])
            made.dummy_net.append(graph.dummy_net[v])
    for top, bottom, through in zip(graph.tops, graph.bottoms, graph.through, strict=True):
        if forks[layer[top]]:
            made.segments.append((position[top], position[bottom], len(through)))
    return made


def _forking(graph: Layered) -> list[bool]:
    """Return for each layer whether lines fork or join before the next one."""
    n = len(graph.layer)
    leaves, reached = [False] * n, [False] * n
    forks = [False] * (max(graph.layer) + 1)
    for top, bottom in zip(graph.tops, graph.bottoms, strict=True):
        if leaves[top] or reached[bottom]:
            forks[graph.layer[top]] = True
        leaves[top] = reached[bottom] = True
    return forks
