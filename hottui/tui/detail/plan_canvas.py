"""The plan's drawing on screen: a window that scrolls both ways, a selected box, and what is lit around it."""

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from hottui.graph.drawing import Box, Drawing
from hottui.graph.labels import Kind
from hottui.tui.look import Look
from hottui.tui.palette import GROUPS

_STYLES = {
    Kind.BLANK: "text",
    Kind.LINE: "edge",
    Kind.ARROW: "edge",
    Kind.STRATEGY: "strategy",
    Kind.BORDER: "box",
    Kind.NAME: "bold",
    Kind.MORE: "dim",
    Kind.PARALLELISM: "text",
    Kind.CHANGED: "changed",
    Kind.GROUP: "text",
    Kind.DETAIL: "dim",
}
_MARGIN = 2
"""Cells that stay between the selected box and the edge of the window."""


class PlanCanvas(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws only the window in sight; moving the selection rewrites only the rows that look different."""

    DEFAULT_CSS = """
    PlanCanvas { scrollbar-size: 1 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup,ctrl+u", "pan(0, -1)", show=False),
        Binding("pagedown,ctrl+d", "pan(0, 1)", show=False),
        Binding("shift+left,H", "pan(-1, 0)", show=False),
        Binding("shift+right,L", "pan(1, 0)", show=False),
        Binding("home,g", "select_end(0)", show=False),
        Binding("end,G", "select_end(-1)", show=False),
    ]

    class Selected(Message):
        """Another box is selected."""

    def __init__(self, look: Look, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._look = look
        self._drawing: Drawing | None = None
        self._index: dict[str, int] = {}
        self._selected: str | None = None
        self._edge: int | None = None
        self._trace = False
        self._lit: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())
        self._drawn: dict[int, list[Segment]] = {}

    @property
    def drawing(self) -> Drawing | None:
        """What is drawn."""
        return self._drawing

    @property
    def selected(self) -> Box | None:
        """The selected box."""
        return self._drawing.box_by_id[self._selected] if self._drawing and self._selected else None

    @property
    def edge(self) -> int | None:
        """The position of the selected edge in the drawing's edges, while one is selected."""
        return self._edge

    @property
    def tracing(self) -> bool:
        """Whether all that is upstream and downstream is lit and the rest dimmed."""
        return self._trace

    def show(self, drawing: Drawing, selected: str | None = None) -> None:
        """Show another drawing; the box called `selected` is kept selected where it has one."""
        self._drawing = drawing
        self._index = {box.id: position for position, box in enumerate(drawing.boxes)}
        self._edge = None
        self._drawn.clear()
        self.virtual_size = Size(drawing.width, drawing.height)
        first = drawing.boxes[0].id if drawing.boxes else None
        self._selected = None
        self.scroll_to(0, 0, animate=False, force=True, immediate=True)
        self.select(selected if selected in self._index else first)
        self.refresh()

    def select(self, box_id: str | None) -> None:
        """Select a box and bring it into sight."""
        if box_id is None or self._drawing is None:
            return
        self._selected, self._edge = box_id, None
        self._light()
        self._reveal(self._drawing.box_by_id[box_id])
        self.post_message(self.Selected())

    def select_next_edge(self) -> None:
        """Select the next edge of the selected box, after the last one none."""
        if self._drawing is None or self._selected is None:
            return
        here = [n for n, edge in enumerate(self._drawing.edges) if self._selected in (edge.source, edge.target)]
        after = [n for n in here if self._edge is None or n > self._edge]
        self._edge = after[0] if after else None
        self._light()
        self.post_message(self.Selected())

    def trace(self) -> None:
        """Light everything upstream and downstream and dim the rest, or no longer."""
        self._trace = not self._trace
        self._light()

    def _light(self) -> None:
        """Find what is lit: the selected edge, all that the box is connected to, or its own edges."""
        drawing, selected = self._drawing, self._selected
        if drawing is None or selected is None:
            return
        if self._trace:
            self._lit = drawing.lit(selected)
        else:
            edges = {n for n, edge in enumerate(drawing.edges) if selected in (edge.source, edge.target)}
            if self._edge is not None:
                edges = {self._edge}
            lines = frozenset(n for n, line in enumerate(drawing.lines) if not edges.isdisjoint(line))
            self._lit = (frozenset(), lines)
        self._redraw()

    def _redraw(self) -> None:
        for y, drawn in list(self._drawn.items()):
            if y < self.size.height and drawn != self._segments(y):
                self.refresh(Region(0, y, self.size.width, 1))

    def _reveal(self, box: Box) -> None:
        """Scroll as little as brings the box into sight; a box wider than the window shows its left side."""
        (left, top), (width, height) = self.scroll_offset, self.size
        left = min(max(left, box.x + box.width + _MARGIN - width), max(box.x - _MARGIN, 0))
        top = min(max(top, box.y + box.height + 1 - height), max(box.y - 1, 0))
        if (left, top) != self.scroll_offset:
            self.scroll_to(left, top, animate=False, force=True, immediate=True)

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        """What was drawn stands elsewhere now."""
        self._drawn.clear()
        super().watch_scroll_x(old_value, new_value)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """What was drawn stands elsewhere now."""
        self._drawn.clear()
        super().watch_scroll_y(old_value, new_value)

    def render_line(self, y: int) -> Strip:
        """One row of the window."""
        segments = self._drawn[y] = self._segments(y)
        return Strip(segments).adjust_cell_length(self.size.width, self._look.styles["text"])

    def _segments(self, y: int) -> list[Segment]:
        if self._drawing is None:
            return []
        left, top = self.scroll_offset
        row = self._drawing.rows(left, top + y, self.size.width, 1)[0]
        return [Segment(run.text, self._style(run.kind, run.owner)) for run in row]

    def _style(self, kind: Kind, owner: int) -> Style:
        styles, drawing = self._look.styles, self._drawing
        if kind is Kind.BLANK or drawing is None:
            return styles["text"]
        boxes, lines = self._lit
        if kind in (Kind.LINE, Kind.ARROW, Kind.STRATEGY):
            if owner in lines:
                return styles["edge.lit"]
            return styles["rule" if self._trace else _STYLES[kind]]
        return styles[self._box_style(kind, drawing.boxes[owner], dimmed=self._trace and owner not in boxes)]

    def _box_style(self, kind: Kind, box: Box, *, dimmed: bool) -> str:
        if box.id == self._selected and kind in (Kind.BORDER, Kind.NAME):
            return "box.selected"
        if dimmed:
            return "rule"
        groups = list(self._drawing.groups) if self._drawing else []
        if kind in (Kind.BORDER, Kind.GROUP) and len(groups) > 1 and box.group in groups:
            return f"group.{groups.index(box.group) % GROUPS}"
        return _STYLES[kind]

    def walk(self, step: Callable[[Drawing, str], str | None]) -> None:
        """Select the box that `step` leads to."""
        if self._drawing is not None and self._selected is not None:
            self.select(step(self._drawing, self._selected))

    def action_pan(self, across: int, down: int) -> None:
        """Scroll by half a window."""
        x, y = across * self.size.width // 2, down * self.size.height // 2
        self.scroll_to(self.scroll_x + x, self.scroll_y + y, animate=False, force=True, immediate=True)

    def action_select_end(self, which: int) -> None:
        """Select the first box, or the last."""
        if self._drawing is not None and self._drawing.boxes:
            self.select(self._drawing.boxes[which].id)

    def on_click(self, event: events.Click) -> None:
        """Select the box that was clicked."""
        left, top = self.scroll_offset
        box = self._drawing.box_at(left + event.x, top + event.y) if self._drawing else None
        if box is not None:
            self.select(box.id)

    def on_resize(self) -> None:
        """Everything is drawn anew at another size."""
        self._drawn.clear()
