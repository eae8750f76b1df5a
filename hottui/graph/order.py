"""The order of the vertices inside each layer, with as few crossings as a fixed amount of work finds.

From several starts sweeps find a rough order, and local search refines it. All of it is counted, not timed, so that a
plan always gets the same drawing.
"""

from operator import itemgetter
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

    starts: int
    """From so many starts sweeping begins at once; the best is refined first."""
    sweeps: int
    """So often each start is swept at most."""
    patience: int
    """So many sweeps without a gain end it."""
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
        return _Effort(1, 6, 2, 2_000)
    if boxes < 120:
        return _Effort(1, 12, 4, 2_000)
    # Of a handful of crossings among hundreds of boxes none is worth much.
    work = 4_000 + 12_000 * max(crossings - boxes // 100, 0)
    if vertices <= 1_200:
        return _Effort(1, 24, 4, min(work, 800_000))
    if vertices <= 5_000:
        return _Effort(3, 12, 4, min(work, 150_000))
    return _Effort(1, 8, 4, min(work, 180_000))


def order(graph: Layered, watch: Watch) -> tuple[Orders, int]:
    """The vertices of each layer in order, and the crossings, one line per edge."""
    watch("order", 0.0)
    if len(graph.layer) == max(graph.layer) + 1:
        return [[v] for v in sorted(range(len(graph.layer)), key=graph.layer.__getitem__)], 0
    squeezed = squeeze(graph)
    found, fewest = _Search(Ranked(squeezed.layer, squeezed.segments), graph.real, watch).run()
    orders = squeezed.expanded(found, graph.layer)
    places = [(graph.layer[v], net) for v, net in enumerate(graph.kin) if net >= 0]
    if len(set(places)) < len(places):
        whole = Ranked(graph.layer, list(zip(graph.tops, graph.bottoms, map(len, graph.through), strict=True)))
        whole.take(orders)
        Refiner(whole).gather(graph.kin)
        orders = whole.orders
    return orders, fewest


class _Search:
    """Looks for an order of one graph."""

    def __init__(self, ranked: Ranked, boxes: int, watch: Watch) -> None:
        self.ranked, self.boxes, self.watch = ranked, boxes, watch
        self.size = len(ranked.layer)
        self.random = Random(1)  # noqa: S311 - shuffles starts, guards nothing
        self.attempts = 0
        self.swept = 0
        """Vertices swept so far."""

    def run(self) -> tuple[Orders, int]:
        """The best orders found, and their crossings."""
        effort = _effort(self.size, self.boxes, 0)
        rough: list[tuple[int, Orders]] = []
        while len(rough) < effort.starts:
            rough.append((self._sweep(effort), self.ranked.copy()))
            if not rough[-1][0]:
                return rough[-1][1], 0
        return self._refine(sorted(rough, key=itemgetter(0)))

    def _sweep(self, effort: _Effort) -> int:
        """Sweep from the next start; the crossings left."""
        self.ranked.take(start(self.ranked, self.attempts, self.random))
        self.attempts += 1
        crossings, number = sweeps(self.ranked, effort.sweeps, effort.patience)
        self.swept += self.size * (number + 1)
        return crossings

    def _refine(self, rough: list[tuple[int, Orders]]) -> tuple[Orders, int]:
        """Refine the `rough` orders, then those from further starts while work is left."""
        ranked, refiner = self.ranked, Refiner(self.ranked)
        fewest, found = rough[0]
        effort = _effort(self.size, self.boxes, fewest)
        waiting = iter(rough)
        agreed = idle = 0
        while fewest and idle < _IDLE and agreed < _AGREED:
            crossings, orders = next(waiting, (0, None))
            if orders is not None:
                ranked.take(orders)
            else:
                crossings = self._sweep(effort)
            crossings = refiner.improve(crossings, refiner.work + effort.work, self.watch)
            idle += 1
            agreed += crossings == fewest
            if crossings < fewest:
                fewest, found, idle, agreed = crossings, ranked.copy(), 0, 1
            if refiner.work + _SWEEP * self.swept > effort.work:
                break
        return found, fewest
