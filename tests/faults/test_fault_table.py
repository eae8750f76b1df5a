"""Every fault of the service and the network: what the screen shows, and that the dashboard recovers."""

import json

import pytest

from hottui.model.state import HOT_UPDATED, HOT_UPDATING, Freshness
from tests.faults.backend import always_sends
from tests.faults.conftest import MakeStand
from tests.faults.fault_table import FAULTS, UNUSUAL, Fault
from tests.faults.stand import ENDED, MOVES, OTHER, Stand, row_of
from tests.service.raw_server import SECRET, TOKEN, response
from tests.tui.stage import screen_text


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_a_fault_is_reported_and_recovers(fault: Fault, make_stand: MakeStand) -> None:
    stand = make_stand(deadline=fault.deadline)
    async with stand.open() as pilot:
        assert stand.all_is_well()
        assert "UPDATING" in row_of(pilot, MOVES)
        ended, change = stand.of(ENDED), "parallelism"
        assert change in row_of(pilot, MOVES)

        stand.backend.fault = fault.handler
        await stand.wait(pilot, lambda: _has_shown(stand, fault), 10)
        screen = screen_text(pilot)
        if fault.slowed:
            assert fault.words in stand.loop.slowed[0].message
        else:
            assert fault.words in screen, screen
        assert stand.of(MOVES).state == HOT_UPDATING, "the last good answer stays"
        assert change in row_of(pilot, MOVES)
        assert stand.of(ENDED) == ended, "finished hot updates are not affected"
        assert bool(stand.loop.holds) == fault.held
        assert len(stand.loop.holds) <= 1, "reported once"
        assert _advice(stand), "there is a hint"
        assert "Traceback" not in screen
        assert SECRET not in screen
        assert TOKEN not in screen

        stand.backend.fault = None
        stand.backend.states[MOVES] = HOT_UPDATED
        await stand.wait(pilot, lambda: stand.all_is_well() and stand.of(MOVES).state == HOT_UPDATED)
        assert fault.words not in screen_text(pilot)
        assert "UPDATED" in row_of(pilot, MOVES)
    assert stand.kept() == {MOVES: HOT_UPDATED, OTHER: HOT_UPDATING, ENDED: HOT_UPDATED}


def _has_shown(stand: Stand, fault: Fault) -> bool:
    if fault.slowed:
        return bool(stand.loop.slowed)
    return all(stand.of(name).freshness is fault.freshness for name in (MOVES, OTHER))


def _advice(stand: Stand) -> str:
    loop, trouble = stand.loop, stand.of(MOVES).trouble
    reported = loop.holds or loop.slowed
    return reported[0].hint if reported else trouble.hint if trouble else ""


@pytest.mark.parametrize("name", UNUSUAL)
async def test_an_unusual_answer_is_accepted(name: str, stand: Stand) -> None:
    document, word = UNUSUAL[name]
    async with stand.open() as pilot:
        stand.backend.fault = always_sends(response(json.dumps(document).encode()))
        asked = stand.backend.asked[MOVES]
        await stand.wait(pilot, lambda: stand.backend.asked[MOVES] > asked + 1, 10)
        assert stand.of(MOVES).freshness is Freshness.LIVE
        assert word in row_of(pilot, MOVES)
