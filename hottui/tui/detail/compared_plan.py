"""The subject of a plan view that shows two plans in one drawing."""

from dataclasses import dataclass

from hottui.graph.render.drawing import Drawing
from hottui.render import compared_plans
from hottui.render.comparison import Comparison
from hottui.render.plan_drawing import DrawingOptions, PlanInput
from hottui.render.styled_text import EMPTY, Line
from hottui.tui.detail import plan_worker
from hottui.tui.detail.plan_subject import Shown


@dataclass(frozen=True, slots=True)
class PlanOfComparison:
    """Both plans of a comparison; see `PlanSubject`."""

    comparison: Comparison
    identity: object

    @property
    def title(self) -> str:
        """Both sides."""
        return "Compared plans"

    @property
    def inputs(self) -> tuple[object, ...]:
        """The comparison."""
        return (self.comparison,)

    @property
    def is_large(self) -> bool:
        """Whether the plans are large."""
        plan_input = self.comparison.plan_input
        return plan_input is not None and plan_worker.is_large(plan_input.plan)

    def read(self, last: PlanInput | None) -> PlanInput | None:
        """Return both plans in one with their marks, or `last` if it is equal."""
        plan_input = self.comparison.plan_input
        return last if plan_input is not None and plan_input == last else plan_input

    def absent(self, width: int) -> tuple[Line, ...]:
        """Return why there is no drawing."""
        return compared_plans.absent(self.comparison, width)

    def panel(self, shown: Shown, width: int) -> tuple[Line, ...]:
        """Return what differs in the selection, the marks, groups, costs and edge letters."""
        about = compared_plans.panel(self.comparison, shown.names, shown.box, shown.edge, width)
        return (*about, EMPTY, *compared_plans.legend(self.comparison, shown.drawing, width))

    def summary(self, drawing: Drawing, options: DrawingOptions, *, tracing: bool) -> str:
        """Return the numbers of boxes and edges with each mark."""
        return compared_plans.summary(drawing, options, tracing=tracing)

    @property
    def no_changes(self) -> str:
        """The message if nothing differs."""
        return "the plans have no differences"
