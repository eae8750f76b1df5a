"""Where the detail is, the divider, and what is remembered of the layout."""

import errno
import json
import os
from pathlib import Path

import pytest

from hottui.render.row_order import RowOrder
from hottui.tui.detail.pane import DetailPane
from hottui.tui.layout import ALONE, BELOW, BESIDE, Layout, place_of_detail, share
from hottui.tui.layout_file import LayoutFile, LayoutSaver
from tests.tui.conftest import MakeStage
from tests.tui.scenes import loaded
from tests.tui.stage import AppPilot, dashboard, drawn, foot, resize, table, until

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
CHANGED = Layout("hottui-light", "plan", BESIDE, 600, 400, RowOrder("LABEL", reverse=True), "state:failed")


def test_the_detail_is_where_the_user_wants_it_if_the_terminal_is_large_enough() -> None:
    assert [place_of_detail("", *size) for size in ((119, 50), (120, 30), (120, 29), (200, 20))] == [
        ALONE, BELOW, ALONE, BESIDE,
    ]  # fmt: skip
    assert place_of_detail(BESIDE, 120, 20) == BESIDE
    assert place_of_detail(BESIDE, 119, 50) == ALONE
    assert place_of_detail(BELOW, 80, 30) == BELOW
    assert place_of_detail(BELOW, 200, 29) == BESIDE
    assert [share(*part) for part in ((0, 100), (50, 100), (100, 100), (1, 0))] == [150, 500, 850, 850]


def test_each_profile_has_its_own_layout(tmp_path: Path) -> None:
    path = tmp_path / "state" / "layout.json"
    assert LayoutFile(path).load() == (Layout(), "")
    LayoutFile(path, "prod", "hottui-dark").save(CHANGED)
    LayoutFile(path, "test").save(Layout(tab="conf"))
    assert LayoutFile(path, "prod", "hottui-dark").load() == (CHANGED, "")
    assert LayoutFile(path, "test").load() == (Layout(tab="conf"), "")
    assert LayoutFile(path).load() == (Layout(), "")
    assert path.stat().st_mode & 0o777 == 0o600
    assert LayoutFile(path, "prod", "hottui-mono").load()[0].theme == ""  # the configuration has changed since


DAMAGED = (
    "", "\x00", "[]", "{}", '{"profiles": []}', '{"profiles": {"": 3}}', "[" * 100_000, " " * 1_000_000,
    *(f'{{"profiles": {{"": {fields}}}}}' for fields in (
        '{"tab": "none"}', '{"width": 1e9}', '{"width": true}', '{"filter": ["a"]}', '{"theme": null}',
        '{"order": {"column": "PRICE"}}', '{"order": 3}',
    )),
)  # fmt: skip


def test_a_damaged_file_is_ignored_with_one_line_and_replaced(tmp_path: Path) -> None:
    file = LayoutFile(tmp_path / "layout.json")
    for content in DAMAGED:
        file.path.write_text(content)
        layout, notice = file.load()
        assert layout == Layout(), content
        assert notice.startswith(f"Layout file {file.path} ignored: "), content
        assert "\n" not in notice
        file.save(CHANGED)
        assert file.load() == (CHANGED, ""), content
    file.path.write_text(json.dumps({"profiles": {"": {"tab": "plan", "later": 1}}, "version": 7}))
    assert file.load() == (Layout(tab="plan"), "")


def test_the_last_layout_is_saved_and_failures_are_reported(tmp_path: Path) -> None:
    saved: list[Layout] = []
    failures: list[OSError] = []

    def save(layout: Layout) -> None:
        saved.append(layout)
        if layout.width == 200:
            raise FULL

    saver = LayoutSaver(save, failures.append)
    for width in (200, 300, 400):
        saver.save(Layout(width=width))
    saver.wait(60)
    saver.save(Layout(width=200))
    saver.wait(60)
    assert saved[-2:] == [Layout(width=400), Layout(width=200)]
    assert failures[-1] is FULL


async def test_what_changes_is_remembered_and_restored(make_stage: MakeStage, tmp_path: Path) -> None:
    stage, file = make_stage(), LayoutFile(tmp_path / "layout.json")
    async with stage.running((120, 40), save_layout=file.save) as pilot:
        await pilot.press("slash", *"done", "enter", "o", "3", "enter")
        await loaded(pilot)
        await pilot.press("2", "W", "greater_than_sign", "T", "down", "enter")
        await loaded(pilot)
        kept = dashboard(pilot).layout_memory.layout
        assert table(pilot).region.width == 66
    wanted = Layout("hottui-deuteranopia", "conf", BESIDE, 550, 340, RowOrder("LABEL"), "done")
    assert kept == wanted
    assert file.load() == (wanted, "")
    async with stage.running((120, 40), layout=kept) as pilot:
        assert table(pilot).order == RowOrder("LABEL")
        assert table(pilot).filter_text == "done"
        await pilot.press("enter")
        await loaded(pilot)
        pane = dashboard(pilot).detail
        assert pane is not None
        assert pane.tab == "conf"
        assert (table(pilot).region.right, table(pilot).region.y) == (pane.region.x, pane.region.y)
        assert table(pilot).region.width == 66
        await pilot.press("W")
        await drawn(pilot)
        assert table(pilot).region.bottom == pane.region.y
        assert table(pilot).region.width == 120
        await resize(pilot, 100, 24)
        await pilot.press("W")
        assert "too narrow" not in foot(pilot)
        assert "too low" in foot(pilot)
        await pilot.press("escape")
        await drawn(pilot)
        assert table(pilot).region.height == dashboard(pilot).body.region.height


async def test_a_full_disk_is_reported_once(make_stage: MakeStage) -> None:
    def save(layout: Layout) -> None:
        raise FULL

    async with make_stage().running((120, 40), save_layout=save) as pilot:
        await pilot.press("enter")
        await loaded(pilot)
        await pilot.press("less_than_sign")
        await until(pilot, lambda: foot(pilot) == "Layout not saved: No space left on device.")


async def drag(pilot: AppPilot, pane: DetailPane, x: int, y: int, to: tuple[int, int]) -> None:
    await pilot.mouse_down(offset=(x, y))
    await pilot.hover(offset=to)
    await pilot.mouse_up(offset=to)
    await drawn(pilot)


@pytest.mark.parametrize("beside", [False, True])
async def test_the_divider_is_dragged(make_stage: MakeStage, tmp_path: Path, beside: bool) -> None:
    file = LayoutFile(tmp_path / "layout.json")
    async with make_stage().running(
        (120, 40), layout=Layout(detail=BESIDE if beside else BELOW), save_layout=file.save
    ) as pilot:
        await pilot.press("enter")
        await loaded(pilot)
        pane = dashboard(pilot).detail
        assert pane is not None
        body = dashboard(pilot).body.region
        if beside:
            await drag(pilot, pane, pane.region.x, 20, (40, 25))
            assert pane.region.x == table(pilot).region.right == 40
        else:
            await drag(pilot, pane, 30, pane.region.y, (50, body.y + body.height // 2))
            assert pane.region.y == table(pilot).region.bottom == body.y + body.height // 2
        await drag(pilot, pane, 60, 30, (60, 10))  # not the divider
        layout = dashboard(pilot).layout_memory.layout
    assert (layout.width, layout.height) == ((334, 340) if beside else (500, share(body.height // 2, body.height)))
    assert file.load() == (layout, "")
