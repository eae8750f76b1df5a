"""The keys of the Plan tab: selection, search, and what the graph shows."""

from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual.actions import SkipAction
from textual.binding import Binding, BindingType

from hottui.graph.difference_marks import is_one_sided
from hottui.graph.draw import DETAILS
from hottui.graph.plan_graph import Level
from hottui.graph.render.drawing import Direction, Drawing
from hottui.render import plan_drawing, plan_legend
from hottui.render.plan_drawing import DrawingOptions
from hottui.render.plan_export import file_name, plan_export
from hottui.tui.commands import Scope, bindings_for
from hottui.tui.detail.error_boundary import contained
from hottui.tui.detail.plan_file import ask_for_file
from hottui.tui.detail.plan_view import TOP, PlanView
from hottui.tui.hints import Words, plan_words
from hottui.tui.screens.full_screen import FullScreen
from hottui.tui.widgets.lines_view import LinesView


class PlanTab(PlanView):
    """The plan view with its key bindings and search."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(Scope.PLAN),
        Binding("enter", "plan_panel", show=False),
        Binding("escape", "plan_leave_panel", show=False),
    ]

    @property
    def value(self) -> str | None:
        """The value that copying gives: the line under the cursor, or the selected node or edge."""
        if isinstance(self.keys, LinesView):
            return self.keys.value
        if self.canvas.drawing is None or self._names is None:
            return None
        return plan_legend.copied(self._names, self.canvas.selected, self.canvas.edge)

    @property
    def key_words(self) -> Words:
        """The words of the keys in this state."""
        options = self._options
        operators = options is not None and options.level is Level.OPERATOR
        return plan_words(tables=self._tables, operators=operators, tracing=self.canvas.tracing)

    # Search

    @contained
    def find(self, words: tuple[str, ...]) -> None:
        """Select the first box that matches all words; filter the tables by them."""
        self._words = words
        if self.has_class("-tables"):
            self._show_tables(TOP)
        elif words:
            self._select_match(0)
        else:
            self._note()

    def _select_match(self, begin: int) -> None:
        """Select the next match from index `begin` on, and show its number among all matches."""
        drawing = self.canvas.drawing
        if drawing is None or self._search is None:
            return
        matches = self._search.matches(self._words)
        words = " ".join(self._words)
        if not matches:
            self._note(f"no matches for “{words}”", "bar.warning")
            return
        found = next((n for n in matches if n >= begin), matches[0])
        self.canvas.select(drawing.boxes[found].id)
        self._show_panel(TOP)
        self.call_after_refresh(self._note, f"{matches.index(found) + 1} of {len(matches)} with “{words}”; n: next")

    # Actions

    def _redraw(self, options: DrawingOptions) -> None:
        if self._plan_input is not None and options != self._options:
            self._options, self._user_chose = options, True
            self._draw()

    @contained
    def action_plan_left(self) -> None:
        """Select the box to the left."""
        self.canvas.walk(Drawing.left)

    @contained
    def action_plan_right(self) -> None:
        """Select the box to the right."""
        self.canvas.walk(Drawing.right)

    @contained
    def action_plan_up(self) -> None:
        """Select the box above."""
        self.canvas.walk(Drawing.up)

    @contained
    def action_plan_down(self) -> None:
        """Select the box below."""
        self.canvas.walk(Drawing.down)

    @contained
    def action_plan_next_edge(self) -> None:
        """Select the next edge of the selected box."""
        self.canvas.select_next_edge()

    @contained
    def action_plan_next_match(self) -> None:
        """Select the next match of the search."""
        if not self._words:
            self._note("no search term (/: search)", "bar.warning")
        elif self.canvas.drawing and self.canvas.selected:
            self._select_match(self.canvas.drawing.boxes.index(self.canvas.selected) + 1)

    @contained
    def action_plan_next_change(self, step: int = 1) -> None:
        """Select the next box or edge that changes or differs."""
        drawing, box = self.canvas.drawing, self.canvas.selected
        if drawing is None or box is None or self._subject is None:
            return
        here = (drawing.boxes.index(box), -1 if self.canvas.edge is None else self.canvas.edge)
        changes = [(n, -1) for n, other in enumerate(drawing.boxes) if other.changed]
        place = {other.id: n for n, other in enumerate(drawing.boxes)}
        one_sided = {other.id for other in drawing.boxes if is_one_sided(other.mark)}
        changes += [
            (place[edge.source], n)
            for n, edge in enumerate(drawing.edges)
            if edge.mark and one_sided.isdisjoint((edge.source, edge.target))
        ]
        if not changes:
            self._note(self._subject.no_changes, "bar.warning")
            return
        changes.sort(reverse=step < 0)
        after = (each for each in changes if (each > here if step > 0 else each < here))
        found, edge = next(after, changes[0])
        self.canvas.select(drawing.boxes[found].id, None if edge < 0 else edge)

    @contained
    def action_plan_previous_change(self) -> None:
        """Select the previous box or edge that changes or differs."""
        self.action_plan_next_change(-1)

    @contained
    def action_plan_trace(self) -> None:
        """Highlight everything upstream and downstream."""
        self.canvas.trace()
        self._note()

    @contained
    def action_plan_more(self, step: int = 1) -> None:
        """Show more detail in the boxes."""
        if self._options:
            detail = min(max(self._options.detail + step, DETAILS.start), DETAILS.stop - 1)
            self._redraw(replace(self._options, detail=detail))

    @contained
    def action_plan_less(self) -> None:
        """Show less detail in the boxes."""
        self.action_plan_more(-1)

    @contained
    def action_plan_level(self) -> None:
        """Toggle between vertices and operators."""
        if self._options:
            level = Level.OPERATOR if self._options.level is Level.VERTEX else Level.VERTEX
            self._redraw(replace(self._options, level=level))

    @contained
    def action_plan_direction(self) -> None:
        """Toggle between left-to-right and top-to-bottom."""
        if self._options:
            turned = Direction.TB if self._options.direction is Direction.LR else Direction.LR
            self._redraw(replace(self._options, direction=turned))

    @contained
    def action_plan_fit(self) -> None:
        """Draw with the most detail that fits the viewport, or with the least that overflows it."""
        plan_input, options = self._plan_input, self._options
        if plan_input is None or options is None:
            return
        operators = options.level is Level.OPERATOR or not plan_input.plan.vertices
        boxes = len(plan_input.plan.nodes if operators else plan_input.plan.vertices)
        self._user_chose = True
        self._draw(partial(plan_drawing.fitting, options=options, boxes=boxes, window=self._split.window))

    @contained
    def action_plan_table(self) -> None:
        """Toggle between graph and tables."""
        if self._plan_input is not None:
            self._tables = not self._tables
            self._toggle_tables(self._tables)
            self._note()

    @contained
    def action_plan_export(self) -> None:
        """Ask for a file, and write the plan to it in the format of its name."""
        screen, drawing, options, costs = self.screen, self.canvas.drawing, self._options, self._costs
        plan_input, subject = self._plan_input, self._subject
        if not isinstance(screen, FullScreen) or drawing is None or plan_input is None or subject is None:
            return
        if options is not None and costs is not None:
            write = partial(plan_export, title=subject.title, plan_input=plan_input, drawing=drawing,
                            level=options.level, costs=costs)  # fmt: skip
            ask_for_file(screen, file_name(subject.title), write)

    @contained
    def action_plan_panel(self) -> None:
        """Focus the side panel, whose lines can be scrolled and copied, or return to the graph."""
        if self.has_class("-tables"):
            raise SkipAction
        (self.canvas if self.panel.has_focus else self.panel).focus()

    @contained
    def action_plan_leave_panel(self) -> None:
        """Return from the side panel to the graph."""
        if not self.panel.has_focus:
            raise SkipAction
        self.canvas.focus()
