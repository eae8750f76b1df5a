"""Drawing off the event loop: with progress when it takes long, and stopped when it is no longer wanted."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from threading import Event
from typing import NamedTuple

from hottui.graph.draw import draw_plan
from hottui.graph.drawing import Drawing
from hottui.graph.strokes import Strokes
from hottui.graph.watch import Cancelled
from hottui.tui import garbage
from hottui.tui.background import give_way
from hottui.tui.detail.plan_finding import Finder
from hottui.tui.detail.plan_names import Names
from hottui.tui.detail.plan_picture import Costs, Draw, Picture, Sitter, costs

PATIENCE = 0.2
"""Seconds a drawing may take before its progress is shown."""
_LARGE = 1_000
"""Nodes from which on looking for garbage while drawing would be felt."""

Choose = Callable[[Draw], tuple[Picture, Drawing]]


class Drawn(NamedTuple):
    """What became of it."""

    picture: Picture
    drawing: Drawing
    names: Names
    finder: Finder
    costs: Costs


Slow = Callable[[str, float], None]
"""Told the stage of a drawing that takes long, and how much of it is done (0 to 1)."""


async def draw(sitter: Sitter, choose: Choose, strokes: Strokes, slow: Slow) -> Drawn | None:
    """Let `choose` draw `sitter` in a thread.

    None when the drawing is no longer wanted. Cancelling this ends the thread soon. It is a thread because a process
    would have to be given the plan and give back the drawing: for 5,000 nodes unpickling alone stops the loop for
    longer than the thread ever does.
    """
    give_way()
    unwanted, stage = Event(), [("reading", 0.0)]

    def told(name: str, done: float) -> None:
        stage[0] = (name, done)

    def one(picture: Picture) -> Drawing:
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
        finder = Finder(drawing, sitter.plan)
        finder.make_searchable()
        return Drawn(picture, drawing, Names(drawing, sitter.plan), finder, costs(sitter))

    task = asyncio.create_task(_in_thread(work, large=len(sitter.plan.nodes) >= _LARGE))
    try:
        while not (await asyncio.wait({task}, timeout=PATIENCE))[0]:
            slow(*stage[0])
        return task.result()
    finally:
        unwanted.set()


async def _in_thread(work: Callable[[], Drawn | None], *, large: bool) -> Drawn | None:
    with garbage.kept_from() if large else nullcontext():
        return await asyncio.to_thread(work)
