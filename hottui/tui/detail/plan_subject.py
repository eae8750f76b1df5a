"""The subject of a plan view: where its plan comes from, and the text around the drawing."""

from dataclasses import dataclass
from typing import Protocol

from hottui.graph.render.drawing import Box, Drawing
from hottui.render import plan_drawing, plan_legend
from hottui.render.detail_context import DetailContext
from hottui.render.plan_drawing import Costs, DrawingOptions, PlanInput
from hottui.render.plan_names import NodeNames
from hottui.render.styled_text import EMPTY, Line
from hottui.render.table_rows import display_name
from hottui.tui.detail import plan_worker


@dataclass(frozen=True, slots=True)
class Shown:
    """A finished drawing with the selection in it."""

    plan_input: PlanInput
    drawing: Drawing
    names: NodeNames
    costs: Costs
    box: Box | None
    edge: int | None
    """The index of the selected edge in the drawing."""


class PlanSubject(Protocol):
    """What a plan view shows."""

    @property
    def identity(self) -> object:
        """The view starts over for a subject with another identity."""

    @property
    def title(self) -> str:
        """The heading of an exported plan."""

    @property
    def inputs(self) -> tuple[object, ...]:
        """The objects that the plan is read from, compared by identity: it is read again if one is replaced."""

    @property
    def is_large(self) -> bool:
        """Whether garbage collection is postponed while the plan is read."""

    def read(self, last: PlanInput | None) -> PlanInput | None:
        """Return the plan to draw, `last` itself if it is equal, or None if there is none. Slow for large plans."""

    def absent(self, width: int) -> tuple[Line, ...]:
        """Return the text in place of a drawing if there is no plan."""

    def panel(self, shown: Shown, width: int) -> tuple[Line, ...]:
        """Return the text beside the drawing: the selected box or edge, and the legend."""

    def summary(self, drawing: Drawing, options: DrawingOptions, *, tracing: bool) -> str:
        """Return the status line."""

    @property
    def no_changes(self) -> str:
        """The message if there is no change to go to."""


@dataclass(frozen=True, slots=True)
class PlanOfAnswer:
    """The plan in the answer about a hot update."""

    context: DetailContext

    @property
    def identity(self) -> object:
        """The hot update."""
        return self.context.tracked.ref

    @property
    def title(self) -> str:
        """Label or ID of the hot update."""
        return display_name(self.context.tracked)

    @property
    def inputs(self) -> tuple[object, ...]:
        """The answers; equal ones are identical, see `DetailLoader`."""
        return self.context.answer, self.context.before, self.context.job.insight

    @property
    def is_large(self) -> bool:
        """Whether the plan is large."""
        plan = self.context.answer.plan.plan if self.context.answer else None
        return plan is not None and plan_worker.is_large(plan)

    def read(self, last: PlanInput | None) -> PlanInput | None:
        """Return the plan with the changes of parallelism."""
        return plan_drawing.searchable_plan_input(self.context, last)

    def absent(self, width: int) -> tuple[Line, ...]:
        """Return why there is no drawing, and the text of an unreadable plan."""
        return plan_legend.absent(self.context, width)

    def panel(self, shown: Shown, width: int) -> tuple[Line, ...]:
        """Return the selected box or edge, groups, cost and edge letters."""
        about = plan_legend.panel(shown.plan_input, shown.names, shown.box, shown.edge, width)
        return (*about, EMPTY, *plan_legend.legend(shown.drawing, shown.costs, width))

    def summary(self, drawing: Drawing, options: DrawingOptions, *, tracing: bool) -> str:
        """Return the numbers of boxes, edges and changes."""
        return plan_legend.summary(drawing, options, tracing)

    @property
    def no_changes(self) -> str:
        """The message if no box changes."""
        return "no parallelism changes in this plan"
