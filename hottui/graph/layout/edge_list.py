"""A layout as plain data with one line per edge: every edge has its own dummies in the layers it crosses."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from hottui.graph.layout.crossings import OrderedLayers

Key = tuple[str, str]
"""The source and target of an edge."""


class Placed(Protocol):
    """The attributes of a box that `expand` needs."""

    @property
    def id(self) -> str: ...
    @property
    def layer(self) -> int: ...
    @property
    def position(self) -> int: ...


def expand(
    boxes: Sequence[Placed], paths: Mapping[Key, tuple[int, ...]]
) -> tuple[dict[str, list[int]], dict[str, list[int]], int]:
    """Return layer and position of every box and of every dummy, and the number of crossings.

    Shared dummies of a trunk are split in the order in which its edges diverge. Of two opposite edges between the same
    boxes only the first counts: crossings ignore the direction of edges.
    """
    by_id = {box.id: box for box in boxes}
    slots: list[list[tuple[int, tuple[int, ...], int]]] = []
    """Layer: (position, the positions from here on, vertex)."""
    layer: list[int] = []

    def add(i: int, position: int, onward: tuple[int, ...]) -> int:
        while len(slots) <= i:
            slots.append([])
        slots[i].append((position, onward, len(layer)))
        layer.append(i)
        return len(layer) - 1

    vertex = {box.id: add(box.layer, box.position, ()) for box in boxes}
    places: dict[str, int] = {}
    segments: list[tuple[int, int, int]] = []
    counted: set[frozenset[str]] = set()
    for (source, target), path in paths.items():
        first, last = sorted((by_id[source], by_id[target]), key=lambda box: box.layer)
        if first.layer == last.layer:
            continue
        onward = (*path, last.position)
        chain = [vertex[first.id]]
        for step in range(len(path)):
            chain.append(add(first.layer + 1 + step, path[step], onward[step + 1 :]))
            places[f"{source}->{target}@{first.layer + 1 + step}"] = chain[-1]
        if frozenset((source, target)) not in counted:
            counted.add(frozenset((source, target)))
            segments += [(a, b, 1) for a, b in zip(chain, [*chain[1:], vertex[last.id]], strict=True)]
    ranked = OrderedLayers(layer, segments)
    ranked.take([[v for _, _, v in sorted(slot)] for slot in slots])
    where = {v: [layer[v], ranked.pos[v]] for v in range(len(layer))}
    return (
        {box_id: where[v] for box_id, v in vertex.items()},
        {name: where[v] for name, v in places.items()},
        ranked.count(),
    )
