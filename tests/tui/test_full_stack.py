"""The dashboard over a real store, monitor, client and service: what keys change there, and that the stub agrees."""

import asyncio
from dataclasses import replace

import pytest

from hottui.model.masking import MASK
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark, Tracked
from hottui.tui.widgets.lines_view import LinesView
from tests.tui.conftest import MakeFullStage, MakeStage
from tests.tui.scenes import loaded, put_cursor, tab
from tests.tui.stage import START, AppPilot, Stage, dashboard, foot, screen_text, table, until
from tests.tui.test_commands import answer, copied, opened

pytestmark = pytest.mark.slow


async def test_the_stub_monitor_tracks_what_the_real_one_does(
    make_full_stage: MakeFullStage, make_stage: MakeStage
) -> None:
    stage, stub = make_full_stage(size=None), make_stage(size=None).monitor
    async with stage.running((120, 40)):
        real, stubbed = stage.running_monitor.snapshot(), stub.snapshot()
        assert list(map(_comparable, stubbed.tracked)) == list(map(_comparable, real.tracked))
        assert replace(stubbed.loop, holds=()) == replace(real.loop, holds=(), held=frozenset())
        assert [hold.namespace for hold in stubbed.loop.holds] == [hold.namespace for hold in real.loop.holds]
        for row in real.tracked:
            kept, given = await asyncio.to_thread(stage.running_monitor.observation, row.ref), stub.observation(row.ref)
            assert (kept and kept.summary) == (given and given.summary)
            assert (kept is None or MASK in kept.answer) == (given is None or MASK in given.answer)
            assert await asyncio.to_thread(stage.running_monitor.transitions, row.ref) == stub.transitions(row.ref)


def _comparable(row: Tracked) -> Tracked:
    """Return `row` without the texts of its trouble, which contain the request's ID."""
    return replace(row, trouble=row.trouble and replace(row.trouble, message="", hint="", request_id=""))


def stored(stage: Stage) -> dict[Ref, Bookmark | None]:
    """Return what is in the store."""
    return {row.ref: row.bookmark for row in stage.store.tracked()}


async def test_changes_by_keys_are_stored(make_full_stage: MakeFullStage) -> None:
    stage = make_full_stage(size=3)
    async with stage.running((120, 40)) as pilot:
        before = stored(stage)
        await pilot.press("a")
        await answer(pilot, "abc123")
        await until(pilot, lambda: {ref.id for ref in stored(stage)} == {*(ref.id for ref in before), "abc123"})
        added = table(pilot).cursor
        assert added is not None
        assert added.id == "abc123"
        await pilot.press("e")
        await answer(pilot, "a label")
        await answer(pilot, "a note")
        await until(pilot, lambda: _label(stage, added) == ("a label", "a note"))
        await pilot.press("b")
        await until(pilot, lambda: added not in stored(stage))
        await pilot.press("b")
        await until(pilot, lambda: _label(stage, added) == ("a label", "a note"))
        await pilot.press("x")
        await until(pilot, lambda: added not in stored(stage))
        await pilot.press("x", "x")
        await until(pilot, lambda: len(stored(stage)) == 1)
        await pilot.press("u", "u", "u")
        await until(pilot, lambda: stored(stage).keys() == {*before, added})
        assert _label(stage, added) == ("a label", "a note")


def _label(stage: Stage, ref: Ref) -> tuple[str, str] | None:
    bookmark = stored(stage).get(ref)
    return (bookmark.label, bookmark.note) if bookmark else None


async def test_undo_restores_what_an_earlier_session_removed(make_full_stage: MakeFullStage) -> None:
    stage = make_full_stage()
    put = stage.tracked[0]
    stage.store.remove(put.ref)
    stage.tracked = stage.store.tracked()
    async with stage.running((120, 40)) as pilot:
        await pilot.press("u")
        await until(pilot, lambda: table(pilot).cursor == put.ref)
        await until(pilot, lambda: put.ref in stored(stage))


async def test_pause_refresh_and_interval_reach_the_service(make_full_stage: MakeFullStage) -> None:
    stage = make_full_stage()
    counters = stage.service.counters
    async with stage.running((120, 40)) as pilot:
        await pilot.press("p")
        before = counters.requests
        await stage.pass_time(pilot, 5)
        assert counters.requests == before
        put_cursor(pilot, "orders-enrich noon")
        await pilot.press("r")
        await stage.pass_time(pilot, 1)
        assert counters.requests == before + 1
        assert _seen(pilot) >= stage.clock.now - 1
        await pilot.press("R")
        await stage.pass_time(pilot, 3)
        assert counters.requests == before + 13
        await pilot.press("p")
        await stage.pass_time(pilot, 5)
        assert counters.requests > before + 13
        await pilot.press("i")
        await answer(pilot, "7.5s")
        assert stage.running_monitor.snapshot().loop.interval == 7.5


def _seen(pilot: AppPilot) -> float:
    current = table(pilot).current
    assert current is not None
    return current.seen or 0.0


async def test_rows_change_as_their_hot_updates_do(make_full_stage: MakeFullStage) -> None:
    stage = make_full_stage()
    async with stage.running((120, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        before = table(pilot).cursor
        await stage.pass_time(pilot, 8)
        assert table(pilot).current.state == "HOT_UPDATED"  # type: ignore[union-attr]
        assert table(pilot).cursor == before
        assert foot(pilot) == "orders-enrich: UPDATED"
        table(pilot).filter("updating")
        count = len(table(pilot).rows)
        await stage.pass_time(pilot, 60)
        assert len(table(pilot).rows) < count


async def test_secrets_that_are_not_stored_are_read_again(make_full_stage: MakeFullStage) -> None:
    stage = make_full_stage(size=None, denied=False)
    async with stage.running((120, 40)) as pilot:
        await opened(pilot, "member-sync", "conf")  # finished long ago: loaded from the store
        assert MASK in screen_text(pilot)
        await pilot.press("s")
        await stage.pass_time(pilot, 3)
        await loaded(pilot)
        assert "demo-not-a-secret" in screen_text(pilot)


async def test_revealed_secrets_are_neither_stored_nor_copied_with_the_json(make_full_stage: MakeFullStage) -> None:
    stage = make_full_stage()
    async with stage.running((120, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        current = dashboard(pilot).current
        assert current is not None
        observation = stage.running_monitor.observation(current.ref)
        assert observation is not None
        assert observation.at == START
        await pilot.press(tab("conf"), "s")
        await loaded(pilot)
        view = pilot.app.query_one("#lines", LinesView)
        shown = next(line.value for line in view.lines if "secret" in line.text and line.value)
        assert shown in observation.answer
        await pilot.press("Y")
        await until(pilot, lambda: "Copied JSON" in foot(pilot))
        assert shown not in copied(stage)
        await stage.pass_time(pilot, 1)
        await until(pilot, lambda: stage.store.answer(current.ref) is not None)
        kept = stage.store.answer(current.ref)
        assert kept is not None
        assert shown not in kept.answer
