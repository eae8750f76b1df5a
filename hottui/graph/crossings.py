"""Layers under work: orders, neighbours, crossings."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

Orders = list[list[int]]
_UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Side:
    """What every vertex is joined to in the layer before its own, or in the one after."""

    near: list[list[int]]
    """Vertex: its neighbours, one entry for each edge."""
    only: list[int]
    """Vertex: its neighbour when it has a single edge, else -1: most have, and need no list to be gone through."""
    others: list[list[int]]
    """Layer: its vertices with more than one edge, or none."""


class Ranked:
    """Vertices in layers, each with the vertices its edges lead to in the layers beside, one entry for each edge."""

    def __init__(self, layer: Sequence[int], segments: Sequence[tuple[int, int, int]]) -> None:
        n = len(layer)
        self.layer = layer
        self.depth = max(layer, default=-1) + 1
        self.up: list[list[int]] = [[] for _ in range(n)]
        self.down: list[list[int]] = [[] for _ in range(n)]
        for top, bottom, weight in segments:
            self.down[top] += [bottom] * weight
            self.up[bottom] += [top] * weight
        self.before, self.after = self._side(self.up), self._side(self.down)
        self.orders: Orders = []
        self.pos = [*[0] * n, -1]
        """Vertex: its place in its layer; the last entry is that of no vertex."""
        self._known = [_UNKNOWN] * (self.depth + 1)
        """Layer: its crossings with the next one; the last two stand for what is beyond either end."""
        self.turn = 0
        self.changed = [0] * self.depth
        """Layer: the turn in which its order last changed."""

    def _side(self, near: list[list[int]]) -> Side:
        only = [ends[0] if len(ends) == 1 else -1 for ends in near]
        others: list[list[int]] = [[] for _ in range(self.depth)]
        for v, sole in enumerate(only):
            if sole < 0:
                others[self.layer[v]].append(v)
        return Side(near, only, others)

    def take(self, orders: Orders) -> None:
        """Make `orders` the current ones."""
        self.orders = orders
        pos = self.pos
        for row in orders:
            for p, v in enumerate(row):
                pos[v] = p
        self._known = [_UNKNOWN] * (self.depth - 1) + [0, 0]
        self.turn += 1
        self.changed = [self.turn] * self.depth

    def reorder(self, i: int, row: list[int]) -> None:
        """Give layer `i` a new order."""
        self.orders[i] = row
        pos = self.pos
        for p, v in enumerate(row):
            pos[v] = p
        self._forget(i)

    def move(self, v: int, to: int) -> None:
        """Take `v` out of its layer and put it back as number `to`."""
        i, pos = self.layer[v], self.pos
        row, at = self.orders[i], pos[v]
        row.insert(to, row.pop(at))
        for p in range(min(at, to), max(at, to) + 1):
            pos[row[p]] = p
        self._forget(i)

    def swapped(self, i: int, before: int, after: int) -> None:
        """Layer `i` has been put in another order, which saved so many crossings on either side."""
        pos = self.pos
        for p, v in enumerate(self.orders[i]):
            pos[v] = p
        self._known[i - 1] -= before
        self._known[i] -= after

    def _forget(self, i: int) -> None:
        """The crossings on either side of layer `i` are to be counted anew."""
        self.turn += 1
        self.changed[i] = self.turn
        if i:
            self._known[i - 1] = _UNKNOWN
        if i < self.depth - 1:
            self._known[i] = _UNKNOWN

    def copy(self) -> Orders:
        """The current orders, to keep."""
        return [list(order) for order in self.orders]

    def count(self) -> int:
        """All crossings."""
        return sum([self.between(i) for i in range(self.depth - 1)])

    def clear(self, i: int) -> bool:
        """Whether layers `i` and `i + 1` were found to have no crossings when last counted, and have not changed
        since; true beyond the first and the last layer."""
        return self._known[i] == 0

    def between(self, i: int) -> int:
        """Crossings between layers `i` and `i + 1`."""
        crossings = self._known[i]
        if crossings == _UNKNOWN:
            crossings = self._known[i] = self._counted(i)
        return crossings

    def _counted(self, i: int) -> int:
        if len(self.orders[i]) < 2 or len(self.orders[i + 1]) < 2:
            return 0
        pos, down = self.pos, self.down
        seen: list[int] = []
        last = -1
        crossings = 0
        for v in self.orders[i]:
            ends = down[v]
            if len(ends) > 1:
                places = sorted([pos[w] for w in ends])
            elif ends:
                places = [pos[ends[0]]]
            else:
                continue
            for p in places:
                if p >= last:
                    seen.append(p)
                    last = p
                else:
                    at = bisect_right(seen, p)
                    crossings += len(seen) - at
                    seen.insert(at, p)
        return crossings
