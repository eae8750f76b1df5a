"""The scrollable graph of the plan: a selected box or edge, and the highlight around it."""

from collections.abc import Callable, Iterator
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from hottui.graph.difference_marks import ADDED, REMOVED
from hottui.graph.labels import Kind
from hottui.graph.render.box_drawing import dashed, highlighted, highlighted_arms, selected
from hottui.graph.render.display_list import Run
from hottui.graph.render.drawing import Box, Drawing
from hottui.graph.render.highlight import Highlight
from hottui.render.glyphs import mark_style
from hottui.render.plan_legend import group_styles
from hottui.tui.appearance import SCROLLBARS, Appearance
from hottui.tui.detail.error_boundary import InternalError, contained

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
    Kind.ADDED: mark_style(ADDED),
    Kind.REMOVED: mark_style(REMOVED),
}
_LINES = (Kind.LINE, Kind.ARROW, Kind.STRATEGY)
_WHEEL = 8
"""Cells scrolled horizontally per wheel step."""
_MARGIN = 2
"""Cells kept between the selected box and the edge of the viewport."""


class PlanCanvas(ScrollView, can_focus=True, inherit_bindings=False):
    """Renders only the viewport; moving the selection refreshes only the rows that change."""

    DEFAULT_CSS = f"PlanCanvas {{ {SCROLLBARS} }}"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup,ctrl+u", "pan(0, -1)", show=False),
        Binding("pagedown,ctrl+d", "pan(0, 1)", show=False),
        Binding("shift+left,H", "pan(-1, 0)", show=False),
        Binding("shift+right,L", "pan(1, 0)", show=False),
        Binding("home,g", "select_end(0)", show=False),
        Binding("end,G", "select_end(-1)", show=False),
    ]

    class Selected(Message):
        """Posted when another box or edge is selected."""

    def __init__(self, appearance: Appearance, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._appearance = appearance
        self._drawing: Drawing | None = None
        self._selected: str | None = None
        self._node: str | None = None
        self._edge: int | None = None
        self._trace = False
        self._highlight = Highlight()
        self._groups: dict[str, str] = {}
        self._row_cache: dict[int, list[Segment]] = {}

    @property
    def drawing(self) -> Drawing | None:
        """The drawing shown."""
        return self._drawing

    @property
    def selected(self) -> Box | None:
        """The selected box."""
        return self._drawing.box_by_id[self._selected] if self._drawing and self._selected else None

    @property
    def edge(self) -> int | None:
        """The index of the selected edge in the drawing, or None."""
        return self._edge

    @property
    def tracing(self) -> bool:
        """Whether everything upstream and downstream is highlighted and the rest dimmed."""
        return self._trace

    # Drawing and selection

    def show(self, drawing: Drawing, *, reset: bool) -> None:
        """Show another drawing, from its first box if `reset`.

        Otherwise the box with the selected operator stays selected, at the same place on the screen.
        """
        last, old, edge = self.selected, self._drawing, self._edge
        kept = drawing.box_of_node.get(self._node or "") if not reset else None
        left, top = self.scroll_offset
        self._drawing, self._groups = drawing, group_styles(drawing)
        self._edge = _same_edge(old, drawing, edge) if kept else None
        self._trace = self._trace and not reset
        self._row_cache.clear()
        self._selected = None
        self.virtual_size = Size(drawing.width, drawing.height)
        chosen = kept or next(iter(drawing.boxes), None)
        if chosen is None:
            self._node = None
            self.refresh()
            return
        offset = (left + kept.x - last.x, top + kept.y - last.y) if kept and last else (0, 0)
        self._selected = chosen.id
        if not kept:
            self._node = next(iter(chosen.nodes), None)
        self._update_highlight()
        self._reveal(chosen, offset)
        self.refresh()
        self.post_message(self.Selected())

    def clear(self) -> None:
        """Remove the drawing."""
        self._drawing = self._selected = self._node = self._edge = None
        self._row_cache.clear()
        self.refresh()

    def select(self, box_id: str | None, edge: int | None = None) -> None:
        """Select a box, or one of its edges, and scroll the box into view."""
        if box_id is None or self._drawing is None or (box_id, edge) == (self._selected, self._edge):
            return
        box = self._drawing.box_by_id[box_id]
        self._selected, self._edge = box_id, edge
        self._node = next(iter(box.nodes), None)
        self._update_highlight()
        self._redraw()
        self._reveal(box, self.scroll_offset)
        self.post_message(self.Selected())

    def select_next_edge(self) -> None:
        """Select the next edge of the selected box; after the last one, none."""
        if self._drawing is None or self._selected is None:
            return
        after = [n for n in self._own_edges() if self._edge is None or n > self._edge]
        self.select(self._selected, after[0] if after else None)

    def trace(self) -> None:
        """Toggle highlighting everything upstream and downstream."""
        self._trace = not self._trace
        self._update_highlight()
        self._redraw()

    def _own_edges(self) -> list[int]:
        return self._drawing.edges_of[self._selected] if self._drawing and self._selected else []

    def _update_highlight(self) -> None:
        """Compute the highlight: the selected edge, everything up- and downstream of the box, or its own edges."""
        drawing, chosen = self._drawing, self._selected
        if drawing is None or chosen is None:
            return
        if self._trace and self._edge is None:
            self._highlight = drawing.around(chosen)
        else:
            self._highlight = drawing.along(self._own_edges() if self._edge is None else (self._edge,))

    # Viewport

    @contained
    def _redraw(self) -> None:
        for y in range(self.size.height):
            if self._row_cache.get(y) != self._segments(y):
                self.refresh(Region(0, y, self.size.width, 1))

    def _reveal(self, box: Box, offset: tuple[int, int]) -> None:
        """Scroll to `offset`, adjusted as little as needed to bring the box into view; of a box wider than the
        viewport the left side is shown."""
        (left, top), (width, height) = offset, self.size
        left = min(max(left, box.x + box.width + _MARGIN - width), max(box.x - _MARGIN, 0))
        top = min(max(top, box.y + box.height + 1 - height), max(box.y - 1, 0))
        if (left, top) != self.scroll_offset:
            self.scroll_to(left, top, animate=False, force=True, immediate=True)

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        """Discard the cached rows."""
        self._row_cache.clear()
        super().watch_scroll_x(old_value, new_value)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Discard the cached rows."""
        self._row_cache.clear()
        super().watch_scroll_y(old_value, new_value)

    def on_focus(self) -> None:
        """Redraw the selected box, whose style shows the focus."""
        self._redraw()

    on_blur = on_focus

    def render_line(self, y: int) -> Strip:
        """Render one row of the viewport."""
        try:
            segments = self._row_cache[y] = self._segments(y)
        except Exception as error:  # noqa: BLE001 - posted, to be reported
            self.post_message(InternalError(error))
            segments = []
        return Strip(segments).adjust_cell_length(self.size.width, self._appearance.styles["text"])

    def _segments(self, y: int) -> list[Segment]:
        if self._drawing is None:
            return []
        left, top = self.scroll_offset
        segments: list[Segment] = []
        for run in self._drawing.rows(left, top + y, self.size.width, 1)[0]:
            if run.kind in _LINES:
                segments += self._line(run, left, top + y, self._drawing)
            else:
                segments.append(self._segment(run, self._drawing))
            left += cell_len(run.text)
        return segments

    def _line(self, run: Run, x: int, y: int, drawing: Drawing) -> Iterator[Segment]:
        """Yield the segments of a piece of an edge; where edges fork, only the highlighted branches are highlighted."""
        mark, styles = drawing.marked_lines.get(run.owner, ""), self._appearance.styles
        away = "dim" if run.kind is Kind.STRATEGY else "rule"  # letters must be legible
        bright, plain = (
            styles["edge.lit"],
            styles[away if self._trace else mark_style(mark) if mark else _STYLES[run.kind]],
        )
        if mark == REMOVED and run.kind is Kind.LINE:
            run = run._replace(text=dashed(run.text, drawing.strokes))
        part = self._highlight.parts.get(run.owner)
        if part is None:
            on = run.owner in self._highlight.lines
            yield Segment(highlighted(run.text, drawing.strokes), bright) if on else Segment(run.text, plain)
            return
        for step, char in enumerate(run.text):
            arms = part.arms(x + step, y)
            yield Segment(highlighted_arms(char, arms, drawing.strokes), bright) if arms else Segment(char, plain)

    def _segment(self, run: Run, drawing: Drawing) -> Segment:
        styles, kind = self._appearance.styles, run.kind
        if kind is Kind.BLANK:
            return Segment(run.text, styles["text"])
        box = drawing.boxes[run.owner]
        if box.id == self._selected:
            over = styles["cursor"] if self.has_focus else styles["cursor.away"]
            text = selected(run.text, drawing.strokes) if kind is Kind.BORDER else run.text
            style = styles["box.selected"] if kind in (Kind.BORDER, Kind.NAME) else self._box_style(kind, box)
            return Segment(text, style + over)
        if self._trace and run.owner not in self._highlight.boxes:
            return Segment(run.text, styles["rule" if kind is Kind.BORDER else "dim"])
        return Segment(run.text, self._box_style(kind, box))

    def _box_style(self, kind: Kind, box: Box) -> Style:
        colour = self._groups.get(box.group) if kind in (Kind.BORDER, Kind.GROUP) else None
        if kind is Kind.BORDER and box.mark in (ADDED, REMOVED):
            colour = mark_style(box.mark)
        return self._appearance.styles[colour or _STYLES[kind]]

    # Keys and mouse

    def walk(self, step: Callable[[Drawing, str], str | None]) -> None:
        """Select the box that `step` returns."""
        if self._drawing is not None and self._selected is not None:
            self.select(step(self._drawing, self._selected) or self._selected, None)

    def action_pan(self, across: int, down: int) -> None:
        """Scroll by half the viewport."""
        x, y = across * self.size.width // 2, down * self.size.height // 2
        self.scroll_to(self.scroll_x + x, self.scroll_y + y, animate=False, force=True, immediate=True)

    @contained
    def action_select_end(self, which: int) -> None:
        """Select the first or the last box."""
        if self._drawing is not None and self._drawing.boxes:
            self.select(self._drawing.boxes[which].id)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll to the right if there is nothing to scroll vertically: a plan is long in one direction."""
        self._scroll_across(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll to the left if there is nothing to scroll vertically."""
        self._scroll_across(event, -1)

    def _scroll_across(self, event: events.MouseEvent, step: int) -> None:
        if self.max_scroll_y == 0 < self.max_scroll_x and not (event.shift or event.ctrl):
            event.prevent_default().stop()
            self.scroll_to(self.scroll_x + step * _WHEEL, animate=False, force=True, immediate=True)

    @contained
    def on_click(self, event: events.Click) -> None:
        """Select the clicked box or edge."""
        drawing = self._drawing
        if drawing is None:
            return
        x, y = self.scroll_offset[0] + event.x, self.scroll_offset[1] + event.y
        box = drawing.box_at(x, y)
        if box is not None:
            self.select(box.id)
            return
        run = drawing.rows(x, y, 1, 1)[0][0]
        if run.kind in _LINES:
            crossing = drawing.edges_at(run.owner, x, y)
            own = [n for n in crossing if self._selected in (drawing.edges[n].source, drawing.edges[n].target)]
            number = (own or crossing)[0]
            self.select(self._selected if own else drawing.edges[number].source, number)


def _same_edge(old: Drawing | None, new: Drawing, edge: int | None) -> int | None:
    """Return the index in `new` of the edge selected in `old`."""
    if old is None or edge is None:
        return None
    ends = (old.edges[edge].source, old.edges[edge].target)
    return next((n for n, other in enumerate(new.edges) if (other.source, other.target) == ends), None)
