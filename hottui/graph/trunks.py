"""Long edges: a place to pass in each layer between.

While the order is looked for every edge has places of its own, because the best way for one need not be the best for
its siblings. Where edges of one source then run side by side they become one trunk, which forks where they part: one
line that leaves the box, as a reader expects. A graph with too many places for that has one trunk a source from the
start (an edge to every later layer, from every layer, would take a number of places cubic in the layers).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_PLACES = 12_000
"""So many places of their own edges may have."""


@dataclass(slots=True)
class Layered:
    """A graph whose every segment joins neighbouring layers. Vertices from `real` on are places on long edges."""

    real: int
    layer: list[int]
    chains: list[list[int]]
    """Edge: the vertices it runs through, its ends included, layer by layer."""
    net_of: list[int]
    """Edge: its net. All forward edges of a source are one net, each turned edge is its own."""
    turned: list[bool]
    """Net: whether its edge runs against the layers."""
    kin: list[int]
    """Vertex: the net of a place on a long edge, -1 for the others."""
    tops: list[int] = field(default_factory=list)
    """Segment: its end in the earlier layer."""
    bottoms: list[int] = field(default_factory=list)
    """Segment: its end in the next layer."""
    nets: list[int] = field(default_factory=list)
    """Segment: its net."""
    through: list[list[int]] = field(default_factory=list)
    """Segment: the edges that run through it."""

    def join(self, *, apart: bool) -> None:
        """Find the segments of all chains; `apart` when it is known that no two chains share one."""
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


def lay_chains(
    n: int, tails: Sequence[int], heads: Sequence[int], turned: Sequence[bool], layer: Sequence[int]
) -> Layered:
    """Split every edge into segments between neighbouring layers."""
    net_by_tail: dict[int, int] = {}
    net_turned: list[bool] = []
    net_of: list[int] = []
    for edge, tail in enumerate(tails):
        if turned[edge]:
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
            made.kin.append(net_of[edge])
        made.chains.append([tail, *trunk[:length], head])
    made.join(apart=shared is None)
    return made


def merge(graph: Layered, orders: list[list[int]]) -> tuple[Layered, list[list[int]]]:
    """Make neighbouring places of one net that are reached from the same place one."""
    if len(graph.layer) == graph.real:
        return graph, orders
    before = [-1] * len(graph.layer)
    for segment, bottom in enumerate(graph.bottoms):
        if bottom >= graph.real:
            before[bottom] = graph.tops[segment]
    new = list(range(graph.real)) + [-1] * (len(graph.layer) - graph.real)
    layer, kin, rows = graph.layer[: graph.real], [-1] * graph.real, []
    for i, order in enumerate(orders):
        row: list[int] = []
        last_kin = last_before = -1
        for v in order:
            if v < graph.real:
                row.append(v)
                last_kin = -1
                continue
            net, parent = graph.kin[v], new[before[v]]
            if net != last_kin or parent != last_before:
                row.append(len(layer))
                layer.append(i)
                kin.append(net)
                last_kin, last_before = net, parent
            new[v] = row[-1]
        rows.append(row)
    if len(layer) == len(graph.layer):
        return graph, orders
    chains = [[new[v] for v in chain] for chain in graph.chains]
    made = Layered(graph.real, layer, chains, graph.net_of, graph.turned, kin)
    made.join(apart=False)
    return made, rows
