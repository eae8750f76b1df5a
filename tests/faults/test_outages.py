"""Outages: a closed port, a restarted service, an hour without network, DNS and TLS errors."""

from pathlib import Path

import pytest

from hottui.model.ref import Ref
from hottui.model.state import HOT_UPDATED, HOT_UPDATING, Freshness
from hottui.model.tracking import Bookmark
from tests.faults.conftest import MakeStand
from tests.faults.stand import ENDED, MOVES, OTHER, Stand, row_of
from tests.service.authority import new_authority
from tests.tui.stage import screen_text


async def test_a_closed_port_is_reported_and_a_restart_recovers(stand: Stand) -> None:
    async with stand.open() as pilot:
        await stand.backend.stop()
        await stand.wait(pilot, lambda: stand.of(MOVES).freshness is stand.of(OTHER).freshness is Freshness.STALE)
        assert "refused the connection" in row_of(pilot, MOVES)
        assert "UPDATING" in row_of(pilot, MOVES)
        assert "2 stale" in screen_text(pilot)
        stand.backend.states[MOVES] = HOT_UPDATED
        await stand.backend.start()
        await stand.wait(pilot, lambda: stand.all_is_well() and stand.of(MOVES).state == HOT_UPDATED)
        assert "refused" not in screen_text(pilot)
    assert stand.kept() == {MOVES: HOT_UPDATED, OTHER: HOT_UPDATING, ENDED: HOT_UPDATED}


async def test_a_restart_between_two_reads_is_invisible(stand: Stand) -> None:
    async with stand.open() as pilot:
        for _ in range(3):
            await stand.backend.stop()
            await stand.backend.start()
            asked = stand.backend.asked[MOVES]
            await stand.wait(pilot, lambda asked=asked: stand.backend.asked[MOVES] > asked)  # type: ignore[misc]
            await stand.wait(pilot, stand.all_is_well, 5)


async def test_an_hour_without_network_costs_little_and_ends_without_a_burst(stand: Stand) -> None:
    async with stand.open() as pilot:
        await stand.backend.stop()
        await stand.pass_time(pilot, 60.0)
        for _ in range(61 * 12):
            stand.clock.now += 5.0
            stand.pulse.now += 5.0
            await stand._beat(pilot)
        await stand.shown(pilot)
        assert stand.of(MOVES).freshness is Freshness.STALE
        assert stand.of(MOVES).state == HOT_UPDATING
        assert "1h" in row_of(pilot, MOVES), "the age of the last good answer"
        await stand.backend.start()
        stand.backend.asked.clear()
        await stand.wait(pilot, stand.all_is_well)
        assert stand.backend.asked[MOVES] <= 3


async def test_an_unknown_host_name_does_not_affect_other_endpoints(stand: Stand) -> None:
    nowhere = Ref("https://ververica.nowhere.invalid", "a-workspace", "a-namespace", "lost")
    stand.store.add(Bookmark(nowhere, "label of lost"))
    async with stand.open() as pilot:
        await stand.wait(pilot, lambda: stand.of("lost").freshness is Freshness.STALE)
        assert "the name is not in DNS" in row_of(pilot, "lost")
        assert stand.of(MOVES).freshness is Freshness.LIVE


async def test_an_untrusted_certificate_is_reported_and_nothing_is_sent(
    make_stand: MakeStand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = new_authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    stand = make_stand(deadline=20.0)
    stand.backend.tls = authority.serve("localhost")
    async with stand.open() as pilot:
        assert stand.all_is_well()
        await stand.backend.stop()
        stand.backend.tls = authority.serve("localhost", expired=True)
        await stand.backend.start()
        stand.backend.asked.clear()
        await stand.wait(pilot, lambda: stand.of(MOVES).freshness is Freshness.STALE)
        assert "certificate of localhost" in row_of(pilot, MOVES)
        assert "not trusted" in row_of(pilot, MOVES)
        assert not stand.backend.asked, "nothing is sent without verification"
        await stand.backend.stop()
        stand.backend.tls = authority.serve("localhost")
        await stand.backend.start()
        await stand.wait(pilot, stand.all_is_well)
