"""The order of the vertices inside each layer, with as few crossings as a fixed amount of work finds.

From several starts (depth first, from either end, then shuffled) sweeps by medians and barycentres find a rough order,
and local search refines it. All of it is counted, not timed, so that a plan always gets the same drawing.
"""

from operator import itemgetter
from random import Random

from hottui.graph.crossings import Orders, Ranked
from hottui.graph.refine import Refiner
from hottui.graph.trunks import Layered
from hottui.graph.watch import Watch

_WORK_AT_LEAST = 4_000
"""What local search may do in any case, see `Refiner.work`."""
_WORK_AT_MOST = ((1_200, 800_000), (5_000, 260_000), (1 << 62, 180_000))
"""What it may do at most, in graphs of so many vertices: the larger, the longer everything else takes."""
_WORK_PER_CROSSING, _WORK_PER_CROSSING_OF_MANY, _MANY = 500, 12_000, 120
"""What it may do for each crossing that sweeping leaves. With so many boxes nobody waits for a few milliseconds."""
_IDLE = 16
"""Starts without a gain after which no more are tried."""
_AGREED = 5
"""Starts that all end with the fewest crossings known: a sign that fewer cannot be had."""


def order(graph: Layered, watch: Watch) -> tuple[Orders, int]:
    """The vertices of each layer in order, and the crossings, one line per edge."""
    ranked = Ranked(graph.layer, list(zip(graph.tops, graph.bottoms, map(len, graph.through), strict=True)))
    random = Random(1)  # noqa: S311 - shuffles starts, guards nothing
    watch("order", 0.0)
    rough: list[tuple[int, Orders]] = []
    for attempt in range(2):
        ranked.take(_start(ranked, attempt, random))
        rough.append((_sweeps(ranked, 2 if attempt and graph.real < _MANY else 16), ranked.copy()))
        if not rough[-1][0]:
            break
    fewest, found = min(rough, key=itemgetter(0))
    if fewest:
        fewest, found = _refine(ranked, graph.real, rough, random, watch)
    ranked.take(found)
    places = [(ranked.layer[v], net) for v, net in enumerate(graph.kin) if net >= 0]
    if len(set(places)) < len(places):
        Refiner(ranked).gather(graph.kin)
    return ranked.orders, fewest


def _refine(
    ranked: Ranked, boxes: int, rough: list[tuple[int, Orders]], random: Random, watch: Watch
) -> tuple[int, Orders]:
    """Local search from the `rough` orders, the better one first, then from shuffled ones while work is left."""
    rough.sort(key=itemgetter(0))
    refiner = Refiner(ranked)
    each = _WORK_PER_CROSSING if boxes < _MANY else _WORK_PER_CROSSING_OF_MANY
    most = next(work for vertices, work in _WORK_AT_MOST if len(ranked.layer) <= vertices)
    budget = min(_WORK_AT_LEAST + each * rough[0][0], most)
    fewest, found = rough[0]
    agreed = idle = attempt = 0
    while fewest and refiner.work < budget and idle < _IDLE and agreed < _AGREED:
        if attempt < len(rough):
            crossings, orders = rough[attempt]
            ranked.take(orders)
        else:
            # Long sweeping ends in the same few orders whatever the start; from a rough one search gets further.
            ranked.take(_start(ranked, attempt, random))
            long = boxes >= _MANY and attempt % 2 == 1
            crossings = _sweeps(ranked, 16 if long else 2)
            refiner.work += len(ranked.layer) * (40 if long else 8)
        crossings = refiner.improve(crossings, budget, watch)
        attempt += 1
        idle += 1
        agreed += crossings == fewest
        if crossings < fewest:
            fewest, found, idle, agreed = crossings, ranked.copy(), 0, 1
    return fewest, found


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
    """Sweep down and up, `most` times or until that stops helping; the best orders become the current ones.

    The result is their crossings.
    """
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
        ordered = sorted(row, key=keys.__getitem__)
        if ordered != row:
            ranked.reorder(i, ordered)
