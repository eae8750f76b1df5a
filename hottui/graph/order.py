"""The order of the vertices inside each layer, with as few crossings as a fixed amount of work finds.

Crossings are counted one line per edge: a trunk that carries three edges counts three times. So a segment's end is
listed once for each of its edges in `up` and `down`.
"""

from bisect import bisect_right
from random import Random

from hottui.graph.trunks import Layered
from hottui.graph.watch import Watch

Orders = list[list[int]]


def order(graph: Layered, watch: Watch) -> tuple[Orders, int]:
    """The vertices of each layer in order, and the crossings."""
    return _Search(graph, watch).best()


class _Search:
    def __init__(self, graph: Layered, watch: Watch) -> None:
        n = len(graph.layer)
        self.watch = watch
        self.layer = graph.layer
        self.depth = graph.depth
        self.up: list[list[int]] = [[] for _ in range(n)]
        self.down: list[list[int]] = [[] for _ in range(n)]
        for top, bottom, weight in zip(graph.tops, graph.bottoms, graph.weights, strict=True):
            if weight == 1:
                self.down[top].append(bottom)
                self.up[bottom].append(top)
            else:
                self.down[top] += [bottom] * weight
                self.up[bottom] += [top] * weight
        self.pos = [0] * n
        self.restarts = max(2, min(32, 3000 // max(n, 1)))

    def best(self) -> tuple[Orders, int]:
        random = Random(1)
        found: Orders = []
        fewest = -1
        for attempt in range(self.restarts):
            self.watch("order", attempt / self.restarts)
            orders, crossings = self._attempt(attempt, random)
            if fewest < 0 or crossings < fewest:
                found, fewest = orders, crossings
            if not fewest:
                break
        return found, fewest

    def _attempt(self, attempt: int, random: Random) -> tuple[Orders, int]:
        self.orders = self._start(attempt, random)
        self._place()
        best = self._count()
        kept = [list(order) for order in self.orders]
        idle = 0
        sweep = 0
        while best and idle < 4 and sweep < 24:
            self._sweep(sweep)
            self._transpose()
            crossings = self._count()
            if crossings < best:
                best, idle = crossings, 0
                kept = [list(order) for order in self.orders]
            else:
                idle += 1
            sweep += 1
        if best:
            self.orders = kept
            self._place()
            for _ in range(4):
                self._sift()
                crossings = self._count()
                if crossings >= best:
                    break
                best = crossings
            kept = self.orders
        return kept, best

    def _start(self, attempt: int, random: Random) -> Orders:
        """Depth first through both directions, so that a tree comes out flat."""
        n = len(self.layer)
        nodes = (
            [v for v in range(n) if not self.down[v]] if attempt % 2 == 0 else [v for v in range(n) if not self.up[v]]
        )
        nodes += range(n)
        if attempt > 1:
            random.shuffle(nodes)
        orders: Orders = [[] for _ in range(self.depth)]
        seen = [False] * n
        for start in nodes:
            if seen[start]:
                continue
            stack = [start]
            while stack:
                v = stack.pop()
                if seen[v]:
                    continue
                seen[v] = True
                orders[self.layer[v]].append(v)
                nexts = [*dict.fromkeys(self.up[v]), *dict.fromkeys(self.down[v])]
                if attempt > 1:
                    random.shuffle(nexts)
                stack += reversed(nexts)
        return orders

    def _place(self) -> None:
        pos = self.pos
        for order in self.orders:
            for i, v in enumerate(order):
                pos[v] = i

    def _count(self) -> int:
        return sum([self._between(i) for i in range(self.depth - 1)])

    def _between(self, i: int) -> int:
        """Crossings between layers `i` and `i + 1`."""
        pos, down = self.pos, self.down
        seen: list[int] = []
        crossings = 0
        for v in self.orders[i]:
            ends = down[v]
            if not ends:
                continue
            places = [pos[w] for w in ends]
            if len(places) > 1:
                places.sort()
            for p in places:
                if not seen or p >= seen[-1]:
                    seen.append(p)
                else:
                    at = bisect_right(seen, p)
                    crossings += len(seen) - at
                    seen.insert(at, p)
        return crossings

    def _sweep(self, sweep: int) -> None:
        down = sweep % 2 == 0
        near = self.up if down else self.down
        median = sweep // 2 % 2 == 0
        pos = self.pos
        layers = range(1, self.depth) if down else range(self.depth - 2, -1, -1)
        for i in layers:
            order = self.orders[i]
            if len(order) < 2:
                continue
            keys = {}
            for v in order:
                ends = near[v]
                k = len(ends)
                if k == 0:
                    keys[v] = float(pos[v])
                elif k == 1:
                    keys[v] = float(pos[ends[0]])
                elif median:
                    places = sorted([pos[w] for w in ends])
                    keys[v] = places[k // 2] if k % 2 else (places[k // 2 - 1] + places[k // 2]) / 2
                else:
                    keys[v] = sum([pos[w] for w in ends]) / k
            order.sort(key=keys.__getitem__)
            for p, v in enumerate(order):
                pos[v] = p

    def _gain(self, near: list[list[int]], v: int, w: int) -> int:
        """Crossings of `v` before `w` less those of `w` before `v`, on one side."""
        pos = self.pos
        gain = 0
        ends = [pos[b] for b in near[w]]
        for a in near[v]:
            p = pos[a]
            for q in ends:
                if p > q:
                    gain += 1
                elif p < q:
                    gain -= 1
        return gain

    def _transpose(self) -> None:
        pos, up, down = self.pos, self.up, self.down
        improved = True
        while improved:
            improved = False
            for order in self.orders:
                for i in range(len(order) - 1):
                    v, w = order[i], order[i + 1]
                    if self._gain(up, v, w) + self._gain(down, v, w) > 0:
                        order[i], order[i + 1] = w, v
                        pos[v], pos[w] = i + 1, i
                        improved = True

    def _sift(self) -> None:
        up, down, pos = self.up, self.down, self.pos
        for order in self.orders:
            if len(order) < 3:
                continue
            for v in list(order):
                at = pos[v]
                best, to = 0, at
                total = 0
                for i in range(at + 1, len(order)):
                    w = order[i]
                    total -= self._gain(up, v, w) + self._gain(down, v, w)
                    if total < best:
                        best, to = total, i
                total = 0
                for i in range(at - 1, -1, -1):
                    w = order[i]
                    total -= self._gain(up, w, v) + self._gain(down, w, v)
                    if total < best:
                        best, to = total, i
                if to != at:
                    order.insert(to, order.pop(at))
                    for i in range(min(at, to), max(at, to) + 1):
                        pos[order[i]] = i
