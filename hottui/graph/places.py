"""Where each vertex stands across its layer: lines as straight as the order allows, nothing on top of anything else.

Layer by layer the bends to the neighbouring layers are made as small as can be (isotonic regression by pooling
adjacent violators, with weighted medians, so that lines come out exactly straight and places stay whole cells).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Wish = tuple[int, int]
"""A place a vertex would like and how much."""


@dataclass(slots=True)
class Pull:
    """One segment's bend: straight when `place[top] + top_port == place[bottom] + bottom_port`."""

    top: int
    bottom: int
    top_port: int
    bottom_port: int
    weight: int


def place(
    orders: Sequence[Sequence[int]],
    sizes: Sequence[int],
    gap: Callable[[int, int], int],
    pulls: Sequence[Pull],
) -> list[int]:
    """The first cell of each vertex across its layer; the smallest is 0. `gap` is the free cells between two."""
    return _Places(orders, sizes, gap, pulls).run()


class _Places:
    def __init__(
        self,
        orders: Sequence[Sequence[int]],
        sizes: Sequence[int],
        gap: Callable[[int, int], int],
        pulls: Sequence[Pull],
    ) -> None:
        self.orders = orders
        n = len(sizes)
        self.above: list[list[tuple[int, int, int]]] = [[] for _ in range(n)]
        """Vertex: (neighbour, what to add to its place, weight) in the layer before."""
        self.below: list[list[tuple[int, int, int]]] = [[] for _ in range(n)]
        for pull in pulls:
            shift = pull.top_port - pull.bottom_port
            self.above[pull.bottom].append((pull.top, shift, pull.weight))
            self.below[pull.top].append((pull.bottom, -shift, pull.weight))
        self.y = [0] * n
        self.offsets: list[list[int]] = []
        """Layer: each vertex's place when all are pushed together."""
        self.room = 0
        for order in orders:
            offsets, at, last = [], 0, -1
            for v in order:
                if last >= 0:
                    at += gap(last, v)
                offsets.append(at)
                self.y[v] = at
                at += sizes[v]
                last = v
            self.offsets.append(offsets)
            self.room = max(self.room, at)
        self.ends = [
            (self.room - offsets[-1] - sizes[order[-1]]) if order else 0
            for order, offsets in zip(orders, self.offsets, strict=True)
        ]

    def run(self) -> list[int]:
        depth = len(self.orders)
        widest = max(range(depth), key=lambda i: self.offsets[i][-1] if self.offsets[i] else 0)
        for i in range(widest - 1, -1, -1):
            self._settle(i, False, True)
        for i in range(widest + 1, depth):
            self._settle(i, True, False)
        for _ in range(2):
            for i in range(depth - 1, -1, -1):
                self._settle(i, False, True)
            for i in range(depth):
                self._settle(i, True, False)
        for _ in range(2):
            for i in range(depth):
                self._settle(i, True, True)
            for i in range(depth - 1, -1, -1):
                self._settle(i, True, True)
        low = min(self.y, default=0)
        return [y - low for y in self.y] if low else self.y

    def _settle(self, i: int, use_above: bool, use_below: bool) -> None:
        """Give layer `i` its best places while all others stay."""
        y = self.y
        order, offsets = self.orders[i], self.offsets[i]
        wishes: list[list[Wish]] = []
        for v, offset in zip(order, offsets, strict=True):
            wish = []
            if use_above:
                wish = [(y[u] + shift - offset, weight) for u, shift, weight in self.above[v]]
            if use_below:
                wish += [(y[w] + shift - offset, weight) for w, shift, weight in self.below[v]]
            wishes.append(wish or [(y[v] - offset, 0)])
        end = self.ends[i]
        for v, offset, value in zip(order, offsets, isotonic(wishes), strict=True):
            y[v] = offset + min(max(value, 0), end)


def isotonic(wishes: Sequence[list[Wish]]) -> list[int]:
    """Rising values, one for each list of wishes, with the least weighted distance from all wishes."""
    blocks: list[tuple[int, list[Wish], int]] = []
    for wish in wishes:
        value, pooled, count = _median(wish), wish, 1
        while blocks and blocks[-1][0] > value:
            _, before, many = blocks.pop()
            pooled = before + pooled
            count += many
            value = _median(pooled)
        blocks.append((value, pooled, count))
    result: list[int] = []
    for value, _, count in blocks:
        result += [value] * count
    return result


def _median(wishes: list[Wish]) -> int:
    """The lower weighted median."""
    if len(wishes) == 1:
        return wishes[0][0]
    wishes.sort()
    total = sum([weight for _, weight in wishes])
    run = 0
    for value, weight in wishes:
        run += weight
        if 2 * run >= total and (run or not total):
            return value
    return wishes[-1][0]
