"""What every key of every command does, except for plans and comparisons. A command without an entry here fails."""

import base64
import json
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.command import Command as PaletteCommand
from textual.command import CommandList, CommandPalette
from textual.widgets import Input

from hottui.model.masking import MASK
from hottui.model.state import FAILED
from hottui.tui.commands import BY_ID, COMMANDS, WITHOUT_ROWS, Scope
from hottui.tui.detail.pane import DetailPane
from hottui.tui.layout import TABS
from hottui.tui.screens.choice_dialog import ComparisonChoice
from hottui.tui.screens.help import Help
from hottui.tui.screens.job_screen import JobScreen
from hottui.tui.screens.log_screen import LogScreen
from hottui.tui.screens.troubles import Troubles, row_troubles
from hottui.tui.widgets.lines_view import LinesView
from hottui.tui.widgets.prompt import Prompt
from tests.tui.conftest import MakeStage
from tests.tui.scenes import loaded, put_cursor
from tests.tui.stage import AppPilot, BaseStage, StubStage, dashboard, drawn, foot, resize, screen_text, table, until
from tests.tui.stub_monitor import StubMonitor

Behaviour = Callable[[StubStage, AppPilot, str], Awaitable[None]]
EVERYWHERE = {c.name for c in COMMANDS if c.scope is Scope.EVERYWHERE} - {"Palette"}
"""What the palette offers on every screen."""
BEHAVIOURS: dict[str, Behaviour] = {}
ELSEWHERE = (Scope.PLAN, Scope.COMPARE, Scope.JOB, Scope.LOG)


def behaviour(id: str) -> Callable[[Behaviour], Behaviour]:  # noqa: A002
    def enter(test: Behaviour) -> Behaviour:
        BEHAVIOURS[id] = test
        return test

    return enter


def pane(pilot: AppPilot) -> DetailPane:
    found = dashboard(pilot).detail
    assert found is not None
    return found


def lines(pilot: AppPilot) -> LinesView:
    return pane(pilot).query_one("#lines", LinesView)


async def opened(pilot: AppPilot, label: str, tab: str = "overview") -> None:
    put_cursor(pilot, label)
    await pilot.press("enter", str(TABS.index(tab) + 1))
    await loaded(pilot)


async def answer(pilot: AppPilot, text: str) -> None:
    """Type over what the prompt holds, and enter it."""
    await until(pilot, lambda: isinstance(pilot.app.focused, Input))
    field = pilot.app.focused
    assert isinstance(field, Input)
    prompt = field.parent
    assert isinstance(prompt, Prompt)
    asked = prompt._done
    field.value = text
    await pilot.press("enter")
    await until(pilot, lambda: prompt._done is not asked)
    await drawn(pilot)


def copied(stage: BaseStage) -> str:
    """What the terminal was last asked to put on its clipboard."""
    sequence = next(text for text in reversed(stage.written) if text.startswith("\x1b]52;c;"))
    return base64.b64decode(sequence.removeprefix("\x1b]52;c;").removesuffix("\x07")).decode()


def test_every_command_has_a_behaviour() -> None:
    commands = {command.id for command in COMMANDS if command.scope not in ELSEWHERE}
    assert commands == set(BEHAVIOURS)


def test_no_two_commands_of_one_place_share_a_key() -> None:
    places = [{place, Scope.DASHBOARD} for place in (Scope.TABLE, Scope.DETAIL, Scope.PLAN)]
    for scopes in (*places, {Scope.COMPARE, Scope.PLAN}, {Scope.JOB}, {Scope.LOG}):
        keys = [key for command in COMMANDS if command.scope in {*scopes, Scope.EVERYWHERE} for key in command.keys]
        assert len(keys) == len(set(keys))
    assert len(BY_ID) == len(COMMANDS)


@pytest.mark.parametrize(
    ("command", "key"),
    [(command.id, key) for command in COMMANDS if command.scope not in ELSEWHERE for key in command.keys],
)
async def test_key(make_stage: MakeStage, command: str, key: str) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        await BEHAVIOURS[command](stage, pilot, key)


@behaviour("compare")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    put_cursor(pilot, "checkout-fix")
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, ComparisonChoice))
    assert "its predecessor" in screen_text(pilot)


@behaviour("open")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    put_cursor(pilot, "store-top ×2")
    await pilot.press(key)
    await loaded(pilot)
    assert lines(pilot).has_focus
    assert "store-top ×2" in pane(pilot).query_one("#detail-title").text  # type: ignore[attr-defined]


@behaviour("filter")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key, *"store")
    await drawn(pilot)
    assert [one.bookmark.label for one in table(pilot).rows if one.bookmark] == ["store-top ×2"]
    await pilot.press("enter")
    await drawn(pilot)
    assert "filter: store (1/12)" in foot(pilot)
    assert table(pilot).has_focus


@behaviour("add")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key)
    await answer(pilot, "abc123")
    assert foot(pilot) == "Added abc123"
    assert table(pilot).cursor is not None
    assert table(pilot).cursor.id == "abc123"  # type: ignore[union-attr]
    assert any(bookmark.ref.id == "abc123" for bookmark in stage.monitor.bookmarks())


@behaviour("set-up")
@behaviour("demo")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    """With a location they have no effect; `test_start` has the others."""
    await pilot.press(key)
    assert pilot.app.screen is dashboard(pilot)
    assert pilot.app.return_code is None


@behaviour("bookmark")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    ref = table(pilot).current.ref  # type: ignore[union-attr]
    mark = table(pilot).current.bookmark  # type: ignore[union-attr]
    await pilot.press(key)
    await drawn(pilot)
    assert table(pilot).current.bookmark is None  # type: ignore[union-attr]
    assert all(bookmark.ref != ref for bookmark in stage.monitor.bookmarks())
    await pilot.press(key)
    await drawn(pilot)
    again = table(pilot).current.bookmark  # type: ignore[union-attr]
    assert (again.label, again.note) == (mark.label, mark.note)  # type: ignore[union-attr]
    assert any(bookmark.ref == ref for bookmark in stage.monitor.bookmarks())


@behaviour("annotate")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key)
    await answer(pilot, "  a new label ")
    await answer(pilot, "a new note")
    await drawn(pilot)
    mark = table(pilot).current.bookmark  # type: ignore[union-attr]
    assert mark is not None
    assert (mark.label, mark.note) == ("a new label", "a new note")
    assert table(pilot).has_focus
    assert mark in stage.monitor.bookmarks()


@behaviour("remove")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    ref, before = table(pilot).cursor, len(table(pilot).rows)
    await pilot.press(key)
    await drawn(pilot)
    assert len(table(pilot).rows) == before - 1
    assert table(pilot).cursor not in (None, ref)
    assert ref not in stage.monitor.rows


@behaviour("undo")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key)
    assert foot(pilot) == "Nothing to undo: nothing was removed in the last 24 hours."
    put_cursor(pilot, "store-top ×2")
    gone = table(pilot).current
    await pilot.press("x", "x")
    await drawn(pilot)
    await pilot.press(key, key)
    assert table(pilot).current is not None
    assert table(pilot).cursor == gone.ref  # type: ignore[union-attr]
    assert table(pilot).current.bookmark.label == "store-top ×2"  # type: ignore[union-attr]
    assert table(pilot).current.summary == gone.summary  # type: ignore[union-attr]


@behaviour("next-attention")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    rows = table(pilot).rows
    await pilot.press("home")
    for wanted in (1, 2):
        await pilot.press(key)
        assert table(pilot).current == rows[wanted]
    await pilot.press("end", key)
    assert table(pilot).current == rows[0]
    await pilot.press("slash", *"orders-enrich noon", "enter", key)
    await drawn(pilot)
    assert foot(pilot) == "Nothing needs attention."


@behaviour("mark")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    ref = table(pilot).cursor
    await pilot.press(key, "down", key, "escape", "up", key)
    assert table(pilot).marks == (ref,)
    await drawn(pilot)
    assert "\n■◐" in screen_text(pilot)
    await pilot.press(key)
    assert table(pilot).marks == ()


@behaviour("mark-all")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press("slash", *"orders", "enter", key)
    orders = tuple(row.ref for row in table(pilot).rows)
    assert table(pilot).marks == orders
    await pilot.press("slash", *" !orders", "enter", key)
    assert len(table(pilot).marks) == 12 or table(pilot).rows == ()


def read_text(folder: str, name: str) -> str:
    return Path(folder, name).read_text(encoding="utf-8")


@behaviour("export")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    put_cursor(pilot, "orders-enrich")
    with tempfile.TemporaryDirectory() as folder:
        await pilot.press(key)
        assert pilot.app.query_one(Input).value == f"hot-update-{table(pilot).cursor.id}.json"  # type: ignore[union-attr]
        await answer(pilot, f"{folder}/one.json")
        await until(pilot, lambda: f"Exported 1 answer to {folder}" in foot(pilot))
        text = read_text(folder, "one.json")
        assert json.loads(text)["data"]["jobHotUpdateId"] == table(pilot).cursor.id  # type: ignore[union-attr]
        assert MASK in text
        await pilot.press("asterisk", key)
        await answer(pilot, f"{folder}/one.json")
        await until(pilot, lambda: foot(pilot).endswith("one.json: it exists; choose another name."))
        await pilot.press(key)
        await answer(pilot, f"{folder}/none/all.jsonl")
        await until(pilot, lambda: foot(pilot).endswith("No such file or directory."))
        await pilot.press(key)
        await answer(pilot, f"{folder}/all.jsonl")
        count = len(stage.monitor.answers)
        assert 1 < count <= 12
        await until(pilot, lambda: f"Exported {count} answers" in foot(pilot))
        assert len(list(map(json.loads, read_text(folder, "all.jsonl").splitlines()))) == count


@behaviour("sort")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    ref, labels = table(pilot).cursor, sorted(row.label for row in table(pilot).rows if row.label)
    await pilot.press(key, "3")
    await drawn(pilot)
    assert [row.label for row in table(pilot).rows if row.label] == labels
    assert table(pilot).cursor == ref
    assert "LABEL↑" in screen_text(pilot)
    await pilot.press(key, "down", "down", "enter")
    await drawn(pilot)
    assert [row.label for row in table(pilot).rows if row.label] == labels[::-1]
    assert "LABEL↓" in screen_text(pilot)
    await resize(pilot, 60, 24)
    await pilot.press(key, "8")
    stage.clock.now += 10
    dashboard(pilot)._tick()
    assert foot(pilot).startswith("sort: SEEN↑"), "the column is hidden"


@behaviour("sort-reverse")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key)
    assert foot(pilot).startswith("The default order has no other direction.")
    await pilot.click(table(pilot), offset=(19, 0))
    await drawn(pilot)
    assert foot(pilot) == "Sorted by FOR."
    times = [row.since for row in table(pilot).rows if row.since]
    await pilot.press(key)
    assert [row.since for row in table(pilot).rows if row.since] == times[::-1]
    await pilot.click(table(pilot), offset=(19, 0))
    await drawn(pilot)
    assert [row.since for row in table(pilot).rows if row.since] == times


@behaviour("sort-default")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    rows = table(pilot).rows
    await pilot.press("o", "7")
    await drawn(pilot)
    assert table(pilot).rows != rows
    await pilot.press(key)
    assert table(pilot).rows == rows


@behaviour("failures-first")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    first, failed = table(pilot).rows[0].ref, table(pilot).rows[1].ref
    stage.monitor.observe(failed, FAILED)
    await pilot.press(key)
    await drawn(pilot)
    assert "STATE ✖" in screen_text(pilot)
    assert table(pilot).rows[0].ref == failed
    assert len({segment.style for segment in table(pilot).render_line(1)}) > 2
    stage.monitor.mark_viewed(failed)
    await drawn(pilot)
    assert [row.ref for row in table(pilot).rows[:2]] == [failed, first]
    assert table(pilot).cursor == first
    assert len({segment.style for segment in table(pilot).render_line(1)}) == 1, "dimmed"
    await pilot.press(key)
    assert [row.ref for row in table(pilot).rows[:2]] != [failed, first]


@behaviour("next-tab")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await opened(pilot, "store-top ×2")
    seen = []
    for _ in TABS:
        seen.append(pane(pilot).tab)
        await pilot.press(key)
    assert tuple(seen) == TABS
    assert pane(pilot).tab == TABS[0]


@behaviour("previous-tab")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await opened(pilot, "store-top ×2")
    seen = []
    for _ in TABS:
        await pilot.press(key)
        seen.append(pane(pilot).tab)
    assert tuple(seen) == TABS[::-1]


@behaviour("reveal")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await opened(pilot, "orders-enrich", "conf")
    assert MASK in screen_text(pilot)
    await pilot.press(key)
    await loaded(pilot)
    assert MASK not in screen_text(pilot)
    assert "secrets shown" in screen_text(pilot)
    await pilot.press(key)
    await loaded(pilot)
    assert MASK in screen_text(pilot)


@behaviour("copy-value")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await opened(pilot, "quarter-report", "conf")
    await pilot.press(key)
    assert copied(stage) == "60min"
    assert foot(pilot) == "Copied value: 60min"


@behaviour("switch")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key)
    assert table(pilot).has_focus
    await opened(pilot, "store-top ×2")
    await pilot.press(key)
    assert table(pilot).has_focus
    await pilot.press(key)
    assert lines(pilot).has_focus


@behaviour("arithmetic")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await opened(pilot, "checkout-fix")
    cost = [line.text.strip() for line in lines(pilot).lines if line.text.startswith(" Asked ")]
    assert len(cost) == 1
    for shown in (True, False):
        await pilot.press(key)
        await drawn(pilot)
        assert any("rounded up" in line.text for line in lines(pilot).lines) == shown


@behaviour("utc")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await opened(pilot, "checkout-fix", "timeline")
    await pilot.press(key)
    await drawn(pilot)
    assert "TIME (UTC)" in screen_text(pilot)
    assert "Timeline in UTC." in foot(pilot)
    await pilot.press(key)
    await drawn(pilot)
    assert "Timeline in local time." in foot(pilot)


@behaviour("zoom")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await opened(pilot, "store-top ×2")
    before = pane(pilot).size.height
    await pilot.press(key)
    await drawn(pilot)
    assert not table(pilot).display
    assert pane(pilot).size.height > before
    await pilot.press(key)
    await drawn(pilot)
    assert table(pilot).display
    assert pane(pilot).size.height == before


@behaviour("close")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press("slash", *"orders", "enter", "enter", "2", "slash", *"check", "enter")
    await loaded(pilot)
    await pilot.press(key)
    assert pane(pilot).words == ()
    await pilot.press(key)
    assert dashboard(pilot).detail is None
    assert table(pilot).has_focus
    assert table(pilot).filter_text == "orders"
    await pilot.press(key, key)
    assert table(pilot).filter_text == ""


@behaviour("pause")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    assert f"{key} pause" in foot(pilot)
    await pilot.press(key)
    await drawn(pilot)
    assert f"{key} resume" in foot(pilot)
    assert "paused" in screen_text(pilot).splitlines()[0]
    assert stage.monitor.loop.paused
    await pilot.press(key)
    await drawn(pilot)
    assert "live" in screen_text(pilot).splitlines()[0]
    assert not stage.monitor.loop.paused


@behaviour("refresh")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    put_cursor(pilot, "orders-enrich noon")
    await pilot.press(key)
    assert foot(pilot) == "Reading orders-enrich noon."
    assert stage.monitor.refreshed == [table(pilot).cursor]


@behaviour("refresh-all")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key)
    assert foot(pilot) == "Reading all 12 hot updates."
    assert stage.monitor.refreshed == [None]


@behaviour("interval")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key)
    await answer(pilot, "7.5s")
    await drawn(pilot)
    assert stage.monitor.snapshot().loop.interval == 7.5
    assert "every 7.5s" in screen_text(pilot)


@behaviour("copy-id")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key)
    assert copied(stage) == table(pilot).cursor.id  # type: ignore[union-attr]
    assert "Copied ID" in foot(pilot)


@behaviour("copy-json")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    put_cursor(pilot, "orders-enrich")
    await pilot.press(key)
    await until(pilot, lambda: "Copied JSON" in foot(pilot))
    document = json.loads(copied(stage))
    assert document["data"]["jobHotUpdateId"] == table(pilot).cursor.id  # type: ignore[union-attr]
    conf = document["data"]["targetResourceSetting"]["flinkConf"]
    assert MASK in conf.values()


@behaviour("turn")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press("enter", key)
    await loaded(pilot)
    assert table(pilot).region.width == 60
    await pilot.press(key)
    await drawn(pilot)
    assert table(pilot).region.width == 120


@behaviour("shrink-table")
@behaviour("grow-table")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press("enter")
    await loaded(pilot)
    before = table(pilot).region.height
    await pilot.press(key)
    await drawn(pilot)
    assert (table(pilot).region.height < before) == (key == "less_than_sign")
    assert table(pilot).region.height != before


@behaviour("place")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key)
    assert foot(pilot) == "There are no profiles to choose from: hottui config init adds one."


@behaviour("theme")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    before = pilot.app.theme
    await pilot.press(key, "up")
    assert pilot.app.theme != before
    await pilot.press(key)
    await drawn(pilot)
    assert foot(pilot) == f"Theme: {pilot.app.theme}"


@behaviour("troubles")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key)
    assert isinstance(pilot.app.screen, Troubles)
    listed = row_troubles(dashboard(pilot).tracked)
    await pilot.press("enter")
    await until(pilot, lambda: pilot.app.screen is dashboard(pilot))
    if listed:
        assert dashboard(pilot).table.cursor == listed[0].rows[0].ref
    await pilot.press(key, "escape")
    await until(pilot, lambda: pilot.app.screen is dashboard(pilot))


@behaviour("job")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, JobScreen))
    await pilot.press("escape")
    await until(pilot, lambda: pilot.app.screen is dashboard(pilot))


@behaviour("log")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, LogScreen))
    await pilot.press(key)
    await until(pilot, lambda: pilot.app.screen is dashboard(pilot))


@behaviour("help")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key)
    assert isinstance(pilot.app.screen, Help)
    await pilot.press("escape")
    assert not isinstance(pilot.app.screen, Help)


@behaviour("command-palette")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
    await pilot.press("escape")
    await until(pilot, lambda: pilot.app.screen is dashboard(pilot))


async def test_a_filter_finds_lines_on_every_tab_of_text_and_ends_with_its_hot_update(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        for tab, words in (("overview", "namespace"), ("conf", "checkpointing"), ("answer", "requestid")):
            await opened(pilot, "checkout-fix", tab)
            await pilot.press("slash", *words, "enter")
            await drawn(pilot)
            shown = [line.text for line in lines(pilot).lines if line.value is not None]
            assert shown
            assert all(words in text.lower() for text in shown)
            assert f"filter: {words}" in foot(pilot)
        await pilot.press("w", "down")
        await loaded(pilot)
        assert len(lines(pilot).lines) > 50


async def test_a_filter_without_matches_shows_a_message(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        await opened(pilot, "checkout-fix", "timeline")
        await pilot.press("slash", *"zzz", "enter")
        await drawn(pilot)
        assert "No matches for “zzz”." in screen_text(pilot)


async def test_switching_from_a_full_screen_detail_shows_the_table(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((80, 24)) as pilot:
        await opened(pilot, "checkout-fix")
        assert "zoom" not in foot(pilot)
        await pilot.press("z", "w")
        await drawn(pilot)
        assert dashboard(pilot).detail is None
        assert table(pilot).has_focus
    async with stage.running((120, 40)) as pilot:
        await opened(pilot, "checkout-fix")
        await pilot.press("z", "w")
        await drawn(pilot)
        assert table(pilot).display
        assert table(pilot).has_focus


async def test_an_announcement_does_not_replace_the_answer_to_a_key(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        board = dashboard(pilot)
        board._footer.announce("one: FAILED", "bar.failed")
        board._footer.announce("two: FAILED", "bar.failed")
        assert foot(pilot) == "two: FAILED"
        await pilot.press("y")
        assert foot(pilot).startswith("Copied ID")
        board._footer.announce("three: FAILED", "bar.failed")
        assert foot(pilot).startswith("Copied ID")


async def test_a_masked_answer_is_read_again_to_show_its_secrets(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    async with stage.running((120, 40)) as pilot:
        await opened(pilot, "member-sync", "conf")  # finished long ago: loaded from the store
        await pilot.press("s")
        assert stage.monitor.refreshed == [table(pilot).cursor]
        assert foot(pilot) == "Secrets are not stored; reading the answer again."


async def chosen(pilot: AppPilot, words: str) -> list[str]:
    """Open the palette, type, take the first; what was offered by then."""
    await pilot.press("ctrl+p", *words)
    await until(pilot, lambda: palette_names(pilot) != [] and not pilot.app.query(".--populating"))
    offered = palette_names(pilot)
    await pilot.press("enter", "enter")
    await until(pilot, lambda: pilot.app.screen is dashboard(pilot))
    return offered


def palette_names(pilot: AppPilot) -> list[str]:
    """What the open palette offers, without keys."""
    lists = pilot.app.screen.query(CommandList)
    hits = [option.hit for option in lists.first().options if isinstance(option, PaletteCommand)] if lists else []
    return [str(hit.text) for hit in hits]


async def test_the_palette_finds_what_the_keys_do_and_does_it(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        assert await chosen(pilot, "pause or resume") == ["Pause or resume"]
        await until(pilot, lambda: stage.monitor.loop.paused)
        assert "Open the detail" in await chosen(pilot, "open")
        await loaded(pilot)
        assert dashboard(pilot).detail is not None


async def test_the_palette_finds_hot_updates_and_goes_to_them(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        row = next(row for row in table(pilot).rows if row.label == "orders-enrich")
        stage.monitor.set_rows(replace(row, job_name="[b]risky:job"))
        await drawn(pilot)
        table(pilot).filter("!orders")
        for words in (row.ref.id, "y:job [b]", "orders-ENR"):
            await pilot.press("home")
            assert table(pilot).cursor != row.ref
            assert "orders-enrich" in await chosen(pilot, words)
            await until(pilot, lambda: table(pilot).cursor == row.ref)
            assert table(pilot).filter_text == ""
            table(pilot).filter("!orders")


async def test_the_palette_offers_what_works_where_it_was_opened(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: len(palette_names(pilot)) > 10)
        places = {command.scope for command in COMMANDS if command.name in palette_names(pilot)}
        assert places == {Scope.TABLE, Scope.DASHBOARD, Scope.EVERYWHERE}
        await pilot.press("escape")
        await opened(pilot, "store-top ×2", "plan")
        assert await chosen(pilot, "upstream node") == ["Upstream node"]


async def test_the_palette_without_rows_offers_no_row_commands(make_stage: MakeStage) -> None:
    stage = make_stage(size=0)
    async with stage.running((120, 40)) as pilot:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: palette_names(pilot) != [])
        assert set(palette_names(pilot)) == {BY_ID[one].name for one in WITHOUT_ROWS} | EVERYWHERE
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is dashboard(pilot))
        assert foot(pilot).split() == ["a", "add", "?", "help", "^p", "palette", "q", "quit"]


async def test_the_palette_on_other_screens_offers_what_works_there(make_stage: MakeStage) -> None:
    own = {"J": Scope.JOB, "L": Scope.LOG, "question_mark": None, "exclamation_mark": None, "D": None}
    async with make_stage(size=None).running((120, 40)) as pilot:
        put_cursor(pilot, "checkout-fix")
        await drawn(pilot)
        for opens, scope in own.items():
            await pilot.press(opens)
            await until(pilot, lambda: pilot.app.screen is not dashboard(pilot))
            await pilot.press("ctrl+p")
            await until(pilot, lambda: palette_names(pilot) != [])
            assert set(palette_names(pilot)) == EVERYWHERE | {c.name for c in COMMANDS if c.scope is scope}
            await pilot.press("escape", "escape")
            await until(pilot, lambda: pilot.app.screen is dashboard(pilot))


@pytest.mark.parametrize("opens", ["", "J", "question_mark", "ctrl+p", "slash"])
async def test_quitting_waits_for_unsaved_changes_on_every_screen(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch, opens: str
) -> None:
    waited: list[float] = []

    async def is_saved(_: StubMonitor, within: float) -> bool:
        waited.append(within)
        return False

    key = "ctrl+q" if opens in {"", "question_mark"} else "ctrl+c"
    async with make_stage(size=None).running((120, 40)) as pilot:
        put_cursor(pilot, "checkout-fix")
        await drawn(pilot)
        monkeypatch.setattr(StubMonitor, "wait_until_saved", is_saved)
        if opens:
            await pilot.press(opens)
            await until(pilot, lambda: pilot.app.screen is not dashboard(pilot) or opens == "slash")
        await pilot.press(key)
        await until(pilot, lambda: not pilot.app.is_running, pause=False)
        assert pilot.app.return_value == 0
        assert len(waited) == 1


@behaviour("suspend-process")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    asked: list[str] = []
    pilot.app.action_suspend_process = lambda: asked.append("suspend")  # type: ignore[method-assign]
    await pilot.press(key)
    assert asked == ["suspend"]


@behaviour("redraw")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    """A test with a terminal checks what is written; without one there is nothing to redraw."""
    before = screen_text(pilot)
    await pilot.press(key)
    await drawn(pilot)
    assert screen_text(pilot) == before


@behaviour("exit")
@behaviour("quit")
async def _(stage: StubStage, pilot: AppPilot, key: str) -> None:
    await pilot.press(key)
    await until(pilot, lambda: not pilot.app.is_running, pause=False)
    assert (pilot.app.return_value or 0, pilot.app.return_code) == (0, 0)
