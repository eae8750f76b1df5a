"""Sifting: move single vertices and whole paths to the positions with the fewest crossings.

A vertex with several edges on one side is sifted: every position in its layer is tried. Vertices with at most one edge
on either side form paths, mostly long edges. A path is moved as a whole along a shortest path through the gaps of all
its layers at once, which finds improvements that moving one vertex at a time cannot.
"""

from collections.abc import Callable
from functools import partial
from itertools import accumulate, pairwise
from typing import NamedTuple

from hottui.graph.layout.crossings import OrderedLayers
from hottui.graph.layout_progress import OnProgress

_REACH = 24
"""Maximum number of positions by which a path moves in wide layers."""


class Sifter:
    """Improves the orders of one graph."""

    def __init__(self, ranked: OrderedLayers) -> None:
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
        """Work done so far, roughly in microseconds on a 2020 machine; counted, so that results are reproducible."""
        self.unit = 1
        """Cost of one crossing."""
        self.dummy_net: list[int] = []
        """While gathering: the net of each dummy."""

    def improve(self, crossings: int, budget: int, on_progress: OnProgress) -> int:
        """Repeat rounds over all paths and vertices until one gains nothing or the work exceeds `budget`.

        Returns the remaining crossings.
        """
        ranked = self.ranked
        moves = self._moves()
        tried = [-1] * len(moves)
        gained = -1
        while gained and crossings and self.work < budget:
            gained = 0
            ranked.count()  # updates the layers known to have no crossings
            changed = ranked.changed
            for number, (move, around) in enumerate(moves):
                if max(changed[around]) > tried[number]:
                    gained += move()
                    # Its own changes are no reason to repeat the move.
                    tried[number] = ranked.turn
                if not number % 64:
                    on_progress("order", min(self.work / budget, 1.0))
                    if self.work > budget:
                        break
            crossings -= gained
        return crossings

    def _moves(self) -> list[tuple[Callable[[], int], slice]]:
        """Return all moves, each with the layers on whose orders its result depends."""
        layer = self.ranked.layer
        return [
            *((partial(self._sift, v), slice(max(layer[v] - 1, 0), layer[v] + 2)) for v in self.knots),
            *((partial(self._reroute, p), slice(max(layer[p[0]] - 1, 0), layer[p[-1]] + 2)) for p in self.paths),
        ]

    def gather(self, dummy_net: list[int]) -> None:
        """Make dummies of one net adjacent wherever that adds no crossing."""
        layer = self.ranked.layer
        siblings: dict[tuple[int, int], int] = {}
        for v, net in enumerate(dummy_net):
            if net >= 0:
                siblings[layer[v], net] = siblings.get((layer[v], net), 0) + 1
        self.dummy_net, self.unit = dummy_net, 1024
        for path in self.paths:
            if any(dummy_net[v] >= 0 and siblings[layer[v], dummy_net[v]] > 1 and self._is_apart(v) for v in path):
                self._reroute(path)

    def _is_apart(self, v: int) -> bool:
        """Return whether neither neighbour of `v` is a dummy of its net."""
        row, at = self.ranked.orders[self.ranked.layer[v]], self.ranked.pos[v]
        net = self.dummy_net[v]
        return not (at and self.dummy_net[row[at - 1]] == net) and not (
            at + 1 < len(row) and self.dummy_net[row[at + 1]] == net
        )

    def _sift(self, v: int) -> int:
        """Move `v` to the position with the fewest crossings; return the crossings saved."""
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
        """Return for each position of layer `i` the number of `ends` before it minus those behind it."""
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
        """Return whether any other edge crosses this path."""
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
        """Move a path to the positions with the fewest crossings; return the crossings saved."""
        if not self.dummy_net and not self._crossed(path):
            return 0
        now = [self.ranked.pos[v] for v in path]
        routes = self._routes(path, now)
        best = min(routes.cost)
        if best >= routes.base:
            return 0
        for v, gap in zip(path, _backtrack(routes, now, best), strict=True):
            self._move(v, gap)
        return routes.base - best

    def _routes(self, path: list[int], now: list[int]) -> "_Routes":
        """Return the cheapest routes for a path whose vertices are at the positions `now`.

        Costs omit what is equal for every gap tried. The path's own vertices stay in place without edges: the gaps
        before and after each of them count as one position.
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
        return _Routes(cost, low, base, stages)

    def _move(self, v: int, gap: int) -> None:
        """Move `v` into a gap of its layer; gaps are counted with `v` in place."""
        at = self.ranked.pos[v]
        to = gap - 1 if gap > at else gap
        if to != at:
            self.ranked.move(v, to)

    def _span(self, i: int, near: int) -> tuple[int, int]:
        """Return the half-open range of gaps of layer `i` that are tried."""
        gaps = len(self.ranked.orders[i]) + 1
        if gaps <= 2 * _REACH:
            return 0, gaps
        return max(near - _REACH, 0), min(near + _REACH, gaps)

    def _favour(self, cost: list[int], v: int, low: int) -> None:
        """While gathering, make the gaps next to dummies of the same net slightly cheaper."""
        if not self.dummy_net or self.dummy_net[v] < 0:
            return
        row = self.ranked.orders[self.ranked.layer[v]]
        beside = [w != v and self.dummy_net[w] == self.dummy_net[v] for w in row]
        at = self.ranked.pos[v]
        for g in range(len(cost)):
            p = low + g
            # The gaps on both sides of v itself count as one, next to both of its neighbours.
            left, right = (p - 1 if p != at + 1 else p - 2), (p if p != at else p + 1)
            if (left >= 0 and beside[left]) or (right < len(row) and beside[right]):
                cost[g] -= 1

    def _to_anchor(self, row: list[int], near: list[list[int]], p: int, own: int) -> list[int]:
        """Return the cost of an edge from each gap between the vertices of `row` to position `p` next to it."""
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
        """Return, for each gap of the layer of `top` (from `low` on, reached at `cost`), the cost of continuing to each
        gap of the layer of `bottom` in the range `onto`."""
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


class _Routes(NamedTuple):
    """The costs of all routes of a path, layer by layer."""

    cost: list[int]
    """Cost of the cheapest route to each gap of the last layer, from gap `low` on."""
    low: int
    base: int
    """Cost of the current route."""
    stages: list[tuple[int, list[list[int]]]]
    """For each layer but the last: the first gap tried, and the costs from each gap to those of the next layer."""


def _backtrack(routes: _Routes, now: list[int], best: int) -> list[int]:
    """Return the gap in each layer along a route of cost `best`; of several, the one nearest to the positions `now`."""
    g = _nearest(routes.cost, best, now[-1] - routes.low)
    gaps = [routes.low + g]
    for (low, rows), at in zip(reversed(routes.stages), reversed(now[:-1]), strict=True):
        column = [row[g] for row in rows]
        g = _nearest(column, min(column), at - low)
        gaps.append(low + g)
    return gaps[::-1]


def _nearest(values: list[int], wanted: int, near: int) -> int:
    """Return the index of `wanted` in `values` that is nearest to `near`."""
    size = len(values)
    for step in range(size):
        if near + step < size and values[near + step] == wanted:
            return near + step
        if near - step >= 0 and values[near - step] == wanted:
            return near - step
    return 0
