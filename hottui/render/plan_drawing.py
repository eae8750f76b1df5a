"""Choose level, detail and direction of a plan's drawing for a window. Slow for large plans."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from hottui.analysis.cost import PlanCost, plan_cost
from hottui.analysis.requested_parallelism import requested_changes
from hottui.graph.difference_marks import NO_MARKS, Marks
from hottui.graph.draw import DETAILS
from hottui.graph.labels import Unmoved
from hottui.graph.plan_graph import Level
from hottui.graph.render.drawing import Direction, Drawing
from hottui.model.json_text import Json
from hottui.model.plan import Plan
from hottui.model.result import ResourceSettingSpec
from hottui.render.detail_context import DetailContext
from hottui.render.plan_tables import PlanTables

_MANY = 150
"""Above this number of boxes the first drawing has the least detail: trying others is slow, and none would fit."""
_SCREENS, _TOO_MANY_SCREENS = 2.0, 6.0
"""Maximum length of a first drawing, in windows: if one with less detail fits, and if it does not."""
_NAME, _LONG_NAME = 28, 60
"""Maximum width of a name in cells: by default, and if the drawing then still fits."""

Changes = Mapping[str, tuple[int, int]]
Window = tuple[int, int]


@dataclass(frozen=True, slots=True)
class DrawingOptions:
    """The options of a drawing."""

    level: Level = Level.VERTEX
    detail: int = 1
    direction: Direction = Direction.LR
    max_name: int = _NAME


@dataclass(frozen=True)
class PlanInput:
    """A plan to draw, with the changes of parallelism by node id, and the marks if it is two plans in one.

    `raw` is the undecoded plan.
    """

    plan: Plan
    changes: dict[str, tuple[int, int]]
    raw: Json
    jobmanager: ResourceSettingSpec | None
    marks: Marks = NO_MARKS
    unmoved: frozenset[str] = frozenset()
    """The nodes that run with another parallelism than requested; their `changes` are `Unmoved`."""

    @cached_property
    def tables(self) -> PlanTables:
        """The plan as tables."""
        return PlanTables(self.plan, self.changes, self.marks)


@dataclass(frozen=True, slots=True)
class Costs:
    """The cost of the plan as sent, and before and after its changes of parallelism.

    `running` is the cost with what runs, if some nodes run with another parallelism than requested.
    """

    sent: PlanCost
    before: PlanCost
    after: PlanCost
    running: PlanCost | None = None


Draw = Callable[[DrawingOptions], Drawing]


def read_plan_input(context: DetailContext, last: PlanInput | None) -> PlanInput | None:
    """Return the plan of `context` and its changes, or None. The plan of `last` is reused if it is the same."""
    answer = context.answer
    if answer is None or answer.plan.plan is None:
        return None
    raw = answer.result.raw_plan
    plan = last.plan if last is not None and last.raw == raw else answer.plan.plan
    before = context.before.plan.plan if context.before else None
    expert = answer.result.target.expert
    result = answer.result
    insight = context.job.insight
    changes = dict(requested_changes(plan, result, before, insight.before.vertices if insight else {}))
    changes |= _observed_changes(plan, context)
    unmoved = frozenset(node for node, pair in changes.items() if isinstance(pair, Unmoved))
    jobmanager = expert.jobmanager_resource_setting_spec if expert else None
    return PlanInput(plan, changes, raw, jobmanager, unmoved=unmoved)


def _observed_changes(plan: Plan, context: DetailContext) -> dict[str, tuple[int, int]]:
    """Return by node what each vertex ran with before and runs with, or `Unmoved` where it runs with another one."""
    insight = context.job.insight
    items = insight.effect.vertices if insight and insight.effect else {}
    found: dict[str, tuple[int, int]] = {}
    for vertex, members in plan.vertices if items else ():
        item = items.get(vertex)
        if item is None or not isinstance(item.running, int) or not isinstance(item.asked, int):
            continue
        if item.carried is False:
            found |= dict.fromkeys(members, Unmoved(item.running, item.asked))
        elif isinstance(item.before, int) and item.before != item.running:
            found |= dict.fromkeys(members, (item.before, item.running))
    return found


def searchable_plan_input(context: DetailContext, last: PlanInput | None) -> PlanInput | None:
    """Return the plan input with its tables indexed for search (slow for large plans), or `last` if it is equal."""
    plan_input = read_plan_input(context, last)
    if plan_input is None or plan_input == last:
        return last if plan_input is not None else None
    plan_input.tables.make_searchable()
    return plan_input


def costs(plan_input: PlanInput) -> Costs:
    """Return the cost of the plan."""
    sent = plan_cost(plan_input.plan, plan_input.jobmanager)
    if not plan_input.changes:
        return Costs(sent, sent, sent)
    changes, unmoved = plan_input.changes, plan_input.unmoved
    by_node = [{node: pair[0] for node, pair in changes.items()}, {node: pair[1] for node, pair in changes.items()}]
    if unmoved:
        by_node.append({node: pair[0] if node in unmoved else pair[1] for node, pair in changes.items()})
    return Costs(sent, *(plan_cost(plan_input.plan, plan_input.jobmanager, each) for each in by_node))


def first(draw: Draw, boxes: int, window: Window) -> tuple[DrawingOptions, Drawing]:
    """Return the first drawing: vertices with names and parallelism, in the direction that shows more of them.

    Use the least detail instead if that drawing is long and the smaller one fits, or if it is very long.
    """
    if boxes > _MANY:
        direction = Direction.TB if window[0] < window[1] * 2 else Direction.LR
        options = DrawingOptions(detail=0, direction=direction)
        return options, draw(options)
    found = _less_cut(draw, DrawingOptions(), window)
    length = cut(found[1], window)
    if length <= _SCREENS:
        return _with_long_names(draw, found, window)
    brief = _less_cut(draw, DrawingOptions(detail=0), window)
    return brief if cut(brief[1], window) <= 1.0 or length > _TOO_MANY_SCREENS else found


def fitting(draw: Draw, options: DrawingOptions, boxes: int, window: Window) -> tuple[DrawingOptions, Drawing]:
    """Return the drawing with the most detail that fits the window, otherwise the one with the least detail."""
    for detail in reversed(DETAILS if boxes <= _MANY else range(1)):
        found = _less_cut(draw, replace(options, detail=detail, max_name=_NAME), window)
        if cut(found[1], window) <= 1.0:
            return _with_long_names(draw, found, window)
    return found


def cut(drawing: Drawing, window: Window) -> float:
    """Return the length of the drawing in windows; at most 1 if it fits."""
    return max(drawing.width / max(window[0], 1), drawing.height / max(window[1], 1))


def _less_cut(draw: Draw, options: DrawingOptions, window: Window) -> tuple[DrawingOptions, Drawing]:
    """Return the direction that fits better; left to right if both fit equally."""
    across = replace(options, direction=Direction.LR)
    drawing = draw(across)
    if cut(drawing, window) <= 1.0:
        return across, drawing
    down = replace(options, direction=Direction.TB)
    downward = draw(down)
    return (down, downward) if cut(downward, window) < cut(drawing, window) else (across, drawing)


def _with_long_names(
    draw: Draw, found: tuple[DrawingOptions, Drawing], window: Window
) -> tuple[DrawingOptions, Drawing]:
    """Return the drawing with longer names if it then still fits."""
    if cut(found[1], window) > 1.0 or found[0].detail == 0:
        return found
    longer = replace(found[0], max_name=_LONG_NAME)
    drawing = draw(longer)
    return (longer, drawing) if cut(drawing, window) <= 1.0 else found
