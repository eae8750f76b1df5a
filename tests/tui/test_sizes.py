"""Every line on screen has exactly the width there is, at every size, with double-width letters too."""

from collections.abc import Callable

import pytest
from rich.cells import cell_len
from textual._wait import wait_for_idle
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from hottui.demo.simulation import Simulation
from hottui.model.tracking import Bookmark
from hottui.render.table_columns import columns_for
from hottui.tui.detail.plan_canvas import PlanCanvas
from hottui.tui.detail.tabs import TabStrip
from hottui.tui.layout import TABS
from hottui.tui.widgets.header_footer import Bar
from hottui.tui.widgets.lines_view import LinesView
from hottui.tui.widgets.live_table import LiveTable
from tests.tui.conftest import MakeStage
from tests.tui.scenes import loaded, put_cursor
from tests.tui.stage import AppPilot, dashboard, drawn, resize, table

SIZES = ((60, 20), (80, 24), (120, 40), (200, 50), (30, 8), (1, 1))
OURS = (LiveTable, LinesView, Bar, TabStrip, PlanCanvas)
"""The widgets that draw their own lines."""


class WideWorld(Simulation):
    """The demo's world with labels of double-width letters, of odd and even lengths."""

    def bookmarks(self, endpoint: str) -> tuple[Bookmark, ...]:
        marks = super().bookmarks(endpoint)
        return tuple(
            Bookmark(m.ref, "a" * (n % 2) + "城市日报" * (n % 7), "备注", m.added) for n, m in enumerate(marks)
        )


def check_widths(pilot: AppPilot) -> None:
    """Assert that what each widget draws is as wide as the widget, and the screen as wide as the screen."""
    screen = pilot.app.screen
    for widget in screen.walk_children(Widget):
        if isinstance(widget, OURS) and widget.size.area and widget.display:
            for y in range(widget.size.height):
                strip = widget.render_line(y)
                shown = cell_len(strip.text)
                assert shown == strip.cell_length == widget.size.width, (pilot.app.size, widget, y, strip.text)
    lines = screen._compositor.render_strips()
    assert len(lines) == screen.size.height
    assert {cell_len(strip.text) for strip in lines} == {screen.size.width}


@pytest.mark.parametrize("world", [Simulation, WideWorld], ids=["demo", "double-width labels"])
async def test_every_line_has_the_width_of_the_screen(make_stage: MakeStage, world: Callable[..., Simulation]) -> None:
    stage = make_stage(world=lambda clock: world(1, clock, size=14))
    async with stage.running((120, 40)) as pilot:
        for size in SIZES:
            await resize(pilot, *size)
            await drawn(pilot)
            check_widths(pilot)


@pytest.mark.parametrize("tab", TABS)
async def test_every_tab_fits_at_every_size(make_stage: MakeStage, tab: str) -> None:
    stage = make_stage(size=14)
    async with stage.running((120, 40)) as pilot:
        put_cursor(pilot, "城市日报 提频")
        await pilot.press(str(TABS.index(tab) + 1))
        await loaded(pilot)
        check_widths(pilot)
        for size in SIZES:
            await resize(pilot, *size)
            await loaded(pilot)
            await pilot.press("end", "right")
            check_widths(pilot)


@pytest.mark.parametrize("key", ["question_mark", "slash", "a", "e"])
async def test_help_and_prompts_fit_at_every_size(make_stage: MakeStage, key: str) -> None:
    stage = make_stage(size=3)
    async with stage.running((120, 40)) as pilot:
        await pilot.press(key)
        for size in SIZES:
            await resize(pilot, *size)
            await drawn(pilot)
            check_widths(pilot)


class Between(Message):
    """Any message between two sizes."""


@pytest.mark.parametrize("key", ["", "question_mark", "exclamation_mark", "ctrl+p"])
async def test_the_last_of_several_sizes_wins(make_stage: MakeStage, key: str) -> None:
    async with make_stage(size=3).running((120, 40), settled=False) as pilot:
        if key:
            await pilot.press(key)
            await drawn(pilot)
        screen = pilot.app.screen
        earlier, last = Size(80, 24), Size(120, 40)
        for message in (Resize(earlier, earlier), Between(), Resize(last, last)):
            screen.post_message(message)
        for _ in range(3):
            await wait_for_idle()
            await drawn(pilot)
        assert screen.size == dashboard(pilot).size == pilot.app.size == (120, 40)
        check_widths(pilot)


async def test_commands_work_on_the_smallest_screen(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    async with stage.running((1, 1)) as pilot:
        for key in ("enter", "tab", "z", "w", "end", "pageup", "s", "p", "R", "escape", "n", "T", "y", "x", "u"):
            await pilot.press(key)
            await drawn(pilot)
        await resize(pilot, 80, 24)
        await drawn(pilot)
        check_widths(pilot)
        assert len(table(pilot).rows) == 3


async def test_the_detail_covers_the_table_or_is_beside_or_below_it(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((80, 24)) as pilot:
        await pilot.press("enter")
        await loaded(pilot)
        pane = dashboard(pilot).detail
        assert pane is not None
        assert not table(pilot).display
        await resize(pilot, 120, 40)
        await drawn(pilot)
        assert table(pilot).region.bottom == pane.region.y
        assert table(pilot).region.width == 120
        await resize(pilot, 200, 50)
        await drawn(pilot)
        assert table(pilot).region.right == pane.region.x
        assert table(pilot).region.y == pane.region.y
        await resize(pilot, 120, 24)
        await drawn(pilot)
        assert not table(pilot).display


def test_the_columns_take_exactly_the_width() -> None:
    for total in range(30, 220):
        assert 1 + sum(width + 1 for _, width in columns_for(total)) == total
