"""The order of the rows by each column."""

from hottui.model.effect import Effect, Verdict
from hottui.model.ref import Ref
from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, INIT, Freshness
from hottui.model.tracking import Bookmark, Summary, Tracked, sort_key
from hottui.render.row_order import KEYS, RowOrder, ordered
from hottui.render.table_columns import TITLES


def row(name: str, state: str, since: float | None, **more: object) -> Tracked:
    ref = Ref("https://host", "w1", "default-namespace", name)
    summary = Summary(state, "", f"change {name}", "LOW" if state == FAILED else "") if state else None
    return Tracked(ref, Bookmark(ref, str(more.pop("label", ""))), summary, Freshness.LIVE, since=since, **more)  # type: ignore[arg-type]


ROWS = tuple(sorted((
    row("a1", HOT_UPDATING, 90.0, label="run 10", seen=100.0), row("a2", INIT, 80.0, label="Run 9", seen=99.0),
    row("b1", FAILED, 70.0, viewed=True, seen=71.0, effect=Effect(Verdict.JOB_FAILED), job_name="zeta"),
    row("b2", FAILED, 60.0, seen=61.0, effect=Effect(Verdict.NONE)),
    row("b3", FAILED, 75.0, viewed=True, label="run 9a"),
    row("c1", HOT_UPDATED, 65.0, label="zz", effect=Effect(Verdict.APPLIED), job_name="alpha 007", seen=66.0),
    row("d1", "", None, label="ärger"),
), key=sort_key))  # fmt: skip


def names(column: str = "", *, reverse: bool = False, failures_first: bool = False) -> str:
    return " ".join(one.ref.id for one in ordered(ROWS, RowOrder(column, reverse, failures_first)))


def test_each_column_in_both_directions_with_rows_without_a_value_last() -> None:
    assert set(KEYS) == set(TITLES)
    for column, up, down in (
        ("", "a1 a2 b2 b3 b1 c1 d1", "a1 a2 b2 b3 b1 c1 d1"),
        ("STATE", "a2 a1 b2 b3 b1 c1 d1", "c1 b2 b3 b1 a1 a2 d1"),
        ("FOR", "a1 a2 b3 b1 c1 b2 d1", "b2 c1 b1 b3 a2 a1 d1"),
        ("LABEL", "a2 b3 a1 c1 d1 b2 b1", "d1 c1 a1 b3 a2 b2 b1"),
        ("CHANGE", "a1 a2 c1 b2 b3 b1 d1", "b2 b3 b1 c1 a2 a1 d1"),
        ("EFFECT", "b2 b1 c1 a1 a2 b3 d1", "c1 b1 b2 a1 a2 b3 d1"),
        ("JOB", "c1 b1 a1 a2 b2 b3 d1", "b1 c1 a1 a2 b2 b3 d1"),
        ("ID", "a1 a2 b1 b2 b3 c1 d1", "d1 c1 b3 b2 b1 a2 a1"),
        ("SEEN", "a1 a2 b1 c1 b2 b3 d1", "b2 c1 b1 a1 a2 b3 d1"),
    ):
        assert names(column) == up, column
        assert names(column, reverse=True) == down, column


def test_failures_come_first_and_stay_once_they_were_opened() -> None:
    assert names(failures_first=True) == "b3 b1 b2 a1 a2 c1 d1"
    assert names("LABEL", failures_first=True) == "b3 b1 b2 a2 a1 c1 d1"
