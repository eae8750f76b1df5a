"""Where each vertex stands across its layer: lines as straight as the order allows, nothing on top of anything else.

Layer by layer the bends to the neighbouring layers are made as small as can be (isotonic regression by pooling
adjacent violators, with weighted medians, so that lines come out exactly straight and places stay whole cells).
"""

from collections.abc import Sequence
from dataclasses import dataclass

_MANY = 1_200
"""Vertices from which on fewer passes are made, and no blocks are moved."""
_BLOCK = 60
"""The largest block that is moved as a whole."""

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
    apart: int,
    pulls: Sequence[Pull],
) -> list[int]:
    """The first cell of each vertex across its layer; the smallest is 0. `apart` is the free cells between two."""
    return _Places(orders, sizes, apart, pulls).run()


class _Places:
    def __init__(
        self,
        orders: Sequence[Sequence[int]],
        sizes: Sequence[int],
        apart: int,
        pulls: Sequence[Pull],
    ) -> None:
        self.orders, self.sizes = orders, sizes
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
        self.layer_of, self.place_of, self.reach = [0] * n, [0] * n, list(sizes)
        for i, order in enumerate(orders):
            offsets, at, last = [], 0, -1
            for p, v in enumerate(order):
                self.layer_of[v], self.place_of[v] = i, p
                if last >= 0:
                    at += apart
                    self.reach[last] += apart
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
        """From the widest layer outwards, then to and fro, then with both sides pulling, at last whole blocks."""
        depth = len(self.orders)
        widest = max(range(depth), key=lambda i: self.offsets[i][-1] if self.offsets[i] else 0)
        down, up = range(depth), range(depth - 1, -1, -1)
        for i in range(widest - 1, -1, -1):
            self._settle(i, False, True)
        for i in range(widest + 1, depth):
            self._settle(i, True, False)
        for _ in range(2 if len(self.y) < _MANY else 1):
            for i in up:
                self._settle(i, False, True)
            for i in down:
                self._settle(i, True, False)
        for i in up:
            self._settle(i, True, True)
        if len(self.y) < _MANY:
            for _ in range(3):
                if not self._slide():
                    break
                for i in down:
                    self._settle(i, True, True)
            self._slide()
        low = min(self.y, default=0)
        return [y - low for y in self.y] if low else self.y

    def _slide(self) -> bool:
        """Move blocks (all that hangs together by straight lines) to where more lines are straight; any moved?"""
        moved = False
        y = self.y
        for v in range(len(y)):
            for u, shift, _ in self.above[v]:
                bend = y[u] + shift - y[v]
                if bend and (self._try(v, u, bend) or self._try(u, v, -bend)):
                    moved = True
        return moved

    def _try(self, v: int, stays: int, by: int) -> bool:
        """Move the block of `v` without `stays` by so many cells when there is room and lines get straighter."""
        y = self.y
        block = {v}
        waiting = [v]
        gain = 0
        while waiting:
            w = waiting.pop()
            at = y[w]
            place, i = self.place_of[w], self.layer_of[w]
            order = self.orders[i]
            if by > 0:
                limit = (y[order[place + 1]] - self.reach[w]) if place + 1 < len(order) else self.room - self.sizes[w]
                beside = order[place + 1] if place + 1 < len(order) else -1
            else:
                limit = y[order[place - 1]] + self.reach[order[place - 1]] if place else 0
                beside = order[place - 1] if place else -1
            if (at + by > limit) if by > 0 else (at + by < limit):
                # A neighbour in the way comes along when it is one that may.
                if beside < 0 or beside == stays or beside in block:
                    if beside not in block:
                        return False
                else:
                    block.add(beside)
                    waiting.append(beside)
            for near in (self.above[w], self.below[w]):
                for u, shift, _ in near:
                    if u not in block and u != stays and y[u] + shift == at:
                        block.add(u)
                        waiting.append(u)
            if len(block) > _BLOCK:
                return False
        for w in block:
            for near in (self.above[w], self.below[w]):
                for u, shift, weight in near:
                    if u not in block:
                        bend = y[u] + shift - y[w]
                        gain += weight * (_cost(bend) - _cost(bend - by))
        if gain <= 0:
            return False
        for w in block:
            y[w] += by
        return True

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


def _cost(bend: int) -> int:
    """A bend of any size is worse than the length of one."""
    return 4 + abs(bend) if bend else 0


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
