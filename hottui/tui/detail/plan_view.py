"""The view of a plan: the graph with a side panel, or the plan as tables while it is drawn or on request."""

import asyncio
import time
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget

from hottui.graph.render import box_drawing
from hottui.graph.render.drawing import Drawing
from hottui.render import plan_drawing, plan_legend
from hottui.render.glyphs import ASCII
from hottui.render.plan_drawing import Costs, DrawingOptions, PlanInput
from hottui.render.plan_names import NodeNames, PlanSearch
from hottui.render.plan_tables import PlanTables
from hottui.render.styled_text import Span, note
from hottui.runtime import error_hooks, garbage_collection
from hottui.tui.appearance import Appearance
from hottui.tui.background_thread import free_in_thread, in_thread
from hottui.tui.detail import plan_worker
from hottui.tui.detail.error_boundary import InternalError, contained, internal_error_text
from hottui.tui.detail.plan_canvas import PlanCanvas
from hottui.tui.detail.plan_split import PlanSplit
from hottui.tui.detail.plan_subject import PlanSubject, Shown
from hottui.tui.messages import KeysChanged
from hottui.tui.widgets.header_footer import Bar
from hottui.tui.widgets.lines_view import LinesView

TOP = (0, 0, 0)
_LONGEST_PAUSE = 10.0
"""Longest pause in seconds between two drawings of a changing plan; usually as long as drawing takes."""


class PlanView(Container):
    """Draws in a worker thread, and cancels a drawing that is not needed any more."""

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

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(id="plan")
        self._appearance = appearance
        self._subject: PlanSubject | None = None
        self._plan_input: PlanInput | None = None
        self._costs: Costs | None = None
        self._drawn: tuple[PlanInput, float] | None = None
        """The plan of the drawing, and when it was read, by the monotonic clock."""
        self._options: DrawingOptions | None = None
        self._user_chose = False
        """Whether the user chose the drawing options: then a resize keeps them."""
        self._first = True
        """Whether the next drawing is the first of this subject."""
        self._busy = False
        self._tables = False
        self._table: PlanTables | None = None
        self._words: tuple[str, ...] = ()
        self._names: NodeNames | None = None
        self._search: PlanSearch | None = None
        self._inputs: tuple[object, ...] | None = None
        """The inputs of the subject from which the plan was drawn."""
        self._redraw_needed = False
        """Whether the plan changed while it was being drawn."""
        self._not_before = 0.0
        """When a changed plan may be drawn again, by the monotonic clock."""
        self._error: Exception | None = None
        """The error shown in place of the plan, until another plan arrives."""

    def compose(self) -> ComposeResult:
        """Yield graph, panel, tables and the status line."""
        with Container(id="plan-body"):
            yield PlanCanvas(self._appearance, id="plan-canvas")
            yield LinesView(self._appearance, id="plan-panel")
            yield LinesView(self._appearance, id="plan-tables")
        yield Bar(self._appearance, id="plan-note")

    @property
    def canvas(self) -> PlanCanvas:
        """The graph."""
        return self.query_one("#plan-canvas", PlanCanvas)

    @property
    def panel(self) -> LinesView:
        """The side panel."""
        return self.query_one("#plan-panel", LinesView)

    @property
    def tables(self) -> LinesView:
        """The plan as tables."""
        return self.query_one("#plan-tables", LinesView)

    @property
    def keys(self) -> Widget:
        """The widget that handles keys."""
        if self.has_class("-tables"):
            return self.tables
        return self.panel if self.panel.has_focus else self.canvas

    @property
    def has_plan(self) -> bool:
        """Whether the answer has a valid plan."""
        return self._plan_input is not None

    @contained
    def show(self, subject: PlanSubject, *, opened: bool = False) -> None:
        """Show the plan of `subject`; draw it again only if it differs, or if it failed before the tab was `opened`."""
        another = self._subject is None or self._subject.identity != subject.identity
        self._subject = subject
        if opened and self._error is not None:
            self._inputs = None
        if another:
            self._options, self._user_chose, self._first, self._words = None, False, True, ()
            self._plan_input = self._table = self._inputs = self._error = self._drawn = None
            self._not_before = 0.0
            self._draw()
        elif not self._is_shown(subject):
            if self._busy:
                self._redraw_needed = True
            else:
                self._draw(update=True)

    def _is_shown(self, subject: PlanSubject) -> bool:
        """Return whether the plan of the same inputs is shown already."""
        shown, inputs = self._inputs, subject.inputs
        return shown is not None and all(one is other for one, other in zip(shown, inputs, strict=True))

    # Drawing

    @work(group="plan", exclusive=True, exit_on_error=False)
    async def _draw(self, choose: plan_worker.Choose | None = None, *, update: bool = False) -> None:
        """Draw with the options from `choose`, or the current or initial ones; on `update`, only if the plan differs.

        A drawing is completed; if the plan changes meanwhile, it is drawn once more, after a pause.
        """
        self._busy = True
        while not self.size.width:  # noqa: ASYNC110 - Textual sends no Resize if a size was read before the layout
            await asyncio.sleep(0.02)
        try:
            await self._draw_now(choose, update=update)
            while self._redraw_needed:
                await self._draw_now(None, update=True)
            self._busy = False
        except Exception as error:  # noqa: BLE001 - posted, to be reported
            self.post_message(InternalError(error))

    async def _draw_now(self, choose: plan_worker.Choose | None, *, update: bool) -> None:
        self._redraw_needed = False
        if update:
            await asyncio.sleep(max(self._not_before - time.monotonic(), 0.0))
        began = time.monotonic()
        changed = await self._prepare()
        plan_input = self._plan_input
        if plan_input is None:
            self._show_absent()
            return
        if update and not changed:
            return
        choose = choose or self._current_options(plan_input)
        drawn = await plan_worker.draw(plan_input, choose, self._strokes, self._slow)
        if drawn is None:
            return
        took = time.monotonic() - began
        self._not_before = time.monotonic() + (min(took, _LONGEST_PAUSE) if took > plan_worker.PROGRESS_AFTER else 0.0)
        self._toggle_tables(self._tables)
        await asyncio.sleep(0)  # a turn of the event loop for the styles, and one for the drawing
        replaced: list[object] = [self.canvas.drawing, self._names, self._search]
        self._options, drawing, self._names, self._search, self._costs = drawn
        self._drawn = plan_input, began
        self._arrange(drawing)
        self.canvas.show(drawing, reset=self._first)
        free_in_thread(replaced)
        self._first = False
        self._show_panel()
        self._note()

    async def _prepare(self) -> bool:
        """Prepare the plan of the subject unless that is done already; return whether the plan differs."""
        subject, last = self._subject, self._plan_input
        if subject is None or self._is_shown(subject):
            return False
        with garbage_collection.postponed(when=subject.is_large):
            plan_input = await in_thread(partial(subject.read, last))
        self._inputs, self._error = subject.inputs, None
        if plan_input is last and plan_input is not None:
            return False
        self._plan_input, self._table = plan_input, None
        return True

    def _current_options(self, plan_input: PlanInput) -> plan_worker.Choose:
        options = self._options
        if options is not None and self._user_chose:
            return lambda draw: (options, draw(options))
        boxes = len(plan_input.plan.vertices or plan_input.plan.nodes)
        return partial(plan_drawing.first, boxes=boxes, window=self._split.window)

    @property
    def _strokes(self) -> box_drawing.Strokes:
        return box_drawing.ASCII if self._appearance.glyphs is ASCII else box_drawing.UNICODE

    def _slow(self, stage: str, done: float) -> None:
        """Show the progress of a slow drawing; meanwhile the last drawing of the subject stays, or tables are shown."""
        age = time.monotonic() - self._drawn[1] if self._drawn and self.canvas.drawing else None
        if age is None:
            self._toggle_tables(True)
        if self._plan_input is not None:
            self._note(plan_legend.progress(stage, done, len(self._plan_input.plan.nodes), age))

    def on_hide(self) -> None:
        """Cancel an unfinished drawing."""
        if self._busy:
            self.workers.cancel_group(self, "plan")
            self._busy, self._plan_input, self._inputs = False, None, None

    # Layout

    @property
    def _split(self) -> PlanSplit:
        return PlanSplit(self.size.width, max(self.size.height - 1, 1))

    def _arrange(self, drawing: Drawing | None) -> None:
        """Set the sizes of graph and panel."""
        split = self._split
        self.set_class(split.narrow, "-narrow")
        self.canvas.styles.height = split.rows(drawing) if split.narrow else "1fr"
        self.panel.styles.height = "1fr"
        self.panel.styles.width = "1fr" if split.narrow else split.panel_width

    @contained
    def on_resize(self) -> None:
        """Wrap the text again; choose the drawing options again unless the user chose them."""
        if not self.size.width:
            return
        self._arrange(self.canvas.drawing)
        if self._plan_input is None and self._subject is not None:
            self._show_absent()
        elif self._options is not None and not self._user_chose:
            self._draw()
        self.call_after_refresh(self._show_panel)

    # Text

    @on(InternalError)
    def _show_error(self, event: InternalError) -> None:
        """Report an unexpected error and show it in place of the plan."""
        event.stop()
        error_hooks.current_hooks().handle(event.error)
        self._error = event.error
        self._busy, self._plan_input, self._options, self._drawn = False, None, None, None
        if self._subject is not None:  # drawing it again would fail again
            self._inputs = self._subject.inputs
        self._show_absent()

    @on(PlanCanvas.Selected)
    @contained
    def _selected(self) -> None:
        self._show_panel(TOP)
        self._note()

    @contained
    def _show_panel(self, place: tuple[int, int, int] | None = None) -> None:
        """Show the selected box or edge and the legend, scrolled to `place` if given."""
        drawn, drawing, names, costs = self._drawn, self.canvas.drawing, self._names, self._costs
        if self._subject is None or drawn is None or drawing is None or names is None or costs is None:
            return
        shown = Shown(drawn[0], drawing, names, costs, self.canvas.selected, self.canvas.edge)
        self.panel.show(self._subject.panel(shown, self._split.text_width), place)

    def _note(self, text: str = "", style: str = "bar.dim") -> None:
        """Show `text`, or else a summary, in the status line."""
        drawing, options = self.canvas.drawing, self._options
        if not text and self.has_class("-tables") and self._table:
            text = plan_legend.counts(*self._table.found) + "; m: show the graph"
        elif not text and drawing and options and self._subject:
            text = self._subject.summary(drawing, options, tracing=self.canvas.tracing)
        self.query_one("#plan-note", Bar).show((Span(f" {text}", style),))
        self.post_message(KeysChanged())

    def _show_tables(self, place: tuple[int, int, int] | None = None) -> None:
        if self._plan_input is None:
            return
        self._table = self._plan_input.tables.matching(self._words)
        self.tables.show(self._table, place, width=self._table.width)
        self._note()

    def _show_absent(self) -> None:
        subject = self._subject
        if subject is None:
            return
        self.canvas.clear()
        self._toggle_tables(True)
        width = self.size.width
        error = self._error
        lines = subject.absent(width) if error is None else note(internal_error_text(error), width, "stale")
        self.tables.show(lines, TOP)
        self._note(" ")

    def _toggle_tables(self, on: bool) -> None:
        if on == self.has_class("-tables"):
            return
        focused = self.app.focused in (self.canvas, self.panel, self.tables)
        self.set_class(on, "-tables")
        if on:
            self._show_tables(TOP)
        if focused:
            self.keys.focus()
