"""When `hottui wait` ends, and with which exit code. Pure: times are seconds since the epoch, passed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hottui.errors import ExitCode
from hottui.model.effect import Verdict
from hottui.model.state import FAILED, HOT_UPDATED, Freshness, is_final
from hottui.model.tracking import Tracked
from hottui.monitor.job_schedule import FOLLOW_UPS
from hottui.monitor.schedule import NOT_FOUND_GRACE

EFFECT_SETTLES: Final = FOLLOW_UPS[0] + 5.0
"""Seconds after the end of a hot update until its job has been read again: an earlier verdict may be outdated."""
EFFECT_GRACE: Final = FOLLOW_UPS[1] + 15.0
"""Seconds after the end of a hot update in which its effect must become known: the job is read three times by then."""

_FINAL_VERDICTS: Final = frozenset({Verdict.JOB_FAILED, Verdict.JOB_GONE})


@dataclass(frozen=True, slots=True)
class Noted:
    """What was observed of one hot update since the wait began."""

    trouble_since: float | None = None
    """When the first of the reads that failed in a row did."""
    in_progress: bool = False
    """Whether it was seen in progress."""
    code: int = ExitCode.UNAVAILABLE
    """The exit code of the last failed read."""

    def after(self, row: Tracked, now: float, code: int | None) -> "Noted":
        """Return what is noted once `row` was published; `code` is that of its last failed read, if any."""
        failing = row.trouble is not None and not row.trouble.interim
        since = (now if self.trouble_since is None else self.trouble_since) if failing else None
        return replace(
            self,
            trouble_since=since,
            in_progress=self.in_progress or row.in_progress,
            code=self.code if code is None else code,
        )


@dataclass(frozen=True, slots=True)
class Ended:
    """The wait for one hot update is over: its exit code, and the message and hint for anything but success."""

    code: int
    message: str = ""
    hint: str = ""


_UPDATED: Final = Ended(ExitCode.OK)


def ended(row: Tracked, noted: Noted, now: float, *, effect: bool = False, denied: str = "") -> Ended | None:
    """Return why the wait for `row` is over; None while it is not.

    With `effect`, what was asked for must also run; `denied` is the line about calls that are not permitted, which the
    effect needs. A hot update that was read before is waited for while reads fail: a network may come back.
    """
    if row.state == FAILED:
        summary = row.summary
        why = summary.failure if summary else ""
        return Ended(ExitCode.FAILED, f"{row.ref.id} failed: {why}")
    if row.state == HOT_UPDATED:
        return _by_effect(row, noted, now, denied) if effect else _UPDATED
    return _by_trouble(row, noted, now)


def _by_effect(row: Tracked, noted: Noted, now: float, denied: str) -> Ended | None:
    verdict = row.effect.verdict if row.effect else Verdict.UNKNOWN
    reason = row.effect.reason if row.effect else ""
    age = now - (now if row.since is None else row.since)
    if verdict is Verdict.APPLIED:
        return _UPDATED
    if verdict is Verdict.UNKNOWN:
        if denied and row.effect is not None:  # the calls that are permitted have not shown it either
            return Ended(ExitCode.DENIED, f"{row.ref.id}: The effect is not known. {denied}")
        if age >= EFFECT_GRACE:
            return Ended(ExitCode.UNAVAILABLE, f"{row.ref.id}: The effect is not known. {reason}".rstrip())
        return None
    if verdict in _FINAL_VERDICTS or not noted.in_progress or age >= EFFECT_SETTLES:
        return Ended(ExitCode.FAILED, f"{row.ref.id}: {verdict}: {reason}")
    return None


def _by_trouble(row: Tracked, noted: Noted, now: float) -> Ended | None:
    if row.trouble is None or noted.trouble_since is None:
        return None
    passed = now - noted.trouble_since >= NOT_FOUND_GRACE
    over, code = passed and row.seen is None, noted.code
    match row.freshness:
        case Freshness.GONE:
            over, code = passed, ExitCode.NOT_FOUND
        case Freshness.DENIED:
            over, code = passed or row.seen is None, ExitCode.DENIED
    return Ended(code, f"{row.ref.id}: {row.trouble.message}", row.trouble.advice) if over else None


def exit_code(outcomes: Sequence[Ended | None], *, first: bool) -> int | None:
    """Return the exit code of the whole wait; None while it goes on.

    It ends at the first that is not a success, or once all are. With `first` it ends at the first hot update that was
    updated or failed, with its code (the largest if several have ended by the same read); IDs that cannot be read count
    only when there is no other left.
    """
    codes = [outcome.code for outcome in outcomes if outcome is not None]
    if first:
        done = [code for code in codes if code in {ExitCode.OK, ExitCode.FAILED}]
        if done:
            return max(done)
        return max(codes) if len(codes) == len(outcomes) else None
    worst = max(codes, default=ExitCode.OK)
    return worst if worst or len(codes) == len(outcomes) else None


def unfinished(rows: Iterable[Tracked]) -> list[Tracked]:
    """Return the rows that have no final state."""
    return [row for row in rows if not is_final(row.state)]
