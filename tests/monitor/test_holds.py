"""Accounts that wait."""

from hottui.monitor.account_holds import PROBES, AccountHolds, account_scope, place_scope
from hottui.monitor.snapshot import Hold
from tests.monitor.samples import ref

HOLD = Hold("key@here", "The key was refused.", "Set another.", 1000.0)
WIDE = account_scope("key@here")


def held(now: float = 10.0) -> AccountHolds:
    holds = AccountHolds()
    holds.refused(WIDE, HOLD, ref(), started=now - 1, now=now)
    return holds


def test_an_account_is_held_and_told_once() -> None:
    holds = held()
    holds.refused(WIDE, HOLD, ref("two"), started=9.5, now=10.2)
    assert holds.told() == (HOLD,)
    assert holds.over("key@here", ref("three")) == [WIDE]
    assert holds.over("other@here", ref("three")) == []


def test_one_read_is_tried_for_all_ever_more_slowly() -> None:
    holds, now = held(), 10.0
    for wait in (*PROBES, PROBES[-1]):
        now = holds.opens([WIDE])
        assert wait in PROBES
        holds.probing([WIDE], ref())
        assert holds.opens([WIDE]) == float("inf")
        holds.refused(WIDE, HOLD, ref(), started=now, now=now)
    assert holds.opens([WIDE]) == now + PROBES[-1]


def test_since_stays_when_the_refusal_is_repeated() -> None:
    holds = held()
    holds.probing([WIDE], ref())
    holds.refused(WIDE, Hold("key@here", "Still.", "", 2000.0), ref(), started=20.0, now=20.0)
    assert holds.told() == (Hold("key@here", "Still.", "", 1000.0),)


def test_an_answer_to_an_older_read_proves_nothing() -> None:
    holds = held(10.0)
    assert holds.accepted([WIDE], started=9.9) == []
    assert holds.accepted([WIDE], started=15.0) == [WIDE]
    assert not holds


def test_a_try_that_says_nothing_is_repeated() -> None:
    holds = held(10.0)
    holds.probing([WIDE], ref())
    holds.ended(ref(), now=20.0)
    assert holds.opens([WIDE]) == 20.0 + PROBES[0]


def test_a_retry_asked_for_begins_at_once() -> None:
    holds = held(10.0)
    holds.retry(11.0, "other@here")
    assert holds.opens([WIDE]) == 10.0 + PROBES[0]
    holds.retry(11.0)
    assert holds.opens([WIDE]) == 11.0


def test_a_missing_permission_holds_its_place_alone() -> None:
    holds = AccountHolds()
    place = place_scope("key@here", ref(namespace="closed"))
    holds.refused(place, HOLD, ref(namespace="closed"), started=1.0, now=1.0)
    assert holds.over("key@here", ref("two", namespace="closed")) == [place]
    assert holds.over("key@here", ref("two", namespace="open")) == []
