"""Layers under work: orders, neighbours, crossings."""

from bisect import bisect_right
from collections.abc import Sequence

Orders = list[list[int]]


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

    def take(self, orders: Orders) -> None:
        """Make `orders` the current ones."""
        self.orders = orders
        for i in range(len(orders)):
            self.number(i)

    def number(self, i: int) -> None:
        """Bring the positions of layer `i` up to date."""
        pos = self.pos
        for p, v in enumerate(self.orders[i]):
            pos[v] = p

    def copy(self) -> Orders:
        """The current orders, to keep."""
        return [list(order) for order in self.orders]

    def count(self) -> int:
        """All crossings."""
        return sum([self.between(i) for i in range(self.depth - 1)])

    def between(self, i: int) -> int:
        """Crossings between layers `i` and `i + 1`."""
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
