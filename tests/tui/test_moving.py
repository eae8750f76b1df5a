"""Moving about with keys and mouse, in the table and in the detail's lines."""

import pytest
from textual import events
from textual.widget import Widget

from hottui.tui.detail.pane import DetailPane
from hottui.tui.detail.tabs import TabStrip
from hottui.tui.layout import TABS
from hottui.tui.widgets.lines_view import LinesView
from hottui.tui.widgets.live_table import LiveTable
from tests.tui.conftest import MakeStage
from tests.tui.scenes import loaded, put_cursor, tab
from tests.tui.stage import AppPilot, dashboard, drawn, screen_lines, table

ROWS = 60
SIZE = (100, 23)
PAGE = 20
"""Rows in sight: the screen without head, trouble bars, titles and foot. Half the tests would notice a change."""


def row_of(pilot: AppPilot) -> int:
    """The position of the cursor in the table."""
    return [one.ref for one in table(pilot).rows].index(table(pilot).cursor)  # type: ignore[arg-type]


def first_shown(pilot: AppPilot) -> int:
    """The position of the topmost row in sight."""
    top = screen_lines(pilot)[table(pilot).region.y + 1]
    return next(n for n, one in enumerate(table(pilot).rows) if one.ref.id[:8] in top)


def wheel(widget: Widget, kind: type[events.MouseScrollDown] | type[events.MouseScrollUp]) -> None:
    """Turn the wheel by one step over `widget`."""
    x, y = widget.region.x + 2, widget.region.y + 3
    widget.app.post_message(kind(None, x, y, 0, 0, 0, False, False, False, screen_x=x, screen_y=y))


TABLE_KEYS = (
    (("down",), 1), (("j",), 1), (("down", "down", "up"), 1), (("j", "j", "k"), 1), (("up",), 0),
    (("pagedown",), PAGE - 1), (("ctrl+d",), PAGE - 1), (("pagedown", "pageup"), 0), (("ctrl+d", "ctrl+u"), 0),
    (("end",), ROWS - 1), (("G",), ROWS - 1), (("end", "home"), 0), (("G", "g"), 0), (("end", "down"), ROWS - 1),
)  # fmt: skip


async def test_every_movement_key_of_the_table(make_stage: MakeStage) -> None:
    stage = make_stage(size=ROWS, denied=False)
    async with stage.running(SIZE, settled=False) as pilot:
        await drawn(pilot)
        rows = len(table(pilot).rows)
        page = table(pilot).size.height - 1
        for keys, wanted in TABLE_KEYS:
            await pilot.press("home", *keys)
            expected = {PAGE - 1: page - 1, ROWS - 1: rows - 1}.get(wanted, wanted)
            assert row_of(pilot) == expected, keys
            assert first_shown(pilot) <= expected < first_shown(pilot) + page
    bound = {key for each in LiveTable.BINDINGS for key in each.key.split(",")}  # type: ignore[union-attr]
    assert bound == {key for keys, _ in TABLE_KEYS for key in keys}


async def test_a_click_puts_the_cursor_on_the_row_and_a_second_one_opens_it(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        await pilot.click(LiveTable, offset=(20, 4))
        assert row_of(pilot) == 3
        assert dashboard(pilot).detail is None
        await pilot.double_click(LiveTable, offset=(20, 6))
        await loaded(pilot)
        assert row_of(pilot) == 5
        assert dashboard(pilot).detail is not None


async def test_clicks_below_the_rows_do_nothing(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        before = row_of(pilot)
        await pilot.double_click(LiveTable, offset=(20, 30))
        assert row_of(pilot) == before
        assert dashboard(pilot).detail is None


async def test_the_wheel_moves_the_rows_and_not_the_cursor(make_stage: MakeStage) -> None:
    stage = make_stage(size=ROWS)
    async with stage.running(SIZE, settled=False) as pilot:
        await drawn(pilot)
        cursor, top = table(pilot).cursor, first_shown(pilot)
        for kind, wanted in (
            (events.MouseScrollDown, top + 3), (events.MouseScrollDown, top + 6), (events.MouseScrollUp, top + 3),
            (events.MouseScrollUp, top), (events.MouseScrollUp, top),
        ):  # fmt: skip
            wheel(table(pilot), kind)
            await drawn(pilot)
            assert first_shown(pilot) == wanted
            assert table(pilot).cursor == cursor
        for _ in range(ROWS):
            wheel(table(pilot), events.MouseScrollDown)
            await drawn(pilot)
        assert table(pilot).rows[-1].ref.id[:8] in screen_lines(pilot)[table(pilot).region.bottom - 1]


async def test_every_movement_key_of_the_lines(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((80, 24)) as pilot:
        put_cursor(pilot, "quarter-report")
        await pilot.press(tab("conf"))
        await loaded(pilot)
        view = pilot.app.query_one("#lines", LinesView)
        last = max(n for n, line in enumerate(view.lines) if line.value is not None)
        page = view.size.height - 1
        keys = (
            (("down",), 1), (("j",), 1), (("j", "j", "k"), 1), (("down", "down", "up"), 1), (("up",), 0),
            (("pagedown",), page), (("ctrl+d",), page), (("pagedown", "pageup"), 0), (("ctrl+d", "ctrl+u"), 0),
            (("end",), last), (("G",), last), (("end", "home"), 0), (("G", "g"), 0),
        )  # fmt: skip
        for pressed, wanted in keys:
            await pilot.press("home", *pressed)
            assert view.place[0] == wanted, pressed
        await pilot.press("home", "right")
        assert view.place[1] == 8
        await pilot.press("l", "left")
        assert view.place[1] == 8
        await pilot.press("h", "h")
        assert view.place[1] == 0
    bound = {key for each in LinesView.BINDINGS for key in each.key.split(",")}  # type: ignore[union-attr]
    assert bound == {key for pressed, _ in keys for key in pressed} | {"left", "right", "h", "l"}


async def test_a_click_and_the_wheel_in_the_lines(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((80, 24)) as pilot:
        put_cursor(pilot, "quarter-report")
        await pilot.press(tab("conf"))
        await loaded(pilot)
        view = pilot.app.query_one("#lines", LinesView)
        await pilot.click(view, offset=(5, 4))
        assert view.place[0] == 4
        assert view.value == view.lines[4].value
        wheel(view, events.MouseScrollDown)
        await drawn(pilot)
        assert view.scroll_offset.y > 0
        assert view.place[0] == 4


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_a_click_on_a_tab_opens_it(make_stage: MakeStage, width: int) -> None:
    stage = make_stage()
    async with stage.running((width, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        await pilot.press("enter")
        await loaded(pilot)
        strip = pilot.app.query_one(TabStrip)
        pane = pilot.app.query_one(DetailPane)
        for number, name in enumerate(TABS):
            label = strip._labels[number]
            x = screen_lines(pilot)[strip.region.y].index(f" {label} ") + 1
            await pilot.click(strip, offset=(x, 0))
            await loaded(pilot)
            assert pane.tab == name
            assert pane.keys.has_focus


async def test_each_tab_comes_back_where_it_was_left(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((80, 24)) as pilot:
        put_cursor(pilot, "quarter-report")
        await pilot.press(tab("conf"), "end")
        await loaded(pilot)
        view = pilot.app.query_one("#lines", LinesView)
        left = view.place
        await pilot.press(tab("answer"))
        assert view.place[0] != left[0]
        await pilot.press(tab("conf"))
        assert view.place == left


async def test_another_hot_update_begins_at_the_top_of_the_same_tab(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        put_cursor(pilot, "quarter-report")
        await pilot.press(tab("conf"), "end", "w", "up")
        await loaded(pilot)
        pane = pilot.app.query_one(DetailPane)
        assert pane.tab == "conf"
        assert pane.subject is not None
        assert pane.subject.tracked == table(pilot).current
        assert pilot.app.query_one("#lines", LinesView).place == (0, 0, 0)
