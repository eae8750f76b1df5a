"""The log of a session: its entries, and the screen that shows them."""

from dataclasses import replace

from hottui.model.ref import Ref
from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, Freshness
from hottui.model.tracking import Bookmark, Summary, Tracked, Transition, Trouble
from hottui.monitor.snapshot import Hold, LoopStatus, Snapshot
from hottui.render.glyphs import UNICODE
from hottui.tui.screens.log_screen import LogScreen
from hottui.tui.session_log import MOST_ENTRIES, SessionLog
from hottui.tui.widgets.lines_view import LinesView
from tests.tui.conftest import MakeStage
from tests.tui.stage import AppPilot, dashboard, drawn, resize, screen_text, table, until

NOW = 1_790_000_000.0
REF = Ref("http://127.0.0.1", "w", "n", "98fe2c01")
ROW = Tracked(REF, Bookmark(REF, "orders"), Summary(HOT_UPDATING, "", "parallelism 4 → 10"), Freshness.LIVE, NOW, NOW)
LOOP = LoopStatus(paused=False, interval=2.0, period=None, in_flight=0, holds=(), unsaved=0, trouble=None)
TROUBLE = Trouble(NOW, "No answer within 10 s.", "Check the network.")


def texts(log: SessionLog) -> list[tuple[str, str]]:
    return [(entry.kind, entry.text) for entry in log.entries]


def test_a_transition_has_the_reason_that_comes_with_the_next_snapshot() -> None:
    log = SessionLog(UNICODE)
    log.add_transition(Transition(REF, NOW, FAILED, HOT_UPDATING))
    log.add_transition(Transition(replace(REF, id="new"), NOW, HOT_UPDATED))
    assert texts(log) == []
    failed = replace(ROW, summary=Summary(FAILED, "", "parallelism 4 → 10", "LOW", "No slots.\x1b[2J"))
    log.add_snapshot(Snapshot((failed,), LOOP, NOW + 1))
    log.add_snapshot(Snapshot((failed,), LOOP, NOW + 2))
    assert texts(log) == [
        ("state", "✖ orders: UPDATING → FAILED  LOW No slots.␛[2J"),
        ("state", "✔ new: UPDATED when first read"),
    ]
    assert {(entry.at, entry.ref) for entry in log.entries} == {(NOW, REF), (NOW, replace(REF, id="new"))}


def test_troubles_are_logged_when_they_begin_and_end() -> None:
    log = SessionLog(UNICODE)
    rows = [replace(ROW, ref=replace(REF, id=f"hu-{n}"), bookmark=None) for n in range(3)]
    failing = tuple(replace(row, freshness=Freshness.STALE, trouble=TROUBLE) for row in rows)
    held = replace(LOOP, holds=(Hold("key", "Access denied.", "Ask for it.", NOW, "finance"),))
    for tracked, loop in (
        (tuple(rows), LOOP),
        (failing, held),
        (tuple(replace(row, trouble=replace(TROUBLE, at=NOW + 9)) for row in failing), held),
        ((failing[0], replace(rows[1], trouble=replace(TROUBLE, interim=True)), rows[2]), LOOP),
        ((rows[1],), LOOP),  # the failing one was removed
    ):
        log.add_snapshot(Snapshot(tracked, loop, NOW))
    assert texts(log) == [
        ("trouble", "3 hot updates: No answer within 10 s. Check the network."),
        ("trouble", "finance: Access denied. Ask for it."),
        ("over", "2 hot updates: read again"),
        ("over", "finance: Access denied. Ask for it."),
    ]


def test_the_log_is_bounded() -> None:
    log = SessionLog(UNICODE)
    for number in range(MOST_ENTRIES + 5):
        log.add(NOW, "state", f"{number} " + "x" * 100_000)
    assert (len(log.entries), log.count) == (MOST_ENTRIES, MOST_ENTRIES + 5)
    assert log.entries[0].text.startswith("5 ")
    assert len(log.entries[0].text) < 1_100


def shown(pilot: AppPilot) -> list[str]:
    """The entries on the screen, without the time."""
    lines = pilot.app.screen.query_one("#log-lines", LinesView).lines
    return [line.text[22:].strip() for line in lines]


async def test_the_log_follows_filters_and_leads_to_the_row(make_stage: MakeStage) -> None:
    stage = make_stage()
    first, second = [row for row in stage.tracked if row.in_progress and row.label][:2]
    async with stage.running((120, 40), notices=("The store was repaired.",)) as pilot:
        stage.monitor.observe(first.ref, FAILED)
        await pilot.press("L")
        await until(pilot, lambda: isinstance(pilot.app.screen, LogScreen))
        assert shown(pilot)[0] == "trouble   The store was repaired."
        assert f"{first.label}: UPDATING → FAILED" in shown(pilot)[-1]
        assert "TIME (UTC)" in screen_text(pilot)
        view = pilot.app.screen.query_one("#log-lines", LinesView)

        for row in stage.tracked:
            if row.in_progress and row.ref not in {first.ref, second.ref}:
                stage.monitor.observe(row.ref, FAILED)
        stage.monitor.observe(second.ref, HOT_UPDATED)
        await until(pilot, lambda: second.label in shown(pilot)[-1])
        assert view.place[0] == len(view.lines) - 1, "it follows"
        for size in ((60, 13), (120, 40)):
            await resize(pilot, *size)
            top, at = round(view.scroll_y), view.place[0] or 0
            assert top <= at < top + view.size.height, "the entry under the cursor stays in view"
        await pilot.press("g")
        stage.monitor.observe(first.ref, HOT_UPDATING)
        await until(pilot, lambda: "FAILED → UPDATING" in shown(pilot)[-1])
        assert view.place[0] == 0, "the cursor stays where it was moved to"

        await pilot.press("slash", *"state", "space", *second.label[:6], "enter")
        await drawn(pilot)
        assert len(shown(pilot)) == 1
        assert "(1/" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is dashboard(pilot))
        assert table(pilot).cursor == second.ref

        stage.monitor.untrack(first.ref)
        await pilot.press("L")
        await until(pilot, lambda: isinstance(pilot.app.screen, LogScreen))
        assert len(shown(pilot)) > 1, "the filter is that of one look"
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is dashboard(pilot))
        assert "no longer in the table" in screen_text(pilot)
