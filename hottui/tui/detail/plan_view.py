"""The Plan tab: the drawing, a panel about what is selected, and the plan as tables while it is drawn or on request."""

import asyncio
from dataclasses import dataclass, replace
from threading import Event
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.widget import Widget

from hottui.graph import strokes
from hottui.graph.draw import DETAILS, draw_plan
from hottui.graph.drawing import Direction, Drawing
from hottui.graph.prepare import Level
from hottui.graph.watch import Cancelled
from hottui.model.changes import plan_changes
from hottui.model.plan import Plan
from hottui.model.resources import plan_cost
from hottui.tui.bars import Bar
from hottui.tui.commands import Where, bindings_for
from hottui.tui.detail import plan_text
from hottui.tui.detail.plan_canvas import PlanCanvas
from hottui.tui.detail.subject import Subject
from hottui.tui.glyphs import ASCII
from hottui.tui.lines import EMPTY, Line, Span
from hottui.tui.lines_view import LinesView
from hottui.tui.look import Look

_PATIENCE = 0.2
"""Seconds a drawing may take before its progress is shown."""
_MANY = 150
"""Vertices from which on boxes begin with the least in them."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is asked of a drawing."""

    level: Level = Level.VERTEX
    detail: int = 1
    direction: Direction = Direction.LR


@dataclass(frozen=True)
class Sitter:
    """What is drawn: the plan, and the parallelism that changes by node id."""

    plan: Plan
    changes: dict[str, tuple[int, int]]


class PlanView(Container):
    """Draws off the event loop, and stops drawing what is no longer wanted."""

    DEFAULT_CSS = """
    PlanView { height: 1fr; layout: grid; grid-size: 2 2; grid-rows: 1fr 1; grid-columns: 1fr 44; }
    PlanView.-narrow { grid-size: 1 3; grid-rows: 2fr 1fr 1; grid-columns: 1fr; }
    PlanView #plan-note { column-span: 2; }
    PlanView.-narrow #plan-note { column-span: 1; }
    PlanView #plan-tables { display: none; column-span: 2; }
    PlanView.-narrow #plan-tables { column-span: 1; row-span: 2; }
    PlanView.-tables #plan-tables { display: block; }
    PlanView.-tables #plan-canvas, PlanView.-tables #plan-panel { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for(Where.PLAN)]

    def __init__(self, look: Look) -> None:
        super().__init__(id="plan")
        self._look = look
        self._subject: Subject | None = None
        self._sitter: Sitter | None = None
        self._picture: Picture | None = None
        self._drawn: tuple[Sitter, Picture] | None = None
        self._tables = False
        self._words: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Drawing, panel, tables, and a line about the drawing."""
        yield PlanCanvas(self._look, id="plan-canvas")
        yield LinesView(self._look, id="plan-panel")
        yield LinesView(self._look, id="plan-tables")
        yield Bar(self._look, id="plan-note")

    @property
    def canvas(self) -> PlanCanvas:
        """The drawing."""
        return self.query_one("#plan-canvas", PlanCanvas)

    @property
    def keys(self) -> Widget:
        """What takes the keys."""
        return self.query_one("#plan-tables", LinesView) if self.has_class("-tables") else self.canvas

    @property
    def value(self) -> str | None:
        """What copying gives: the line under the cursor, or the selected node."""
        focused = self.screen.focused
        if isinstance(focused, LinesView):
            return focused.value
        box = self.canvas.selected
        return box.name if box else None

    def show(self, subject: Subject) -> None:
        """Show the plan of `subject`; it is drawn anew only when something in it differs."""
        another = self._subject is None or self._subject.tracked.ref != subject.tracked.ref
        self._subject = subject
        sitter = _sitter(subject)
        if another:
            self._picture, self._words = None, ()
        if sitter != self._sitter or another:
            self._sitter = sitter
            self._draw()

    def find(self, words: tuple[str, ...]) -> None:
        """Select the first box that holds every word; in the tables, show only what does."""
        self._words = words
        if self.has_class("-tables"):
            self._show_tables()
        elif words:
            self._select_match(0)

    def _select_match(self, begin: int) -> None:
        """Select the next box from position `begin` on that holds every word."""
        drawing, plan = self.canvas.drawing, self._sitter.plan if self._sitter else None
        if drawing is None or plan is None:
            return
        for box in (*drawing.boxes[begin:], *drawing.boxes[:begin]):
            nodes = [plan.node_by_id[node] for node in box.nodes if node in plan.node_by_id]
            texts = [box.id, box.name, box.group, *(f"{n.id} {n.type} {n.desc}" for n in nodes)]
            if all(word in " ".join(texts).lower() for word in self._words):
                self.canvas.select(box.id)
                return
        self._note(f"no node holds “{' '.join(self._words)}”", "bar.warning")

    # Drawing

    @work(group="plan", exclusive=True)
    async def _draw(self) -> None:
        sitter = self._sitter
        if sitter is None:
            self._drawn = None
            self._show_absent()
            return
        picture = self._picture or self._first_picture(sitter.plan)
        drawing = await self._drawing(sitter, picture)
        if drawing is None:
            return
        self._picture, self._drawn = picture, (sitter, picture)
        self._toggle_tables(self._tables)
        box = self.canvas.selected
        self.canvas.show(drawing, box.id if box else None)
        self._show_panel()

    async def _drawing(self, sitter: Sitter, picture: Picture) -> Drawing | None:
        """Draw in a thread, telling how far it is when it takes long; None when it is no longer wanted."""
        unwanted, stage = Event(), [("reading", 0.0)]

        def told(name: str, done: float) -> None:
            stage[0] = (name, done)

        task = asyncio.create_task(
            asyncio.to_thread(
                draw_plan,
                sitter.plan,
                level=picture.level,
                detail=picture.detail,
                direction=picture.direction,
                changes=sitter.changes,
                strokes=strokes.ASCII if self._look.glyphs is ASCII else strokes.UNICODE,
                progress=told,
                cancelled=unwanted.is_set,
            )
        )
        try:
            while not (await asyncio.wait({task}, timeout=_PATIENCE))[0]:
                self._toggle_tables(True)
                self._note(plan_text.progress(*stage[0], len(sitter.plan.nodes)))
            return task.result()
        except Cancelled:
            return None
        finally:
            unwanted.set()

    def _first_picture(self, plan: Plan) -> Picture:
        width, height = self.canvas.size if self.canvas.size.width else self.size
        tall = width < height * 2
        many = len(plan.vertices or plan.nodes) > _MANY
        return Picture(detail=0 if many else 1, direction=Direction.TB if tall else Direction.LR)

    # Words

    @on(PlanCanvas.Selected)
    def _show_panel(self) -> None:
        sitter, drawing, panel = self._sitter, self.canvas.drawing, self.query_one("#plan-panel", LinesView)
        if sitter is None or drawing is None or self._subject is None or self._subject.answer is None:
            return
        width = max(panel.size.width - 1, 30)
        streaming = self._subject.answer.result.streaming
        expert = streaming.expert_resource_setting if streaming else None
        cost = plan_cost(sitter.plan, expert.jobmanager_resource_setting_spec if expert else None)
        picked = (self.canvas.selected, self.canvas.edge)
        about = plan_text.panel(sitter.plan, drawing, *picked, changes=sitter.changes, width=width)
        panel.show((*about, EMPTY, *plan_text.legend(drawing, cost, width)), (0, 0, 0))
        self._note("")

    def _note(self, text: str, style: str = "bar.dim") -> None:
        """The line below the drawing: `text`, or what is drawn."""
        drawing, picture = self.canvas.drawing, self._picture
        if not text and drawing and picture:
            level = "vertices" if picture.level is Level.VERTEX else "operators"
            changed = sum(box.changed for box in drawing.boxes)
            parts = [f"{len(drawing.boxes)} {level}", f"{len(drawing.edges)} edges", f"detail {picture.detail}"]
            parts += [f"{changed} changed"] if changed else []
            parts += [f"{len(drawing.problems)} problems, see the panel"] if drawing.problems else []
            parts += ["tracing"] if self.canvas.tracing else []
            text = "  ".join(parts)
        self.query_one("#plan-note", Bar).show((Span(f" {text}", style),))

    def _show_tables(self) -> None:
        if self._sitter is not None:
            view = self.query_one("#plan-tables", LinesView)
            lines = plan_text.tables(self._sitter.plan, self._sitter.changes, self.size.width, self._words)
            view.show(lines, (0, 0, 0))

    def _show_absent(self) -> None:
        reading = self._subject.answer.plan if self._subject and self._subject.answer else None
        lines: tuple[Line, ...] = ()
        if reading is not None:
            lines = plan_text.absent(reading.error, reading.text, self.size.width)
        self.add_class("-tables")
        self.query_one("#plan-tables", LinesView).show(lines, (0, 0, 0))
        self._note(" ")

    def _toggle_tables(self, on: bool) -> None:
        if on == self.has_class("-tables"):
            return
        focused = self.screen.focused in (self.canvas, self.query_one("#plan-tables"))
        self.set_class(on, "-tables")
        if on:
            self._show_tables()
        if focused:
            self.keys.focus()

    def on_resize(self) -> None:
        """Panel beside the drawing, or below it where there is little room."""
        self.set_class(self.size.width < 90, "-narrow")
        self.call_after_refresh(self._show_panel)

    # Commands

    def _redraw(self, picture: Picture) -> None:
        if self._sitter is not None and picture != self._picture:
            self._picture = picture
            self._draw()

    def action_plan_left(self) -> None:
        """Upstream, where the layers run across."""
        self.canvas.walk(Drawing.left)

    def action_plan_right(self) -> None:
        """Downstream, where the layers run across."""
        self.canvas.walk(Drawing.right)

    def action_plan_up(self) -> None:
        """The box above."""
        self.canvas.walk(Drawing.up)

    def action_plan_down(self) -> None:
        """The box below."""
        self.canvas.walk(Drawing.down)

    def action_plan_next_edge(self) -> None:
        """Select an edge of the selected box."""
        self.canvas.select_next_edge()

    def action_plan_next_match(self) -> None:
        """Select the next box that holds the words looked for."""
        if not self._words:
            self._note("nothing is looked for; press / first", "bar.warning")
        elif self.canvas.drawing and self.canvas.selected:
            self._select_match(self.canvas.drawing.boxes.index(self.canvas.selected) + 1)

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

    def action_plan_previous_change(self) -> None:
        """Select the previous box whose parallelism changes."""
        self.action_plan_next_change(-1)

    def action_plan_trace(self) -> None:
        """Light what is upstream and downstream."""
        self.canvas.trace()
        self._note("")

    def action_plan_more(self, step: int = 1) -> None:
        """More in the boxes."""
        if self._picture:
            detail = min(max(self._picture.detail + step, DETAILS.start), DETAILS.stop - 1)
            self._redraw(replace(self._picture, detail=detail))

    def action_plan_less(self) -> None:
        """Less in the boxes."""
        self.action_plan_more(-1)

    def action_plan_level(self) -> None:
        """Vertices or operators."""
        if self._picture:
            level = Level.OPERATOR if self._picture.level is Level.VERTEX else Level.VERTEX
            self._redraw(replace(self._picture, level=level))

    def action_plan_direction(self) -> None:
        """Turn the drawing."""
        if self._picture:
            turned = Direction.TB if self._picture.direction is Direction.LR else Direction.LR
            self._redraw(replace(self._picture, direction=turned))

    def action_plan_table(self) -> None:
        """Drawing or tables."""
        if self._sitter is not None:
            self._tables = not self._tables
            self._toggle_tables(self._tables)

    @work(group="fit", exclusive=True)
    async def action_plan_fit(self) -> None:
        """The most detail that fits the window; where none does, the drawing that is cut least."""
        sitter, picture, window = self._sitter, self._picture, self.canvas.size
        if sitter is None or picture is None:
            return
        best: tuple[float, Picture] | None = None
        for detail in reversed(DETAILS):
            for direction in Direction:
                tried = replace(picture, detail=detail, direction=direction)
                drawing = await self._drawing(sitter, tried)
                if drawing is None:
                    return
                over = max(drawing.width / max(window.width, 1), drawing.height / max(window.height, 1))
                if best is None or max(over, 1.0) < best[0]:
                    best = (max(over, 1.0), tried)
            if best and best[0] <= 1.0:
                break
        if best:
            self._redraw(best[1])


def _sitter(subject: Subject) -> Sitter | None:
    """The plan of `subject` and what changes in it; None when there is none."""
    if subject.answer is None or subject.answer.plan.plan is None:
        return None
    plan = subject.answer.plan.plan
    before = subject.before.plan.plan if subject.before else None
    return Sitter(plan, dict(plan_changes(plan, subject.answer.result.asked_parallelism, before)))
