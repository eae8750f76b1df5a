"""Initial orders: the vertices in the order in which a graph search visits them."""

from collections import deque
from random import Random

from hottui.graph.crossings import Orders, Ranked

_KINDS = ((True, False), (False, True), (True, True), (False, False))
"""(breadth-first, from sources rather than from sinks) for the first initial orders."""


def start(ranked: Ranked, attempt: int, random: Random) -> Orders:
    """Return the initial order number `attempt`. Later ones search in a shuffled order.

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
