"""The dashboard's table printed once as text, where there is no terminal that can show the dashboard."""

import math
import time
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Final

from hottui.cli.follow import LastErrors, Pauses, follow
from hottui.cli.output import emit, print_error, supports_glyphs, terminal_width
from hottui.cli.progress import Progress
from hottui.cli.tables import NO_BOOKMARKS, table
from hottui.errors import ExitCode
from hottui.model.ref import Ref
from hottui.model.state import Freshness, is_final
from hottui.model.tracking import Tracked, Transition

if TYPE_CHECKING:
    from hottui.monitor.interface import Connection
    from hottui.monitor.snapshot import Snapshot

_IDLE_TIMEOUT: Final = 30.0
"""Seconds without a completed read after which the table is printed as it is."""
_LAST_READS_TIMEOUT: Final = 15.0
"""Seconds to wait for the last reads once all rows were tried: the longest duration of one read."""


class ReadOutcomes(LastErrors):
    """The exit code of a listing. `requested` are the refs named on the command line.

    A 404 is a failure for a requested ID, but not for a bookmark whose hot update no longer exists.
    """

    def __init__(self, requested: Collection[Ref]) -> None:
        super().__init__()
        self._requested = frozenset(requested)

    def largest(self, tracked: Iterable[Tracked], began: float) -> int:
        """Return the largest exit code among the rows of a listing that began at `began`."""
        return max((self._code(one, began) for one in tracked), default=ExitCode.OK)

    def _code(self, tracked: Tracked, began: float) -> int:
        match tracked.freshness:
            case Freshness.GONE:
                return ExitCode.NOT_FOUND if tracked.ref in self._requested else ExitCode.OK
            case Freshness.DENIED:
                return ExitCode.DENIED
        if not _settled(tracked, began):
            return ExitCode.UNAVAILABLE
        if tracked.trouble is None or tracked.freshness is Freshness.LIVE:
            return ExitCode.OK
        code = self.code(tracked.ref)
        return ExitCode.UNREADABLE if code is None else code  # an answer came, but it cannot be read


def print_once(
    rows: tuple[Tracked, ...],
    connect: "Callable[[], Connection]",
    outcomes: ReadOutcomes | None,
    *,
    reason: str = "",
    notices: Iterable[str] = (),
    ascii_only: bool = False,
) -> int:
    """Read `rows` and print them once, after `reason` for doing so; return the exit code."""
    if reason:
        print_error(reason)
    began = time.time()
    tracked = _read_until_settled(rows, connect, began) if rows else ()
    for notice in notices:
        print_error(notice)
    if tracked:
        emit(table(tracked, terminal_width(), ascii_only or not supports_glyphs()))
    else:
        print_error(*NO_BOOKMARKS)
    _print_read_errors(tracked)
    return outcomes.largest(tracked, began) if outcomes else ExitCode.OK


def _print_read_errors(tracked: tuple[Tracked, ...]) -> None:
    """Print why rows could not be read: each reason once, with the request ID of the first failed read."""
    by_reason: dict[tuple[str, str], list[Tracked]] = {}
    for one in tracked:
        if one.trouble is not None:
            hint = one.trouble.hint.replace(one.trouble.request_id, "") if one.trouble.request_id else one.trouble.hint
            by_reason.setdefault((one.trouble.message, hint), []).append(one)
    for (message, _), rows in by_reason.items():
        subject = rows[0].ref.id if len(rows) == 1 else f"{len(rows):,} hot updates"
        print_error(f"{subject}: {message}", rows[0].trouble.advice if rows[0].trouble else "")


def _read_until_settled(
    rows: tuple[Tracked, ...], connect: "Callable[[], Connection]", began: float
) -> tuple[Tracked, ...]:
    """Run the monitor until every row that may still change was read once; the others are shown as stored."""
    unsettled = frozenset(row.ref for row in rows if not _settled(row, began))
    with Progress(len(unsettled)) as progress:
        return follow(connect, _Listing(began, unsettled, progress).rows) or ()


def _settled(tracked: Tracked, began: float) -> bool:
    """Whether another read would add nothing to a listing that began at `began`."""
    trouble = tracked.trouble
    failed = trouble is not None and trouble.at >= began and not trouble.interim
    return (
        (tracked.seen or 0.0) >= began
        or failed
        or is_final(tracked.state)
        or tracked.freshness in {Freshness.GONE, Freshness.DENIED}
    )


class _Listing:
    """What a listing that began at `began` still waits for, and when a read last completed.

    `unsettled` are the rows that it waits for; one that is removed meanwhile counts as read.
    """

    def __init__(self, began: float, unsettled: frozenset[Ref], progress: Progress) -> None:
        self._began = began
        self._unsettled = unsettled
        self._progress = progress
        self._done = -1
        self._last = time.monotonic()
        self._end = math.inf
        self._pauses = Pauses()
        self._given_up = False

    def rows(self, snapshot: "Snapshot", _: tuple[Transition, ...]) -> tuple[Tracked, ...] | None:
        """Return the rows once there is nothing left to wait for."""
        left = sum(not _settled(row, self._began) for row in snapshot.tracked if row.ref in self._unsettled)
        done = len(self._unsettled) - left
        self._progress.update(done)
        self._note_reads(snapshot, done)
        self._print_waits(snapshot)
        ended = time.monotonic() >= min(self._last + _IDLE_TIMEOUT, self._end)
        return snapshot.tracked if done >= len(self._unsettled) or self._given_up or ended else None

    def _note_reads(self, snapshot: "Snapshot", done: int) -> None:
        """Note the time if a read has completed; once all rows were tried, the rest are given a deadline."""
        interim = sum(row.trouble is not None and row.trouble.interim for row in snapshot.tracked)
        if done + interim >= len(self._unsettled):
            self._end = min(self._end, time.monotonic() + _LAST_READS_TIMEOUT)
        if done != self._done:
            self._done, self._last = done, time.monotonic()

    def _print_waits(self, snapshot: "Snapshot") -> None:
        """Print each pause requested by the service once; one that is too long ends the listing."""
        for slow in self._pauses.new(snapshot):
            too_long = max(slow.wait, slow.until - snapshot.at) > _IDLE_TIMEOUT
            hint = "That is too long to wait: the table shows what was read so far." if too_long else ""
            print_error(slow.message, hint)
            self._given_up |= too_long
