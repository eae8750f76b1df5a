"""How observations and failed reads change a Tracked."""

from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, Freshness
from hottui.model.tracking import Transition, Trouble
from hottui.monitor.transitions import observed, restored, unread, unwatched
from tests.monitor.samples import observation, ref, tracked


def test_the_first_observation_is_a_transition_from_nothing() -> None:
    now, transition = observed(tracked("one"), observation("one", HOT_UPDATING, 7.0))
    assert transition == Transition(ref("one"), 7.0, HOT_UPDATING, "")
    assert (now.freshness, now.since, now.seen) == (Freshness.LIVE, 7.0, 7.0)


def test_the_same_state_is_no_transition_and_keeps_since() -> None:
    before = tracked("one", HOT_UPDATING, since=5.0, seen=6.0, viewed=True)
    now, transition = observed(before, observation("one", HOT_UPDATING, 7.0))
    assert transition is None
    assert (now.since, now.seen, now.viewed) == (5.0, 7.0, True)


def test_a_transition_resets_viewed() -> None:
    now, _ = observed(tracked("one", HOT_UPDATING, since=5.0, viewed=True), observation("one", FAILED, 7.0))
    assert now.needs_attention


def test_a_failed_read_keeps_the_last_answer() -> None:
    trouble = Trouble(8.0, "No answer.")
    before = tracked("one", HOT_UPDATING, since=5.0, seen=6.0)
    now = unread(before, Freshness.STALE, trouble)
    assert (now.summary, now.since, now.seen, now.trouble) == (before.summary, 5.0, 6.0, trouble)
    again, _ = observed(now, observation("one", HOT_UPDATING, 9.0))
    assert again.trouble is None


def test_only_confirmed_refs_are_live_initially() -> None:
    assert restored(tracked("one", HOT_UPDATED, since=5.0, seen=6.0)).freshness is Freshness.LIVE
    assert restored(tracked("one", HOT_UPDATED, since=5.0, seen=5.0)).freshness is Freshness.WAITING
    assert restored(tracked("one", HOT_UPDATING, since=5.0, seen=6.0)).freshness is Freshness.WAITING


def test_an_update_in_progress_that_was_not_read_for_a_minute_was_not_watched() -> None:
    for state, seen, expected in (
        (HOT_UPDATING, 40.0, (40.0, 100.0)),
        (HOT_UPDATING, 41.0, None),
        (HOT_UPDATING, None, None),
        (HOT_UPDATED, 40.0, None),
    ):
        assert unwatched(tracked("one", state, since=5.0, seen=seen), 100.0) == expected
    assert unwatched(tracked("one"), 100.0) is None
    assert unwatched(tracked("one", HOT_UPDATING, since=5.0, seen=40.0), 100.0, interval=31.0) is None
