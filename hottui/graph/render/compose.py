"""Lay out the connected components, arrange them next to each other, and add them to a display list."""

from collections.abc import Mapping, Sequence
from functools import partial

from hottui.graph.labels import Caption, Kind
from hottui.graph.layout.component import Component, Layout, lay_out_component
from hottui.graph.layout.edge_routes import AFTER, BEFORE, LESS, MORE
from hottui.graph.layout.ports import Frame
from hottui.graph.layout_progress import OnProgress
from hottui.graph.plan_graph import Level, PlanGraph
from hottui.graph.render.box_drawing import DOWN, LEFT, RIGHT, UP, Strokes
from hottui.graph.render.boxes import all_stamps
from hottui.graph.render.display_list import DisplayList
from hottui.graph.render.drawing import Box, Direction, Drawing, Edge, neighbours
from hottui.graph.render.highlight import Fork


def frame_for(direction: Direction, detail: int) -> Frame:
    """Return the spacing for a direction and a level of detail."""
    if direction is Direction.LR:
        return Frame(edge=0 if detail == 0 else 1, pitch=1, apart=0, equal=True)
    return Frame(edge=1, pitch=2, apart=1, equal=False)


def components(graph: PlanGraph) -> list[list[int]]:
    """Return the connected components as lists of member indices, ordered by their first members."""
    root = list(range(len(graph.members)))
    for link in graph.links:
        a, b = link.source, link.target
        while root[a] != a:
            root[a] = a = root[root[a]]
        while root[b] != b:
            root[b] = b = root[root[b]]
        root[max(a, b)] = min(a, b)
    found: dict[int, list[int]] = {}
    for member, before in enumerate(root):
        # `before` never comes after the member, so its root is final.
        root[member] = root[before]
        found.setdefault(root[member], []).append(member)
    return list(found.values())


class Composer:
    """Draws one plan graph."""

    def __init__(
        self,
        graph: PlanGraph,
        captions: Sequence[Caption],
        labels: Sequence[str],
        marks: Sequence[str],
        *,
        detail: int,
        direction: Direction,
        strokes: Strokes,
        on_progress: OnProgress,
    ) -> None:
        self.graph, self.captions, self.labels, self.marks = graph, captions, labels, marks
        self.detail, self.direction, self.strokes, self.on_progress = detail, direction, strokes, on_progress
        self.across = direction is Direction.TB
        self.frame = frame_for(direction, detail)
        self.ink = DisplayList()
        self.lines: list[tuple[int, ...]] = []
        self.forks: dict[int, Fork] = {}
        self.box_of: dict[int, Box] = {}
        self.paths: dict[int, tuple[int, ...]] = {}
        self.is_reversed: set[int] = set()
        self.exits: dict[int, Sequence[tuple[int, bool]]] = {}
        """Box: the cells where lines leave it, as `stamps` expects them."""
        self.filled: list[int] = []
        """Layer: the number of positions taken by the components so far."""

    def draw(self, level: Level, groups: Mapping[str, str], letters: Mapping[str, str]) -> Drawing:
        """Lay out and draw everything."""
        members, links = self.graph.members, self.graph.links
        ids = [member.id for member in members]
        self.sources, self.targets = neighbours(ids, links)
        layouts = self._layouts()
        crossings = sum([layout.crossings for _, _, layout in layouts])
        length, breadth = self._arrange(layouts)
        boxes = tuple([self.box_of[i] for i in range(len(members))])
        self.ink.boxes = partial(
            all_stamps,
            boxes,
            self.captions,
            [self.exits[i] for i in range(len(members))],
            bare=self.detail == 0,
            across=self.across,
            strokes=self.strokes,
        )
        edges = tuple(
            [
                Edge(
                    members[link.source].id,
                    members[link.target].id,
                    link.strategies,
                    self.labels[i],
                    i in self.is_reversed,
                    self.paths.get(i, ()),
                    self.marks[i],
                )
                for i, link in enumerate(links)
            ]
        )
        return Drawing(
            width=breadth if self.across else length,
            height=length if self.across else breadth,
            direction=self.direction,
            level=level,
            detail=self.detail,
            boxes=boxes,
            edges=edges,
            lines=tuple(self.lines),
            forks=self.forks,
            crossings=crossings,
            groups=groups,
            strategies={name: letter for name, letter in letters.items() if letter != "F"},
            problems=self.graph.problems,
            strokes=self.strokes,
            ink=self.ink,
        )

    def _layouts(self) -> list[tuple[list[int], list[int], Layout]]:
        """Return the members, links and layout of each component."""
        members_of = components(self.graph)
        if len(members_of) == 1:
            links = list(range(len(self.graph.links)))
            return [(members_of[0], links, self._lay_out(members_of[0], links))]
        part_of = {member: i for i, part in enumerate(members_of) for member in part}
        links_of: list[list[int]] = [[] for _ in members_of]
        for i, link in enumerate(self.graph.links):
            links_of[part_of[link.source]].append(i)
        return [(part, links, self._lay_out(part, links)) for part, links in zip(members_of, links_of, strict=True)]

    def _lay_out(self, part: list[int], links: list[int]) -> Layout:
        place = {member: i for i, member in enumerate(part)}
        # The size a box needs for its caption.
        if self.detail == 0:
            widths, heights = [self.captions[member].width + 2 for member in part], [1] * len(part)
        else:
            widths = [self.captions[member].width + 4 for member in part]
            heights = [len(self.captions[member].lines) + 2 for member in part]
        lengths, breadths = (heights, widths) if self.across else (widths, heights)
        wanted = Component(
            lengths,
            breadths,
            [place[self.graph.links[i].source] for i in links],
            [place[self.graph.links[i].target] for i in links],
            [self.labels[i] for i in links],
        )
        return lay_out_component(wanted, self.frame, self.on_progress)

    def _arrange(self, layouts: list[tuple[list[int], list[int], Layout]]) -> tuple[int, int]:
        """Arrange the components in rows as long as the longest of them; return the total size."""
        extent = max([layout.length for _, _, layout in layouts], default=0)
        main = cross = shelf = longest = 0
        for part, links, layout in layouts:
            if main and main + layout.length > extent:
                cross += shelf + 1
                main = shelf = 0
            self._write(part, links, layout, main, cross)
            longest = max(longest, main + layout.length)
            main += layout.length + 2
            shelf = max(shelf, layout.breadth)
        return longest, cross + shelf

    def _write(self, part: list[int], links: list[int], layout: Layout, main: int, cross: int) -> None:
        """Add one layout, moved by `main` and `cross`, to the boxes, edges and display list."""
        position = self._positions(layout)
        graph = layout.graph
        plain = [i for i in links if self.graph.links[i].source != self.graph.links[i].target]
        for local, i in enumerate(plain):
            chain = graph.chains[local]
            if len(chain) > 2:
                self.paths[i] = tuple([position[v] for v in chain[1:-1]])
            if graph.is_reversed[graph.net_of[local]]:
                self.is_reversed.add(i)
        self._write_boxes(part, layout, position, main, cross)
        self._write_lines(links, layout, main, cross)

    def _positions(self, layout: Layout) -> list[int]:
        position = [0] * len(layout.graph.layer)
        self.filled += [0] * (len(layout.orders) - len(self.filled))
        for i, row in enumerate(layout.orders):
            for step, v in enumerate(row, start=self.filled[i]):
                position[v] = step
            self.filled[i] += len(row)
        return position

    def _write_boxes(self, part: list[int], layout: Layout, position: list[int], main: int, cross: int) -> None:
        exits: dict[int, list[tuple[int, bool]]] = {}
        for v, cell, later in layout.traces.exits:
            exits.setdefault(v, []).append((cell - layout.rects[v].cross, later))
        for v, member_index in enumerate(part):
            rect, caption, member = layout.rects[v], self.captions[member_index], self.graph.members[member_index]
            x, y, width, height = rect.main + main, rect.cross + cross, rect.length, rect.breadth
            if self.across:
                x, y, width, height = y, x, height, width
            box = Box(
                member.id,
                tuple([node.id for node in member.nodes]),
                x,
                y,
                width,
                height,
                layout.graph.layer[v],
                position[v],
                caption.name,
                caption.parallelism,
                caption.group,
                caption.letter,
                caption.changed,
                tuple(self.sources[member_index]),
                tuple(self.targets[member_index]),
                caption.mark,
            )
            self.box_of[member_index] = box
            self.exits[member_index] = exits.get(v, ())

    def _write_lines(self, links: list[int], layout: Layout, main: int, cross: int) -> None:
        traces, ink, strokes = layout.traces, self.ink, self.strokes
        base = len(self.lines)
        self.lines += [tuple([links[e] for e in edges]) for edges in traces.edges]
        for line, start, ends in traces.forks:
            self.forks[line + base] = Fork(start + cross, {end + cross: on + base for end, on in ends.items()})
        along, across = (ink.verticals, ink.horizontals) if self.across else (ink.horizontals, ink.verticals)
        along += [(c + cross, a + main, b + main, line + base) for c, a, b, line in traces.runs]
        across += [(m + main, a + cross, b + cross, line + base) for m, a, b, line in traces.bars]
        arms = [strokes.joints[joint] for joint in (_DOWN_THE_PAGE if self.across else _ACROSS_THE_PAGE)]
        on, back = strokes.arrows[2:] if self.across else strokes.arrows[:2]
        points = [(m + main, c + cross, arms[joint], Kind.LINE, line + base) for m, c, joint, line in traces.joints]
        points += [
            (m + main, c + cross, on if forward else back, Kind.ARROW, line + base)
            for m, c, forward, line in traces.arrows
        ]
        points += [
            (m + main + step, c + cross, char, Kind.STRATEGY, line + base)
            for m, c, text, line in traces.labels
            for step, char in enumerate(text)
        ]
        ink.points += [(y, x, char, kind, line) for x, y, char, kind, line in points] if self.across else points


def _arms(turn: Mapping[int, int]) -> list[int]:
    """Return, for each sum of joint arms along and across the layers, the sum of the arms on screen."""
    return [sum([screen for arm, screen in turn.items() if joint & arm]) for joint in range(16)]


_ACROSS_THE_PAGE = _arms({BEFORE: LEFT, AFTER: RIGHT, LESS: UP, MORE: DOWN})
_DOWN_THE_PAGE = _arms({BEFORE: UP, AFTER: DOWN, LESS: LEFT, MORE: RIGHT})
