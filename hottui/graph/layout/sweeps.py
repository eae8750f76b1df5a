"""Crossing reduction by alternating median and barycenter sweeps, each followed by transposition.

A sweep considers only one side of each layer and moves vertices far; transposition exchanges adjacent vertices and
considers both sides. Exchanges without gain are made too, to leave plateaus.
"""

from collections.abc import Iterable

from hottui.graph.layout.crossings import OrderedLayers


def sweeps(ranked: OrderedLayers, most: int, patience: int, enough: int = 0) -> tuple[int, int]:
    """Sweep down and up, at most `most` times, until `patience` sweeps bring no improvement or at most `enough`
    crossings remain.

    The best orders become the current ones. Returns their crossings and the number of sweeps.
    """
    downwards, upwards = range(ranked.depth), range(ranked.depth - 1, -1, -1)
    best = ranked.count()
    if best:
        best = transpose(ranked, downwards, ties=False)
    kept = ranked.copy()
    idle = number = 0
    while best > enough and idle < patience and number < most:
        median = number % 4 < 2
        if number % 2:
            sweep(ranked, upwards[1:], median=median)
            crossings = transpose(ranked, downwards, ties=True)
        else:
            sweep(ranked, downwards[1:], median=median)
            crossings = transpose(ranked, upwards, ties=True)
        number += 1
        idle += 1
        if crossings < best:
            best, idle = crossings, 0
            kept = ranked.copy()
    if idle:
        ranked.take(kept)
    return best, number


def sweep(ranked: OrderedLayers, layers: range, *, median: bool) -> None:
    """Order each of `layers` by the medians or barycenters of the neighbours' positions in the previous layer."""
    side = ranked.before if layers.step > 0 else ranked.after
    pos, only, near = ranked.pos, side.only, side.near
    for i in layers:
        row = ranked.orders[i]
        if len(row) < 2:
            continue
        keys: dict[int, float] = {v: pos[only[v]] for v in row}
        for v in side.others[i]:
            ends = near[v]
            if not ends:
                keys[v] = pos[v]
            elif median and len(ends) > 2:
                places = sorted([pos[w] for w in ends])
                keys[v] = (places[(len(ends) - 1) // 2] + places[len(ends) // 2]) / 2
            else:
                keys[v] = sum([pos[w] for w in ends]) / len(ends)
        # Vertices with equal keys are reversed every other time, so that both orders are tried.
        ordered = sorted(row[::-1] if median else row, key=keys.__getitem__)
        if ordered != row:
            ranked.reorder(i, ordered)


def transpose(ranked: OrderedLayers, layers: Iterable[int], *, ties: bool) -> int:
    """Exchange adjacent vertices where that saves a crossing; return the remaining crossings.

    With `ties`, also where it moves crossings from one side of the layer to the other.
    """
    crossings = ranked.count()
    for i in layers:
        if len(ranked.orders[i]) > 1 and not (ranked.clear(i - 1) and ranked.clear(i)):
            crossings -= _insert(ranked, i, ties)
    return crossings


def _insert(ranked: OrderedLayers, i: int, ties: bool) -> int:
    """Move each vertex of layer `i` forward past its predecessors while that gains; return the crossings saved."""
    row, pos, up, down = ranked.orders[i], ranked.pos, ranked.up, ranked.down
    ups, downs = ranked.before.only, ranked.after.only
    tops, bottoms = [pos[ups[v]] for v in row], [pos[downs[v]] for v in row]
    saved_before = saved_after = 0
    now: int
    then: int
    now_after: int
    then_after: int
    moved = False
    for at in range(1, len(row)):
        v, top, bottom, to = row[at], tops[at], bottoms[at], at
        while to:
            beside, other_top, other_bottom = row[to - 1], tops[to - 1], bottoms[to - 1]
            if top >= 0 <= other_top:
                now, then = other_top > top, other_top < top
            else:
                now, then = _crossings(pos, up[beside], up[v])
            if bottom >= 0 <= other_bottom:
                now_after, then_after = other_bottom > bottom, other_bottom < bottom
            else:
                now_after, then_after = _crossings(pos, down[beside], down[v])
            gain = now + now_after - then - then_after
            if gain < 0 or (not gain and not (ties and now + now_after)):
                break
            row[to], tops[to], bottoms[to] = beside, other_top, other_bottom
            to -= 1
            saved_before += now - then
            saved_after += now_after - then_after
        if to < at:
            row[to], tops[to], bottoms[to] = v, top, bottom
            moved = True
    if moved:
        ranked.swapped(i, saved_before, saved_after)
    return saved_before + saved_after


def _crossings(pos: list[int], first: list[int], second: list[int]) -> tuple[int, int]:
    """Return the crossings between the edges of two adjacent vertices on one side: now, and if exchanged."""
    now = then = 0
    places = [pos[v] for v in second]
    for u in first:
        p = pos[u]
        for q in places:
            if p > q:
                now += 1
            elif p < q:
                then += 1
    return now, then
