"""Invalid values in the tables affect only their own value or row."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hottui.cli.tables import table
from hottui.model.times import LATEST, UNKNOWN, duration, iso
from hottui.model.tracking import MAX_LABEL, MAX_NOTE
from hottui.render.ages import age, clock_time, seen_age
from hottui.render.documents import bookmark_document
from hottui.store.store import Store
from tests.store.conftest import OpenStore
from tests.store.samples import bookmark, move, observation, ref
from tests.store.test_export_import import take

BAD_TIMES: tuple[Any, ...] = (1_769_850_000_000, 1e300, float("inf"), -1e300, -5, "yesterday", b"\xff", b"", "")
"""Including milliseconds. SQLite stores NaN as NULL, and integers of at most 64 bits."""


def change(path: Path, statement: str, *values: Any) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(statement, values)


@pytest.fixture
def two(path: Path) -> Path:
    """A store with two bookmarks with a history."""
    fill(path)
    return path


def fill(path: Path) -> None:
    with Store.open(path, clock=lambda: 10_000.0) as store:
        for name in ("hu-1", "hu-2"):
            store.add(bookmark(name, label="orders"))
            store.record(observation(name), move(name))
            store.record(observation(name, 2000.0, "FAILED"), move(name, 2000.0, "FAILED", "INIT"))


def test_invalid_time_is_unknown(tmp_path: Path) -> None:
    for number, bad in enumerate(BAD_TIMES):
        two = tmp_path / str(number) / "hottui.db"
        fill(two)
        store = Store.open(two, clock=lambda: 10_000.0)
        _, untouched = store.tracked()
        change(two, "UPDATE bookmark SET added = ?, seen = ?, since = ?, looked_at = ? WHERE id = 1", *[bad] * 4)
        change(two, "UPDATE answer SET at = ? WHERE bookmark = 1", bad)
        change(two, "UPDATE transition SET at = ? WHERE bookmark = 1 AND state = 'FAILED'", bad)
        row, other = store.tracked()
        assert (row.seen, row.since, row.viewed) == (None, None, False)
        assert row.bookmark == bookmark(label="orders", added=UNKNOWN)
        assert row.state == "FAILED"
        assert other == untouched
        assert [(each.at, each.state) for each in store.transitions(ref())] == [(UNKNOWN, "FAILED"), (1000.0, "INIT")]
        answer = store.answer(ref())
        assert answer is not None
        assert answer.at == UNKNOWN
        assert bookmark_document(row)["added"] is None
        assert "orders" in table([row, other])
        with Store.open(two.with_name("other.db"), clock=lambda: 10_000.0) as elsewhere:
            assert take(elsewhere, store.export()).skipped == 0
        assert store.record(observation(at=3000.0, state="INIT"), move(at=3000.0, state="INIT"))
        assert store.tracked()[0].seen == 3000.0
        assert store.vacuum()
        store.close()


def test_text_not_in_utf_8_affects_only_itself(two: Path, open_store: OpenStore) -> None:
    for column in ("label", "note", "state", "job_id", "change", "severity", "reason", "mode"):
        change(two, f"UPDATE bookmark SET {column} = CAST(x'61ff62' AS TEXT) WHERE id = 1")
    change(two, "UPDATE transition SET state = CAST(x'61ff62' AS TEXT), previous = CAST(x'ff' AS TEXT)")
    change(two, "UPDATE answer SET request_id = CAST(x'61ff62' AS TEXT)")
    store = open_store(clock=lambda: 10_000.0)
    row, other = store.tracked()
    assert row.bookmark is not None
    assert (row.bookmark.label, row.bookmark.note, row.state) == ("a\ufffdb", "a\ufffdb", "a\ufffdb")
    assert other.bookmark == bookmark("hu-2", label="orders")
    assert store.notices == ()
    assert {each.state for each in store.transitions(ref())} == {"a\ufffdb"}
    answer = store.answer(ref())
    assert answer is not None
    assert answer.request_id == "a\ufffdb"
    assert store.record(observation(at=3000.0, state="INIT"), move(at=3000.0, state="INIT"))
    assert store.annotate(ref(), "new", "")
    assert store.export()


@pytest.mark.parametrize("column", ["endpoint", "workspace", "namespace", "hot_update"])
def test_row_with_an_invalid_ref_is_skipped_and_reported(two: Path, open_store: OpenStore, column: str) -> None:
    for value in ("CAST(x'61ff62' AS TEXT)", "x'6162'", "''", "'a' || char(10)", "'更新'", "hex(zeroblob(1000))"):
        change(two, f"UPDATE bookmark SET {column} = {value} WHERE id = 1")
        store = open_store()
        assert [each.ref.id for each in store.tracked()] == ["hu-2"]
        assert store.notices == (f"1 row of the store {two} cannot be read and is not shown.",)
        assert store.add(bookmark("hu-3"))
        assert store.export()
        assert store.remove(ref("hu-3"))
        store.vacuum()
        store.close()


def test_values_of_other_types_and_lengths_are_normalized(two: Path, open_store: OpenStore) -> None:
    change(two, "UPDATE bookmark SET label = zeroblob(5), note = 7.5, state = 7, job_id = x'ff' WHERE id = 1")
    change(two, "UPDATE answer SET body = 'text' WHERE bookmark = 1")
    change(two, "UPDATE bookmark SET label = hex(zeroblob(500000)), note = hex(zeroblob(500000)) WHERE id = 2")
    store = open_store(clock=lambda: 10_000.0)
    row, long = store.tracked()
    assert row.bookmark is not None
    assert long.bookmark is not None
    assert (row.bookmark.label, row.bookmark.note, row.state) == ("\0" * 5, "7.5", "7")
    assert (len(long.bookmark.label), len(long.bookmark.note)) == (MAX_LABEL, MAX_NOTE)
    assert store.answer(ref()) is None


def test_formatting_a_time_never_raises() -> None:
    nan, inf = float("nan"), float("inf")
    for odd in (nan, inf, -inf, 1e300, -1e300, 1_769_850_000_000.0, 10**400, -(10**400), LATEST * 2, -1.0, 0.0):
        assert clock_time(odd) == "unknown"
        assert iso(odd) is None
    for odd in (nan, inf, -inf, 1e300, -1e300, 1_790_000_000.0):
        assert age(odd) == seen_age(odd) == "?"
        assert duration(odd) == "over 30 years"
    assert clock_time(LATEST).startswith("2242-03-1")
    assert iso(LATEST) == "2242-03-16T12:56:32Z"
    assert age(-5) == "0s"
