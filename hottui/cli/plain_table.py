"""The dashboard's table printed once as text, where there is no terminal that can show the dashboard."""

import asyncio
import math
import time
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from hottui.cli.output import emit, print_error, supports_glyphs, terminal_width
from hottui.cli.progress import Progress
from hottui.cli.tables import NO_BOOKMARKS, table
from hottui.errors import ExitCode
from hottui.model.ref import Ref
from hottui.model.state import Freshness, is_final
from hottui.model.tracking import Tracked
from hottui.runtime import error_hooks
from hottui.runtime.shutdown import run_until_signal
from hottui.service.errors import ServiceError

if TYPE_CHECKING:
    from hottui.monitor.snapshot import Snapshot
    from hottui.service.client import Reading
    from hottui.tui.dashboard_options import Connection, DashboardOptions

_IDLE_TIMEOUT: Final = 30.0
"""Seconds without a completed read after which the table is printed as it is."""
_LAST_READS_TIMEOUT: Final = 15.0
"""Seconds to wait for the last reads once all rows were tried: the longest duration of one read."""
_SAVED_WITHIN: Final = 2.0
"""Seconds to wait for large answers to be saved."""


class ReadOutcomes:
    """Record the exit code of every failed read. `requested` are the refs named on the command line.

    A 404 is a failure for a requested ID, but not for a bookmark whose hot update no longer exists.
    """

    def __init__(self, requested: Collection[Ref]) -> None:
        self._requested = frozenset(requested)
        self._codes: dict[Ref, int] = {}

    def record(self, ref: Ref, outcome: "Reading | ServiceError") -> None:
        """Record the outcome of one read; a `RecordingReader` calls this."""
        if isinstance(outcome, ServiceError):
            self._codes[ref] = outcome.exit_code
        else:
            self._codes.pop(ref, None)

    def code(self, tracked: Iterable[Tracked], began: float) -> int:
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
        return self._codes.get(tracked.ref, ExitCode.UNREADABLE)  # an answer came, but it cannot be read


def print_once(options: "DashboardOptions", reason: str, outcomes: ReadOutcomes | None) -> int:
    """Print the table of `options` once, after `reason` for doing so (may be empty); return the exit code."""
    if reason:
        print_error(reason)
    began = time.time()
    tracked = run_until_signal(_read_until_settled(options, began)) if options.tracked else ()
    for notice in options.notices:
        print_error(notice)
    if tracked:
        emit(table(tracked, terminal_width(), options.ascii or not supports_glyphs()))
    else:
        print_error(*NO_BOOKMARKS)
    _print_read_errors(tracked)
    return outcomes.code(tracked, began) if outcomes else ExitCode.OK


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


async def _read_until_settled(options: "DashboardOptions", began: float) -> tuple[Tracked, ...]:
    """Run the monitor until every row that may still change was read once; the others are shown as stored."""
    error_hooks.current_hooks().install_on_loop(asyncio.get_running_loop())
    connection = options.connect()
    monitor, read = connection.monitor, asyncio.Event()

    unsettled = {tracked.ref for tracked in monitor.snapshot().tracked if not _settled(tracked, began)}
    progress, reads = Progress(len(unsettled)), _ReadProgress(len(unsettled))

    def on_snapshot(snapshot: "Snapshot") -> None:
        done = sum(_settled(tracked, began) for tracked in snapshot.tracked if tracked.ref in unsettled)
        progress.update(done)
        interim = sum(t.trouble is not None and t.trouble.interim for t in snapshot.tracked)
        reads.note(done, all_tried=done + interim >= len(unsettled))
        for message, wait in reads.waits(snapshot):
            given_up = wait > _IDLE_TIMEOUT
            print_error(message, "That is too long to wait: the table shows what was read so far." if given_up else "")
            reads.given_up |= given_up
        if done >= len(unsettled) or reads.given_up:
            read.set()

    monitor.listen(on_snapshot, lambda _: None)
    on_snapshot(monitor.snapshot())
    running = asyncio.create_task(_run(connection))
    waiting = asyncio.create_task(read.wait())
    try:
        with progress:
            while not (running.done() or waiting.done()) and reads.left > 0:
                await asyncio.wait((running, waiting), timeout=reads.left, return_when=asyncio.FIRST_COMPLETED)
        if running.done():  # only an error ends it
            running.result()
        await monitor.wait_until_answers_saved(_SAVED_WITHIN)
        return monitor.snapshot().tracked
    finally:
        waiting.cancel()
        running.cancel()
        await asyncio.gather(running, waiting, return_exceptions=True)
        await connection.close()


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


class _ReadProgress:
    """When a read last completed, and how long to wait for the next one."""

    def __init__(self, total: int) -> None:
        self._done = 0 if total else -1
        self._last = time.monotonic()
        self._end = math.inf
        self._slowed: set[str] = set()
        self.given_up = False

    def note(self, done: int, *, all_tried: bool) -> None:
        """Record that `done` rows were read; once all were tried, the rest are given a deadline."""
        if all_tried:
            self._end = min(self._end, time.monotonic() + _LAST_READS_TIMEOUT)
        if done != self._done:
            self._done, self._last = done, time.monotonic()

    @property
    def left(self) -> float:
        """Return the seconds left to wait."""
        return min(self._last + _IDLE_TIMEOUT, self._end) - time.monotonic()

    def waits(self, snapshot: "Snapshot") -> list[tuple[str, float]]:
        """Return the pauses requested by the service, each once: the message and the seconds left."""
        new = [slow for slow in snapshot.loop.slowed if slow.account not in self._slowed]
        self._slowed.update(slow.account for slow in new)
        return [(slow.message, max(slow.wait, slow.until - snapshot.at)) for slow in new]


async def _run(connection: "Connection") -> None:
    await connection.run()
