"""Accounts on hold."""

from hottui.monitor.account_holds import PROBES, AccountHolds, account_scope, namespace_scope
from hottui.monitor.snapshot import Hold
from tests.monitor.samples import ref

HOLD = Hold("key@here", "The key was refused.", "Set another.", 1000.0)
WIDE = account_scope("key@here")


def held(now: float = 10.0) -> AccountHolds:
    holds = AccountHolds()
    holds.rejected(WIDE, HOLD, ref(), started=now - 1, now=now)
    return holds


def test_several_rejections_at_once_are_one_hold() -> None:
    holds = held()
    holds.rejected(WIDE, HOLD, ref("two"), started=9.5, now=10.2)
    assert holds.shown() == (HOLD,)
    assert holds.scopes_of("key@here", ref("three")) == [WIDE]
    assert holds.scopes_of("other@here", ref("three")) == []


def test_one_read_probes_for_all_at_growing_intervals() -> None:
    holds, now = held(), 10.0
    for wait in (*PROBES, PROBES[-1]):
        now = holds.opens_at([WIDE])
        assert wait in PROBES
        holds.probe_started([WIDE], ref())
        assert holds.opens_at([WIDE]) == float("inf")
        holds.rejected(WIDE, HOLD, ref(), started=now, now=now)
    assert holds.opens_at([WIDE]) == now + PROBES[-1]


def test_a_repeated_rejection_keeps_the_start_time() -> None:
    holds = held()
    holds.probe_started([WIDE], ref())
    holds.rejected(WIDE, Hold("key@here", "Still.", "", 2000.0), ref(), started=20.0, now=20.0)
    assert holds.shown() == (Hold("key@here", "Still.", "", 1000.0),)


def test_an_answer_to_an_older_read_does_not_end_a_hold() -> None:
    holds = held(10.0)
    assert holds.accepted([WIDE], started=9.9) == []
    assert holds.accepted([WIDE], started=15.0) == [WIDE]
    assert not holds


def test_an_inconclusive_probe_is_repeated() -> None:
    holds = held(10.0)
    holds.probe_started([WIDE], ref())
    holds.probe_ended(ref(), now=20.0)
    assert holds.opens_at([WIDE]) == 20.0 + PROBES[0]


def test_a_requested_retry_is_immediate() -> None:
    holds = held(10.0)
    holds.retry(11.0, "other@here")
    assert holds.opens_at([WIDE]) == 10.0 + PROBES[0]
    holds.retry(11.0)
    assert holds.opens_at([WIDE]) == 11.0


def test_a_missing_permission_holds_only_its_namespace() -> None:
    holds = AccountHolds()
    place = namespace_scope("key@here", ref(namespace="closed"))
    holds.rejected(place, HOLD, ref(namespace="closed"), started=1.0, now=1.0)
    assert holds.scopes_of("key@here", ref("two", namespace="closed")) == [place]
    assert holds.scopes_of("key@here", ref("two", namespace="open")) == []
