"""Writes down boxes and lines, layer by layer, once every vertex has its order and place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hottui.graph.channels import Net, Route, route
from hottui.graph.ports import Frame, Ports
from hottui.graph.traces import AFTER, BEFORE, LESS, MORE, Rect, Traces
from hottui.graph.trunks import Layered
from hottui.graph.watch import Watch


class _Wire(NamedTuple):
    """A net in one channel: from one vertex, or from a box to itself, to its ends in the next layer."""

    start: int
    segments: list[int]
    edge: int
    """The edge it stands for when it is of one edge only: a turned one or a loop."""
    turned: bool
    net: Net
    line: int


class _Reach(NamedTuple):
    """How far a wire's runs go, by the cell across of each pin."""

    first: dict[int, int]
    last: dict[int, int]
    lines: dict[int, int]


@dataclass(slots=True)
class Tracer:
    """Draws one connected part."""

    graph: Layered
    orders: Sequence[Sequence[int]]
    ports: Ports
    at: Sequence[int]
    """Vertex: its first cell across."""
    lengths: Sequence[int]
    frame: Frame
    loops: Mapping[int, int]
    """Box: its edge to itself."""
    edges: Sequence[int]
    """Edge of the layered graph: its number among all, which labels are found by."""
    labels: Sequence[str]
    traces: Traces = field(default_factory=Traces)
    rects: list[Rect] = field(default_factory=list)
    low: int = 0
    high: int = 0

    def trace(self, watch: Watch) -> int:
        """Draw everything; how long it is along the layers."""
        graph, at = self.graph, self.at
        self.rects = [Rect(0, 0, 0, 0)] * graph.real
        self.high = max([at[v] + breadth for v, breadth in enumerate(self.ports.breadths)], default=0)
        channels: list[list[int]] = [[] for _ in self.orders]
        for segment, top in enumerate(graph.tops):
            channels[graph.layer[top]].append(segment)
        arriving: dict[int, int] = {}
        main = 0
        for i, row in enumerate(self.orders):
            watch("routes", i / len(self.orders))
            length = max([self.lengths[v] for v in row if v < graph.real], default=1)
            for v in row:
                if v < graph.real:
                    size = length if self.frame.equal else self.lengths[v]
                    self.rects[v] = Rect(main, at[v], size, self.ports.breadths[v])
                else:
                    self.traces.run(at[v], main, main + length - 1, arriving[v])
            main += length
            main += self._channel(main, self._wires(row, channels[i]), arriving)
        return main

    def shift(self) -> None:
        """Make the first cell across 0, when a dogleg ran before it."""
        if self.low < 0:
            self.traces = self.traces.shifted(-self.low)
            for rect in self.rects:
                rect.cross -= self.low
            self.high, self.low = self.high - self.low, 0

    def _wires(self, row: Sequence[int], segments: list[int]) -> list[_Wire]:
        """The nets of the channel after a layer."""
        graph, at, ports = self.graph, self.at, self.ports
        groups: dict[tuple[int, int], list[int]] = {}
        for s in segments:
            groups.setdefault((graph.tops[s], graph.nets[s]), []).append(s)
        wires = []
        for (v, net), group in groups.items():
            through = [self.edges[e] for s in group for e in graph.through[s]]
            ends = [self._end(s) for s in group]
            pins = Net([at[v] + ports.tops[group[0]]], sorted(ends) if len(ends) > 1 else ends)
            wires.append(_Wire(v, group, through[0], graph.turned[net], pins, self.traces.line(through)))
        for v in row if self.loops else ():
            if v in self.loops:
                pins = Net([at[v] + cell for cell in ports.loops[v]], [])
                wires.append(_Wire(v, [], self.loops[v], False, pins, self.traces.line([self.loops[v]])))
        return wires

    def _end(self, segment: int) -> int:
        """The cell across at which a segment reaches the next layer."""
        return self.at[self.graph.bottoms[segment]] + self.ports.bottoms[segment]

    def _label(self, segment: int) -> str:
        """The label of a forward segment that ends at a box."""
        return self.labels[self.edges[self.graph.through[segment][0]]]

    def _channel(self, start: int, wires: list[_Wire], arriving: dict[int, int]) -> int:
        """Draw one channel; the cells it takes along the layers: arrows back, tracks, and arrows on."""
        if not wires:
            return 0
        real = self.graph.real
        routes, tracks = route([wire.net for wire in wires])
        back = [self.labels[w.edge] for w in wires if not w.segments or (w.turned and w.start < real)]
        on = [self._label(s) for w in wires if not w.turned for s in w.segments if self.graph.bottoms[s] < real]
        lead = max([1 + len(label) for label in back] + [1])
        trail = max([1 + len(label) for label in on] + [2 if tracks else 1])
        end = start + lead + tracks + trail
        for wire, its in zip(wires, routes, strict=True):
            reach = _Reach(self._begin(wire, start), {}, {})
            self._finish(wire, end, reach, arriving)
            self._lay(wire, its, reach, start + lead)
        return end - start

    def _begin(self, wire: _Wire, start: int) -> dict[int, int]:
        """Join a net to where it starts: for each of its pins there the first cell for its run."""
        cross = wire.net.before[0]
        if wire.start >= self.graph.real:
            return {cross: start}
        after = self.rects[wire.start].after
        if wire.turned:
            return {cross: self._point_back(wire, cross, after)}
        self.traces.exits.append((wire.start, cross, True))
        if wire.segments:
            return {cross: after}
        back = wire.net.before[1]
        return {cross: after, back: self._point_back(wire, back, after)}

    def _point_back(self, wire: _Wire, cross: int, after: int) -> int:
        """Point into the later side of a box; the first cell left for the run."""
        text = self.labels[wire.edge]
        self.traces.arrows.append((after, cross, False, wire.line))
        if text:
            self.traces.labels.append((after + 1, cross, text, wire.line))
        return after + 1 + len(text)

    def _finish(self, wire: _Wire, end: int, reach: _Reach, arriving: dict[int, int]) -> None:
        """Join a net to where it ends: for each of its pins there the last cell for its run, and the line."""
        last, lines = reach.last, reach.lines
        for s in wire.segments:
            w, cross = self.graph.bottoms[s], self._end(s)
            line = wire.line
            if len(wire.segments) > 1:
                line = self.traces.line([self.edges[e] for e in self.graph.through[s]])
            lines[cross] = line
            last[cross] = end - 1
            if w >= self.graph.real:
                arriving[w] = line
            elif wire.turned:
                self.traces.exits.append((w, cross, False))
            else:
                text = self._label(s)
                self.traces.arrows.append((end - 1, cross, True, line))
                if text:
                    self.traces.labels.append((end - 1 - len(text), cross, text, line))
                last[cross] = end - 2 - len(text)

    def _lay(self, wire: _Wire, its: Route, reach: _Reach, origin: int) -> None:
        """Draw a net's bars and joints, and the runs to and from them."""
        traces, net = self.traces, wire.net
        if not its.bars:
            cross = net.before[0]
            traces.run(cross, reach.first[cross], reach.last[cross], wire.line)
            return
        for number, bar in enumerate(its.bars):
            main, line = origin + bar.track, wire.line
            before = net.before if number == 0 else [its.dogleg]
            if len(wire.segments) > 1 and number == len(its.bars) - 1:
                line = traces.fork(line, before[0], reach.lines)
            if bar.low < bar.high:
                traces.bars.append((main, bar.low, bar.high, line))
            after = net.after if number == len(its.bars) - 1 else [its.dogleg]
            for cross in {*before, *after}:
                arms = (cross in before) * BEFORE | (cross in after) * AFTER
                arms |= (cross > bar.low) * LESS | (cross < bar.high) * MORE
                traces.joints.append((main, cross, arms, line))
        self._lay_runs(wire, its, reach, origin)

    def _lay_runs(self, wire: _Wire, its: Route, reach: _Reach, origin: int) -> None:
        traces = self.traces
        early, late = origin + its.bars[0].track, origin + its.bars[-1].track
        for cross in wire.net.before:
            traces.run(cross, reach.first[cross], early - 1, wire.line)
        for cross in wire.net.after:
            traces.run(cross, late + 1, reach.last[cross], reach.lines[cross])
        if late > early:
            traces.run(its.dogleg, early + 1, late - 1, wire.line)
            self.low, self.high = min(self.low, its.dogleg), max(self.high, its.dogleg + 1)
