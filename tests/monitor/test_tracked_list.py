"""The tracked list, and recently removed refs."""

from typing import Any

import pytest

from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING
from hottui.monitor import tracked_list as tracked_list_module
from hottui.monitor.tracked_list import RecentlyRemoved, TrackedList
from tests.monitor.samples import ref, tracked


def test_recently_removed_refs_are_restored_and_bounded() -> None:
    removed = RecentlyRemoved()
    one = tracked("one", FAILED, since=1.0, seen=2.0, label="l")
    assert removed.add(one) is None
    assert removed.pop(ref("one")) == tracked("one", FAILED, since=1.0, seen=2.0)
    assert removed.pop(ref("one")) == tracked("one")
    evicted = [removed.add(tracked(str(number))) for number in range(40)]
    assert [found.id for found in evicted if found] == [str(number) for number in range(8)]


def test_the_tracked_list_sorts_lazily_and_detects_equal_updates() -> None:
    tracked_list = TrackedList()
    assert tracked_list.update(tracked("one", HOT_UPDATED, since=1.0))
    assert not tracked_list.update(tracked("one", HOT_UPDATED, since=1.0))
    tracked_list.update(tracked("two", HOT_UPDATING, since=0.5))
    order = tracked_list.in_order()
    assert [each.ref.id for each in order] == ["two", "one"]
    assert tracked_list.in_order() is order
    tracked_list.remove(ref("two"))
    assert ref("two") not in tracked_list
    assert len(tracked_list.in_order()) == 1


def test_a_repeated_answer_changes_no_order_and_a_changed_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    sorts: list[int] = []

    def counted(rows: Any, key: Any) -> list[Any]:
        sorts.append(1)
        return sorted(rows, key=key)

    monkeypatch.setattr(tracked_list_module, "sorted", counted, raising=False)
    tracked_list = TrackedList()
    for number in range(9):
        tracked_list.update(tracked(str(number), HOT_UPDATING, since=float(number), seen=1.0))
    assert [each.ref.id for each in tracked_list.in_order()] == list("876543210")
    assert tracked_list.update(tracked("3", HOT_UPDATING, since=3.0, seen=2.0))
    tracked_list.remove(ref("4"))
    assert [(each.ref.id, each.seen) for each in tracked_list.in_order()][4:6] == [("3", 2.0), ("2", 1.0)]
    assert len(sorts) == 1
    tracked_list.update(tracked("3", HOT_UPDATED, since=3.0, seen=3.0))
    tracked_list.update(tracked("new", HOT_UPDATING, since=9.0))
    assert [each.ref.id for each in tracked_list.in_order()] == [*["new", "8", "7", "6", "5", "2", "1", "0", "3"]]
