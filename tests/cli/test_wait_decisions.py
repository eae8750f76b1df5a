"""When a wait ends, and with which exit code."""

from dataclasses import replace

import pytest

from hottui.cli.wait_decisions import EFFECT_GRACE, EFFECT_SETTLES, Ended, Noted, ended, exit_code
from hottui.model.effect import Effect, Verdict
from hottui.model.ref import Ref
from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, Freshness
from hottui.model.tracking import Summary, Tracked, Trouble
from hottui.monitor.schedule import NOT_FOUND_GRACE

UNREAD = Tracked(Ref("http://127.0.0.1", "w", "n", "x1"))
FAILURE = Summary(FAILED, severity="LOW", reason="no slots")


def row(state: str, verdict: Verdict | None = None) -> Tracked:
    effect = Effect(verdict, "because.") if verdict else None
    return replace(UNREAD, summary=Summary(state), freshness=Freshness.LIVE, seen=0.0, since=0.0, effect=effect)


def troubled(freshness: Freshness, before: Tracked = UNREAD) -> Tracked:
    return replace(before, freshness=freshness, trouble=Trouble(0.0, "no."))


def codes(tracked: Tracked, noted: Noted, *times: float, effect: bool = False, denied: str = "") -> list[int | None]:
    found = [ended(tracked, noted, time, effect=effect, denied=denied) for time in times]
    return [None if end is None else end.code for end in found]


def test_the_state_decides() -> None:
    assert codes(row(HOT_UPDATED), Noted(), 0.0) == [0]
    assert codes(row(HOT_UPDATING), Noted(), 1e9) == [None]
    failed = ended(replace(row(FAILED), summary=FAILURE), Noted(), 0.0)
    assert failed == Ended(1, "x1 failed: LOW no slots")


def test_reads_that_fail_have_a_grace_period() -> None:
    early, late = NOT_FOUND_GRACE - 1, NOT_FOUND_GRACE
    noted = Noted(trouble_since=0.0, code=6)
    known = row(HOT_UPDATING)
    assert codes(troubled(Freshness.GONE), noted, early, late) == [None, 4]
    assert codes(troubled(Freshness.GONE, known), noted, early, late) == [None, 4]
    assert codes(troubled(Freshness.DENIED), noted, 0.0) == [3]
    assert codes(troubled(Freshness.DENIED, known), noted, early, late) == [None, 3]
    assert codes(troubled(Freshness.STALE), noted, early, late) == [None, 6]
    assert codes(troubled(Freshness.STALE, known), noted, 1e9) == [None]


def test_a_grace_period_begins_with_the_first_of_the_failed_reads() -> None:
    gone = troubled(Freshness.GONE)
    noted = Noted().after(gone, 5.0, 4).after(gone, 9.0, 4)
    assert (noted.trouble_since, noted.code) == (5.0, 4)
    noted = noted.after(row(HOT_UPDATING), 12.0, None)
    assert noted == Noted(None, in_progress=True, code=4)
    assert noted.after(gone, 20.0, 4).trouble_since == 20.0


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict.APPLIED, [0, 0, 0]),
        (Verdict.JOB_FAILED, [1, 1, 1]),
        (Verdict.JOB_GONE, [1, 1, 1]),
        (Verdict.PARTIAL, [None, 1, 1]),
        (Verdict.NONE, [None, 1, 1]),
        (Verdict.SUPERSEDED, [None, 1, 1]),
        (Verdict.DRIFTED, [None, 1, 1]),
        (Verdict.UNKNOWN, [None, None, 5]),
        (None, [None, None, 5]),
    ],
)
def test_the_effect_decides_once_the_job_was_read_again(verdict: Verdict | None, expected: list[int | None]) -> None:
    updated, times = row(HOT_UPDATED, verdict), (0.0, EFFECT_SETTLES, EFFECT_GRACE)
    assert codes(updated, Noted(in_progress=True), *times, effect=True) == expected
    assert codes(updated, Noted(in_progress=True), *times) == [0, 0, 0]


def test_the_effect_of_one_that_had_ended_before_decides_at_once() -> None:
    assert codes(row(HOT_UPDATED, Verdict.PARTIAL), Noted(), 0.0, effect=True) == [1]


def test_an_effect_that_may_not_be_read_is_an_error() -> None:
    assert codes(row(HOT_UPDATED, Verdict.UNKNOWN), Noted(), 0.0, effect=True, denied="Not permitted.") == [3]
    assert codes(row(HOT_UPDATED), Noted(), 0.0, effect=True, denied="Not permitted.") == [None], "not judged yet"


@pytest.mark.parametrize(
    ("outcomes", "every", "first"),
    [
        ([0, 0], 0, 0),
        ([0, None], None, 0),
        ([1, None], 1, 1),
        ([None, None], None, None),
        ([4, None], 4, None),
        ([4, 3], 4, 4),
        ([4, 0], 4, 0),
        ([1, 0], 1, 1),
        ([0, None, 1], 1, 1),
    ],
)
def test_the_exit_code_of_several(outcomes: list[int | None], every: int | None, first: int | None) -> None:
    given = [None if code is None else Ended(code) for code in outcomes]
    assert exit_code(given, first=False) == every
    assert exit_code(given, first=True) == first
