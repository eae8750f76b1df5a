"""Every key of the Plan tab, on the demo's plans."""

from pathlib import Path

import pytest

from hottui.graph.plan_graph import Level
from hottui.graph.render.drawing import Direction, Drawing
from hottui.tui.commands import COMMANDS, Scope
from tests.tui.conftest import MakeStage
from tests.tui.plan_stage import canvas, chosen, noted, opened, panel, press, view
from tests.tui.scenes import put_cursor, tab
from tests.tui.stage import AppPilot, dashboard, drawn, foot, screen_text, until


def drawing(pilot: AppPilot) -> Drawing:
    made = canvas(pilot).drawing
    assert made is not None
    return made


def test_every_plan_command_is_tested_here() -> None:
    """The keys of the table of commands; a new one needs a test below."""
    assert {key for command in COMMANDS if command.scope is Scope.PLAN for key in command.keys} == {
        *("left", "h", "right", "l", "up", "k", "down", "j"),
        *("space", "n", "c", "C", "t", "plus", "equals_sign", "minus", "o", "d", "f", "m", "E"),
    }


@pytest.mark.parametrize(
    ("right", "left", "down", "up"), [("right", "left", "down", "up"), ("l", "h", "j", "k")], ids=["arrows", "letters"]
)
async def test_walking(make_stage: MakeStage, right: str, left: str, down: str, up: str) -> None:
    """Left to right: along the edges, and across the layer."""
    async with opened(make_stage, size=(160, 40)) as pilot:
        assert drawing(pilot).direction is Direction.LR
        assert chosen(pilot).name == "orders"
        await press(pilot, right)
        assert chosen(pilot).name == "IntervalJoin"
        await press(pilot, down)
        assert chosen(pilot).name == "dim_shop"
        await press(pilot, right)
        assert chosen(pilot).name == "Join"
        await press(pilot, left)
        assert chosen(pilot).name == "IntervalJoin"
        await press(pilot, left, down)
        assert chosen(pilot).name == "payments"
        await press(pilot, up)
        assert chosen(pilot).name == "orders"
        await press(pilot, left)
        assert chosen(pilot).name == "orders"  # the end: nothing happens


async def test_walking_top_to_bottom(make_stage: MakeStage) -> None:
    async with opened(make_stage) as pilot:
        assert drawing(pilot).direction is Direction.TB
        await press(pilot, "down")
        assert chosen(pilot).name == "IntervalJoin"
        await press(pilot, "right")
        assert chosen(pilot).name == "dim_shop"
        await press(pilot, "up", "left")
        assert chosen(pilot).name == "IntervalJoin"


async def test_first_last_and_paging(make_stage: MakeStage) -> None:
    async with opened(make_stage, "quarter-report", (80, 24)) as pilot:
        await press(pilot, "end")
        assert chosen(pilot) == drawing(pilot).boxes[-1]
        await press(pilot, "home")
        assert chosen(pilot) == drawing(pilot).boxes[0]
        start = canvas(pilot).scroll_offset
        await press(pilot, "pagedown")
        assert canvas(pilot).scroll_offset.y > start.y
        await press(pilot, "pageup", "shift+right")
        assert canvas(pilot).scroll_offset.x > start.x
        await press(pilot, "shift+left")
        assert canvas(pilot).scroll_offset == start
        assert chosen(pilot) == drawing(pilot).boxes[0]


async def test_edges_one_after_the_other(make_stage: MakeStage) -> None:
    async with opened(make_stage) as pilot:
        await press(pilot, "down")
        seen = []
        for _ in range(3):
            await press(pilot, "space")
            assert canvas(pilot).edge is not None
            seen.append(canvas(pilot).edge)
            assert panel(pilot).startswith(" Edge")
        edges = [drawing(pilot).edges[number or 0] for number in seen]
        assert {chosen(pilot).id} & {edges[0].source, edges[0].target}
        assert len(set(seen)) == 3
        await press(pilot, "space")
        assert canvas(pilot).edge is None
        assert panel(pilot).startswith(" IntervalJoin")


async def test_an_edge_shows_strategy_and_mode(make_stage: MakeStage) -> None:
    async with opened(make_stage) as pilot:
        await press(pilot, "space")
        lines = panel(pilot).splitlines()
        assert [line.split() for line in lines[:7]] == [
            ["Edge"], ["From", "orders"], ["To", "IntervalJoin"], [],
            ["Operators", "103", "→", "109"], ["Strategy", "HASH"], ["Mode", "PIPELINED"],
        ]  # fmt: skip


async def test_finding_by_name(make_stage: MakeStage) -> None:
    async with opened(make_stage, "store-top ×2") as pilot:
        await press(pilot, "slash", *"dim_c", "enter")
        seen = [(chosen(pilot).name, noted(pilot))]
        for _ in range(2):
            await press(pilot, "n")
            seen.append((chosen(pilot).name, noted(pilot)))
        assert [name for name, _ in seen] == ["dim_customer", "dim_city", "dim_customer"]
        assert [said[:7] for _, said in seen] == ["1 of 2 ", "2 of 2 ", "1 of 2 "]
        assert "with “dim_c”; n: next" in seen[0][1]
        await press(pilot, "escape", "n")
        assert "no search term (/: search)" in noted(pilot)
        assert dashboard(pilot).detail is not None


async def test_what_no_name_holds_is_found_in_the_descriptions(make_stage: MakeStage) -> None:
    async with opened(make_stage) as pilot:
        await press(pilot, "slash", *"amount city", "enter")
        assert chosen(pilot).name == "Join"
        assert "1 of 1" in noted(pilot)


async def test_finding_nothing(make_stage: MakeStage) -> None:
    async with opened(make_stage) as pilot:
        await press(pilot, "slash", *"zebra")
        assert "no matches for “zebra”" in noted(pilot)


async def test_changed_nodes_forth_and_back(make_stage: MakeStage) -> None:
    async with opened(make_stage, "rescale-friday") as pilot:
        await press(pilot, "o")
        changed = [box.id for box in drawing(pilot).boxes if box.changed]
        assert 1 < len(changed) < len(drawing(pilot).boxes)
        await press(pilot, "home")
        seen = []
        for _ in changed:
            await press(pilot, "c")
            seen.append(chosen(pilot).id)
        assert sorted(seen) == sorted(changed)
        await press(pilot, "C")
        assert chosen(pilot).id == seen[-2]


async def test_nothing_changes(make_stage: MakeStage) -> None:
    async with opened(make_stage, "quarter-report") as pilot:
        await press(pilot, "c")
        assert "no parallelism changes" in noted(pilot)


async def test_tracing(make_stage: MakeStage) -> None:
    """Everything upstream and downstream has heavy lines, the rest thin ones."""
    async with opened(make_stage, "store-top ×2", (200, 60)) as pilot:
        await press(pilot, "right")
        heavy = screen_text(pilot).count("━") + screen_text(pilot).count("┃")
        await press(pilot, "t")
        assert canvas(pilot).tracing
        assert "paths highlighted" in noted(pilot)
        text = screen_text(pilot)
        assert text.count("━") + text.count("┃") > heavy
        assert "╭" in text
        await press(pilot, "t")
        assert "highlighted" not in noted(pilot)
        assert not canvas(pilot).tracing


async def test_more_and_less_detail(make_stage: MakeStage) -> None:
    async with opened(make_stage) as pilot:
        sizes = {drawing(pilot).detail: (drawing(pilot).width, drawing(pilot).height)}
        for key in ("plus", "equals_sign", "minus", "minus", "minus"):
            await press(pilot, key)
            sizes[drawing(pilot).detail] = (drawing(pilot).width, drawing(pilot).height)
        assert drawing(pilot).detail == 0
        assert sizes[0] < sizes[1] < sizes[2]
        assert "detail 1 of 3" in noted(pilot)
        assert "[101 ×4 → ×10]" in screen_text(pilot).replace("▐", "[").replace("▌", "]")
        await press(pilot, "plus", "plus")
        assert "101 orders" in screen_text(pilot)  # the chained operators


async def test_operators_and_back_to_the_same_one(make_stage: MakeStage) -> None:
    async with opened(make_stage) as pilot:
        await press(pilot, "down")
        vertex = chosen(pilot)
        await press(pilot, "o")
        assert drawing(pilot).level is Level.OPERATOR
        assert chosen(pilot).id == vertex.nodes[0]
        await press(pilot, "down")
        inner = chosen(pilot)
        assert inner.id == vertex.nodes[1]
        await press(pilot, "o")
        assert chosen(pilot) == vertex
        await press(pilot, "o")
        assert chosen(pilot) == inner


async def test_turning(make_stage: MakeStage) -> None:
    async with opened(make_stage) as pilot:
        await press(pilot, "down", "d")
        assert drawing(pilot).direction is Direction.LR
        assert chosen(pilot).name == "IntervalJoin"
        await press(pilot, "d")
        assert drawing(pilot).direction is Direction.TB


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=str)
@pytest.mark.parametrize("label", ["smoke", "orders-enrich", "store-top ×2", "城市日报 提频"])
async def test_fitting(make_stage: MakeStage, label: str, size: tuple[int, int]) -> None:
    """All of the drawing is in sight, unless even the smallest does not fit; then that one is shown."""
    async with opened(make_stage, label, size) as pilot:
        await press(pilot, "plus", "plus", "f")
        fits = drawing(pilot).width <= canvas(pilot).size.width and drawing(pilot).height <= canvas(pilot).size.height
        assert fits or drawing(pilot).detail == 0
        if label != "store-top ×2":
            assert fits


async def test_tables_and_searching_them(make_stage: MakeStage) -> None:
    async with opened(make_stage, "rescale-friday") as pilot:
        await press(pilot, "m")
        text = screen_text(pilot)
        assert "NODE PARALLELISM" in text
        assert "×8 → ×64" in text
        assert view(pilot).tables.has_focus
        await press(pilot, "slash", *"rank", "enter")
        shown = [line.text for line in view(pilot).tables.lines if line.value]
        assert shown
        assert all("rank" in line.lower() for line in shown)
        assert "1 node, 0 edges" in noted(pilot)
        await press(pilot, "escape", "m")
        assert canvas(pilot).has_focus
        assert "NODE PARALLELISM" not in screen_text(pilot)


async def test_copying_the_node_and_the_edge(make_stage: MakeStage) -> None:
    async with opened(make_stage) as pilot:
        await press(pilot, "v")
        assert foot(pilot).startswith("Copied value: Source: orders[1] -> Calc(select=[order_id, user_id")
        await press(pilot, "space", "v")
        assert foot(pilot) == "Copied value: orders -> IntervalJoin"
        await press(pilot, "m", "v")
        assert foot(pilot) == "Copied value: Source: orders[1]"


async def test_enter_focuses_the_panel_and_returns_to_the_graph(make_stage: MakeStage) -> None:
    """Its lines can be scrolled and copied."""
    async with opened(make_stage, size=(80, 24)) as pilot:
        await press(pilot, "enter")
        assert view(pilot).panel.has_focus
        box = chosen(pilot)
        await press(pilot, *["down"] * 12)
        assert view(pilot).panel.scroll_y > 0
        assert chosen(pilot) == box
        await press(pilot, "home", "down", "v")
        assert foot(pilot) == "Copied value: ×4 → ×10"
        await press(pilot, "escape")
        assert canvas(pilot).has_focus
        await press(pilot, "enter", "enter")
        assert canvas(pilot).has_focus
        await press(pilot, "escape")
        assert dashboard(pilot).detail is None


async def test_keys_without_a_plan(make_stage: MakeStage) -> None:
    """Nothing to draw: every key leaves everything as it is."""
    async with opened(make_stage, "checkout-fix") as pilot:
        assert "no resourcePlan" in screen_text(pilot)
        await press(pilot, *(key for command in COMMANDS if command.scope is Scope.PLAN for key in command.keys))
        assert "no resourcePlan" in screen_text(pilot)
        hinted = {command.hint.split(" ")[-1] for command in COMMANDS if command.scope is Scope.PLAN and command.hint}
        assert hinted.isdisjoint(foot(pilot).split())
        assert "quit" in foot(pilot)
        put_cursor(pilot, "orders-enrich")
        await drawn(pilot)
        await press(pilot, tab("plan"))
        assert "move" in foot(pilot)
        assert chosen(pilot).name == "orders"
        assert canvas(pilot).has_focus


async def test_the_plan_is_written_in_the_format_of_the_name(
    make_stage: MakeStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wanted = {".svg": "<svg", ".txt": "IntervalJoin", ".dot": '[label="HASH"]', ".mmd": '|"HASH"|'}
    async with opened(make_stage, size=(160, 40)) as pilot:
        await press(pilot, "E", "enter")
        await until(pilot, lambda: foot(pilot) == f"Wrote the plan to {tmp_path / 'plan-orders-enrich.svg'}")
        for end, content in wanted.items():
            path = tmp_path / f"p{end}"
            await press(pilot, "E", *["backspace"] * len("plan-orders-enrich.svg"), *path.name, "enter")
            await until(pilot, path.exists)
            assert content in path.read_text(encoding="utf-8")
        await press(pilot, "E", *["backspace"] * 3, *"png", "enter")
        await until(pilot, lambda: "must end in .svg, .txt, .dot or .mmd" in foot(pilot))
        await press(pilot, "E", "enter")
        await until(pilot, lambda: "it exists; choose another name" in foot(pilot))
