"""Layers under work: orders, neighbours, crossings."""

from bisect import bisect_right
from collections.abc import Sequence

Orders = list[list[int]]
_UNKNOWN = -1


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
        self.orders: Orders = []
        self.pos = [0] * n
        self._known = [_UNKNOWN] * (self.depth + 1)
        """Layer: its crossings with the next one; the last two stand for what is beyond either end."""

    def take(self, orders: Orders) -> None:
        """Make `orders` the current ones."""
        self.orders = orders
        pos = self.pos
        for row in orders:
            for p, v in enumerate(row):
                pos[v] = p
        self._known = [_UNKNOWN] * (self.depth - 1) + [0, 0]

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

    def _forget(self, i: int) -> None:
        """The crossings on either side of layer `i` are to be counted anew."""
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
