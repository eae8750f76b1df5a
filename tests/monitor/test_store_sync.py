"""Merging changes of other processes."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, Freshness
from hottui.model.tracking import Transition
from hottui.monitor.store_sync import Merged, merge
from tests.monitor.samples import ref, tracked

NOTHING = Merged((), (), ())


def test_a_bookmark_added_elsewhere_appears() -> None:
    row = tracked("one", HOT_UPDATING, since=5.0, seen=6.0, label="theirs")
    assert merge([], [row], lambda ref: False) == Merged((row,), (), ())


def test_a_bookmark_removed_elsewhere_is_removed_but_not_session_refs() -> None:
    here = [tracked("one", label="mine"), tracked("session")]
    assert merge(here, [], lambda ref: False) == Merged((), (ref("one"),), ())


def test_a_label_changed_elsewhere_changes_nothing_else() -> None:
    here = tracked("one", HOT_UPDATING, since=5.0, seen=9.0, label="old", freshness=Freshness.LIVE)
    row = tracked("one", HOT_UPDATING, since=5.0, seen=6.0, label="new")
    assert merge([here], [row], lambda ref: False).changed == (replace(here, bookmark=row.bookmark),)


def test_an_unwritten_local_change_is_kept() -> None:
    added = tracked("added", label="new")
    renamed = tracked("renamed", label="mine")
    rows = [tracked("renamed", label="theirs"), tracked("removed", label="gone here")]
    assert merge([added, renamed], rows, lambda ref: True) == NOTHING


def test_a_transition_observed_by_another_process_is_published() -> None:
    here = tracked("one", HOT_UPDATING, since=5.0, seen=9.0, label="l", freshness=Freshness.LIVE, viewed=True)
    row = tracked("one", FAILED, since=10.0, seen=11.0, label="l")
    merged = merge([here], [row], lambda ref: False)
    assert merged.transitions == (Transition(ref("one"), 10.0, FAILED, HOT_UPDATING),)
    (now,) = merged.changed
    assert (now.state, now.since, now.seen, now.needs_attention) == (FAILED, 10.0, 11.0, True)


def test_an_older_observation_changes_nothing() -> None:
    here = tracked("one", HOT_UPDATED, since=10.0, seen=11.0, label="l")
    row = tracked("one", HOT_UPDATING, since=5.0, seen=9.0, label="l")
    assert merge([here], [row], lambda ref: False) == NOTHING


def test_a_failure_viewed_elsewhere_needs_no_attention() -> None:
    here = tracked("one", FAILED, since=10.0, seen=11.0, label="l")
    row = replace(here, viewed=True)
    assert merge([here], [row], lambda ref: False).changed == (row,)


@st.composite
def pictures(draw: st.DrawFn) -> list[object]:
    names = draw(st.lists(st.sampled_from("abcd"), unique=True))
    return [
        tracked(
            name,
            draw(st.sampled_from(["", HOT_UPDATING, HOT_UPDATED, FAILED])),
            since=draw(st.floats(1, 100)),
            seen=draw(st.floats(1, 100)),
            label=draw(st.sampled_from(["", "x", None])),
        )
        for name in names
    ]


@given(pictures(), pictures())
def test_merging_is_idempotent(here: list, rows: list) -> None:  # type: ignore[type-arg]
    rows = [row if row.bookmark else tracked(row.ref.id, label="kept") for row in rows]
    merged = merge(here, rows, lambda ref: False)
    now = {each.ref: each for each in here}
    now.update({each.ref: each for each in merged.changed})
    for gone in merged.removed:
        del now[gone]
    assert merge(now.values(), rows, lambda ref: False) == NOTHING
