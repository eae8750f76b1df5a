"""Recovery from states that go back, IDs that appear late, clock skew and changed credentials."""

import pytest

from hottui.model.state import HOT_UPDATED, HOT_UPDATING, Freshness
from hottui.service.credentials import ACCESS_KEY_ID, ACCESS_KEY_SECRET, EnvironmentCredentials
from tests.faults.conftest import MakeStand
from tests.faults.stand import MOVES, OTHER, WIDE, Stand, row_of
from tests.tui.stage import screen_text


async def test_polling_resumes_if_a_final_state_changes_back(stand: Stand) -> None:
    async with stand.open() as pilot:
        stand.backend.states[MOVES] = HOT_UPDATED
        await stand.wait(pilot, lambda: stand.of(MOVES).state == HOT_UPDATED)
        stand.backend.states[MOVES] = HOT_UPDATING
        await stand.wait(pilot, lambda: stand.of(MOVES).state == HOT_UPDATING, 20)
        assert "UPDATING" in row_of(pilot, MOVES)
        stand.backend.states[MOVES] = HOT_UPDATED
        await stand.wait(pilot, lambda: stand.of(MOVES).state == HOT_UPDATED, 10)
        states = [transition.state for transition in stand.running_monitor.transitions(stand.ref(MOVES))]
        assert states == [HOT_UPDATING, HOT_UPDATED, HOT_UPDATING, HOT_UPDATED]


async def test_a_late_id_is_shown_soon(stand: Stand) -> None:
    async with stand.open(WIDE, "late") as pilot:
        await stand.wait(pilot, lambda: stand.of("late").freshness is Freshness.GONE)
        assert "Hot update not found" in screen_text(pilot)
        trouble = stand.of("late").trouble
        assert trouble is not None
        assert "can take a moment to appear" in trouble.hint
        stand.backend.states["late"] = HOT_UPDATING
        await stand.wait(pilot, lambda: stand.of("late").freshness is Freshness.LIVE, 4)
        assert "does not know" not in screen_text(pilot)


@pytest.mark.parametrize("behind", [3600.0, -86_400.0])
async def test_clock_skew_is_measured_and_compensated(make_stand: MakeStand, behind: float) -> None:
    stand = make_stand(behind=behind)
    async with stand.open():
        assert stand.all_is_well()
        assert stand.loop.clock_offset == pytest.approx(behind, abs=2)
        assert stand.of(MOVES).state == HOT_UPDATING


async def test_changed_credentials_end_the_hold(make_stand: MakeStand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ACCESS_KEY_ID, "the-first-key")
    monkeypatch.setenv(ACCESS_KEY_SECRET, "the-secret-of-the-first")
    stand = make_stand(source=EnvironmentCredentials())
    stand.backend.key = "the-first-key"
    async with stand.open() as pilot:
        assert stand.all_is_well()
        stand.backend.key = "the-second-key"
        await stand.wait(pilot, lambda: bool(stand.loop.holds))
        screen = screen_text(pilot)
        assert "Access key rejected" in screen
        assert "1 account paused" in screen
        assert "Check the access key ID" in screen
        asked = stand.backend.asked[MOVES] + stand.backend.asked[OTHER]
        await stand.pass_time(pilot, 30.0)
        assert stand.backend.asked[MOVES] + stand.backend.asked[OTHER] <= asked + 2, "the account is paused"
        monkeypatch.setenv(ACCESS_KEY_ID, "the-second-key")
        await stand.wait(pilot, stand.all_is_well, 10)
        assert "rejected" not in screen_text(pilot)


async def test_refresh_probes_a_paused_account_immediately(stand: Stand) -> None:
    stand.backend.key = "another-key"
    async with stand.open(held=True) as pilot:
        stand.backend.key = ""
        await pilot.press("r")
        await stand.wait(pilot, stand.all_is_well, 2)
