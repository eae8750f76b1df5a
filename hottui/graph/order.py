"""Order the vertices of each layer with few crossings.

From several initial orders, sweeps find a rough order and sifting refines it. The effort is counted, not timed, so that
a plan always gets the same drawing.
"""

from random import Random
from typing import NamedTuple

from hottui.graph.crossings import Orders, Ranked
from hottui.graph.refine import Refiner
from hottui.graph.squeeze import squeeze
from hottui.graph.starts import start
from hottui.graph.sweeps import sweeps
from hottui.graph.trunks import Layered
from hottui.graph.watch import Watch


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


def order(graph: Layered, watch: Watch) -> tuple[Orders, int]:
    """Return the ordered vertices of each layer, and the crossings counted with one line per edge."""
    watch("order", 0.0)
    if len(graph.layer) == max(graph.layer) + 1:
        return [[v] for v in sorted(range(len(graph.layer)), key=graph.layer.__getitem__)], 0
    squeezed = squeeze(graph)
    ranked = Ranked(squeezed.layer, squeezed.segments)
    found, fewest = _Search(ranked, graph.real, watch).run()
    places = [(layer, net) for layer, net in zip(squeezed.layer, squeezed.kin, strict=True) if net >= 0]
    if len(set(places)) < len(places):
        ranked.take(found)
        Refiner(ranked).gather(squeezed.kin)
        found = ranked.orders
    return squeezed.expanded(found, graph.layer), fewest


class _Search:
    """The search for an order of one graph."""

    def __init__(self, ranked: Ranked, boxes: int, watch: Watch) -> None:
        self.ranked, self.boxes, self.watch = ranked, boxes, watch
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
        self.ranked.take(start(self.ranked, self.attempts, self.random))
        self.attempts += 1
        crossings, number = sweeps(self.ranked, effort.sweeps, effort.patience, effort.enough)
        self.swept += _SWEEP * self.size * (number + 1)
        return crossings

    def _refine(self, crossings: int, effort: _Effort) -> tuple[Orders, int]:
        """Refine the current orders, then those of further initial orders while work remains."""
        ranked, refiner = self.ranked, Refiner(self.ranked)
        fewest, found = crossings + 1, ranked.orders
        agreed = idle = 0
        while True:
            crossings = refiner.improve(crossings, refiner.work + effort.work, self.watch)
            idle += 1
            agreed += crossings == fewest
            if crossings < fewest:
                fewest, found, idle, agreed = crossings, ranked.copy(), 0, 1
            spent = refiner.work + self.swept > effort.work
            if spent or fewest <= effort.enough or idle >= _IDLE or agreed >= _AGREED:
                return found, fewest
            crossings = self._sweep(effort)
