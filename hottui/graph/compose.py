"""Connected parts laid out one by one, set beside each other, and written as ink."""

from collections.abc import Mapping, Sequence
from functools import partial

from hottui.graph.boxes import stamps
from hottui.graph.drawing import Box, Direction, Drawing, Edge, neighbours
from hottui.graph.ink import Ink
from hottui.graph.labels import Caption, Kind
from hottui.graph.layout import Layout, Part, lay_out
from hottui.graph.light import Fork
from hottui.graph.ports import Frame
from hottui.graph.prepare import Level, PlanGraph
from hottui.graph.strokes import DOWN, LEFT, RIGHT, UP, Strokes
from hottui.graph.traces import AFTER, BEFORE, LESS, MORE
from hottui.graph.watch import Watch


def frame_for(direction: Direction, detail: int) -> Frame:
    """How boxes and lines share the cells."""
    if direction is Direction.LR:
        return Frame(edge=0 if detail == 0 else 1, pitch=1, apart=0, equal=True)
    return Frame(edge=1, pitch=2, apart=1, equal=False)


def parts(graph: PlanGraph) -> list[list[int]]:
    """The connected parts, each with its members in order, by their first members."""
    root = list(range(len(graph.members)))

    def find(member: int) -> int:
        while root[member] != member:
            root[member] = root[root[member]]
            member = root[member]
        return member

    for link in graph.links:
        a, b = find(link.source), find(link.target)
        root[max(a, b)] = min(a, b)
    found: dict[int, list[int]] = {}
    for member in range(len(root)):
        found.setdefault(find(member), []).append(member)
    return list(found.values())


class Composer:
    """Draws one graph."""

    def __init__(
        self,
        graph: PlanGraph,
        captions: Sequence[Caption],
        labels: Sequence[str],
        *,
        detail: int,
        direction: Direction,
        strokes: Strokes,
        watch: Watch,
    ) -> None:
        self.graph, self.captions, self.labels = graph, captions, labels
        self.detail, self.direction, self.strokes, self.watch = detail, direction, strokes, watch
        self.across = direction is Direction.TB
        self.frame = frame_for(direction, detail)
        self.ink = Ink()
        self.lines: list[tuple[int, ...]] = []
        self.forks: dict[int, Fork] = {}
        self.box_of: dict[int, Box] = {}
        self.paths: dict[int, tuple[int, ...]] = {}
        self.turned: set[int] = set()
        self.filled: list[int] = []
        """Layer: how many positions the parts so far have taken."""

    def draw(self, level: Level, groups: Mapping[str, str], letters: Mapping[str, str]) -> Drawing:
        """Lay everything out and write it down."""
        members, links = self.graph.members, self.graph.links
        self.sources, self.targets = neighbours(
            [member.id for member in members], [(members[k.source].id, members[k.target].id) for k in links]
        )
        layouts = self._layouts()
        crossings = sum([layout.crossings for _, _, layout in layouts])
        length, breadth = self._arrange(layouts)
        edges = tuple(
            [
                Edge(
                    members[link.source].id,
                    members[link.target].id,
                    link.strategies,
                    self.labels[i],
                    i in self.turned,
                    self.paths.get(i, ()),
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
            boxes=tuple([self.box_of[i] for i in range(len(members))]),
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

    def _sizes(self, caption: Caption) -> tuple[int, int]:
        """Width and height a box needs for what it says."""
        if self.detail == 0:
            return caption.width + 2, 1
        return caption.width + 4, len(caption.lines) + 2

    def _layouts(self) -> list[tuple[list[int], list[int], Layout]]:
        """For each part its members, its links, and its layout."""
        members_of = parts(self.graph)
        part_of = {member: i for i, part in enumerate(members_of) for member in part}
        links_of: list[list[int]] = [[] for _ in members_of]
        for i, link in enumerate(self.graph.links):
            links_of[part_of[link.source]].append(i)
        return [(part, links, self._lay_out(part, links)) for part, links in zip(members_of, links_of, strict=True)]

    def _lay_out(self, part: list[int], links: list[int]) -> Layout:
        place = {member: i for i, member in enumerate(part)}
        sizes = [self._sizes(self.captions[member]) for member in part]
        widths, heights = [w for w, _ in sizes], [h for _, h in sizes]
        lengths, breadths = (heights, widths) if self.across else (widths, heights)
        wanted = Part(
            lengths,
            breadths,
            [place[self.graph.links[i].source] for i in links],
            [place[self.graph.links[i].target] for i in links],
            [self.labels[i] for i in links],
        )
        return lay_out(wanted, self.frame, self.watch)

    def _arrange(self, layouts: list[tuple[list[int], list[int], Layout]]) -> tuple[int, int]:
        """Set the parts in shelves as long as the longest of them; the size of all."""
        room = max([layout.length for _, _, layout in layouts], default=0)
        main = cross = shelf = longest = 0
        for part, links, layout in layouts:
            if main and main + layout.length > room:
                cross += shelf + 1
                main = shelf = 0
            self._write(part, links, layout, main, cross)
            longest = max(longest, main + layout.length)
            main += layout.length + 2
            shelf = max(shelf, layout.breadth)
        return longest, cross + shelf

    def _write(self, part: list[int], links: list[int], layout: Layout, main: int, cross: int) -> None:
        """Turn one layout, moved by `main` and `cross`, into boxes, edges and ink."""
        position = self._positions(layout)
        graph = layout.graph
        plain = [i for i in links if self.graph.links[i].source != self.graph.links[i].target]
        for local, i in enumerate(plain):
            path = graph.chains[local][1:-1]
            self.paths[i] = tuple([position[v] for v in path])
            if graph.turned[graph.net_of[local]]:
                self.turned.add(i)
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
                id=member.id,
                nodes=tuple([node.id for node in member.nodes]),
                x=x,
                y=y,
                width=width,
                height=height,
                layer=layout.graph.layer[v],
                position=position[v],
                name=caption.name,
                parallelism=caption.parallelism,
                group=caption.group,
                letter=caption.letter,
                changed=caption.changed,
                sources=tuple(self.sources[member.id]),
                targets=tuple(self.targets[member.id]),
            )
            self.box_of[member_index] = box
            self.ink.boxes.append(
                partial(
                    stamps,
                    box,
                    member_index,
                    caption,
                    exits.get(v, []),
                    bare=self.detail == 0,
                    across=self.across,
                    strokes=self.strokes,
                )
            )

    def _write_lines(self, links: list[int], layout: Layout, main: int, cross: int) -> None:
        traces, ink, strokes = layout.traces, self.ink, self.strokes
        base = len(self.lines)
        self.lines += [tuple([links[e] for e in edges]) for edges in traces.edges]
        for line, start, ends in traces.forks:
            self.forks[line + base] = Fork(start + cross, {end + cross: on + base for end, on in ends.items()})
        along, across = (ink.verticals, ink.horizontals) if self.across else (ink.horizontals, ink.verticals)
        along += [(c + cross, a + main, b + main, line + base) for c, a, b, line in traces.runs]
        across += [(m + main, a + cross, b + cross, line + base) for m, a, b, line in traces.bars]
        arms = _arms(self.across)
        for m, c, joint, line in traces.joints:
            ink.points.append((*self._cell(m + main, c + cross), strokes.joints[arms[joint]], Kind.LINE, line + base))
        on, back = strokes.arrows[2:] if self.across else strokes.arrows[:2]
        for m, c, forward, line in traces.arrows:
            cell = self._cell(m + main, c + cross)
            ink.points.append((*cell, on if forward else back, Kind.ARROW, line + base))
        for m, c, text, line in traces.labels:
            for step, char in enumerate(text):
                cell = self._cell(m + main + step, c + cross)
                ink.points.append((*cell, char, Kind.STRATEGY, line + base))

    def _cell(self, main: int, cross: int) -> tuple[int, int]:
        return (cross, main) if self.across else (main, cross)


def _arms(across: bool) -> list[int]:
    """For each sum of a joint's arms along and across the layers, the sum of its arms on the screen."""
    turn = (
        {BEFORE: UP, AFTER: DOWN, LESS: LEFT, MORE: RIGHT}
        if across
        else {BEFORE: LEFT, AFTER: RIGHT, LESS: UP, MORE: DOWN}
    )
    return [sum([screen for arm, screen in turn.items() if joint & arm]) for joint in range(16)]
