"""The order of the vertices inside each layer, with as few crossings as a fixed amount of work finds.

From several starts (depth first, from either end, then shuffled) sweeps by medians and barycentres find a rough order,
and local search refines it. All of it is counted, not timed, so that a plan always gets the same drawing.
"""

from random import Random

from hottui.graph.crossings import Orders, Ranked
from hottui.graph.refine import Refiner
from hottui.graph.trunks import Layered
from hottui.graph.watch import Watch


def order(graph: Layered, watch: Watch) -> tuple[Orders, int]:
    """The vertices of each layer in order, and the crossings, one line per edge."""
    ranked = Ranked(graph.layer, list(zip(graph.tops, graph.bottoms, map(len, graph.through), strict=True)))
    random = Random(1)  # noqa: S311 - shuffles starts, guards nothing
    refiner: Refiner | None = None
    found: Orders = []
    fewest = -1
    restarts = max(2, min(16, 1500 // max(len(graph.layer), 1)))
    for attempt in range(restarts):
        watch("order", attempt / restarts)
        ranked.take(_start(ranked, attempt, random))
        # Long sweeping ends in the same few orders whatever the start; local search gets further from a rough one.
        crossings = _sweeps(ranked, 16 if attempt < 2 or attempt % 2 else 2)
        if crossings:
            refiner = refiner or Refiner(ranked)
            crossings = refiner.improve(crossings, 12)
        if fewest < 0 or crossings < fewest:
            found, fewest = ranked.copy(), crossings
        if not fewest:
            break
    ranked.take(found)
    Refiner(ranked).gather(graph.kin)
    return ranked.orders, fewest


def _start(ranked: Ranked, attempt: int, random: Random) -> Orders:
    """Depth first through both directions, so that a tree comes out flat."""
    up, down, layer = ranked.up, ranked.down, ranked.layer
    n = len(layer)
    ends = down if attempt % 2 == 0 else up
    nodes = [v for v in range(n) if not ends[v]]
    if attempt > 1:
        random.shuffle(nodes)
    orders: Orders = [[] for _ in range(ranked.depth)]
    seen = [False] * n
    for start in nodes:
        stack = [start]
        while stack:
            v = stack.pop()
            if seen[v]:
                continue
            seen[v] = True
            orders[layer[v]].append(v)
            nexts = up[v] + down[v]
            if attempt > 1 and len(nexts) > 2:
                random.shuffle(nexts)
            nexts.reverse()
            stack += nexts
    return orders


def _sweeps(ranked: Ranked, most: int) -> int:
    """Sweep down and up until that stops helping or `most` times; the crossings of the best orders, which become the current ones."""
    best = ranked.count()
    if not best:
        return 0
    kept = ranked.copy()
    idle = sweep = 0
    while best and idle < 4 and sweep < most:
        _sweep(ranked, sweep % 2 == 0, sweep // 2 % 2 == 1)
        crossings = ranked.count()
        idle += 1
        if crossings < best:
            best, idle = crossings, 0
            kept = ranked.copy()
        sweep += 1
    ranked.take(kept)
    return best


def _sweep(ranked: Ranked, down: bool, median: bool) -> None:
    """Order each layer by the places of the neighbours in the layer before it, going down or up."""
    near = ranked.up if down else ranked.down
    pos = ranked.pos
    for i in range(1, ranked.depth) if down else range(ranked.depth - 2, -1, -1):
        row = ranked.orders[i]
        if len(row) < 2:
            continue
        keys: dict[int, float] = {}
        for v in row:
            ends = near[v]
            k = len(ends)
            if k == 1:
                keys[v] = pos[ends[0]]
            elif k == 0:
                keys[v] = pos[v]
            elif median:
                places = sorted([pos[w] for w in ends])
                keys[v] = (places[(k - 1) // 2] + places[k // 2]) / 2
            else:
                keys[v] = sum([pos[w] for w in ends]) / k
        row.sort(key=keys.__getitem__)
        ranked.number(i)
