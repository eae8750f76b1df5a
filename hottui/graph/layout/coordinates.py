"""Assign a coordinate within its layer to each vertex: lines as straight as the order allows, without overlaps.

Layer by layer, the bends to the adjacent layers are minimised (isotonic regression by pooling adjacent violators, with
weighted medians, so that lines become exactly straight and coordinates stay whole cells).
"""

from collections.abc import Sequence
from dataclasses import dataclass

_MANY = 1_200
"""Number of vertices from which on blocks are not moved."""
_FREE, _WALL = -1, -2
_BLOCK = 30
"""Largest block, in vertices, that is moved as a whole."""

Wish = tuple[int, int]
"""(desired coordinate, weight)"""


@dataclass(slots=True)
class Pull:
    """A segment to straighten: straight if `y[top] + top_port == y[bottom] + bottom_port`."""

    top: int
    bottom: int
    top_port: int
    bottom_port: int
    weight: int


def assign_coordinates(
    orders: Sequence[Sequence[int]],
    sizes: Sequence[int],
    apart: int,
    pulls: Sequence[Pull],
) -> list[int]:
    """Return the first cell of each vertex within its layer; the smallest is 0. `apart` is the gap in cells."""
    return _Coordinates(orders, sizes, apart, pulls).run()


class _Coordinates:
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
        """Vertex: (neighbour, offset to its coordinate, weight) in the previous layer."""
        self.below: list[list[tuple[int, int, int]]] = [[] for _ in range(n)]
        for pull in pulls:
            shift = pull.top_port - pull.bottom_port
            self.above[pull.bottom].append((pull.top, shift, pull.weight))
            self.below[pull.top].append((pull.bottom, -shift, pull.weight))
        self.near = [above + below for above, below in zip(self.above, self.below, strict=True)]
        self.y = [0] * n
        self.piece: list[int] = []
        """Vertex: its piece, a set of vertices connected by straight lines."""
        self.size = [0] * n
        """Piece: its number of vertices."""
        self.stuck: dict[tuple[int, bool], int] = {}
        """(piece, whether it moves towards larger coordinates) → distance at which it is known to be stuck."""
        self.offsets: list[list[int]] = []
        """Layer: the coordinate of each vertex when all are packed."""
        self.extent = 0
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
            self.extent = max(self.extent, at)
        self.ends = [
            (self.extent - offsets[-1] - sizes[order[-1]]) if order else 0
            for order, offsets in zip(orders, self.offsets, strict=True)
        ]

    def run(self) -> list[int]:
        """Settle layers from the widest one outwards, then move blocks; in large graphs settle once more instead."""
        depth = len(self.orders)
        widest = max(range(depth), key=lambda i: self.offsets[i][-1] if self.offsets[i] else 0)
        for i in range(widest - 1, -1, -1):
            self._settle(i, self.below)
        for i in range(widest + 1, depth):
            self._settle(i, self.above)
        if len(self.y) < _MANY:
            self._slide()
        else:
            for i in range(depth - 1, -1, -1):
                self._settle(i, self.near)
        low = min(self.y, default=0)
        return [y - low for y in self.y] if low else self.y

    def _slide(self) -> None:
        """Move blocks of vertices connected by straight lines to where more lines are straight."""
        y = self.y
        bent = [(v, u, shift) for v, near in enumerate(self.above) for u, shift, _ in near if y[u] + shift != y[v]]
        if bent:
            self._find_pieces()
        for v, u, shift in bent:
            bend = y[u] + shift - y[v]
            if bend and not self._try(v, u, bend):
                self._try(u, v, -bend)

    def _find_pieces(self) -> None:
        """Find the pieces connected by straight lines."""
        y = self.y
        self.piece = piece = [-1] * len(y)
        for start in range(len(y)):
            if piece[start] >= 0:
                continue
            piece[start] = start
            members = [start]
            for v in members:
                here = y[v]
                for u, shift, _ in self.near[v]:
                    if piece[u] < 0 and y[u] + shift == here:
                        piece[u] = start
                        members.append(u)
            self.size[start] = len(members)

    def _try(self, v: int, stays: int, by: int) -> bool:
        """Move the block of `v`, but not `stays`, `by` cells if there is room and the bends decrease."""
        y, piece = self.y, self.piece
        whole = piece[v] != piece[stays]
        if whole and (self.size[piece[v]] > _BLOCK or abs(by) >= self.stuck.get((piece[v], by > 0), self.extent)):
            return False
        block = self._block(v, stays, by)
        if not block:
            return False
        gain = 0
        for w in block:
            for u, shift, weight in self.near[w]:
                if u not in block:
                    bend = y[u] + shift - y[w]
                    gain += weight * (_cost(bend) - _cost(bend - by))
        if gain <= 0:
            return False
        for w in block:
            y[w] += by
            piece[w] = piece[stays]
        self.size[piece[stays]] += len(block)
        self.stuck.clear()
        return True

    def _block(self, v: int, stays: int, by: int) -> set[int]:
        """Return the vertices that must move with `v`: connected by straight lines or in the way. Empty if stuck."""
        y = self.y
        block = {v}
        waiting = [v]
        for w in waiting:
            blocker = self._blocker(w, by)
            if blocker == stays:
                return set()
            if blocker == _WALL or len(block) > _BLOCK:
                if self.piece[v] != self.piece[stays]:
                    self.stuck[self.piece[v], by > 0] = abs(by)
                return set()
            if blocker >= 0 and blocker not in block:
                block.add(blocker)
                waiting.append(blocker)
            here = y[w]
            for u, shift, _ in self.near[w]:
                if y[u] + shift == here and u not in block and u != stays:
                    block.add(u)
                    waiting.append(u)
        return block

    def _blocker(self, v: int, by: int) -> int:
        """Return the neighbour that must move too if `v` moves `by` cells, or `_FREE` or `_WALL`."""
        y = self.y
        order, place = self.orders[self.layer_of[v]], self.place_of[v]
        if by > 0:
            if place + 1 < len(order):
                beside = order[place + 1]
                return beside if y[v] + by + self.reach[v] > y[beside] else _FREE
            return _WALL if y[v] + by + self.sizes[v] > self.extent else _FREE
        if place:
            beside = order[place - 1]
            return beside if y[beside] + self.reach[beside] > y[v] + by else _FREE
        return _WALL if y[v] + by < 0 else _FREE

    def _settle(self, i: int, near_of: list[list[tuple[int, int, int]]]) -> None:
        """Assign the best coordinates to layer `i` by the neighbours in `near_of`; other layers stay."""
        y = self.y
        order, offsets = self.orders[i], self.offsets[i]
        if len(order) == 1:
            v = order[0]
            near = near_of[v]
            if near:
                y[v] = min(max(_median([(y[u] + shift, weight) for u, shift, weight in near]), 0), self.ends[i])
            return
        wishes = [
            [(y[u] + shift - offset, weight) for u, shift, weight in near_of[v]] or [(y[v] - offset, 0)]
            for v, offset in zip(order, offsets, strict=True)
        ]
        end = self.ends[i]
        for v, offset, value in zip(order, offsets, isotonic(wishes), strict=True):
            y[v] = offset + min(max(value, 0), end)


def _cost(bend: int) -> int:
    """Return the cost of a bend: a constant for having one, plus its size."""
    return 4 + abs(bend) if bend else 0


def isotonic(wishes: Sequence[list[Wish]]) -> list[int]:
    """Return non-decreasing values, one per list of wishes, that minimise the weighted distance to all wishes."""
    values = [_median(wish) for wish in wishes]
    if values == sorted(values):
        return values
    blocks: list[tuple[int, list[Wish], int]] = []
    for wanted, wish in zip(values, wishes, strict=True):
        value, pooled, count = wanted, wish, 1
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
    """Return the lower weighted median."""
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
