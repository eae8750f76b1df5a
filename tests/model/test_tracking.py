"""The order of the table, and the properties of a tracked hot update."""

import dataclasses
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hottui.model.ref import Ref
from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, INIT, Freshness, is_final
from hottui.model.tracking import Bookmark, Summary, Tracked, sort_key


def tracked(
    name: str, state: str | None = None, since: float | None = None, viewed: bool = False, added: float | None = None
) -> Tracked:
    ref = Ref("https://e", "w", "n", name)
    bookmark = Bookmark(ref, added=added) if added is not None else None
    summary = Summary(state) if state is not None else None
    return Tracked(ref, bookmark, summary, since=since, viewed=viewed)


def order(*rows: Tracked) -> list[str]:
    return [row.ref.id for row in sorted(rows, key=sort_key)]


def test_in_progress_then_failed_and_not_viewed_then_the_rest() -> None:
    rows = [
        tracked("done", HOT_UPDATED, since=90),
        tracked("failed-seen", FAILED, since=99, viewed=True),
        tracked("failed", FAILED, since=10),
        tracked("updating", HOT_UPDATING, since=1),
        tracked("new-word", "ROLLING_BACK", since=3),
        tracked("init", INIT, since=2),
        tracked("waiting"),
    ]
    assert order(*rows) == ["new-word", "init", "updating", "failed", "failed-seen", "done", "waiting"]


def test_latest_transition_first_then_by_ref() -> None:
    assert order(tracked("b", HOT_UPDATED, 5), tracked("a", HOT_UPDATED, 5), tracked("c", HOT_UPDATED, 6)) == [
        "c",
        "a",
        "b",
    ]


def test_an_unread_bookmark_is_sorted_by_the_time_it_was_added() -> None:
    assert order(tracked("old", added=1), tracked("new", added=7), tracked("mid", HOT_UPDATED, since=5)) == [
        "new",
        "mid",
        "old",
    ]


@pytest.mark.parametrize(
    ("row", "in_progress", "needs_attention"),
    [
        (tracked("a"), False, False),
        (tracked("a", ""), True, False),
        (tracked("a", INIT), True, False),
        (tracked("a", "NEW"), True, False),
        (tracked("a", HOT_UPDATED), False, False),
        (tracked("a", FAILED), False, True),
        (tracked("a", FAILED, viewed=True), False, False),
    ],
)
def test_in_progress_and_needs_attention(row: Tracked, in_progress: bool, needs_attention: bool) -> None:
    assert (row.in_progress, row.needs_attention) == (in_progress, needs_attention)


def test_final_states() -> None:
    assert [s for s in (INIT, HOT_UPDATING, HOT_UPDATED, FAILED, "", "NEW", None) if is_final(s)] == [
        HOT_UPDATED,
        FAILED,
    ]


def test_tracked_is_immutable() -> None:
    row = tracked("a", INIT)
    with pytest.raises(dataclasses.FrozenInstanceError):
        row.since = 1.0  # type: ignore[misc]
    assert dataclasses.replace(row, freshness=Freshness.STALE).freshness == "stale"


rows = st.builds(
    tracked,
    st.text("abc", max_size=3),
    st.sampled_from([None, "", INIT, HOT_UPDATING, HOT_UPDATED, FAILED, "NEW"]),
    st.none() | st.floats(0, 2e9),
    st.booleans(),
    st.none() | st.floats(0, 2e9),
)


@given(st.lists(rows))
def test_rows_are_grouped_by_kind(many: list[Tracked]) -> None:
    ranks = [(row.in_progress, row.needs_attention) for row in sorted(many, key=sort_key)]
    wanted = [(True, False), (False, True), (False, False)]
    assert all(wanted.index(a) <= wanted.index(b) for a, b in pairwise(ranks))
