"""Local search: vertices and whole paths taken out of their layers and put back where they cross least.

A vertex with several edges on one side is sifted: every place in its layer is tried. Vertices with at most one edge
on either side form paths, long edges above all; a path is put back as a whole by a shortest way through the gaps of
all its layers at once, which finds what moving one vertex at a time cannot.
"""

from functools import partial
from itertools import accumulate

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
        moves = [partial(self._reroute, path) for path in self.paths] + [partial(self._sift, v) for v in self.knots]
        gained = -1
        while gained and crossings and self.work < budget:
            gained = 0
            for number, move in enumerate(moves):
                gained += move()
                if not number % 64:
                    watch("order", min(self.work / budget, 1.0))
                    if self.work > budget:
                        break
            crossings -= gained
        return crossings

    def gather(self, kin: list[int]) -> None:
        """Bring places of one net side by side wherever that adds no crossing."""
        siblings: dict[tuple[int, int], int] = {}
        for v, net in enumerate(kin):
            if net >= 0:
                siblings[self.ranked.layer[v], net] = siblings.get((self.ranked.layer[v], net), 0) + 1
        self.kin, self.unit = kin, 1024
        for path in self.paths:
            if any([kin[v] >= 0 and siblings[self.ranked.layer[v], kin[v]] > 1 for v in path]):
                self._reroute(path)

    def _sift(self, v: int) -> int:
        """Put `v` where it crosses least; the crossings saved."""
        r = self.ranked
        i = r.layer[v]
        order, up, down = r.orders[i], r.up, r.down
        if len(order) < 2:
            return 0
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
        order.insert(to, order.pop(at))
        for p in range(min(at, to), max(at, to) + 1):
            pos[order[p]] = p
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
        pos, up, down = r.pos, r.up, r.down
        first, last = path[0], path[-1]
        pairs = list(zip(path, path[1:], strict=False))
        if up[first]:
            pairs.append((up[first][0], first))
        if down[last]:
            pairs.append((last, down[last][0]))
        for top, bottom in pairs:
            p, q = pos[top], pos[bottom]
            here = r.orders[r.layer[top]]
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
        r = self.ranked
        pos, up, down, orders = r.pos, r.up, r.down, r.orders
        first = r.layer[path[0]]
        now = [pos[v] for v in path]
        before, after = up[path[0]], down[path[-1]]
        for i, p in enumerate(now, start=first):
            del orders[i][p]
            r.number(i)
        # costs[k][g]: fewest crossings of the path from its beginning to gap g of its layer k; rows say from where.
        low, high = self._span(first, now[0])
        cost = self._cost_above(first, before[0]) if before else [0] * (len(orders[first]) + 1)
        cost = cost[low:high]
        self._favour(cost, path[0], low)
        base = cost[now[0] - low]
        rows_of: list[tuple[int, list[list[int]]]] = []
        for k in range(1, len(path)):
            next_low, next_high = self._span(first + k, now[k])
            rows = self._rows(first + k - 1, cost, low, next_low, next_high)
            base += rows[now[k - 1] - low][now[k] - next_low] - cost[now[k - 1] - low]
            rows_of.append((low, rows))
            low = next_low
            cost = [min(column) for column in zip(*rows, strict=True)]
            before_favour = cost[now[k] - low]
            self._favour(cost, path[k], low)
            base += cost[now[k] - low] - before_favour
        if after:
            tail = self._cost_below(first + len(path) - 1, after[0])
            base += tail[now[-1]]
            cost = [a + b for a, b in zip(cost, tail[low:], strict=False)]
        best = min(cost)
        to = list(now)
        if best < base:
            g = _nearest(cost, best, now[-1] - low)
            to[-1] = low + g
            for k in range(len(path) - 1, 0, -1):
                low, rows = rows_of[k - 1]
                column = [row[g] for row in rows]
                g = _nearest(column, min(column), now[k - 1] - low)
                to[k - 1] = low + g
        for i, (v, g) in enumerate(zip(path, to, strict=True), start=first):
            orders[i].insert(g, v)
            r.number(i)
        return max(base - best, 0)

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
        for g in range(len(cost)):
            p = low + g
            if (p and self.kin[row[p - 1]] == self.kin[v]) or (p < len(row) and self.kin[row[p]] == self.kin[v]):
                cost[g] -= 1

    def _cost_above(self, i: int, anchor: int) -> list[int]:
        """Crossings of an edge from `anchor`, in the layer before, to each gap of layer `i`."""
        r = self.ranked
        pos, up, down = r.pos, r.up, r.down
        p, unit = pos[anchor], self.unit
        start = unit * sum([len(down[a]) for a in r.orders[i - 1][:p]])
        steps = []
        for b in r.orders[i]:
            step = 0
            for a in up[b]:
                if pos[a] > p:
                    step += unit
                elif pos[a] < p:
                    step -= unit
            steps.append(step)
        return list(accumulate(steps, initial=start))

    def _cost_below(self, i: int, anchor: int) -> list[int]:
        """Crossings of an edge from each gap of layer `i` to `anchor` in the next."""
        r = self.ranked
        pos, down = r.pos, r.down
        q, unit = pos[anchor], self.unit
        start = unit * sum([len(r.up[b]) for b in r.orders[i + 1][:q]])
        steps = []
        for a in r.orders[i]:
            step = 0
            for b in down[a]:
                if pos[b] > q:
                    step += unit
                elif pos[b] < q:
                    step -= unit
            steps.append(step)
        return list(accumulate(steps, initial=start))

    def _rows(self, i: int, cost: list[int], low: int, next_low: int, next_high: int) -> list[list[int]]:
        """For each gap of layer `i` from `low` on, which costs `cost`: what it costs to go on from there to each gap
        of the next layer from `next_low` to before `next_high`."""
        r = self.ranked
        pos, down, order, unit = r.pos, r.down, r.orders[i], self.unit
        steps = [0] * len(r.orders[i + 1])
        for a in order[low:]:
            for b in down[a]:
                steps[pos[b]] += unit
        start = 0
        for a in order[:low]:
            for b in down[a]:
                steps[pos[b]] -= unit
                start += unit
        start += sum(steps[:next_low])
        last = next_high - 1
        rows = []
        for so_far, a in zip(cost, [*order[low : low + len(cost)], -1], strict=False):
            rows.append(list(accumulate(steps[next_low:last], initial=start + so_far)))
            if a >= 0:
                for b in down[a]:
                    at = pos[b]
                    steps[at] -= 2 * unit
                    start += unit if at >= next_low else -unit
        self.work += 6 + len(steps) // 4 + len(rows) * (last - next_low + 8) // 16
        return rows


def _nearest(values: list[int], wanted: int, near: int) -> int:
    """The place of `wanted` among `values` that is nearest to `near`."""
    size = len(values)
    for step in range(size):
        if near + step < size and values[near + step] == wanted:
            return near + step
        if near - step >= 0 and values[near - step] == wanted:
            return near - step
    return 0
