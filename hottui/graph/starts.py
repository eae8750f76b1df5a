"""Orders to begin with: the graph as a search through it meets its vertices."""

from collections import deque
from random import Random

from hottui.graph.crossings import Orders, Ranked

_KINDS = ((True, False), (False, True), (True, True), (False, False))
"""How the first starts search: (breadth first, from where edges begin rather than from where they end)."""


def start(ranked: Ranked, attempt: int, random: Random) -> Orders:
    """The `attempt`-th start. Later ones search in a shuffled order.

    Edges are followed both ways, so that what hangs together comes to stand together.
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
