"""Every fault of the service and the network: what the screen shows, and that the dashboard recovers."""

import json
from collections.abc import Iterator

import pytest

from hottui.model.state import HOT_UPDATED, HOT_UPDATING, INIT, Freshness
from tests.faults.backend import always_sends
from tests.faults.conftest import MakeStand
from tests.faults.fault_table import FAULTS, UNUSUAL, Fault
from tests.faults.stand import ENDED, MOVES, OTHER, Stand, row_of
from tests.service.raw_server import SECRET, TOKEN, response
from tests.tui.stage import AppPilot, screen_text


def _groups(size: int) -> Iterator[tuple[Fault, ...]]:
    """Yield the faults in groups with the same deadline, for one dashboard each."""
    for deadline in sorted({fault.deadline for fault in FAULTS}):
        same = [fault for fault in FAULTS if fault.deadline == deadline]
        yield from (tuple(same[start : start + size]) for start in range(0, len(same), size))


@pytest.mark.parametrize("faults", _groups(10), ids=lambda faults: faults[0].name)
async def test_a_fault_is_reported_and_recovers(faults: tuple[Fault, ...], make_stand: MakeStand) -> None:
    stand = make_stand(deadline=faults[0].deadline)
    async with stand.open() as pilot:
        assert stand.all_is_well()
        assert "UPDATING" in row_of(pilot, MOVES)
        for fault in faults:
            try:
                await _fault_and_recovery(stand, pilot, fault, HOT_UPDATED if fault is faults[-1] else INIT)
            except AssertionError as error:
                error.add_note(f"The fault: {fault}")
                raise
    assert stand.kept() == {MOVES: HOT_UPDATED, OTHER: HOT_UPDATING, ENDED: HOT_UPDATED}


async def _fault_and_recovery(stand: Stand, pilot: AppPilot, fault: Fault, afterwards: str) -> None:
    """Let `fault` come and go; MOVES is in the state `afterwards` when it is gone."""
    stand.backend.states[MOVES] = HOT_UPDATING
    await stand.wait(pilot, lambda: stand.of(MOVES).state == HOT_UPDATING)
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
    stand.backend.states[MOVES] = afterwards
    await stand.wait(pilot, lambda: stand.all_is_well() and stand.of(MOVES).state == afterwards)
    assert fault.words not in screen_text(pilot)
    assert afterwards.removeprefix("HOT_") in row_of(pilot, MOVES)


def _has_shown(stand: Stand, fault: Fault) -> bool:
    if fault.slowed:
        return bool(stand.loop.slowed)
    return all(stand.of(name).freshness is fault.freshness for name in (MOVES, OTHER))


def _advice(stand: Stand) -> str:
    loop, trouble = stand.loop, stand.of(MOVES).trouble
    reported = loop.holds or loop.slowed
    return reported[0].hint if reported else trouble.hint if trouble else ""


async def test_an_unusual_answer_is_accepted(stand: Stand) -> None:
    async with stand.open() as pilot:
        for name, (document, word) in UNUSUAL.items():
            stand.backend.fault = always_sends(response(json.dumps(document).encode()))
            asked = stand.backend.asked[MOVES]
            await stand.wait(pilot, lambda asked=asked: stand.backend.asked[MOVES] > asked + 1, 10)  # type: ignore[misc]
            assert stand.of(MOVES).freshness is Freshness.LIVE, name
            assert word in row_of(pilot, MOVES), name
