"""Order the vertices of each layer with few crossings.

From several initial orders, sweeps find a rough order and sifting refines it. The effort is counted, not timed, so that
a plan always gets the same drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from hottui.graph.layout.crossings import OrderedLayers, Orders
from hottui.graph.layout.initial_orders import SmoothOrders, searched_order
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


_TANGLED = 2.0
"""Crossings per independent cycle after the first sweeps, above which a graph is unlike plans."""
_DENSE, _FEW = 0.5, 50
"""Independent cycles per box above which a graph is unlike plans, and the boxes up to which that does not matter: in a
small graph the first orders are good."""
_SHARE = 0.4
"""Share of the work on such a graph that is spent on sweeping from initial orders."""
_REFINED = 3
"""Number of the best of those that are refined."""
_DISTURBANCE = 0.2
"""Maximum distance by which vertices are moved to disturb an order, as a fraction of their layer."""


def _tangled_effort(vertices: int, boxes: int) -> _Effort:
    """Return the effort for a graph unlike plans, with `vertices` (dummies included) and `boxes`."""
    return _Effort(0, 24, 4, 0, min(5_000 + 20 * boxes * boxes, 600_000 if vertices <= 1_200 else 200_000))


def order_vertices(graph: Layered, on_progress: OnProgress) -> tuple[Orders, int]:
    """Return the ordered vertices of each layer, and the crossings counted with one line per edge."""
    on_progress("order", 0.0)
    if len(graph.layer) == max(graph.layer) + 1:
        return [[v] for v in sorted(range(len(graph.layer)), key=graph.layer.__getitem__)], 0
    contracted = contract(graph)
    ranked = OrderedLayers(contracted.layer, contracted.segments)
    found, fewest = _Search(ranked, graph.real, on_progress, is_cyclic=any(graph.is_reversed)).run()
    places = [(layer, net) for layer, net in zip(contracted.layer, contracted.dummy_net, strict=True) if net >= 0]
    if len(set(places)) < len(places):
        ranked.take(found)
        Sifter(ranked).gather(contracted.dummy_net)
        found = ranked.orders
    return contracted.expanded(found, graph.layer), fewest


class _Search:
    """The search for an order of one graph."""

    def __init__(self, ranked: OrderedLayers, boxes: int, on_progress: OnProgress, *, is_cyclic: bool) -> None:
        self.ranked, self.boxes, self.on_progress, self.is_cyclic = ranked, boxes, on_progress, is_cyclic
        self.size = len(ranked.layer)
        self.cycles = sum([len(ends) for ends in ranked.up]) - self.size + 1
        """Number of independent cycles, regardless of the edges' directions."""
        self.random = Random(1)  # noqa: S311 - shuffles initial orders
        self.attempts = 0
        self.spent = 0.0
        """Total work of all initial orders and sweeps."""

    def run(self) -> tuple[Orders, int]:
        """Return the best orders found and their crossings."""
        effort = _effort(self.size, self.boxes, 0)
        self.attempts = effort.first
        crossings = self._sweep(effort)
        if not crossings:
            return self.ranked.orders, 0
        if self._is_tangled(crossings):
            return self._untangle(crossings, _tangled_effort(self.size, self.boxes))
        return self._refine(crossings, _effort(self.size, self.boxes, crossings))

    def _is_tangled(self, crossings: int) -> bool:
        """Whether the graph is unlike plans, in which the first orders are nearly always among the best."""
        if self.is_cyclic or crossings > _TANGLED * self.cycles:
            return True
        return self.boxes > _FEW and self.cycles > _DENSE * self.boxes

    def _sweep(self, effort: _Effort) -> int:
        """Sweep from the next initial order found by a search; return the remaining crossings."""
        self.ranked.take(searched_order(self.ranked, self.attempts, self.random))
        self.attempts += 1
        return self._swept(effort)

    def _swept(self, effort: _Effort) -> int:
        crossings, number = sweeps(self.ranked, effort.sweeps, effort.patience, effort.enough)
        self.spent += _SWEEP * self.size * (number + 1)
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
            spent = sifter.work + self.spent > effort.work
            if spent or fewest <= effort.enough or idle >= _IDLE or agreed >= _AGREED:
                return found, fewest
            crossings = self._sweep(effort)

    def _untangle(self, crossings: int, effort: _Effort) -> tuple[Orders, int]:
        """Sweep from many initial orders, refine the best of them, then disturb and refine the best one repeatedly."""
        ranked, sifter = self.ranked, Sifter(self.ranked)
        best, idle = self._best_of_many(crossings, effort)
        refined = []
        for number, (swept, _, orders) in enumerate(best):
            ranked.take(orders)
            refined.append((sifter.improve(swept, effort.work, self.on_progress), number, ranked.copy()))
        fewest, _, found = min(refined)
        while fewest and idle < _IDLE and sifter.work + self.spent < effort.work:
            ranked.take(_disturbed(found, self.random))
            left = sifter.improve(self._swept(effort), effort.work, self.on_progress)
            idle = 0 if left < fewest else idle + 1
            # An equal order replaces the best one too, so that the next attempt begins elsewhere.
            if left <= fewest:
                fewest, found = left, ranked.copy()
        return found, fewest

    def _best_of_many(self, crossings: int, effort: _Effort) -> tuple[list[tuple[int, int, Orders]], int]:
        """Sweep from many initial orders, mostly smooth ones.

        Returns the best as (crossings, attempt, orders), and how many reached the same minimum.
        """
        ranked, smooth = self.ranked, SmoothOrders(self.ranked)
        best = [(crossings, 0, ranked.copy())]
        number, agreed = 0, 1
        while best[0][0] and agreed < _IDLE and self.spent < effort.work * _SHARE:
            number += 1
            if number % 4:
                orders, work = smooth.next(self.random)
                self.spent += work
                ranked.take(orders)
                crossings = self._swept(effort)
            else:
                crossings = self._sweep(effort)
            agreed = 1 if crossings < best[0][0] else agreed + (crossings == best[0][0])
            if len(best) < _REFINED or crossings < best[-1][0]:
                best = sorted([*best, (crossings, number, ranked.copy())])[:_REFINED]
            self.on_progress("order", self.spent / effort.work)
        return best, agreed


def _disturbed(orders: Orders, random: Random) -> Orders:
    """Return orders in which vertices have moved by a few positions."""
    made = []
    for row in orders:
        reach = _DISTURBANCE * len(row)
        places = {v: place + (random.random() - random.random()) * reach for place, v in enumerate(row)}
        made.append(sorted(row, key=places.__getitem__))
    return made


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
