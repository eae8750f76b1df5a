"""Ordered layers: positions, neighbours, and incremental crossing counts."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

Orders = list[list[int]]
_UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Side:
    """The neighbours of every vertex in the previous layer, or in the next one."""

    near: list[list[int]]
    """Vertex: its neighbours, one entry per edge."""
    only: list[int]
    """Vertex: its neighbour if it has a single edge, else -1. Most have; this avoids iterating a list."""
    others: list[list[int]]
    """Layer: its vertices with no edge or more than one."""


class OrderedLayers:
    """Vertices in ordered layers, with their neighbours in the adjacent layers, one entry per edge."""

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
        """Vertex: its position in its layer. The last entry is a sentinel."""
        self._known = [_UNKNOWN] * (self.depth + 1)
        """Layer: its crossings with the next one, if known. The last two entries are sentinels for both ends."""
        self.turn = 0
        self.changed = [0] * self.depth
        """Layer: the turn of the last change of its order."""

    def _side(self, near: list[list[int]]) -> Side:
        only = [ends[0] if len(ends) == 1 else -1 for ends in near]
        others: list[list[int]] = [[] for _ in range(self.depth)]
        for v, sole in enumerate(only):
            if sole < 0:
                others[self.layer[v]].append(v)
        return Side(near, only, others)

    def take(self, orders: Orders) -> None:
        """Replace the current orders."""
        self.orders = orders
        pos = self.pos
        for row in orders:
            for p, v in enumerate(row):
                pos[v] = p
        self._known = [_UNKNOWN] * (self.depth - 1) + [0, 0]
        self.turn += 1
        self.changed = [self.turn] * self.depth

    def reorder(self, i: int, row: list[int]) -> None:
        """Replace the order of layer `i`."""
        self.orders[i] = row
        pos = self.pos
        for p, v in enumerate(row):
            pos[v] = p
        self._forget(i)

    def move(self, v: int, to: int) -> None:
        """Move `v` to position `to` of its layer."""
        i, pos = self.layer[v], self.pos
        row, at = self.orders[i], pos[v]
        row.insert(to, row.pop(at))
        for p in range(min(at, to), max(at, to) + 1):
            pos[row[p]] = p
        self._forget(i)

    def swapped(self, i: int, before: int, after: int) -> None:
        """Record a new order of layer `i` that saved `before` and `after` crossings on its two sides."""
        pos = self.pos
        for p, v in enumerate(self.orders[i]):
            pos[v] = p
        self._known[i - 1] -= before
        self._known[i] -= after

    def _forget(self, i: int) -> None:
        """Invalidate the crossing counts on both sides of layer `i`."""
        self.turn += 1
        self.changed[i] = self.turn
        if i:
            self._known[i - 1] = _UNKNOWN
        if i < self.depth - 1:
            self._known[i] = _UNKNOWN

    def copy(self) -> Orders:
        """Return a copy of the current orders."""
        return [list(order) for order in self.orders]

    def count(self) -> int:
        """Return the total number of crossings."""
        return sum([self.between(i) for i in range(self.depth - 1)])

    def clear(self, i: int) -> bool:
        """Return whether layers `i` and `i + 1` are known to have no crossings; True beyond both ends."""
        return self._known[i] == 0

    def between(self, i: int) -> int:
        """Return the crossings between layers `i` and `i + 1`."""
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
