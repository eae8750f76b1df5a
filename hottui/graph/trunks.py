"""Long edges: a place to pass in each layer between, shared by all edges of one source.

One trunk for a source instead of a chain for every edge keeps a drawing with many long edges small, and is what a
reader expects to see: one line that leaves the box and forks where its targets are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Layered:
    """A graph whose every segment joins neighbouring layers. Vertices from `real` on are places on trunks."""

    real: int
    layer: list[int]
    tops: list[int] = field(default_factory=list)
    """Segment: its end in the earlier layer."""
    bottoms: list[int] = field(default_factory=list)
    """Segment: its end in the next layer."""
    weights: list[int] = field(default_factory=list)
    """Segment: how many edges run through it."""
    nets: list[int] = field(default_factory=list)
    """Segment: the net it belongs to. All forward edges of a source are one net, each turned edge is its own."""
    net_of: list[int] = field(default_factory=list)
    """Edge: its net."""
    trunks: list[list[int]] = field(default_factory=list)
    """Net: its places, layer by layer from the one after its source."""
    turned: list[bool] = field(default_factory=list)
    """Net: whether its edge runs against the layers."""

    @property
    def depth(self) -> int:
        """How many layers there are."""
        return max(self.layer, default=-1) + 1

    def path(self, edge: int, tail: int, head: int) -> list[int]:
        """The vertices an edge runs through, its ends included."""
        return [tail, *self.trunks[self.net_of[edge]][: self.layer[head] - self.layer[tail] - 1], head]


def lay_trunks(
    n: int, tails: Sequence[int], heads: Sequence[int], turned: Sequence[bool], layer: Sequence[int]
) -> Layered:
    """Split every edge into segments between neighbouring layers."""
    made = Layered(n, list(layer), net_of=[-1] * len(tails))
    forward: dict[int, list[int]] = {}
    for edge, tail in enumerate(tails):
        if turned[edge]:
            _lay_net(made, tail, [edge], heads, True)
        else:
            forward.setdefault(tail, []).append(edge)
    for tail, edges in forward.items():
        _lay_net(made, tail, edges, heads, False)
    return made


def _lay_net(made: Layered, tail: int, edges: list[int], heads: Sequence[int], turned: bool) -> None:
    net = len(made.trunks)
    layer, start = made.layer, made.layer[tail]
    trunk: list[int] = []
    made.trunks.append(trunk)
    made.turned.append(turned)
    ends = [layer[heads[edge]] for edge in edges]
    through = len(edges)
    last = tail
    for here in range(start + 1, max(ends)):
        through = sum([end > here for end in ends])
        place = len(layer)
        layer.append(here)
        trunk.append(place)
        made.tops.append(last)
        made.bottoms.append(place)
        made.weights.append(through)
        made.nets.append(net)
        last = place
    for edge, end in zip(edges, ends, strict=True):
        made.net_of[edge] = net
        made.tops.append(trunk[end - start - 2] if end - start > 1 else tail)
        made.bottoms.append(heads[edge])
        made.weights.append(1)
        made.nets.append(net)
