"""Long edges: dummy vertices in each layer that an edge crosses.

During ordering every edge has its own dummies, because the best route for one need not be the best for its siblings.
Adjacent dummies of edges from one source are then merged into a shared trunk that forks where the edges diverge, so
that one line leaves the box. In a graph that would need too many dummies, edges share one trunk per source from the
start (edges from every layer to every later one would need a number of dummies cubic in the layers).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_PLACES = 12_000
"""Largest number of dummies for which each edge has its own."""


@dataclass(slots=True)
class Layered:
    """A graph whose segments all join adjacent layers. Vertices from `real` on are dummies of long edges."""

    real: int
    layer: list[int]
    chains: list[list[int]]
    """Edge: the vertices on its path, both ends included, layer by layer."""
    net_of: list[int]
    """Edge: its net. All forward edges of a source form one net; each reversed edge is its own."""
    is_reversed: list[bool]
    """Net: whether its edge is reversed."""
    dummy_net: list[int]
    """Vertex: the net of a dummy, -1 for boxes."""
    tops: list[int] = field(default_factory=list)
    """Segment: its end in the earlier layer."""
    bottoms: list[int] = field(default_factory=list)
    """Segment: its end in the next layer."""
    nets: list[int] = field(default_factory=list)
    """Segment: its net."""
    through: list[list[int]] = field(default_factory=list)
    """Segment: the edges that share it."""

    def join(self, *, apart: bool) -> None:
        """Compute the segments of all chains. Pass `apart` if no two chains share a segment."""
        tops, bottoms, nets, through = self.tops, self.bottoms, self.nets, self.through
        number: dict[tuple[int, int, int], int] = {}
        for edge, (net, chain) in enumerate(zip(self.net_of, self.chains, strict=True)):
            for top, bottom in pairwise(chain):
                if not apart:
                    segment = number.setdefault((top, bottom, net), len(number))
                    if segment < len(tops):
                        through[segment].append(edge)
                        continue
                tops.append(top)
                bottoms.append(bottom)
                nets.append(net)
                through.append([edge])


def insert_dummy_nodes(
    n: int, tails: Sequence[int], heads: Sequence[int], is_reversed: Sequence[bool], layer: Sequence[int]
) -> Layered:
    """Split every edge into segments between adjacent layers."""
    net_by_tail: dict[int, int] = {}
    net_turned: list[bool] = []
    net_of: list[int] = []
    for edge, tail in enumerate(tails):
        if is_reversed[edge]:
            net_of.append(len(net_turned))
            net_turned.append(True)
        else:
            if tail not in net_by_tail:
                net_by_tail[tail] = len(net_turned)
                net_turned.append(False)
            net_of.append(net_by_tail[tail])
    made = Layered(n, list(layer), [], net_of, net_turned, [-1] * n)
    places = sum([layer[head] - layer[tail] - 1 for tail, head in zip(tails, heads, strict=True)])
    shared: dict[int, list[int]] | None = {} if places > _PLACES else None
    for edge, (tail, head) in enumerate(zip(tails, heads, strict=True)):
        length = layer[head] - layer[tail] - 1
        if not length:
            made.chains.append([tail, head])
            continue
        trunk = [] if shared is None else shared.setdefault(net_of[edge], [])
        while len(trunk) < length:
            trunk.append(len(made.layer))
            made.layer.append(layer[tail] + len(trunk))
            made.dummy_net.append(net_of[edge])
        made.chains.append([tail, *trunk[:length], head])
    made.join(apart=shared is None)
    return made


def merge(graph: Layered, orders: list[list[int]]) -> tuple[Layered, list[list[int]]]:
    """Merge adjacent dummies of one net that have the same predecessor."""
    if len(graph.layer) == graph.real:
        return graph, orders
    before = [-1] * len(graph.layer)
    for segment, bottom in enumerate(graph.bottoms):
        if bottom >= graph.real:
            before[bottom] = graph.tops[segment]
    new = list(range(graph.real)) + [-1] * (len(graph.layer) - graph.real)
    layer, dummy_net, rows = graph.layer[: graph.real], [-1] * graph.real, []
    for i, order in enumerate(orders):
        row: list[int] = []
        last_kin = last_before = -1
        for v in order:
            if v < graph.real:
                row.append(v)
                last_kin = -1
                continue
            net, parent = graph.dummy_net[v], new[before[v]]
            if net != last_kin or parent != last_before:
                row.append(len(layer))
                layer.append(i)
                dummy_net.append(net)
                last_kin, last_before = net, parent
            new[v] = row[-1]
        rows.append(row)
    if len(layer) == len(graph.layer):
        return graph, orders
    chains = [[new[v] for v in chain] for chain in graph.chains]
    made = Layered(graph.real, layer, chains, graph.net_of, graph.is_reversed, dummy_net)
    made.join(apart=False)
    return made, rows
