"""The order of the vertices inside each layer, with as few crossings as a fixed amount of work finds.

From several starts sweeps find a rough order, and local search refines it. All of it is counted, not timed, so that a
plan always gets the same drawing.
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
    """How much is done about crossings."""

    first: int
    """The number of the start that comes first."""
    sweeps: int
    """So often each start is swept at most."""
    patience: int
    """So many sweeps without a gain end that."""
    enough: int
    """And so few crossings, which are left to refining. When that ends with no more, no other start is taken."""
    work: int
    """What may be done before the last start is taken, see `Refiner.work`."""


_SWEEP = 2.5
"""The work of one sweep, for each vertex."""
_IDLE = 16
"""Starts without a gain after which no more are tried."""
_AGREED = 3
"""Starts that all end with the fewest crossings known: a sign that fewer cannot be had."""


def _effort(vertices: int, boxes: int, crossings: int) -> _Effort:
    """What to do about a graph of so many vertices, once that many crossings are known, or 0 before.

    It grows with the boxes: of a hundred or more nobody expects to see them at once. The largest graphs get less again,
    as everything else takes long enough there.
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
    """The vertices of each layer in order, and the crossings, one line per edge."""
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
    """Looks for an order of one graph."""

    def __init__(self, ranked: Ranked, boxes: int, watch: Watch) -> None:
        self.ranked, self.boxes, self.watch = ranked, boxes, watch
        self.size = len(ranked.layer)
        self.random = Random(1)  # noqa: S311 - shuffles starts, guards nothing
        self.attempts = 0
        self.swept = 0.0
        """The work of all sweeps so far."""

    def run(self) -> tuple[Orders, int]:
        """The best orders found, and their crossings."""
        effort = _effort(self.size, self.boxes, 0)
        self.attempts = effort.first
        crossings = self._sweep(effort)
        if not crossings:
            return self.ranked.orders, 0
        return self._refine(crossings, _effort(self.size, self.boxes, crossings))

    def _sweep(self, effort: _Effort) -> int:
        """Sweep from the next start; the crossings left."""
        self.ranked.take(start(self.ranked, self.attempts, self.random))
        self.attempts += 1
        crossings, number = sweeps(self.ranked, effort.sweeps, effort.patience, effort.enough)
        self.swept += _SWEEP * self.size * (number + 1)
        return crossings

    def _refine(self, crossings: int, effort: _Effort) -> tuple[Orders, int]:
        """Refine the current orders, then those from further starts while work is left."""
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
