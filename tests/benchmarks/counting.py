"""Count crossings from the data of a layout."""

from bisect import bisect_right, insort
from itertools import pairwise
from typing import Any


def count_crossings(layout: dict[str, Any], edges: list[tuple[str, str]]) -> int:
    """Return the number of crossing lines between adjacent layers, with one line per connected pair of boxes."""
    nodes, dummies = layout["nodes"], layout["dummies"]
    between: dict[int, set[tuple[tuple[int, int], tuple[int, int]]]] = {}
    pairs: dict[frozenset[str], tuple[str, str]] = {}
    for source, target in edges:
        if source != target:
            pairs.setdefault(frozenset((source, target)), (source, target))
    for number, (source, target) in enumerate(pairs.values()):
        first, last = sorted((nodes[source], nodes[target]))
        passing = [dummies[f"{source}->{target}@{layer}"] for layer in range(first[0] + 1, last[0])]
        for (layer, top), (_, bottom) in pairwise([first, *passing, last]):
            between.setdefault(layer, set()).add(((top, bottom), (number, 0)))
    total = 0
    for segments in between.values():
        seen: list[int] = []
        for (_, bottom), _ in sorted(segments):
            total += len(seen) - bisect_right(seen, bottom)
            insort(seen, bottom)
    return total
