"""Drawing off the event loop: with progress when it takes long, and stopped when it is no longer wanted."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from threading import Event
from typing import NamedTuple

from hottui.graph.cancellation import Cancelled
from hottui.graph.draw import draw_plan
from hottui.graph.render.box_drawing import Strokes
from hottui.graph.render.drawing import Drawing
from hottui.render.plan_drawing import Costs, Draw, DrawingOptions, PlanInput, costs
from hottui.render.plan_names import NodeNames
from hottui.runtime import garbage_collection
from hottui.tui.background_thread import give_way
from hottui.tui.detail.plan_search import PlanSearch

PATIENCE = 0.2
"""Seconds a drawing may take before its progress is shown."""
_LARGE = 1_000
"""Nodes from which on looking for garbage while drawing would be felt."""

Choose = Callable[[Draw], tuple[DrawingOptions, Drawing]]


class Drawn(NamedTuple):
    """What became of it."""

    picture: DrawingOptions
    drawing: Drawing
    names: NodeNames
    finder: PlanSearch
    costs: Costs


Slow = Callable[[str, float], None]
"""Told the stage of a drawing that takes long, and how much of it is done (0 to 1)."""


async def draw(sitter: PlanInput, choose: Choose, strokes: Strokes, slow: Slow) -> Drawn | None:
    """Let `choose` draw `sitter` in a thread.

    None when the drawing is no longer wanted. Cancelling this ends the thread soon. It is a thread because a process
    would have to be given the plan and give back the drawing: for 5,000 nodes unpickling alone stops the loop for
    longer than the thread ever does.
    """
    give_way()
    unwanted, stage = Event(), [("reading", 0.0)]

    def told(name: str, done: float) -> None:
        stage[0] = (name, done)

    def one(picture: DrawingOptions) -> Drawing:
        return draw_plan(
            sitter.plan,
            level=picture.level,
            detail=picture.detail,
            direction=picture.direction,
            changes=sitter.changes,
            strokes=strokes,
            max_name=picture.max_name,
            progress=told,
            cancelled=unwanted.is_set,
        )

    def work() -> Drawn | None:
        sitter.tables.make_searchable()
        try:
            picture, drawing = choose(one)
        except Cancelled:
            return None
        drawing.prepare()
        finder = PlanSearch(drawing, sitter.plan)
        finder.make_searchable()
        return Drawn(picture, drawing, NodeNames(drawing, sitter.plan), finder, costs(sitter))

    task = asyncio.create_task(_in_thread(work, large=len(sitter.plan.nodes) >= _LARGE))
    try:
        while not (await asyncio.wait({task}, timeout=PATIENCE))[0]:
            slow(*stage[0])
        return task.result()
    finally:
        unwanted.set()


async def _in_thread(work: Callable[[], Drawn | None], *, large: bool) -> Drawn | None:
    with garbage_collection.frozen_afterwards() if large else nullcontext():
        return await asyncio.to_thread(work)
