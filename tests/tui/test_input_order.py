"""Keys act strictly in the order typed: everything here is typed at once, as after a link that stood still."""

import asyncio
from collections.abc import Callable

from textual import events
from textual.command import CommandPalette
from textual.message import Message
from textual.widgets import Input

from hottui.tui.app import Hottui
from hottui.tui.detail.plan_actions import PlanTab
from hottui.tui.screens.help import Help
from tests.tui.conftest import MakeStage
from tests.tui.scenes import put_cursor
from tests.tui.stage import AppPilot, StubStage, dashboard, foot, table, until

_NAMES = {"\r": "enter", "\x1b": "escape", "/": "slash", "?": "question_mark", "\x10": "ctrl+p", "\t": "tab"}


def key(character: str) -> events.Key:
    """The event of a character, as a terminal's parser makes it."""
    return events.Key(_NAMES.get(character, character), character)


def send(pilot: AppPilot, typed: str) -> None:
    """Type all of it in one turn of the event loop."""
    for character in typed:
        pilot.app.post_message(key(character))


async def type_at_once(pilot: AppPilot, typed: str) -> None:
    """Type all of it in one turn of the event loop, and wait until it has taken effect."""
    send(pilot, typed)
    await taken(pilot)


async def taken(pilot: AppPilot) -> None:
    app = pilot.app
    assert isinstance(app, Hottui)
    await until(pilot, lambda: app.input.idle)


def ids(stage: StubStage) -> set[str]:
    return {one.ref.id for one in stage.monitor.rows.values()}


def notes(stage: StubStage) -> set[tuple[str, str]]:
    return {(one.bookmark.label, one.bookmark.note) for one in stage.monitor.rows.values() if one.bookmark}


async def test_a_prompt_receives_what_is_typed_after_its_key(make_stage: MakeStage) -> None:
    stage = make_stage(size=6)
    async with stage.running((120, 40)) as pilot:
        before = ids(stage)
        put_cursor(pilot, "orders-enrich")
        for typed in ("/xray", "\r/xub\x1b", "/\x08"):
            await type_at_once(pilot, typed)
            assert table(pilot).filter_text == "xray"
        await type_at_once(pilot, "\x1b\x1b")
        assert table(pilot).filter_text == ""
        await type_at_once(pilot, "axbu-1\raxbu-2\raxbu-3\r")
        await until(pilot, lambda: ids(stage) == before | {"xbu-1", "xbu-2", "xbu-3"})
        assert foot(pilot) == "Added xbu-3"
        await type_at_once(pilot, "exub\rqxu\rjk")
        mark = table(pilot).current.bookmark  # type: ignore[union-attr]
        await until(pilot, lambda: ("xub", "qxu") in notes(stage))
        assert mark is not None
        assert ids(stage) == before | {"xbu-1", "xbu-2", "xbu-3"}
        assert pilot.app.return_code is None


async def test_each_screen_receives_what_is_typed_after_its_key(make_stage: MakeStage) -> None:
    stage = make_stage(size=6)
    cases: tuple[tuple[str, Callable[[AppPilot], bool]], ...] = (
        ("?xxbq/xray", lambda pilot: table(pilot).filter_text == "xray"),
        ("/\x1b?xbu\x1b/abc\r", lambda pilot: table(pilot).filter_text == "abc"),
        ("\r/xuxbq", lambda pilot: dashboard(pilot).detail.words == ("xuxbq",)),  # type: ignore[union-attr]
        ("\x10paus\r", lambda pilot: stage.monitor.snapshot().loop.paused),
        ("\x10zzzxub\x1b/abc", lambda pilot: table(pilot).filter_text == "abc"),
        ("?", lambda pilot: isinstance(pilot.app.screen, Help)),
        ("\x10xub", lambda pilot: isinstance(pilot.app.screen, CommandPalette)),
    )
    for typed, holds in cases:
        stage = make_stage(size=6)
        async with stage.running((120, 40)) as pilot:
            before = ids(stage)
            put_cursor(pilot, "orders-enrich")
            await type_at_once(pilot, typed)
            assert holds(pilot), typed
            assert ids(stage) == before, typed
            assert all(one.bookmark for one in table(pilot).rows), typed


async def test_the_plan_receives_what_is_typed_after_its_key(make_stage: MakeStage) -> None:
    stage = make_stage(size=6)
    async with stage.running((120, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        await type_at_once(pilot, "5")
        first = dashboard(pilot).query_one(PlanTab).canvas.selected
        await type_at_once(pilot, "l")
        second = dashboard(pilot).query_one(PlanTab).canvas.selected
        assert first != second
    stage = make_stage(size=6)
    async with stage.running((120, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        await type_at_once(pilot, "5l")
        assert dashboard(pilot).query_one(PlanTab).canvas.selected == second


async def test_a_paste_goes_where_the_keys_around_it_go(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    async with stage.running() as pilot:
        before = ids(stage)
        add: tuple[Message, ...] = (key("a"), events.Paste("xbu-"), key("1"), events.Paste("2\n"), key("\r"))
        for event in (*add, key("/"), events.Paste("xq")):
            pilot.app.post_message(event)
        await taken(pilot)
        assert table(pilot).filter_text == "xq"
        await until(pilot, lambda: ids(stage) == before | {"xbu-12"})


async def test_text_over_a_selection_replaces_it(make_stage: MakeStage) -> None:
    async with make_stage(size=3).running() as pilot:
        await type_at_once(pilot, "/first")
        field = pilot.app.focused
        assert isinstance(field, Input)
        field.action_select_all()
        await type_at_once(pilot, "second")
        assert field.value == "second"
        await type_at_once(pilot, "\r")
        assert table(pilot).filter_text == "second"


async def test_nothing_acts_after_the_key_that_quits(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    before = ids(stage)
    async with stage.running() as pilot:
        send(pilot, "q/xxxbaq\x10")
        await until(pilot, lambda: pilot.app.return_code == 0)
    assert ids(stage) == before


async def test_an_event_loop_that_was_busy_changes_nothing(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    async with stage.running() as pilot:
        before = ids(stage)
        for typed in "/xub":
            pilot.app.post_message(key(typed))
            await asyncio.sleep(0)
            busy = asyncio.get_running_loop().time() + 0.05
            while asyncio.get_running_loop().time() < busy:
                pass
        await taken(pilot)
        assert table(pilot).filter_text == "xub"
        assert ids(stage) == before


async def test_too_much_input_is_text_or_ignored(make_stage: MakeStage) -> None:
    stage = make_stage(size=3)
    async with stage.running() as pilot:
        before = ids(stage)
        send(pilot, "xbu\r" * 25_000)
        await taken(pilot)
        assert foot(pilot) == "Too much input at once: ignored 100,000 keys."
        assert len(table(pilot).rows) == 3
        assert all(one.bookmark for one in table(pilot).rows)
        await type_at_once(pilot, "j" * 200 + "/" + "xq " * 600)
        assert table(pilot).filter_text == " ".join(["xq"] * 600)
        send(pilot, "y" * 10_000 + "\r" + "x" * 5_000)
        await taken(pilot)
        assert "y" * 10_000 in table(pilot).filter_text
        assert ids(stage) == before
