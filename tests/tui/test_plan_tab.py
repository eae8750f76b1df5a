"""What the Plan tab does by itself: what it shows, what it keeps, what it rewrites, what it does not wait for."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len
from textual import events
from textual.geometry import Region
from textual.widget import Widget

from hottui.graph import draw as graph_draw
from hottui.graph.render.drawing import Drawing
from hottui.tui.detail import plan_worker
from tests.tui.conftest import MakeStage
from tests.tui.plan_stage import (
    about,
    answered,
    canvas,
    chosen,
    give,
    layered,
    noted,
    opened,
    panel,
    press,
    rested,
    subject,
    view,
)
from tests.tui.stage import AppPilot, dashboard, resize, screen_lines, screen_text, until

SIZES = ((60, 20), (80, 24), (120, 40), (200, 60))
PLANS = ("smoke", "orders-enrich", "rescale-friday", "store-top ×2", "quarter-report", "城市日报 提频",
         "lab: loop in the plan", "catalog-sync", "checkout-fix")  # fmt: skip


class Refreshed:
    """Counts the parts of a widget that are written anew."""

    def __init__(self, widget: Widget, monkeypatch: pytest.MonkeyPatch) -> None:
        self.regions: list[tuple[Region, ...]] = []
        real = widget.refresh

        def refresh(*regions: Region, **more: bool) -> Widget:
            self.regions.append(regions)
            return real(*regions, **more)

        monkeypatch.setattr(widget, "refresh", refresh)

    @property
    def rows(self) -> list[int]:
        """The rows written one by one."""
        return sorted(region.y for regions in self.regions for region in regions)

    @property
    def whole(self) -> int:
        """How often all of it was."""
        return sum(not regions for regions in self.regions)


# What is shown


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("label", PLANS)
async def test_every_plan_at_every_size(make_stage: MakeStage, label: str, size: tuple[int, int]) -> None:
    """The screen stays whole, the selected box is in sight, and the panel's words are folded, not cut."""
    async with opened(make_stage, label, size) as pilot:
        lines = screen_lines(pilot)
        assert len(lines) == size[1]
        assert {cell_len(line) for line in lines} == {size[0]}
        if canvas(pilot).drawing is None:
            return
        assert any(mark in screen_text(pilot) for mark in "┏▐")
        assert all(cell_len(line.text) <= view(pilot).panel.size.width for line in view(pilot).panel.lines)


async def test_the_legend_shows_groups_cost_and_letters(make_stage: MakeStage) -> None:
    async with opened(make_stage) as pilot:
        words = " ".join(panel(pilot).split())
        for said in (
            "A source 4 → 10 slots", "0.5 cpu, heap 512 mb, off-heap 32 mb, managed –",
            "B join 4 → 10 slots", "managed 2 gb (state backend)",
            "TaskManagers 11 cores, 28.44 GiB, 11 CU", "JobManager 1 core, 4 GiB, 1 CU",
            "Job 12 cores, 32.44 GiB, 12 CU", "Job, changed 31 cores",
            "without a letter: FORWARD", "H HASH", "B BROADCAST", "R REBALANCE",
        ):  # fmt: skip
            assert said in words


async def test_what_could_not_be_drawn_is_listed(make_stage: MakeStage) -> None:
    async with opened(make_stage, "lab: loop in the plan") as pilot:
        assert "The edge 305 → 714 is not drawn" in panel(pilot)
        assert "1 problem: see the panel" in noted(pilot)
        await press(pilot, "down")
        told = []
        for _ in range(3):
            await press(pilot, "space")
            told.append("it closes a cycle" in " ".join(panel(pilot).split()))
        assert told.count(True) == 1


async def test_a_broken_plan_is_shown_as_it_came(make_stage: MakeStage) -> None:
    async with opened(make_stage, "catalog-sync") as pilot:
        assert "Cannot decode the resourcePlan: it is not JSON" in screen_text(pilot)
        assert '{"ssgProfiles"' in screen_text(pilot)


async def test_neighbours_with_the_same_name_are_disambiguated(make_stage: MakeStage) -> None:
    """By an argument that differs, or else by the operator's id; copying an edge tells them apart too."""
    named = ("Source: t", "Agg(by=[page])", "Agg(by=[city])", "Join[1]", "Join[2]")
    nodes = [{"id": n, "desc": name} for n, name in enumerate(named)]
    edges = [{"source": 0, "target": n, "strategy": "HASH"} for n in range(1, 5)]
    async with opened(make_stage) as pilot:
        give(pilot, about(pilot, {"nodes": nodes, "edges": edges}))
        await rested(pilot)
        said = panel(pilot)
        for far in ("Agg by=[page]  HASH", "Agg by=[city]  HASH", "Join #3  HASH", "Join #4  HASH"):
            assert far in said
        await press(pilot, "space")
        assert view(pilot).value == "t -> Agg by=[page]"
        assert "To           Agg by=[page]" in panel(pilot)


async def test_names_are_whole_where_there_is_room(make_stage: MakeStage) -> None:
    name = "an_uncommonly_long_name_of_a_table_that_is_read"
    plan = layered(1)
    plan["nodes"][0].update(desc=f"Source: {name}[1]", type="StreamExecTableSourceScan")
    async with opened(make_stage) as pilot:
        give(pilot, about(pilot, plan))
        await rested(pilot)
        assert canvas(pilot).drawing is not None
        assert chosen(pilot).name == name
        assert name in screen_text(pilot)


@pytest.mark.parametrize("options", [{"ascii": True}, {}], ids=["ascii", "unicode"])
async def test_selection_and_light_are_seen_without_colour(make_stage: MakeStage, options: dict[str, Any]) -> None:
    async with opened(make_stage, **options) as pilot:
        marks = ("#====", "#") if options else ("┏━━━━", "┃")
        text = screen_text(pilot)
        assert all(mark in text for mark in marks)
        assert text.isascii() or not options
        await press(pilot, "minus")
        assert ("#101 x4 -> x10#" if options else "▐101 ×4 → ×10▌") in screen_text(pilot)


async def test_where_edges_part_only_the_lit_one_is_heavy(make_stage: MakeStage) -> None:
    """The second of five edges out of one box goes up or down past others that stay thin."""
    names = ["hub", *(f"leaf {n}" for n in range(5))]
    nodes = [{"id": n, "type": "Calc", "desc": name} for n, name in enumerate(names)]
    edges = [{"source": 0, "target": n, "strategy": "HASH"} for n in range(1, 6)]
    async with opened(make_stage) as pilot:
        give(pilot, about(pilot, {"nodes": nodes, "edges": edges}))
        await rested(pilot)
        await press(pilot, "space", "space")
        text = screen_text(pilot)
        assert sum(map(text.count, "├┤┬┴┼")) > 0
        assert sum(map(text.count, "┡┢┩┪┱┲┹┺╃╄╅╆")) > 0
        assert sum(map(text.count, "╭╮╰╯")) > 0


# What is rewritten


async def test_a_step_rewrites_only_the_rows_that_look_different(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(make_stage) as pilot:
        written = Refreshed(canvas(pilot), monkeypatch)
        before = screen_lines(pilot)
        await press(pilot, "right")  # from orders to payments, in the same layer
        after = screen_lines(pilot)
        top = canvas(pilot).region.y
        width = canvas(pilot).size.width
        differ = [y for y, (old, new) in enumerate(zip(before, after, strict=True)) if old[:width] != new[:width]]
        differ = [y - top for y in differ if top <= y < top + canvas(pilot).size.height]
        assert written.whole == 0
        assert set(differ) <= set(written.rows)
        box = chosen(pilot)
        target = canvas(pilot).drawing.box_by_id[box.targets[0]]  # type: ignore[union-attr]
        assert max(written.rows) < target.y  # the boxes below are the same
        assert len(written.rows) == len(set(written.rows)) <= target.y


async def test_the_same_plan_read_again_redraws_nothing(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """An update in progress is read every two seconds; its answer differs in the state, not in the plan."""
    async with opened(make_stage) as pilot:
        plan = layered(40)
        give(pilot, about(pilot, plan, jobHotUpdateStatus="INIT"))
        await rested(pilot)
        await press(pilot, "down", "space")
        seen, edge, drawing = chosen(pilot), canvas(pilot).edge, canvas(pilot).drawing
        parts = [Refreshed(part, monkeypatch) for part in (canvas(pilot), view(pilot).panel)]
        for status in ("HOT_UPDATING", "HOT_UPDATED"):
            give(pilot, about(pilot, plan, jobHotUpdateStatus=status))
            await rested(pilot)
        assert canvas(pilot).drawing is drawing
        assert (chosen(pilot), canvas(pilot).edge) == (seen, edge)
        assert [part.regions for part in parts] == [[], []]


async def test_another_parallelism_keeps_the_place(make_stage: MakeStage) -> None:
    """The plan after the rescale has the same nodes: what was selected stays selected, where it was on the screen."""
    async with opened(make_stage, size=(80, 24)) as pilot:
        plan = layered(100)
        give(pilot, about(pilot, plan))
        await rested(pilot)
        await press(pilot, "end", "up")
        drawing, seen, edge = canvas(pilot).drawing, chosen(pilot), canvas(pilot).scroll_offset
        for node in plan["nodes"]:
            node["profile"]["parallelism"] = 16
        give(pilot, about(pilot, plan))
        await rested(pilot)
        assert canvas(pilot).drawing is not drawing
        assert chosen(pilot).id == seen.id
        assert "×16" in chosen(pilot).parallelism
        moved = (chosen(pilot).x - seen.x, chosen(pilot).y - seen.y)
        now = canvas(pilot).scroll_offset
        assert abs(now.x - edge.x - moved[0]) <= 4
        assert abs(now.y - edge.y - moved[1]) <= 4


async def test_another_hot_update_begins_at_its_first_box(make_stage: MakeStage) -> None:
    async with opened(make_stage, size=(80, 24)) as pilot:
        give(pilot, about(pilot, layered(100)))
        await rested(pilot)
        await press(pilot, "end", "plus", "o")
        give(pilot, about(pilot, layered(90), "another"))
        await rested(pilot)
        drawing = canvas(pilot).drawing
        assert drawing is not None
        assert chosen(pilot) == drawing.boxes[0]


async def test_more_room_shows_more_unless_the_user_chose(make_stage: MakeStage) -> None:
    async with opened(make_stage, "orders-enrich", (80, 24)) as pilot:
        small = canvas(pilot).drawing
        await resize(pilot, 200, 60)
        await rested(pilot)
        large = canvas(pilot).drawing
        assert small is not None
        assert large is not None
        assert small.width > 80
        assert large.width <= canvas(pilot).size.width
        assert large.height <= canvas(pilot).size.height
        await press(pilot, "minus", "d")
        mine = canvas(pilot).drawing
        await resize(pilot, 80, 24)
        await rested(pilot)
        assert canvas(pilot).drawing is mine


# The mouse


async def test_a_click_selects_a_box_or_an_edge(make_stage: MakeStage) -> None:
    async with opened(make_stage) as pilot:
        drawing = canvas(pilot).drawing
        assert drawing is not None
        box = next(box for box in drawing.boxes if box.name == "Join")
        await pilot.click("#plan-canvas", offset=(box.x + 1, box.y + 1))
        await rested(pilot)
        assert chosen(pilot) == box
        assert panel(pilot).startswith(" Join")
        x, y = letter(drawing, "R")
        await pilot.click("#plan-canvas", offset=(x, y))
        await rested(pilot)
        assert "REBALANCE" in panel(pilot).split("Groups")[0]
        assert chosen(pilot) == box
        edge = canvas(pilot).edge
        await pilot.click("#plan-canvas", offset=(drawing.width + 5, 0))
        assert canvas(pilot).edge == edge


def letter(drawing: Drawing, strategy: str) -> tuple[int, int]:
    """The cell of a strategy's letter between the boxes."""
    for y, row in enumerate(drawing.text().split("\n")):
        if row.strip() == strategy:
            return row.index(strategy), y
    raise AssertionError(f"there is no {strategy} in a row of its own")


@pytest.mark.parametrize(
    ("kind", "shift", "way"),
    [(events.MouseScrollDown, False, (0, 1)), (events.MouseScrollDown, True, (1, 0))],
    ids=["down", "sideways"],
)
async def test_the_wheel_scrolls(
    make_stage: MakeStage, kind: type[events.MouseScrollDown], shift: bool, way: tuple[int, int]
) -> None:
    async with opened(make_stage, "quarter-report", (80, 24)) as pilot:
        seen, start = chosen(pilot), canvas(pilot).scroll_offset
        x, y = canvas(pilot).region.x + 3, canvas(pilot).region.y + 2
        pilot.app.post_message(kind(None, x, y, 0, 0, 0, shift, False, False, screen_x=x, screen_y=y))
        await rested(pilot)
        moved = canvas(pilot).scroll_offset - start
        assert (moved.x > 0, moved.y > 0) == (way[0] > 0, way[1] > 0)
        assert chosen(pilot) == seen


async def test_the_wheel_scrolls_sideways_when_nothing_is_below(make_stage: MakeStage) -> None:
    async with opened(make_stage, "store-top ×2", (80, 24)) as pilot:
        assert canvas(pilot).max_scroll_y == 0 < canvas(pilot).max_scroll_x
        x, y = canvas(pilot).region.x + 3, canvas(pilot).region.y + 2
        seen = []
        for kind in (events.MouseScrollDown, events.MouseScrollDown, events.MouseScrollUp, events.MouseScrollUp):
            pilot.app.post_message(kind(None, x, y, 0, 0, 0, False, False, False, screen_x=x, screen_y=y))
            await rested(pilot)
            seen.append(canvas(pilot).scroll_offset.x)
        assert 0 < seen[0] < seen[1]
        assert seen[2:] == [seen[0], 0]


# Long drawings


class Slow:
    """Holds a drawing back inside its thread, until it is let go or not wanted any more."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go, self.ended = threading.Event(), threading.Event(), threading.Event()
        real: Callable[..., Drawing] = graph_draw.draw_plan

        def slow(*args: object, **more: object) -> Drawing:
            self.begun.set()
            progress, cancelled = more["progress"], more["cancelled"]
            assert callable(progress)
            assert callable(cancelled)
            progress("order", 0.25)
            try:
                while not self.go.wait(0.01) and not cancelled():
                    pass
                return real(*args, **more)
            finally:
                self.ended.set()

        monkeypatch.setattr(plan_worker, "draw_plan", slow)


async def begin(pilot: AppPilot, slow: Slow, name: str = "large") -> None:
    """Let a plan be shown whose drawing takes long, and wait until that is said."""
    slow.begun.clear()
    slow.ended.clear()
    give(pilot, about(pilot, layered(30), name))
    await until(pilot, lambda: slow.begun.is_set() and "drawing 30 nodes: order 25%" in screen_text(pilot))


async def test_tables_are_shown_during_a_slow_drawing(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(make_stage) as pilot:
        slow = Slow(monkeypatch)
        await begin(pilot, slow)
        await until(pilot, lambda: "NODE PARALLELISM" in screen_text(pilot))
        await pilot.press("down", "down")  # they can be walked meanwhile
        assert view(pilot).value == "Calc(select=[f2])[2]"
        await pilot.press("slash", *"f17]", "enter")
        await until(pilot, lambda: "f17]" in screen_text(pilot) and "f16]" not in screen_text(pilot))
        slow.go.set()
        await rested(pilot)
        assert canvas(pilot).has_focus
        assert len(canvas(pilot).drawing.boxes) == 30  # type: ignore[union-attr]


async def test_the_last_drawing_stays_during_a_slow_one_of_a_changed_plan(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(make_stage) as pilot:
        give(pilot, about(pilot, layered(20), "large"))
        await rested(pilot)
        drawing, slow = canvas(pilot).drawing, Slow(monkeypatch)
        give(pilot, about(pilot, layered(30), "large"))
        await until(pilot, lambda: "redrawing 30 nodes: order 25% (the plan of" in screen_text(pilot))
        assert canvas(pilot).drawing is drawing
        assert canvas(pilot).has_focus
        await pilot.press("end", "up")  # it can be walked; the panel describes its nodes
        assert "NODE PARALLELISM" not in screen_text(pilot)
        slow.go.set()
        await rested(pilot)
        assert len(canvas(pilot).drawing.boxes) == 30  # type: ignore[union-attr]


@pytest.mark.parametrize("away", ["1", "escape", "q"], ids=["another tab", "back to the table", "quitting"])
async def test_leaving_the_tab_cancels_the_drawing(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch, away: str
) -> None:
    async with opened(make_stage) as pilot:
        slow = Slow(monkeypatch)
        await begin(pilot, slow)
        await pilot.press(away)
        await until(pilot, slow.ended.is_set, pause=away != "q")
        assert not slow.go.is_set()


async def test_another_hot_update_cancels_the_drawing(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(make_stage) as pilot:
        slow = Slow(monkeypatch)
        await begin(pilot, slow)
        first = slow.ended
        slow.ended = threading.Event()
        give(pilot, about(pilot, layered(31), "another"))
        await until(pilot, lambda: first.is_set() or slow.ended.is_set())
        slow.go.set()
        await rested(pilot)
        assert len(canvas(pilot).drawing.boxes) == 31  # type: ignore[union-attr]


async def test_returning_to_the_tab_draws_a_cancelled_plan(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(make_stage) as pilot:
        slow = Slow(monkeypatch)
        monkeypatch.setattr(dashboard(pilot).detail_loading, "request", lambda **_: None)  # no row has this plan
        await begin(pilot, slow)
        await pilot.press("1")
        await until(pilot, slow.ended.is_set)
        slow.go.set()
        await press(pilot, "5")
        assert len(canvas(pilot).drawing.boxes) == 30  # type: ignore[union-attr]
        assert canvas(pilot).has_focus


async def test_the_layout_can_be_cancelled(make_stage: MakeStage) -> None:
    """No stand-in here: 5,000 nodes, given up while they are laid out."""
    async with opened(make_stage) as pilot:
        made = about(pilot, layered(5_000), "huge")
        _ = made.answer and made.answer.plan.plan
        give(pilot, made)
        await until(pilot, lambda: "drawing 5,000 nodes" in screen_text(pilot))
        busy = next(work for work in pilot.app.workers if work.group == "plan" and work.is_running)
        threads = {thread for thread in threading.enumerate() if thread.name.startswith("asyncio_")}
        await pilot.press("1")
        begun = time.monotonic()
        await until(pilot, lambda: busy.is_finished)
        await asyncio.gather(*(asyncio.to_thread(time.sleep, 0) for _ in threads))  # every thread is free again
        assert time.monotonic() - begun < 60
        assert dashboard(pilot).detail is not None


async def test_a_large_plan_is_there_after_a_while(make_stage: MakeStage) -> None:
    async with opened(make_stage) as pilot:
        give(pilot, about(pilot, layered(2_000), "huge"))
        await until(pilot, lambda: not view(pilot).has_class("-tables") and "2,000 vertices" in noted(pilot))
        assert chosen(pilot).id == f"{0:032x}"
        await press(pilot, "right", "m", "slash", *"f1999]", "enter")
        assert [line.value for line in view(pilot).tables.lines if line.value] == ["Calc(select=[f1999])[1999]"]


async def test_an_answer_without_a_plan_after_one_with(make_stage: MakeStage) -> None:
    async with opened(make_stage) as pilot:
        give(pilot, replace(subject(pilot), answer=answered(None)))
        await rested(pilot)
        assert "no resourcePlan" in screen_text(pilot)
        assert view(pilot).value is None
        give(pilot, about(pilot, layered(3)))
        await rested(pilot)
        assert len(canvas(pilot).drawing.boxes) == 3  # type: ignore[union-attr]
        give(pilot, replace(subject(pilot), answer=None, unreadable="it is not JSON"))
        await rested(pilot)
        assert "Cannot read the answer: it is not JSON." in screen_text(pilot)
