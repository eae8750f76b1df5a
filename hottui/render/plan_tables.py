"""The plan as two searchable tables, nodes and edges. Rows are rendered on access: a plan may have thousands."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import overload

from hottui.graph.difference_marks import NO_MARKS, Marks
from hottui.graph.labels import short_name
from hottui.model.cell_width import cells, fit
from hottui.model.control_characters import visible
from hottui.model.plan import Edge, Node, Plan
from hottui.render.glyphs import mark_style
from hottui.render.styled_text import EMPTY, Line, Span, line

_LONGEST = 400
"""Maximum characters of a description shown; copying gives the whole text."""
_WIDEST = {"NODE": 20, "PARALLELISM": 20, "GROUP": 24, "VERTEX": 12, "STRATEGY": 16, "MODE": 24}
"""Maximum width of each column in cells."""


class PlanTables(Sequence[Line]):
    """The lines of both tables; `matching` filters the rows."""

    def __init__(self, plan: Plan, changes: Mapping[str, tuple[int, int]], marks: Marks = NO_MARKS) -> None:
        self._plan, self._changes, self._marks = plan, changes, marks
        self._vertex_of = {node: vertex for vertex, nodes in plan.vertices for node in nodes}
        self._nodes: Sequence[int] = range(len(plan.nodes))
        self._edges: Sequence[int] = range(len(plan.edges))
        self._marked = bool(marks.nodes or marks.edges)
        ids = _column("NODE", [node.id for node in plan.nodes])
        self._columns = (
            ids,
            _column("PARALLELISM", [self._parallelism(node) for node in plan.nodes]),
            _column("GROUP", [self._group(node) for node in plan.nodes]),
            _column("VERTEX", ["", *(vertex for vertex, _ in plan.vertices)]),
        )
        longest = max((min(cells(node.desc or node.type), 2 * _LONGEST) for node in plan.nodes), default=0)
        self.width = sum(self._columns) + len(self._columns) + 2 + longest + 2 * self._marked
        """Width of the longest line in cells, or slightly more."""
        self._edge_columns = (
            max(ids, 7),
            max(ids, 5),
            _column("STRATEGY", [edge.strategy for edge in plan.edges]),
            _column("MODE", [edge.mode for edge in plan.edges]),
        )

    def matching(self, words: tuple[str, ...]) -> "PlanTables":
        """Return the tables with only the rows that contain every word; `words` are in lower case."""
        if not words:
            return self
        nodes, edges = self._texts
        found = copy(self)  # shares the cached search texts
        found._nodes = [n for n, text in enumerate(nodes) if all(word in text for word in words)]
        found._edges = [n for n, text in enumerate(edges) if all(word in text for word in words)]
        return found

    def make_searchable(self) -> None:
        """Compute the search texts, which is slow for thousands of rows."""
        _ = self._texts

    @cached_property
    def _texts(self) -> tuple[list[str], list[str]]:
        """The search texts of all nodes and all edges."""
        vertex = self._vertex_of
        nodes = [f"{n.id} {n.group} {vertex.get(n.id, '')} {n.desc} {n.type}".lower() for n in self._plan.nodes]
        edges = [f"{e.source} {e.target} {e.strategy} {e.mode}".lower() for e in self._plan.edges]
        return nodes, edges

    @property
    def found(self) -> tuple[int, int]:
        """The numbers of nodes and edges in the tables."""
        return len(self._nodes), len(self._edges)

    def __len__(self) -> int:
        return len(self._nodes) + len(self._edges) + 3

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        """Render a line of the tables."""
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        if index == 0:
            return self._titles(self._columns, "NODE", "PARALLELISM", "GROUP", "VERTEX", "OPERATOR")
        if index <= len(self._nodes):
            return self._node(self._plan.nodes[self._nodes[index - 1]])
        at = index - len(self._nodes) - 3
        if at == -2:
            return EMPTY
        if at == -1:
            return self._titles(self._edge_columns, "FROM", "TO", "STRATEGY", "MODE", "OPERATORS")
        return self._edge(self._plan.edges[self._edges[at]])

    def __iter__(self) -> Iterator[Line]:
        return (self[at] for at in range(len(self)))

    def _parallelism(self, node: Node) -> str:
        if node.id in self._changes:
            old, new = self._changes[node.id]
            return f"×{old} → ×{new}"
        return "–" if node.parallelism is None else f"×{node.parallelism}"

    def _group(self, node: Node) -> str:
        """Return the group, with the one before where they differ."""
        if node.id not in self._marks.groups:
            return visible(node.group)
        return visible(" → ".join(self._marks.groups[node.id]))

    def _mark_column(self, mark: str) -> Span:
        """Return the column of marks; empty unless the tables are of two plans."""
        return Span(f" {mark or ' '}" if self._marked else "", mark_style(mark))

    def _titles(self, columns: Sequence[int], *titles: str) -> Line:
        widths = [*columns, len(titles[-1])]
        text = " ".join(fit(title, width) for title, width in zip(titles, widths, strict=True))
        return line((f"{'  ' if self._marked else ''} {text}", "header"))

    def _node(self, node: Node) -> Line:
        what = node.desc or node.type
        ids, parallelism, group, vertex = self._columns
        return line(
            self._mark_column(self._marks.nodes.get(node.id, "")),
            (f" {fit(visible(node.id), ids)} ", "accent"),
            (f"{fit(self._parallelism(node), parallelism)} ", "changed" if node.id in self._changes else "text"),
            (f"{fit(self._group(node), group)} {fit(visible(self._vertex_of.get(node.id, '')), vertex)} ", "dim"),
            (visible(what[:_LONGEST]) + ("…" if len(what) > _LONGEST else ""), "text"),
            value=what,
        )

    def _edge(self, edge: Edge) -> Line:
        texts = [
            fit(visible(text), width)
            for text, width in zip(
                (edge.source, edge.target, edge.strategy, edge.mode), self._edge_columns, strict=True
            )
        ]
        ends = [self._plan.node_by_id.get(end) for end in (edge.source, edge.target)]
        names = " → ".join(visible(short_name(node)) if node else "(no such node)" for node in ends)
        return line(
            self._mark_column(self._marks.of_edge(edge)),
            (f" {texts[0]} {texts[1]} ", "accent"),
            (f"{texts[2]} ", "strategy"),
            (f"{texts[3]} ", "dim"),
            (names, "text"),
            value=f"{edge.source} → {edge.target}",
        )


def _column(title: str, texts: Sequence[str]) -> int:
    return min(max([len(title), *map(cells, texts)]), _WIDEST[title])
