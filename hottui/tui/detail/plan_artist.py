"""Drawing off the event loop: with progress when it takes long, and stopped when it is no longer wanted."""

import asyncio
from collections.abc import Callable
from threading import Event

from hottui.graph.draw import draw_plan
from hottui.graph.drawing import Drawing
from hottui.graph.strokes import Strokes
from hottui.graph.watch import Cancelled
from hottui.tui.detail.plan_picture import Costs, Draw, Picture, Sitter, costs

PATIENCE = 0.2
"""Seconds a drawing may take before its progress is shown."""

Choose = Callable[[Draw], tuple[Picture, Drawing]]
Slow = Callable[[str, float], None]
Drawn = tuple[Picture, Drawing, Costs]


async def draw(sitter: Sitter, choose: Choose, strokes: Strokes, slow: Slow) -> Drawn | None:
    """Let `choose` draw `sitter` in a thread; `slow` is told the stage and how much of it is done.

    None when the drawing is no longer wanted. Cancelling this ends the thread soon: layout is pure Python, so a thread
    lets the loop have its turn every few milliseconds (measured: at most 50 ms apart for 5,000 nodes), which another
    process would not better for the half second it takes to begin.
    """
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
        try:
            picture, drawing = choose(one)
        except Cancelled:
            return None
        drawing.rows(0, 0, 1, 1)  # what the first window needs to be sorted once is sorted here
        _ = drawing.box_by_id, drawing.box_of_node
        return picture, drawing, costs(sitter)

    task = asyncio.create_task(asyncio.to_thread(work))
    try:
        while not (await asyncio.wait({task}, timeout=PATIENCE))[0]:
            slow(*stage[0])
        return task.result()
    finally:
        unwanted.set()
