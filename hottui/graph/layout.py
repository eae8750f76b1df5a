"""One connected part of a graph, laid out in cells along (`main`) and across (`cross`) its layers.

The same engine draws left to right and top to bottom: there `main` is x and `cross` is y, here the other way round.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hottui.graph.channels import Net, Route, route
from hottui.graph.layers import layers, turned_edges
from hottui.graph.order import order
from hottui.graph.places import Pull, place
from hottui.graph.trunks import Layered, lay_chains, merge
from hottui.graph.watch import Watch

BEFORE, AFTER, LESS, MORE = 1, 2, 4, 8
"""Arms of a joint: against and along `main`, against and along `cross`."""


@dataclass(frozen=True, slots=True)
class Frame:
    """How boxes and lines share the cells in one direction."""

    edge: int
    """Cells at either end of a box's side that take no port."""
    pitch: int
    """Cells from one port to the next."""
    apart: int
    """Free cells between neighbours in a layer."""
    equal: bool
    """Whether all boxes of a layer are as long as the longest."""
    spread: int
    """Cells from one track to the next."""


@dataclass(slots=True)
class Rect:
    """A box: first cells and sizes."""

    main: int
    cross: int
    length: int
    breadth: int


@dataclass(slots=True)
class Traces:
    """What the lines of a layout are made of. `line` numbers are positions in `edges`."""

    runs: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(cross, first main, last main, line)"""
    bars: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(main, first cross, last cross, line)"""
    joints: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(main, cross, arms, line)"""
    arrows: list[tuple[int, int, bool, int]] = field(default_factory=list)
    """(main, cross, whether it points along the layers, line)"""
    labels: list[tuple[int, int, str, int]] = field(default_factory=list)
    """(main, cross, text, line)"""
    exits: list[tuple[int, int, bool]] = field(default_factory=list)
    """(box, cell across, whether on the later side): where lines leave a box."""
    edges: list[tuple[int, ...]] = field(default_factory=list)
    """Line: the edges that run through it."""


@dataclass(slots=True)
class Layout:
    """A connected part, laid out. Vertices beyond the boxes are places on trunks."""

    graph: Layered
    orders: list[list[int]]
    crossings: int
    rects: list[Rect]
    traces: Traces
    length: int
    breadth: int
    tails: list[int]
    heads: list[int]


@dataclass(slots=True)
class Ports:
    """Where lines touch the boxes, in cells from each vertex's first."""

    segment_top: list[int]
    segment_bottom: list[int]
    loop: dict[int, tuple[int, int]]
    breadth: list[int]


def lay_out(
    lengths: Sequence[int],
    breadths: Sequence[int],
    sources: Sequence[int],
    targets: Sequence[int],
    labels: Sequence[str],
    frame: Frame,
    watch: Watch,
) -> Layout:
    """Lay out a connected graph: boxes by their sizes, edges (loops too) by their ends and labels."""
    n = len(lengths)
    plain = [e for e in range(len(sources)) if sources[e] != targets[e]]
    loops = {sources[e]: e for e in range(len(sources)) if sources[e] == targets[e]}
    turned = turned_edges(n, [sources[e] for e in plain], [targets[e] for e in plain])
    tails = [targets[e] if back else sources[e] for e, back in zip(plain, turned, strict=True)]
    heads = [sources[e] if back else targets[e] for e, back in zip(plain, turned, strict=True)]
    layer = layers(n, tails, heads, watch)
    graph = lay_chains(n, tails, heads, turned, layer)
    orders, crossings = order(graph, watch)
    graph, orders = merge(graph, orders)
    ports = _ports(graph, orders, breadths, loops, frame)
    at = place(orders, ports.breadth, lambda v, w: frame.apart, _pulls(graph, ports))
    tracer = _Tracer(graph, orders, ports, at, lengths, frame, plain, loops, labels)
    return tracer.trace(crossings, tails, heads, watch)


def spots(count: int, breadth: int, frame: Frame) -> list[int]:
    """The cells of `count` ports on a side of `breadth` cells, around its middle."""
    taken = (count - 1) * frame.pitch + 1
    first = frame.edge + max(breadth - 2 * frame.edge - taken, 0) // 2
    return [first + i * frame.pitch for i in range(count)]


def needed(count: int, frame: Frame) -> int:
    """The breadth of a side with `count` ports."""
    return (count - 1) * frame.pitch + 1 + 2 * frame.edge if count else 0


def _ports(
    graph: Layered, orders: list[list[int]], breadths: Sequence[int], loops: dict[int, int], frame: Frame
) -> Ports:
    """Ports in the order of what they lead to, so that no two lines of a box cross beside it."""
    n = len(graph.layer)
    pos = [0] * n
    for row in orders:
        for i, v in enumerate(row):
            pos[v] = i
    above: list[list[int]] = [[] for _ in range(n)]
    leaving: list[dict[int, list[int]]] = [{} for _ in range(n)]
    for segment, (top, bottom) in enumerate(zip(graph.tops, graph.bottoms, strict=True)):
        above[bottom].append(segment)
        leaving[top].setdefault(graph.nets[segment], []).append(segment)
    tops, bottoms = [0] * len(graph.tops), [0] * len(graph.tops)
    loop: dict[int, tuple[int, int]] = {}
    breadth = [1] * n
    outlets: list[list[list[int]]] = []
    for v in range(graph.real):
        nets = list(leaving[v].values())
        if len(nets) > 1:
            nets.sort(key=lambda segments: sum([pos[graph.bottoms[s]] for s in segments]) / len(segments))
        outlets.append(nets)
        outs = len(nets) + 2 * (v in loops)
        breadth[v] = max(breadths[v], needed(outs, frame), needed(len(above[v]), frame))
        cells = spots(outs, breadth[v], frame)
        for cell, segments in zip(cells, nets, strict=False):
            for s in segments:
                tops[s] = cell
        if v in loops:
            loop[v] = (cells[-2], cells[-1])
    for v in range(graph.real):
        inlets = above[v]
        if len(inlets) > 1:
            inlets.sort(key=lambda s: (pos[graph.tops[s]], tops[s]))
        for cell, s in zip(spots(len(inlets), breadth[v], frame), inlets, strict=True):
            bottoms[s] = cell
    return Ports(tops, bottoms, loop, breadth)


def _pulls(graph: Layered, ports: Ports) -> list[Pull]:
    """Long lines are kept straightest: a bend in the middle of one says nothing."""
    real = graph.real
    return [
        Pull(
            top,
            bottom,
            ports.segment_top[s],
            ports.segment_bottom[s],
            1 if top < real and bottom < real else 2 if top < real or bottom < real else 8,
        )
        for s, (top, bottom) in enumerate(zip(graph.tops, graph.bottoms, strict=True))
    ]


class _Tracer:
    """Writes down boxes and lines once everything has its order and place."""

    def __init__(
        self,
        graph: Layered,
        orders: list[list[int]],
        ports: Ports,
        at: list[int],
        lengths: Sequence[int],
        frame: Frame,
        plain: list[int],
        loops: dict[int, int],
        labels: Sequence[str],
    ) -> None:
        self.graph, self.orders, self.ports, self.at = graph, orders, ports, at
        self.lengths, self.frame = lengths, frame
        self.plain, self.loops, self.labels = plain, loops, labels
        self.traces = Traces()
        self.low = 0
        self.high = max([at[v] + ports.breadth[v] for v in range(len(at))], default=0)
        self.through = [[plain[e] for e in edges] for edges in graph.through]
        """Segment: the edges that run through it."""
        self.channel: list[list[int]] = [[] for _ in orders]
        """Channel after a layer: its segments."""
        for s, top in enumerate(graph.tops):
            self.channel[graph.layer[top]].append(s)

    def trace(self, crossings: int, tails: list[int], heads: list[int], watch: Watch) -> Layout:
        graph, at, traces = self.graph, self.at, self.traces
        rects = [Rect(0, 0, 0, 0)] * graph.real
        arriving: dict[int, int] = {}
        main = 0
        for i, row in enumerate(self.orders):
            length = max([self.lengths[v] for v in row if v < graph.real], default=1)
            for v in row:
                if v < graph.real:
                    size = length if self.frame.equal else self.lengths[v]
                    rects[v] = Rect(main, at[v], size, self.ports.breadth[v])
                else:
                    traces.runs.append((at[v], main, main + length - 1, arriving[v]))
            main += length
            main += self._channel(i, main, rects, arriving, watch)
        if self.low < 0:
            self._shift(-self.low, rects)
        return Layout(graph, self.orders, crossings, rects, traces, main, self.high - min(self.low, 0), tails, heads)

    def _line(self, edges: list[int]) -> int:
        self.traces.edges.append(tuple(edges))
        return len(self.traces.edges) - 1

    def _channel(self, i: int, start: int, rects: list[Rect], arriving: dict[int, int], watch: Watch) -> int:
        """Draw what runs from layer `i` to the next; the cells it takes along the layers."""
        graph, at, ports = self.graph, self.at, self.ports
        groups: dict[tuple[int, int], list[int]] = {}
        for s in self.channel[i]:
            groups.setdefault((graph.tops[s], graph.nets[s]), []).append(s)
        looping = [v for v in self.orders[i] if v in self.loops]
        if not groups and not looping:
            return 0
        nets = [
            Net([at[v] + ports.segment_top[g[0]]], sorted([at[graph.bottoms[s]] + ports.segment_bottom[s] for s in g]))
            for (v, _), g in groups.items()
        ]
        nets += [Net([at[v] + cell for cell in ports.loop[v]], []) for v in looping]
        routes, tracks = route(nets, watch)
        lead = max(
            [
                1 + len(self.labels[self.plain_of(g[0])])
                for (v, net), g in groups.items()
                if v < graph.real and graph.turned[net]
            ]
            + [1 + len(self.labels[self.loops[v]]) for v in looping]
            + [1]
        )
        trail = 1 + max(
            [
                len(self.labels[self.plain_of(s)])
                for s in self.channel[i]
                if graph.bottoms[s] < graph.real and not graph.turned[graph.nets[s]]
            ]
            + [1]
        )
        end = start + lead + (tracks - 1) * self.frame.spread + (tracks > 0) + trail
        first_track = start + lead
        for ((v, net), g), made, its in zip(groups.items(), nets, routes, strict=False):
            whole = self._line([e for s in g for e in self.through[s]])
            lines = {}
            for s in g:
                lines[at[graph.bottoms[s]] + ports.segment_bottom[s]] = (
                    whole if len(g) == 1 else self._line(self.through[s])
                )
                arriving[graph.bottoms[s]] = lines[at[graph.bottoms[s]] + ports.segment_bottom[s]]
            back = graph.turned[net]
            first, last = {}, {}
            cross = made.before[0]
            first[cross] = start
            if v < graph.real:
                first[cross] = self._leave(v, cross, start, rects, back, g, whole)
            for s in g:
                w = graph.bottoms[s]
                c = at[w] + ports.segment_bottom[s]
                last[c] = end - 1
                if w < graph.real:
                    if back:
                        self.traces.exits.append((w, c, False))
                    else:
                        text = self.labels[self.plain_of(s)]
                        self.traces.arrows.append((end - 1, c, True, lines[c]))
                        if text:
                            self.traces.labels.append((end - 1 - len(text), c, text, lines[c]))
                        last[c] = end - 2 - len(text)
            self._draw(made, its, first, last, lines, whole, first_track)
        for v, made, its in zip(looping, nets[len(groups) :], routes[len(groups) :], strict=True):
            line = self._line([self.loops[v]])
            out, into = made.before
            self._exit(v, out, start, rects, line)
            first = {out: start, into: self._arrive(v, into, rects, self.loops[v], line)}
            self._draw(made, its, first, {}, {}, line, first_track)
        return end - start

    def plain_of(self, segment: int) -> int:
        """The edge a segment ends with."""
        return self.through[segment][0]

    def _exit(self, v: int, cross: int, start: int, rects: list[Rect], line: int) -> None:
        self.traces.exits.append((v, cross, True))
        self._reach(v, cross, start, rects, line)

    def _reach(self, v: int, cross: int, start: int, rects: list[Rect], line: int) -> None:
        """Join a box that ends before its layer does to the channel."""
        after = rects[v].main + rects[v].length
        if after < start:
            self.traces.runs.append((cross, after, start - 1, line))

    def _leave(self, v: int, cross: int, start: int, rects: list[Rect], back: bool, g: list[int], line: int) -> int:
        """Begin a net at its box; the first cell left for its run."""
        if not back:
            self._exit(v, cross, start, rects, line)
            return start
        return self._arrive(v, cross, rects, self.plain_of(g[0]), line)

    def _arrive(self, v: int, cross: int, rects: list[Rect], edge: int, line: int) -> int:
        """Point into the later side of a box, for an edge against the layers; the first cell left for its run."""
        text = self.labels[edge]
        after = rects[v].main + rects[v].length
        self.traces.arrows.append((after, cross, False, line))
        if text:
            self.traces.labels.append((after + 1, cross, text, line))
        return after + 1 + len(text)

    def _draw(
        self,
        net: Net,
        its: Route,
        first: dict[int, int],
        last: dict[int, int],
        lines: dict[int, int],
        whole: int,
        origin: int,
    ) -> None:
        traces, spread = self.traces, self.frame.spread
        if not its.bars:
            cross = net.before[0]
            traces.runs.append((cross, first[cross], last[cross], whole))
            return
        for number, bar in enumerate(its.bars):
            main = origin + bar.track * spread
            if bar.low < bar.high:
                traces.bars.append((main, bar.low, bar.high, whole))
            before = net.before if number == 0 else [its.dogleg]
            after = net.after if number == len(its.bars) - 1 else [its.dogleg]
            for cross in {*before, *after}:
                assert cross is not None
                arms = (cross in before) * BEFORE | (cross in after) * AFTER
                arms |= (cross > bar.low) * LESS | (cross < bar.high) * MORE
                traces.joints.append((main, cross, arms, whole))
            if number == 0:
                for cross in net.before:
                    if first[cross] < main:
                        traces.runs.append((cross, first[cross], main - 1, whole))
            else:
                previous = origin + its.bars[number - 1].track * spread
                assert its.dogleg is not None
                traces.runs.append((its.dogleg, previous + 1, main - 1, whole))
                self.low, self.high = min(self.low, its.dogleg), max(self.high, its.dogleg + 1)
            if number == len(its.bars) - 1:
                for cross in net.after:
                    if main < last[cross]:
                        traces.runs.append((cross, main + 1, last[cross], lines[cross]))

    def _shift(self, by: int, rects: list[Rect]) -> None:
        """Move everything along `cross`, when a dogleg ran before the first cell."""
        t = self.traces
        for rect in rects:
            rect.cross += by
        t.runs = [(c + by, a, b, line) for c, a, b, line in t.runs]
        t.bars = [(m, a + by, b + by, line) for m, a, b, line in t.bars]
        t.joints = [(m, c + by, arms, line) for m, c, arms, line in t.joints]
        t.arrows = [(m, c + by, along, line) for m, c, along, line in t.arrows]
        t.labels = [(m, c + by, text, line) for m, c, text, line in t.labels]
        t.exits = [(v, c + by, later) for v, c, later in t.exits]
