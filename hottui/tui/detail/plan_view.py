"""The Plan tab: the drawing with a panel beside it, and the plan as tables while it is drawn or on request."""

import asyncio
import time
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget

from hottui.graph.draw import DETAILS
from hottui.graph.plan_graph import Level
from hottui.graph.render import box_drawing
from hottui.graph.render.drawing import Direction, Drawing
from hottui.model.answer import Answer
from hottui.render import plan_drawing, plan_legend
from hottui.render.detail_context import DetailContext
from hottui.render.glyphs import ASCII
from hottui.render.plan_drawing import Costs, DrawingOptions, PlanInput
from hottui.render.plan_names import NodeNames
from hottui.render.plan_tables import PlanTables
from hottui.render.styled_text import EMPTY, Span, note
from hottui.runtime import error_hooks
from hottui.tui.appearance import Appearance
from hottui.tui.background_thread import in_thread
from hottui.tui.commands import Scope, bindings_for
from hottui.tui.detail import plan_worker
from hottui.tui.detail.error_boundary import Fault, contained
from hottui.tui.detail.plan_canvas import PlanCanvas
from hottui.tui.detail.plan_pane_layout import PlanSplit
from hottui.tui.detail.plan_search import PlanSearch
from hottui.tui.detail.prepared_text import fault_text
from hottui.tui.widgets.header_footer import Bar
from hottui.tui.widgets.lines_view import LinesView

_TOP = (0, 0, 0)
_LONGEST_REST = 10.0
"""Seconds between two drawings of a plan that changes; it is as long as drawing takes."""


class PlanView(Container):
    """Draws off the event loop, and stops drawing what is no longer wanted."""

    DEFAULT_CSS = """
    PlanView { height: 1fr; layout: vertical; }
    PlanView #plan-body { height: 1fr; layout: horizontal; }
    PlanView.-narrow #plan-body { layout: vertical; }
    PlanView #plan-canvas { width: 1fr; height: 1fr; }
    PlanView #plan-panel { width: 45; height: 1fr; border-left: solid $line; }
    PlanView.-narrow #plan-panel { width: 1fr; border-left: none; border-top: solid $line; }
    PlanView #plan-tables { display: none; }
    PlanView.-tables #plan-tables { display: block; }
    PlanView.-tables #plan-canvas, PlanView.-tables #plan-panel { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(Scope.PLAN),
        Binding("enter", "plan_panel", show=False),
        Binding("escape", "plan_leave_panel", show=False),
    ]

    def __init__(self, look: Appearance) -> None:
        super().__init__(id="plan")
        self._look = look
        self._subject: DetailContext | None = None
        self._sitter: PlanInput | None = None
        self._costs: Costs | None = None
        self._picture: DrawingOptions | None = None
        self._chosen = False
        """Whether the user chose the picture: then another size of the window changes nothing about it."""
        self._begin = True
        """Whether what is drawn next is another hot update's plan, or the first."""
        self._busy = False
        self._tables = False
        self._table: PlanTables | None = None
        self._words: tuple[str, ...] = ()
        self._names: NodeNames | None = None
        self._finder: PlanSearch | None = None
        self._sized = asyncio.Event()
        self._made_of: tuple[Answer | None, Answer | None] | None = None
        """The answers that the drawn plan is of."""
        self._again = False
        """Whether the plan has changed while it was drawn."""
        self._rest_until = 0.0
        """When a plan that changed may be drawn again, by the monotonic clock."""
        self._fault: Exception | None = None
        """What is shown in place of the plan, until there is another one."""

    def compose(self) -> ComposeResult:
        """Drawing, panel, tables, and a line about the drawing."""
        with Container(id="plan-body"):
            yield PlanCanvas(self._look, id="plan-canvas")
            yield LinesView(self._look, id="plan-panel")
            yield LinesView(self._look, id="plan-tables")
        yield Bar(self._look, id="plan-note")

    @property
    def canvas(self) -> PlanCanvas:
        """The drawing."""
        return self.query_one("#plan-canvas", PlanCanvas)

    @property
    def panel(self) -> LinesView:
        """The words beside it."""
        return self.query_one("#plan-panel", LinesView)

    @property
    def tables(self) -> LinesView:
        """The plan as tables."""
        return self.query_one("#plan-tables", LinesView)

    @property
    def keys(self) -> Widget:
        """What takes the keys."""
        if self.has_class("-tables"):
            return self.tables
        return self.panel if self.panel.has_focus else self.canvas

    @property
    def value(self) -> str | None:
        """What copying gives: the line under the cursor, or the selected node or edge."""
        if isinstance(self.keys, LinesView):
            return self.keys.value
        if self.canvas.drawing is None or self._names is None:
            return None
        return plan_legend.copied(self._names, self.canvas.selected, self.canvas.edge)

    @property
    def has_plan(self) -> bool:
        """Whether the answer holds a plan that can be read."""
        return self._sitter is not None

    @contained
    def show(self, subject: DetailContext) -> None:
        """Show the plan of `subject`; it is drawn anew only when something in it differs."""
        another = self._subject is None or self._subject.tracked.ref != subject.tracked.ref
        self._subject = subject
        if another:
            self._picture, self._chosen, self._begin, self._words = None, False, True, ()
            self._sitter = self._table = self._made_of = self._fault = None
            self._rest_until = 0.0
            self._draw()
        elif not self._is_shown(subject):
            if self._busy:
                self._again = True
            else:
                self._draw(update=True)

    def _is_shown(self, subject: DetailContext) -> bool:
        """Whether the same was prepared before; an equal answer is the same object, see `Subjects`."""
        made_of = self._made_of
        return made_of is not None and made_of[0] is subject.answer and made_of[1] is subject.before

    # Drawing

    @work(group="plan", exclusive=True, exit_on_error=False)
    async def _draw(self, choose: plan_worker.Choose | None = None, *, update: bool = False) -> None:
        """Draw what `choose` chooses, else the picture as it is, or the first one; on `update` only another plan.

        What is drawn is drawn to its end; if the plan changes meanwhile, it is drawn once more, after a pause.
        """
        self._busy = True
        await self._sized.wait()
        try:
            await self._draw_now(choose, update=update)
            while self._again:
                await self._draw_now(None, update=True)
            self._busy = False
        except Exception as error:  # noqa: BLE001 - posted, to be reported
            self.post_message(Fault(error))

    async def _draw_now(self, choose: plan_worker.Choose | None, *, update: bool) -> None:
        self._again = False
        if update:
            await asyncio.sleep(max(self._rest_until - time.monotonic(), 0.0))
        began = time.monotonic()
        changed = await self._prepare()
        sitter = self._sitter
        if sitter is None:
            self._show_absent()
            return
        if update and not changed:
            return
        drawn = await plan_worker.draw(sitter, choose or self._as_it_is(sitter), self._strokes, self._slow)
        if drawn is None:
            return
        took = time.monotonic() - began
        self._rest_until = time.monotonic() + (min(took, _LONGEST_REST) if took > plan_worker.PATIENCE else 0.0)
        self._picture, drawing, self._names, self._finder, self._costs = drawn
        self._toggle_tables(self._tables)
        self._arrange(drawing)
        self.canvas.show(drawing, anew=self._begin)
        self._begin = False
        self._show_panel()
        self._note()

    async def _prepare(self) -> bool:
        """Make what is drawn of the subject, unless that was done before; whether it is another plan than before."""
        subject, last = self._subject, self._sitter
        if subject is None or self._is_shown(subject):
            return False
        sitter = await in_thread(partial(plan_drawing.searchable_plan_input, subject, last))
        self._made_of, self._fault = (subject.answer, subject.before), None
        if sitter is last and sitter is not None:
            return False
        self._sitter, self._table = sitter, None
        return True

    def _as_it_is(self, sitter: PlanInput) -> plan_worker.Choose:
        picture = self._picture
        if picture is not None and self._chosen:
            return lambda draw: (picture, draw(picture))
        boxes = len(sitter.plan.vertices or sitter.plan.nodes)
        return partial(plan_drawing.first, boxes=boxes, window=self._room.window)

    @property
    def _strokes(self) -> box_drawing.Strokes:
        return box_drawing.ASCII if self._look.glyphs is ASCII else box_drawing.UNICODE

    def _slow(self, stage: str, done: float) -> None:
        """Say how far a long drawing is, and show the tables meanwhile."""
        self._toggle_tables(True)
        if self._sitter is not None:
            self._note(plan_legend.progress(stage, done, len(self._sitter.plan.nodes)))

    def on_hide(self) -> None:
        """The user has moved on: a drawing that is not done is not wanted any more."""
        if self._busy:
            self.workers.cancel_group(self, "plan")
            self._busy, self._sitter, self._made_of = False, None, None

    # Room

    @property
    def _room(self) -> PlanSplit:
        return PlanSplit(self.size.width, max(self.size.height - 1, 1))

    def _arrange(self, drawing: Drawing | None) -> None:
        """Set the sizes of drawing and panel."""
        room = self._room
        self.set_class(room.narrow, "-narrow")
        self.canvas.styles.height = room.rows(drawing) if room.narrow else "1fr"
        self.panel.styles.height = "1fr"
        self.panel.styles.width = "1fr" if room.narrow else room.panel

    @contained
    def on_resize(self) -> None:
        """Fold the words anew; a picture that nobody chose is chosen anew."""
        if not self.size.width:
            return
        self._sized.set()
        self._arrange(self.canvas.drawing)
        if self._sitter is None and self._subject is not None:
            self._show_absent()
        elif self._picture is not None and not self._chosen:
            self._draw()
        self.call_after_refresh(self._show_panel)

    # Words

    @on(Fault)
    def _show_fault(self, event: Fault) -> None:
        """Report a fault and say so in place of the plan, until there is another one to show."""
        event.stop()
        error_hooks.current_hooks().handle(event.error)
        self._fault = event.error
        self._busy, self._sitter, self._picture = False, None, None
        if self._subject is not None:  # the same would fail again
            self._made_of = (self._subject.answer, self._subject.before)
        self._show_absent()

    @on(PlanCanvas.Selected)
    @contained
    def _selected(self) -> None:
        self._show_panel(_TOP)
        self._note()

    @contained
    def _show_panel(self, place: tuple[int, int, int] | None = None) -> None:
        """The selected box or edge, and the legend; from its top where `place` says so."""
        sitter, drawing, names, costs = self._sitter, self.canvas.drawing, self._names, self._costs
        if sitter is None or drawing is None or names is None or costs is None:
            return
        width = self._room.words
        about = plan_legend.panel(sitter, names, self.canvas.selected, self.canvas.edge, width)
        self.panel.show((*about, EMPTY, *plan_legend.legend(drawing, costs, width)), place)

    def _note(self, text: str = "", style: str = "bar.dim") -> None:
        """The line below the drawing: `text`, or what is drawn."""
        drawing, picture = self.canvas.drawing, self._picture
        if not text and self.has_class("-tables") and self._table:
            text = plan_legend.counts(*self._table.found) + "; m shows the drawing"
        elif not text and drawing and picture:
            text = plan_legend.summary(drawing, picture, self.canvas.tracing)
        self.query_one("#plan-note", Bar).show((Span(f" {text}", style),))

    def _show_tables(self, place: tuple[int, int, int] | None = None) -> None:
        if self._sitter is None:
            return
        self._table = self._sitter.tables.matching(self._words)
        self.tables.show(self._table, place, width=self._table.width)
        self._note()

    def _show_absent(self) -> None:
        subject = self._subject
        if subject is None:
            return
        self.canvas.clear()
        self._toggle_tables(True)
        width = self.size.width
        fault = self._fault
        lines = plan_legend.absent(subject, width) if fault is None else note(fault_text(fault), width, "stale")
        self.tables.show(lines, _TOP)
        self._note(" ")

    def _toggle_tables(self, on: bool) -> None:
        if on == self.has_class("-tables"):
            return
        focused = self.screen.focused in (self.canvas, self.panel, self.tables)
        self.set_class(on, "-tables")
        if on:
            self._show_tables(_TOP)
        if focused:
            self.keys.focus()

    # Finding

    @contained
    def find(self, words: tuple[str, ...]) -> None:
        """Select the first box that holds every word; in the tables, show only what does."""
        self._words = words
        if self.has_class("-tables"):
            self._show_tables(_TOP)
        elif words:
            self._select_match(0)
        else:
            self._note()

    def _select_match(self, begin: int) -> None:
        """Select the next box from position `begin` on that holds every word, and say which of how many it is."""
        drawing = self.canvas.drawing
        if drawing is None or self._finder is None:
            return
        matches = self._finder.matches(self._words)
        words = " ".join(self._words)
        if not matches:
            self._note(f"no node holds “{words}”", "bar.warning")
            return
        found = next((n for n in matches if n >= begin), matches[0])
        self.canvas.select(drawing.boxes[found].id)
        self._show_panel(_TOP)
        self.call_after_refresh(self._note, f"{matches.index(found) + 1} of {len(matches)} with “{words}”; n goes on")

    # Commands

    def _redraw(self, picture: DrawingOptions) -> None:
        if self._sitter is not None and picture != self._picture:
            self._picture, self._chosen = picture, True
            self._draw()

    @contained
    def action_plan_left(self) -> None:
        """Upstream, where the layers run across."""
        self.canvas.walk(Drawing.left)

    @contained
    def action_plan_right(self) -> None:
        """Downstream, where the layers run across."""
        self.canvas.walk(Drawing.right)

    @contained
    def action_plan_up(self) -> None:
        """The box above."""
        self.canvas.walk(Drawing.up)

    @contained
    def action_plan_down(self) -> None:
        """The box below."""
        self.canvas.walk(Drawing.down)

    @contained
    def action_plan_next_edge(self) -> None:
        """Select an edge of the selected box."""
        self.canvas.select_next_edge()

    @contained
    def action_plan_next_match(self) -> None:
        """Select the next box that holds the words looked for."""
        if not self._words:
            self._note("nothing is looked for; press / first", "bar.warning")
        elif self.canvas.drawing and self.canvas.selected:
            self._select_match(self.canvas.drawing.boxes.index(self.canvas.selected) + 1)

    @contained
    def action_plan_next_change(self, step: int = 1) -> None:
        """Select the next box whose parallelism changes."""
        drawing, box = self.canvas.drawing, self.canvas.selected
        if drawing is None or box is None:
            return
        here = drawing.boxes.index(box)
        around = [drawing.boxes[(here + step * n) % len(drawing.boxes)] for n in range(1, len(drawing.boxes) + 1)]
        found = next((other for other in around if other.changed), None)
        if found is None:
            self._note("no parallelism changes in this plan, as far as is known", "bar.warning")
        else:
            self.canvas.select(found.id)

    @contained
    def action_plan_previous_change(self) -> None:
        """Select the previous box whose parallelism changes."""
        self.action_plan_next_change(-1)

    @contained
    def action_plan_trace(self) -> None:
        """Light what is upstream and downstream."""
        self.canvas.trace()
        self._note()

    @contained
    def action_plan_more(self, step: int = 1) -> None:
        """More in the boxes."""
        if self._picture:
            detail = min(max(self._picture.detail + step, DETAILS.start), DETAILS.stop - 1)
            self._redraw(replace(self._picture, detail=detail))

    @contained
    def action_plan_less(self) -> None:
        """Less in the boxes."""
        self.action_plan_more(-1)

    @contained
    def action_plan_level(self) -> None:
        """Vertices or operators."""
        if self._picture:
            level = Level.OPERATOR if self._picture.level is Level.VERTEX else Level.VERTEX
            self._redraw(replace(self._picture, level=level))

    @contained
    def action_plan_direction(self) -> None:
        """Turn the drawing."""
        if self._picture:
            turned = Direction.TB if self._picture.direction is Direction.LR else Direction.LR
            self._redraw(replace(self._picture, direction=turned))

    @contained
    def action_plan_fit(self) -> None:
        """The most detail that fits the window; where none does, the drawing that is cut least."""
        sitter, picture = self._sitter, self._picture
        if sitter is None or picture is None:
            return
        operators = picture.level is Level.OPERATOR or not sitter.plan.vertices
        boxes = len(sitter.plan.nodes if operators else sitter.plan.vertices)
        self._chosen = True
        self._draw(partial(plan_drawing.fitting, options=picture, boxes=boxes, window=self._room.window))

    @contained
    def action_plan_table(self) -> None:
        """Drawing or tables."""
        if self._sitter is not None:
            self._tables = not self._tables
            self._toggle_tables(self._tables)
            self._note()

    @contained
    def action_plan_panel(self) -> None:
        """Move the keys from the drawing to the panel or back: its lines can be scrolled and copied."""
        if self.has_class("-tables"):
            raise SkipAction
        (self.canvas if self.panel.has_focus else self.panel).focus()

    @contained
    def action_plan_leave_panel(self) -> None:
        """Move the keys from the panel back to the drawing."""
        if not self.panel.has_focus:
            raise SkipAction
        self.canvas.focus()
