"""Draw a plan in a worker thread, with progress when it is slow, and with cancellation."""

import asyncio
from collections.abc import Callable
from threading import Event
from typing import NamedTuple

from hottui.graph.draw import draw_plan
from hottui.graph.layout_progress import Cancelled
from hottui.graph.render.box_drawing import Strokes
from hottui.graph.render.drawing import Drawing
from hottui.model.plan import Plan
from hottui.render.plan_drawing import Costs, Draw, DrawingOptions, PlanInput, costs
from hottui.render.plan_names import NodeNames, PlanSearch
from hottui.runtime import garbage_collection
from hottui.tui.background_thread import give_way

PROGRESS_AFTER = 0.2
"""Seconds after which the progress of a drawing is shown."""
_LARGE = 1_000
"""Nodes from which garbage collection is postponed while drawing."""

Choose = Callable[[Draw], tuple[DrawingOptions, Drawing]]


class Drawn(NamedTuple):
    """A finished drawing with what is needed to show and search it."""

    options: DrawingOptions
    drawing: Drawing
    names: NodeNames
    search: PlanSearch
    costs: Costs


Slow = Callable[[str, float], None]
"""Called with the stage of a slow drawing and the fraction done (0 to 1)."""


def is_large(plan: Plan) -> bool:
    """Return whether garbage collection is postponed while `plan` is prepared and drawn."""
    return len(plan.nodes) >= _LARGE


async def draw(plan_input: PlanInput, choose: Choose, strokes: Strokes, slow: Slow) -> Drawn | None:
    """Let `choose` draw `plan_input` in a thread. Return None if it was cancelled.

    Cancelling this coroutine ends the thread soon. It is a thread, not a process: for 5,000 nodes unpickling the
    drawing alone would block the event loop for longer than the thread ever does.
    """
    give_way()
    cancelled, stage = Event(), [("reading", 0.0)]

    def progress(name: str, done: float) -> None:
        stage[0] = (name, done)

    def draw_one(options: DrawingOptions) -> Drawing:
        return draw_plan(
            plan_input.plan,
            level=options.level,
            detail=options.detail,
            direction=options.direction,
            changes=plan_input.changes,
            marks=plan_input.marks,
            strokes=strokes,
            max_name=options.max_name,
            progress=progress,
            cancelled=cancelled.is_set,
        )

    def work() -> Drawn | None:
        plan_input.tables.make_searchable()
        try:
            options, drawing = choose(draw_one)
        except Cancelled:
            return None
        drawing.prepare()
        search = PlanSearch(drawing, plan_input.plan)
        search.make_searchable()
        return Drawn(options, drawing, NodeNames(drawing, plan_input.plan), search, costs(plan_input))

    task = asyncio.create_task(_in_thread(work, large=is_large(plan_input.plan)))
    try:
        while not (await asyncio.wait({task}, timeout=PROGRESS_AFTER))[0]:
            slow(*stage[0])
        return task.result()
    finally:
        cancelled.set()


async def _in_thread(work: Callable[[], Drawn | None], *, large: bool) -> Drawn | None:
    with garbage_collection.frozen_afterwards(when=large):
        return await asyncio.to_thread(work)
