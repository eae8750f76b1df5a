"""Local search: vertices and whole paths taken out of their layers and put back where they cross least.

A vertex with several edges on one side is sifted: every place in its layer is tried. Vertices with at most one edge
on either side form paths, long edges above all; a path is put back as a whole by a shortest way through the gaps of
all its layers at once, which finds what moving one vertex at a time cannot.
"""

from collections.abc import Callable
from functools import partial
from itertools import accumulate, pairwise
from typing import NamedTuple

from hottui.graph.crossings import Ranked
from hottui.graph.watch import Watch

_REACH = 24
"""How many places a path is moved at most, in layers wide enough for that to matter."""


class Refiner:
    """Improves the orders of one graph."""

    def __init__(self, ranked: Ranked) -> None:
        self.ranked = ranked
        up, down = ranked.up, ranked.down
        single = [len(up[v]) <= 1 and len(down[v]) <= 1 for v in range(len(up))]
        self.paths: list[list[int]] = []
        for v in range(len(up)):
            if single[v] and not (up[v] and single[up[v][0]]):
                path = [v]
                while down[path[-1]] and single[down[path[-1]][0]]:
                    path.append(down[path[-1]][0])
                self.paths.append(path)
        self.paths.sort(key=len, reverse=True)
        self.knots = [v for v in range(len(up)) if not single[v]]
        self.work = 0
        """What has been done so far, in about microseconds of a machine of 2020: counted, so that it repeats."""
        self.unit = 1
        """What a crossing costs."""
        self.kin: list[int] = []
        """When gathering: the net of each place on a long edge."""

    def improve(self, crossings: int, budget: int, watch: Watch) -> int:
        """Rounds of all paths and vertices until one gains nothing or the work exceeds `budget`; what is left."""
        ranked = self.ranked
        moves = self._moves()
        tried = [-1] * len(moves)
        gained = -1
        while gained and crossings and self.work < budget:
            gained = 0
            ranked.count()  # so that it is known where nothing is left to gain
            changed = ranked.changed
            for number, (move, around) in enumerate(moves):
                if max(changed[around]) > tried[number]:
                    gained += move()
                    # What it has changed itself is nothing new to it.
                    tried[number] = ranked.turn
                if not number % 64:
                    watch("order", min(self.work / budget, 1.0))
                    if self.work > budget:
                        break
            crossings -= gained
        return crossings

    def _moves(self) -> list[tuple[Callable[[], int], slice]]:
        """All moves, each with the layers whose orders its outcome depends on."""
        layer = self.ranked.layer
        return [
            *((partial(self._sift, v), slice(max(layer[v] - 1, 0), layer[v] + 2)) for v in self.knots),
            *((partial(self._reroute, p), slice(max(layer[p[0]] - 1, 0), layer[p[-1]] + 2)) for p in self.paths),
        ]

    def gather(self, kin: list[int]) -> None:
        """Bring places of one net side by side wherever that adds no crossing."""
        layer = self.ranked.layer
        siblings: dict[tuple[int, int], int] = {}
        for v, net in enumerate(kin):
            if net >= 0:
                siblings[layer[v], net] = siblings.get((layer[v], net), 0) + 1
        self.kin, self.unit = kin, 1024
        for path in self.paths:
            if any(kin[v] >= 0 and siblings[layer[v], kin[v]] > 1 and self._is_apart(v) for v in path):
                self._reroute(path)

    def _is_apart(self, v: int) -> bool:
        """Whether neither neighbour of `v` is a place of its net."""
        row, at = self.ranked.orders[self.ranked.layer[v]], self.ranked.pos[v]
        net = self.kin[v]
        return not (at and self.kin[row[at - 1]] == net) and not (at + 1 < len(row) and self.kin[row[at + 1]] == net)

    def _sift(self, v: int) -> int:
        """Put `v` where it crosses least; the crossings saved."""
        r = self.ranked
        i = r.layer[v]
        if r.clear(i - 1) and r.clear(i):
            return 0
        order, up, down = r.orders[i], r.up, r.down
        at = r.pos[v]
        above = self._table(i - 1, up[v]) if up[v] else None
        below = self._table(i + 1, down[v]) if down[v] else None
        costs = [0]
        total = 0
        pos = r.pos
        self.work += 4 + len(order) // 3
        for w in order:
            if w != v:
                if above is not None:
                    for a in up[w]:
                        total += above[pos[a]]
                if below is not None:
                    for b in down[w]:
                        total += below[pos[b]]
                costs.append(total)
        best = min(costs)
        if best == costs[at]:
            return 0
        saved = costs[at] - best
        to = _nearest(costs, best, at)
        r.move(v, to)
        return saved

    def _table(self, i: int, ends: list[int]) -> list[int]:
        """For each place of layer `i`: how many of `ends` stand before it less those behind it."""
        steps = [0] * len(self.ranked.orders[i])
        pos = self.ranked.pos
        for end in ends:
            steps[pos[end]] += 1
        table = []
        run = -len(ends)
        for step in steps:
            table.append(run + step)
            run += 2 * step
        return table

    def _crossed(self, path: list[int]) -> bool:
        """Whether any other edge crosses this path."""
        r = self.ranked
        pos, down = r.pos, r.down
        for top, bottom in pairwise([*r.up[path[0]], *path, *down[path[-1]]]):
            i = r.layer[top]
            if r.clear(i):
                continue
            p, q = pos[top], pos[bottom]
            here = r.orders[i]
            for a in here[:p]:
                for b in down[a]:
                    if pos[b] > q:
                        return True
            for a in here[p + 1 :]:
                for b in down[a]:
                    if pos[b] < q:
                        return True
        return False

    def _reroute(self, path: list[int]) -> int:
        """Put a path where it crosses least; the crossings saved."""
        if not self.kin and not self._crossed(path):
            return 0
        now = [self.ranked.pos[v] for v in path]
        ways = self._ways(path, now)
        best = min(ways.cost)
        if best >= ways.base:
            return 0
        for v, gap in zip(path, _back(ways, now, best), strict=True):
            self._move(v, gap)
        return ways.base - best

    def _ways(self, path: list[int], now: list[int]) -> "_Ways":
        """The cheapest ways for a path that lies at the places `now`.

        Costs leave out what is the same for every gap tried. The path's own vertices stay where they are meanwhile,
        without edges: the gaps before and after each count as one place.
        """
        r = self.ranked
        first = r.layer[path[0]]
        before, after = r.up[path[0]], r.down[path[-1]]
        low, high = self._span(first, now[0])
        cost = [0] * (high - low)
        if before:
            cost = self._to_anchor(r.orders[first][low : high - 1], r.up, r.pos[before[0]], path[0])
        self._favour(cost, path[0], low)
        base = cost[now[0] - low]
        stages: list[tuple[int, list[list[int]]]] = []
        for k in range(1, len(path)):
            next_low, next_high = self._span(first + k, now[k])
            rows = self._rows(path[k - 1], path[k], cost, low, (next_low, next_high))
            base += rows[now[k - 1] - low][now[k] - next_low] - cost[now[k - 1] - low]
            stages.append((low, rows))
            low, high = next_low, next_high
            cost = [min(column) for column in zip(*rows, strict=True)]
            unfavoured = cost[now[k] - low]
            self._favour(cost, path[k], low)
            base += cost[now[k] - low] - unfavoured
        if after:
            row = r.orders[first + len(path) - 1][low : high - 1]
            tail = self._to_anchor(row, r.down, r.pos[after[0]], path[-1])
            base += tail[now[-1] - low]
            cost = [a + b for a, b in zip(cost, tail, strict=True)]
        return _Ways(cost, low, base, stages)

    def _move(self, v: int, gap: int) -> None:
        """Put `v` into a gap of its layer, counted with `v` where it is."""
        at = self.ranked.pos[v]
        to = gap - 1 if gap > at else gap
        if to != at:
            self.ranked.move(v, to)

    def _span(self, i: int, near: int) -> tuple[int, int]:
        """The gaps of layer `i` that are tried: from the first to before the second."""
        gaps = len(self.ranked.orders[i]) + 1
        if gaps <= 2 * _REACH:
            return 0, gaps
        return max(near - _REACH, 0), min(near + _REACH, gaps)

    def _favour(self, cost: list[int], v: int, low: int) -> None:
        """When gathering, make the gaps beside places of the same net a little cheaper."""
        if not self.kin or self.kin[v] < 0:
            return
        row = self.ranked.orders[self.ranked.layer[v]]
        beside = [w != v and self.kin[w] == self.kin[v] for w in row]
        at = self.ranked.pos[v]
        for g in range(len(cost)):
            p = low + g
            # The gaps on both sides of v itself are one: beside both of its neighbours.
            left, right = (p - 1 if p != at + 1 else p - 2), (p if p != at else p + 1)
            if (left >= 0 and beside[left]) or (right < len(row) and beside[right]):
                cost[g] -= 1

    def _to_anchor(self, row: list[int], near: list[list[int]], p: int, own: int) -> list[int]:
        """Crossings of an edge from each gap beside the vertices of `row` to place `p` of a neighbouring layer."""
        pos, unit = self.ranked.pos, self.unit
        steps = []
        for v in row:
            step = 0
            if v != own:
                for a in near[v]:
                    if pos[a] > p:
                        step += unit
                    elif pos[a] < p:
                        step -= unit
            steps.append(step)
        return list(accumulate(steps, initial=0))

    def _rows(self, top: int, bottom: int, cost: list[int], low: int, onto: tuple[int, int]) -> list[list[int]]:
        """For each gap of the layer of `top` from `low` on, which costs `cost`: what it costs to go on from there to
        each gap of the layer of `bottom` in `onto`."""
        r = self.ranked
        pos, up, down, unit = r.pos, r.up, r.down, self.unit
        next_low, last = onto[0], onto[1] - 1
        steps = []
        for b in r.orders[r.layer[bottom]][next_low:last]:
            step = 0
            if b != bottom:
                for a in up[b]:
                    step += unit if pos[a] >= low else -unit
            steps.append(step)
        start = 0
        rows = []
        row = r.orders[r.layer[top]][low : low + len(cost) - 1]
        for so_far, a in zip(cost, [*row, top], strict=True):
            rows.append(list(accumulate(steps, initial=start + so_far)))
            if a != top:
                for b in down[a]:
                    at = pos[b]
                    if at < next_low:
                        start -= unit
                    else:
                        start += unit
                        if at < last:
                            steps[at - next_low] -= 2 * unit
        self.work += 8 + len(steps) // 2 + len(rows) * (last - next_low + 8) // 16
        return rows


class _Ways(NamedTuple):
    """What the ways of a path cost, layer by layer."""

    cost: list[int]
    """Of the cheapest way to each gap of the last layer, from gap `low` on."""
    low: int
    base: int
    """Of the way as it is."""
    stages: list[tuple[int, list[list[int]]]]
    """For each layer but the last: the first gap tried, and from each gap the costs to those of the next layer."""


def _back(ways: _Ways, now: list[int], best: int) -> list[int]:
    """The gap of each layer on a way that costs `best`; where several do, near the places `now`."""
    g = _nearest(ways.cost, best, now[-1] - ways.low)
    gaps = [ways.low + g]
    for (low, rows), at in zip(reversed(ways.stages), reversed(now[:-1]), strict=True):
        column = [row[g] for row in rows]
        g = _nearest(column, min(column), at - low)
        gaps.append(low + g)
    return gaps[::-1]


def _nearest(values: list[int], wanted: int, near: int) -> int:
    """The place of `wanted` among `values` that is nearest to `near`."""
    size = len(values)
    for step in range(size):
        if near + step < size and values[near + step] == wanted:
            return near + step
        if near - step >= 0 and values[near - step] == wanted:
            return near - step
    return 0
