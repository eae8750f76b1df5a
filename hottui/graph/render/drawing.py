"""A finished drawing: boxes, edges, navigation, and rows of characters for any window."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from hottui.graph.difference_marks import ADDED, REMOVED
from hottui.graph.layout.edge_list import expand
from hottui.graph.plan_graph import Level, Link
from hottui.graph.render.box_drawing import Strokes
from hottui.graph.render.display_list import DisplayList, Run, Sheet
from hottui.graph.render.highlight import Fork, Highlight


class Direction(StrEnum):
    """The direction in which layers follow each other."""

    LR = "lr"
    """From left to right."""
    TB = "tb"
    """From top to bottom."""


class Box(NamedTuple):
    """One box: position and size in cells, and the operators it represents."""

    id: str
    nodes: tuple[str, ...]
    """The ids of its operators, chained in this order."""
    x: int
    y: int
    width: int
    height: int
    layer: int
    position: int
    """Its position in its layer, among boxes and dummies."""
    name: str
    parallelism: str
    group: str
    letter: str
    changed: bool
    sources: tuple[str, ...]
    """Ids of the boxes its incoming edges come from."""
    targets: tuple[str, ...]
    mark: str = ""
    """`+`, `-` or `±` in a drawing of two plans in one."""


class Edge(NamedTuple):
    """All plan edges from one box to another, drawn as one."""

    source: str
    target: str
    strategies: tuple[str, ...]
    label: str
    is_reversed: bool
    """Whether it runs against the layers because it closes a cycle."""
    path: tuple[int, ...]
    """Its position in each layer between its ends, in layer order."""
    mark: str = ""
    """`+`, `-` or `±` in a drawing of two plans in one."""


@dataclass(frozen=True)
class Drawing:
    """An immutable plan drawing. Rows are rendered on request."""

    width: int
    height: int
    direction: Direction
    level: Level
    detail: int
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    lines: tuple[tuple[int, ...], ...]
    """By `Run.owner` of a line: the indices in `edges` of the edges that share it."""
    forks: Mapping[int, Fork]
    """By index in `lines`: bars on which edges diverge, so that each part carries only some of them."""
    crossings: int
    groups: Mapping[str, str]
    """Group name → letter, in plan order."""
    strategies: Mapping[str, str]
    """Ship strategy → letter, for those that occur except FORWARD."""
    problems: tuple[str, ...]
    strokes: Strokes
    ink: DisplayList

    @cached_property
    def _sheet(self) -> Sheet:
        return Sheet(self.ink, self.strokes, self.width, self.height)

    @cached_property
    def box_by_id(self) -> dict[str, Box]:
        """Box id → box."""
        return {box.id: box for box in self.boxes}

    @cached_property
    def box_of_node(self) -> dict[str, Box]:
        """Node id → the box that contains it."""
        return {node: box for box in self.boxes for node in box.nodes}

    @cached_property
    def edges_of(self) -> dict[str, list[int]]:
        """Box id → the indices in `edges` of its edges."""
        found: dict[str, list[int]] = {box.id: [] for box in self.boxes}
        for number, edge in enumerate(self.edges):
            found[edge.source].append(number)
            if edge.target != edge.source:
                found[edge.target].append(number)
        return found

    @cached_property
    def _number(self) -> dict[str, int]:
        """Box id → its index in `boxes`."""
        return {box.id: number for number, box in enumerate(self.boxes)}

    @cached_property
    def _lines_of(self) -> list[list[int]]:
        """By edge: the indices in `lines` of the lines it runs along."""
        found: list[list[int]] = [[] for _ in self.edges]
        for number, line in enumerate(self.lines):
            for edge in line:
                found[edge].append(number)
        return found

    @cached_property
    def marked_lines(self) -> dict[int, str]:
        """Index in `lines` → `+` or `-`, for lines whose edges are all only in the second plan, or in the first."""
        if not any(edge.mark for edge in self.edges):
            return {}
        marks = ({self.edges[edge].mark for edge in line} for line in self.lines)
        return {number: own.pop() for number, own in enumerate(marks) if own in ({ADDED}, {REMOVED})}

    def rows(self, x: int, y: int, width: int, height: int) -> list[tuple[Run, ...]]:
        """Render the window with the first cell (`x`, `y`): `height` rows of exactly `width` cells, blank outside."""
        return [self._sheet.row(row, x, width) for row in range(y, y + height)]

    def text(self, width: int | None = None) -> str:
        """Return the drawing as text without trailing blanks, cut after `width` cells."""
        cells = self.width if width is None else min(width, self.width)
        rows = self.rows(0, 0, cells, self.height)
        return "\n".join("".join([run.text for run in row]).rstrip() for row in rows)

    def prepare(self) -> None:
        """Build the indexes for rendering, navigation and highlighting now; in a large drawing that is slow."""
        self.rows(0, 0, 1, 1)
        _ = self.box_by_id, self.box_of_node, self.edges_of, self._lines_of, self._number, self.marked_lines

    def box_at(self, x: int, y: int) -> Box | None:
        """Return the box that covers a cell."""
        for box in self._boxes_by_band.get(y // 16, ()):
            if box.x <= x < box.x + box.width and box.y <= y < box.y + box.height:
                return box
        return None

    @cached_property
    def _boxes_by_band(self) -> dict[int, list[Box]]:
        bands: dict[int, list[Box]] = {}
        for box in self.boxes:
            for band in range(box.y // 16, (box.y + box.height - 1) // 16 + 1):
                bands.setdefault(band, []).append(box)
        return bands

    def upstream(self, box_id: str) -> frozenset[str]:
        """Return the ids of all boxes upstream of `box_id`."""
        return self._reach(box_id, True)

    def downstream(self, box_id: str) -> frozenset[str]:
        """Return the ids of all boxes downstream of `box_id`."""
        return self._reach(box_id, False)

    def _reach(self, box_id: str, back: bool) -> frozenset[str]:
        found: set[str] = set()
        waiting = [box_id]
        while waiting:
            box = self.box_by_id[waiting.pop()]
            for near in box.sources if back else box.targets:
                if near not in found:
                    found.add(near)
                    waiting.append(near)
        return frozenset(found)

    def around(self, box_id: str) -> Highlight:
        """Return the highlight of a box and everything upstream and downstream of it."""
        before = self.upstream(box_id) | {box_id}
        after = self.downstream(box_id) | {box_id}
        edges = [
            i
            for i, edge in enumerate(self.edges)
            if (edge.source in before and edge.target in before) or (edge.source in after and edge.target in after)
        ]
        return self._highlight(before | after, edges)

    def along(self, edges: Iterable[int]) -> Highlight:
        """Return the highlight of these edges (indices in `edges`) and the boxes at their ends."""
        return self._highlight({end for n in edges for end in (self.edges[n].source, self.edges[n].target)}, edges)

    def _highlight(self, boxes: Set[str], edges: Iterable[int]) -> Highlight:
        lines = frozenset(line for edge in edges for line in self._lines_of[edge])
        across = self.direction is Direction.TB
        parts = {line: self.forks[line].highlighted(lines, across=across) for line in lines & self.forks.keys()}
        return Highlight(frozenset(self._number[box] for box in boxes), lines, parts)

    def edges_at(self, line: int, x: int, y: int) -> tuple[int, ...]:
        """Return the indices in `edges` of the edges that run through a cell of a line."""
        fork = self.forks.get(line)
        if fork is None:
            return self.lines[line]
        passing = fork.passing(x if self.direction is Direction.TB else y)
        return tuple(sorted(edge for on in passing for edge in self.lines[on]))

    def left(self, box_id: str) -> str | None:
        """Return the next box to the left: along edges if layers run that way, otherwise within the layer."""
        return self._along(box_id, -1) if self.direction is Direction.LR else self._across(box_id, -1)

    def right(self, box_id: str) -> str | None:
        """See `left`."""
        return self._along(box_id, 1) if self.direction is Direction.LR else self._across(box_id, 1)

    def up(self, box_id: str) -> str | None:
        """See `left`."""
        return self._across(box_id, -1) if self.direction is Direction.LR else self._along(box_id, -1)

    def down(self, box_id: str) -> str | None:
        """See `left`."""
        return self._across(box_id, 1) if self.direction is Direction.LR else self._along(box_id, 1)

    def _middle(self, box: Box) -> int:
        """Return twice the centre of a box across the layers."""
        return 2 * box.y + box.height if self.direction is Direction.LR else 2 * box.x + box.width

    def _main(self, box: Box) -> int:
        """Return the coordinate of a box along the layers."""
        return box.x if self.direction is Direction.LR else box.y

    @cached_property
    def _part(self) -> dict[str, int]:
        """Box id → its connected component."""
        part: dict[str, int] = {}
        for number, start in enumerate(self.boxes):
            waiting = [start.id]
            while waiting:
                box_id = waiting.pop()
                if box_id not in part:
                    part[box_id] = number
                    waiting += [*self.box_by_id[box_id].sources, *self.box_by_id[box_id].targets]
        return part

    def _along(self, box_id: str, step: int) -> str | None:
        """Return the connected box on that side that is best aligned with this one, the nearest layer first."""
        box = self.box_by_id[box_id]
        near = [self.box_by_id[other] for other in dict.fromkeys((*box.sources, *box.targets))]
        near = [other for other in near if (other.layer - box.layer) * step > 0]
        here = self._middle(box)
        if not near:
            # Only another component can lie beyond.
            near = [
                other
                for other in self.boxes
                if self._part[other.id] != self._part[box_id] and (self._main(other) - self._main(box)) * step > 0
            ]
            return min(near, key=lambda o: (abs(self._middle(o) - here), abs(self._main(o)), o.id)).id if near else None
        return min(near, key=lambda other: (abs(self._middle(other) - here), abs(other.layer - box.layer))).id

    def _across(self, box_id: str, step: int) -> str | None:
        """Return the next box of the layer; after the last one, the nearest box on that side in any layer."""
        box = self.box_by_id[box_id]
        here = self._middle(box)
        side = [other for other in self.boxes if (self._middle(other) - here) * step > 0]
        if not side:
            return None
        same = [other for other in side if other.layer == box.layer]
        return min(
            same or side, key=lambda other: (abs(self._middle(other) - here), abs(other.layer - box.layer), other.id)
        ).id

    def layout_json(self) -> dict[str, object]:
        """Return the layout with one line per edge: layer and position of each box and of each dummy
        (`SOURCE->TARGET@LAYER`), the crossings counted that way, and the size in cells."""
        nodes, dummies, crossings = expand(self.boxes, {(e.source, e.target): e.path for e in self.edges})
        return {
            "nodes": nodes,
            "dummies": dummies,
            "crossings": crossings,
            "width": self.width,
            "height": self.height,
        }


def neighbours(ids: Sequence[str], links: Iterable[Link]) -> tuple[list[list[str]], list[list[str]]]:
    """Return the ids of the predecessors and successors of each member, in order, without self-loops."""
    sources: list[list[str]] = [[] for _ in ids]
    targets: list[list[str]] = [[] for _ in ids]
    for source, target, _ in links:
        if source != target:
            targets[source].append(ids[target])
            sources[target].append(ids[source])
    return sources, targets
