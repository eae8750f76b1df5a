"""Initial orders, from which sweeps and sifting start."""

from collections import deque
from math import fsum
from random import Random

from hottui.graph.layout.crossings import OrderedLayers, Orders

_KINDS = ((True, False), (False, True), (True, True), (False, False))
"""(breadth-first, from sources rather than from sinks) for the first initial orders."""
_ROUNDS = (40, 20, 80)
"""Rounds of averaging for successive smooth orders. Few rounds keep more of the random differences."""


def searched_order(ranked: OrderedLayers, attempt: int, random: Random) -> Orders:
    """Return vertices in the order in which a search finds them. Later attempts search in a shuffled order.

    Edges are followed in both directions, so that connected vertices end up close to each other.
    """
    up, down, layer = ranked.up, ranked.down, ranked.layer
    breadth, onward = _KINDS[attempt % len(_KINDS)]
    shuffled = attempt >= len(_KINDS)
    ends = up if onward else down
    begins = [v for v in range(len(layer)) if not ends[v]]
    if shuffled:
        random.shuffle(begins)
    orders: Orders = [[] for _ in range(ranked.depth)]
    seen = [False] * len(layer)
    for begin in begins:
        waiting = deque([begin])
        while waiting:
            v = waiting.popleft() if breadth else waiting.pop()
            if seen[v]:
                continue
            seen[v] = True
            orders[layer[v]].append(v)
            nexts = up[v] + down[v]
            if shuffled and len(nexts) > 2:
                random.shuffle(nexts)
            waiting += nexts if breadth else reversed(nexts)
    return orders


class SmoothOrders:
    """Orders by a value per vertex that differs little along edges.

    Each vertex begins with a random value and repeatedly takes the mean of its neighbours. What remains after many
    rounds is close to the Fiedler vector, which places the graph on a line with short edges; unlike sweeps, this
    considers all layers at once. Trees that hang on the rest of the graph by one edge take the value of the vertex they
    hang on: they cause no crossings of their own, and would slow the averaging down.
    """

    def __init__(self, ranked: OrderedLayers) -> None:
        self.layer, self.depth = ranked.layer, ranked.depth
        near = [before + after for before, after in zip(ranked.up, ranked.down, strict=True)]
        left = [len(ends) for ends in near]
        alive = self._prune(near, left)
        self.core = sorted([v for v, kept in enumerate(alive) if kept], key=self.layer.__getitem__)
        self.near = [(v, [w for w in near[v] if alive[w]]) for v in self.core if left[v]]
        self.edges = sum([len(ends) for _, ends in self.near])
        self.attempts = 0

    def _prune(self, near: list[list[int]], left: list[int]) -> list[bool]:
        """Return which vertices remain without hanging trees, and collect the trees in `hanging`.

        `left` is the number of edges of each vertex, and then of those that remain.
        """
        self.hanging: list[list[int]] = [[] for _ in near]
        alive = [True] * len(near)
        waiting = [v for v, degree in enumerate(left) if degree == 1]
        while waiting:
            v = waiting.pop()
            if left[v] == 1:
                alive[v] = False
                anchor = next(w for w in near[v] if alive[w])
                self.hanging[anchor].append(v)
                left[anchor] -= 1
                if left[anchor] == 1:
                    waiting.append(anchor)
        return alive

    def next(self, random: Random) -> tuple[Orders, float]:
        """Return another order, and the work it took; see `Sifter.work`."""
        rounds = _ROUNDS[self.attempts % len(_ROUNDS)]
        self.attempts += 1
        values = self._values(rounds, random)
        orders: Orders = [[] for _ in range(self.depth)]
        layer, hanging = self.layer, self.hanging
        for v in sorted(self.core, key=values.__getitem__):
            waiting = [v]
            while waiting:
                w = waiting.pop()
                orders[layer[w]].append(w)
                waiting += hanging[w]
        return orders, len(self.layer) + rounds * (0.3 * len(self.core) + 0.1 * self.edges)

    def _values(self, rounds: int, random: Random) -> list[float]:
        # `fsum` is exact: `sum` of floats differs between versions of Python.
        values = [0.0] * len(self.layer)
        for v in self.core:
            values[v] = random.random() - 0.5
        for turn in range(rounds if self.near else 0):
            for v, ends in self.near if turn % 2 else reversed(self.near):
                values[v] = fsum([values[w] for w in ends]) / len(ends)
            # All values tend to one, which is taken away so that their differences stay.
            mean = fsum([values[v] * len(ends) for v, ends in self.near]) / self.edges
            scale = 1 / (max([abs(values[v] - mean) for v in self.core]) or 1.0)
            for v in self.core:
                values[v] = (values[v] - mean) * scale
        return values
