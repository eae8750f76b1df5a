"""The line segments of a layout, in coordinates along (`main`) and across (`cross`) its layers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hottui.graph.layout.channel_routing import Net, Route, route
from hottui.graph.layout.long_edges import Layered
from hottui.graph.layout.ports import Frame, Ports
from hottui.graph.layout_progress import OnProgress

BEFORE, AFTER, LESS, MORE = 1, 2, 4, 8
"""Arms of a joint: towards smaller and larger `main`, towards smaller and larger `cross`."""


@dataclass(slots=True)
class Rect:
    """A box: its first cell along and across the layers, its length and its breadth."""

    main: int
    cross: int
    length: int
    breadth: int

    @property
    def after(self) -> int:
        """The first cell after it."""
        return self.main + self.length


@dataclass(slots=True)
class LineSegments:
    """Line segments. `line` is an index into `edges`; segment ends are inclusive."""

    runs: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Along the layers: (cross, first main, last main, line)"""
    bars: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Across the layers: (main, first cross, last cross, line)"""
    joints: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(main, cross, arms, line)"""
    arrows: list[tuple[int, int, bool, int]] = field(default_factory=list)
    """(main, cross, whether it points along the layers, line)"""
    labels: list[tuple[int, int, str, int]] = field(default_factory=list)
    """(main, cross, text, line)"""
    exits: list[tuple[int, int, bool]] = field(default_factory=list)
    """(box, cross, whether on the later side): the cells where lines leave boxes."""
    edges: list[tuple[int, ...]] = field(default_factory=list)
    """Line: the edges that share it."""
    forks: list[tuple[int, int, dict[int, int]]] = field(default_factory=list)
    """(line, cross of the common start, {cross of a branch: its line}): bars on which edges diverge."""

    def line(self, edges: list[int]) -> int:
        """Add a line for these edges; return its index."""
        self.edges.append(tuple(edges))
        return len(self.edges) - 1

    def fork(self, line: int, cross: int, ends: dict[int, int]) -> int:
        """Add a line for the bar on which the edges of `line` diverge; return its index."""
        self.edges.append(self.edges[line])
        self.forks.append((len(self.edges) - 1, cross, ends))
        return len(self.edges) - 1

    def run(self, cross: int, first: int, last: int, line: int) -> None:
        """Add a segment along the layers unless it is empty."""
        if first <= last:
            self.runs.append((cross, first, last, line))

    def shifted(self, by: int) -> "LineSegments":
        """Return the same segments, moved along `cross`."""
        return LineSegments(
            [(c + by, a, b, line) for c, a, b, line in self.runs],
            [(m, a + by, b + by, line) for m, a, b, line in self.bars],
            [(m, c + by, arms, line) for m, c, arms, line in self.joints],
            [(m, c + by, along, line) for m, c, along, line in self.arrows],
            [(m, c + by, text, line) for m, c, text, line in self.labels],
            [(v, c + by, later) for v, c, later in self.exits],
            self.edges,
            [(line, c + by, {end + by: on for end, on in ends.items()}) for line, c, ends in self.forks],
        )


class _Wire(NamedTuple):
    """A net in one channel: from one vertex to its ends in the next layer, or a self-loop."""

    start: int
    segments: list[int]
    """Empty for a self-loop."""
    edges: list[int]
    """All edges that share it."""
    net: Net


class _Span(NamedTuple):
    """Cells along the layers: the start of a channel, its first track, and its end."""

    start: int
    tracks: int
    end: int


@dataclass(slots=True)
class EdgeRouter:
    """Routes the edges of one connected component."""

    graph: Layered
    orders: Sequence[Sequence[int]]
    ports: Ports
    at: Sequence[int]
    """Vertex: its first cell across the layers."""
    lengths: Sequence[int]
    frame: Frame
    loops: Mapping[int, int]
    """Box: its self-loop."""
    edges: Sequence[int]
    """Edge of the layered graph: its index among all edges, self-loops included."""
    labels: Sequence[str]
    traces: LineSegments = field(default_factory=LineSegments)
    rects: list[Rect] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    """Segment: the cell across the layers at which it leaves the earlier layer."""
    ends: list[int] = field(default_factory=list)
    """Segment: the cell across the layers at which it reaches the next one."""
    arriving: dict[int, int] = field(default_factory=dict)
    """Dummy: the line that has reached it."""
    low: int = 0
    high: int = 0

    def trace(self, on_progress: OnProgress) -> int:
        """Route everything; return the length along the layers."""
        graph, at, ports, real = self.graph, self.at, self.ports, self.graph.real
        self.rects = [Rect(0, 0, 0, 0)] * real
        self.high = max([cell + breadth for cell, breadth in zip(at, ports.breadths, strict=True)], default=0)
        self.starts = [at[v] + cell for v, cell in zip(graph.tops, ports.tops, strict=True)]
        self.ends = [at[v] + cell for v, cell in zip(graph.bottoms, ports.bottoms, strict=True)]
        channels: list[list[int]] = [[] for _ in self.orders]
        for segment, top in enumerate(graph.tops):
            channels[graph.layer[top]].append(segment)
        main = 0
        for i, row in enumerate(self.orders):
            on_progress("routes", i / len(self.orders))
            length = max([self.lengths[v] for v in row if v < real], default=1)
            for v in row:
                if v < real:
                    size = length if self.frame.equal else self.lengths[v]
                    self.rects[v] = Rect(main, at[v], size, ports.breadths[v])
                else:
                    self.traces.run(at[v], main, main + length - 1, self.arriving[v])
            main += length
            main += self._channel(main, row, channels[i])
        return main

    def shift(self) -> None:
        """Move everything so that the first cell across is 0, if a dogleg lies before it."""
        if self.low < 0:
            self.traces = self.traces.shifted(-self.low)
            for rect in self.rects:
                rect.cross -= self.low
            self.high, self.low = self.high - self.low, 0

    def _channel(self, start: int, row: Sequence[int], segments: list[int]) -> int:
        """Route the channel after a layer; return its length: backward arrows, tracks, and forward arrows."""
        looped = [v for v in row if v in self.loops] if self.loops else []
        if not segments and not looped:
            return 0
        back, on = self._labelled(segments, looped)
        if not looped and [self.starts[s] for s in segments] == [self.ends[s] for s in segments]:
            span = _Span(start, start + back, start + back + on)
            for s in segments:
                self._straight(s, span)
        else:
            wires = self._wires(segments, looped)
            routes, tracks = route([wire.net for wire in wires])
            span = _Span(start, start + back, start + back + tracks + max(on, 2))
            for wire, its in zip(wires, routes, strict=True):
                if its.bars:
                    self._bent(wire, its, span)
                else:
                    self._straight(wire.segments[0], span)
        return span.end - start

    def _labelled(self, segments: list[int], looped: list[int]) -> tuple[int, int]:
        """Return the cells for arrows and labels at both ends of a channel."""
        graph, real = self.graph, self.graph.real
        back = on = 0
        for s in segments:
            if not graph.is_reversed[graph.nets[s]]:
                if graph.bottoms[s] < real:
                    on = max(on, len(self._label(s)))
            elif graph.tops[s] < real:
                back = max(back, len(self._label(s)))
        for v in looped:
            back = max(back, len(self.labels[self.loops[v]]))
        return 1 + back, 1 + on

    def _label(self, segment: int) -> str:
        """Return the label of a segment that has an arrow."""
        return self.labels[self.edges[self.graph.through[segment][0]]]

    def _wires(self, segments: list[int], looped: list[int]) -> list[_Wire]:
        """Return the nets of a channel."""
        graph = self.graph
        groups: dict[tuple[int, int], list[int]] = {}
        for s in segments:
            groups.setdefault((graph.tops[s], graph.nets[s]), []).append(s)
        wires = []
        for (v, _), group in groups.items():
            edges = [self.edges[e] for s in group for e in graph.through[s]]
            net = Net([self.starts[group[0]]], sorted([self.ends[s] for s in group]))
            wires.append(_Wire(v, group, edges, net))
        for v in looped:
            net = Net([self.at[v] + cell for cell in self.ports.loops[v]], [])
            wires.append(_Wire(v, [], [self.loops[v]], net))
        return wires

    def _straight(self, segment: int, span: _Span) -> None:
        """Route a segment that needs no track."""
        line = self.traces.line([self.edges[e] for e in self.graph.through[segment]])
        first = self._leave(segment, span, line)
        self.traces.run(self.starts[segment], first, self._reach(segment, span, line), line)

    def _bent(self, wire: _Wire, its: Route, span: _Span) -> None:
        """Route a net that has bars."""
        traces = self.traces
        line = traces.line(wire.edges)
        early, late = span.tracks + its.bars[0].track, span.tracks + its.bars[-1].track
        if wire.segments:
            traces.run(wire.net.before[0], self._leave(wire.segments[0], span, line), early - 1, line)
        else:
            self._loop(wire, early - 1, line)
        if late > early:
            traces.run(its.dogleg, early + 1, late - 1, line)
            self.low, self.high = min(self.low, its.dogleg), max(self.high, its.dogleg + 1)
        lines: dict[int, int] = {}
        for s in wire.segments:
            own = line if len(wire.segments) == 1 else traces.line([self.edges[e] for e in self.graph.through[s]])
            traces.run(self.ends[s], late + 1, self._reach(s, span, own), own)
            lines[self.ends[s]] = own
        self._lay(wire.net, its, span, line, lines)

    def _leave(self, segment: int, span: _Span, line: int) -> int:
        """Connect a segment to its start; return the first cell of its run."""
        v, cross = self.graph.tops[segment], self.starts[segment]
        if v >= self.graph.real:
            return span.start
        after = self.rects[v].after
        if self.graph.is_reversed[self.graph.nets[segment]]:
            return self._point_back(after, cross, self._label(segment), line)
        self.traces.exits.append((v, cross, True))
        return after

    def _point_back(self, after: int, cross: int, text: str, line: int) -> int:
        """Add an arrow into the later side of a box; return the first cell of the run."""
        self.traces.arrows.append((after, cross, False, line))
        if text:
            self.traces.labels.append((after + 1, cross, text, line))
        return after + 1 + len(text)

    def _reach(self, segment: int, span: _Span, line: int) -> int:
        """Connect a segment to its end; return the last cell of its run."""
        w, cross, end = self.graph.bottoms[segment], self.ends[segment], span.end
        if w >= self.graph.real:
            self.arriving[w] = line
            return end - 1
        if self.graph.is_reversed[self.graph.nets[segment]]:
            self.traces.exits.append((w, cross, False))
            return end - 1
        text = self._label(segment)
        self.traces.arrows.append((end - 1, cross, True, line))
        if text:
            self.traces.labels.append((end - 1 - len(text), cross, text, line))
        return end - 2 - len(text)

    def _loop(self, wire: _Wire, last: int, line: int) -> None:
        """Connect a self-loop to both of its ends, with runs up to the cell `last`."""
        out, back = wire.net.before
        after = self.rects[wire.start].after
        self.traces.exits.append((wire.start, out, True))
        self.traces.run(out, after, last, line)
        first = self._point_back(after, back, self.labels[wire.edges[0]], line)
        self.traces.run(back, first, last, line)

    def _lay(self, net: Net, its: Route, span: _Span, line: int, lines: dict[int, int]) -> None:
        """Add the bars and joints of a net; `lines` maps cells across to the lines on which its edges continue."""
        traces = self.traces
        last = len(its.bars) - 1
        for number, bar in enumerate(its.bars):
            main, own = span.tracks + bar.track, line
            before = net.before if number == 0 else [its.dogleg]
            after = net.after if number == last else [its.dogleg]
            if number == last and len(lines) > 1:
                own = traces.fork(line, before[0], lines)
            if bar.low < bar.high:
                traces.bars.append((main, bar.low, bar.high, own))
            for cross in {*before, *after}:
                arms = (cross in before) * BEFORE | (cross in after) * AFTER
                arms |= (cross > bar.low) * LESS | (cross < bar.high) * MORE
                traces.joints.append((main, cross, arms, own))
