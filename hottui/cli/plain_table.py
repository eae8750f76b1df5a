"""The dashboard's table printed once as text, where there is no terminal that can show the dashboard."""

import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hottui.cli.output import emit, print_error, supports_glyphs, terminal_width
from hottui.cli.read_once import Outcomes, RateLimitedReader, read_all, run_with
from hottui.cli.table_source import TableSource
from hottui.cli.tables import NO_BOOKMARKS, table
from hottui.errors import ExitCode
from hottui.model.state import Freshness, is_final
from hottui.model.tracking import Observation, Tracked, Transition, sort_key
from hottui.monitor.reader import FRESHNESS_AFTER, consequence_of, no_state, observation_of, reported, trouble_of
from hottui.monitor.snapshot import LoopStatus, Snapshot
from hottui.monitor.transitions import observed, restored, unread, unwatched
from hottui.service.errors import ServiceError, Throttled, TimedOut
from hottui.store.errors import StoreError

if TYPE_CHECKING:
    from hottui.log import Log
    from hottui.service.client import Client
    from hottui.service.reading import Reading
    from hottui.store.store import Store

_TIMEOUT: Final = 30.0
"""Seconds for each read, waits that the service requests included."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row, and what its read came to. Without an `observation` there was no answer, or no read."""

    tracked: Tracked
    observation: Observation | None = None
    transition: Transition | None = None
    gap: tuple[float, float] | None = None
    """The time before it in which the hot update was in progress and not read."""
    code: int = ExitCode.OK
    """The exit code of the read."""


class _TableReader(RateLimitedReader):
    """Its errors name no option, since there is none for the timeout."""

    def too_long(self, error: Throttled, wait: float) -> ServiceError:  # noqa: ARG002 - the same text for all rows
        return Throttled(
            error.message,
            wait=error.wait,
            hint="That is too long to wait: the table shows what was read so far.",
            request_id=error.request_id,
            code=error.code,
        )

    def no_answer(self) -> ServiceError:
        return TimedOut(f"No answer within {self.timeout:g} s.", hint="Check endpoint, network and proxy.")


def print_once(
    rows: tuple[Tracked, ...],
    source: TableSource,
    *,
    reason: str = "",
    notices: Iterable[str] = (),
    ascii_only: bool = False,
    log: "Log | None" = None,
) -> int:
    """Read `rows` and print them once, after `reason` for doing so; return the exit code.

    Finished hot updates are shown as stored. Everything observed is saved, and logged to `log`.
    """
    if reason:
        print_error(reason)
    with closing(source.store):
        read = _read(rows, source) if rows else []
        for notice in notices:
            print_error(notice)
        tracked = tuple(row.tracked for row in read)
        if tracked:
            emit(table(tracked, terminal_width(), ascii_only or not supports_glyphs()))
        else:
            print_error(*NO_BOOKMARKS)
        _print_read_errors(tracked)
        if log is not None:
            _log(read, log)
        _save(read, source.store)
    return ExitCode.OK if source.requested is None else max((row.code for row in read), default=ExitCode.OK)


def _read(rows: tuple[Tracked, ...], source: TableSource) -> list[_Row]:
    """Return `rows` in the default order, each that may still change after one read."""
    open_refs = [row.ref for row in rows if not is_final(row.state)]

    async def read(client: "Client") -> Outcomes:
        return await read_all(open_refs, _TableReader(client, _TIMEOUT))

    outcomes = dict(run_with(source.connect, read)) if open_refs else {}
    requested = source.requested or frozenset()
    read_rows = [
        _after(row, outcomes[row.ref], is_requested=row.ref in requested)
        if row.ref in outcomes
        else _Row(restored(row))
        for row in rows
    ]
    return sorted(read_rows, key=lambda row: sort_key(row.tracked))


def _after(row: Tracked, outcome: "Reading | ServiceError", *, is_requested: bool) -> _Row:
    """Return `row` after its read."""
    if isinstance(outcome, ServiceError):
        return _failed(row, outcome, is_requested=is_requested)
    try:
        observation = observation_of(row.ref, outcome)
    except Exception as error:  # noqa: BLE001 - reported; affects only this row
        return _failed(row, reported(error, f"reading {row.ref.id}"), is_requested=is_requested)
    if not observation.summary.state:
        trouble = no_state(observation.request_id, time.time())
        return _Row(unread(row, Freshness.STALE, trouble), code=ExitCode.UNREADABLE)
    tracked, transition = observed(row, observation)
    return _Row(tracked, observation, transition, unwatched(row, observation.at))


def _failed(row: Tracked, error: ServiceError, *, is_requested: bool) -> _Row:
    freshness = FRESHNESS_AFTER[consequence_of(error)]
    ignored = freshness is Freshness.GONE and not is_requested
    tracked = unread(row, freshness, trouble_of(error, time.time()))
    return _Row(tracked, code=ExitCode.OK if ignored else error.exit_code)


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


def _log(read: list[_Row], log: "Log") -> None:
    """Log the transitions and the failed reads."""
    for row in read:
        if row.transition is not None:
            log.transition(row.transition)
    loop = LoopStatus(paused=False, interval=0.0, period=None, in_flight=0, holds=(), unsaved=0, trouble=None)
    log.snapshot(Snapshot(tuple(row.tracked for row in read), loop, time.time()))


def _save(read: list[_Row], store: "Store") -> None:
    """Save the answers about bookmarks as history."""
    try:
        for row in read:
            if row.observation is not None and row.tracked.bookmark is not None:
                store.record(row.observation, row.transition)
                if row.gap is not None:
                    store.record_gap(row.tracked.ref, *row.gap)
    except StoreError as error:
        print_error(f"Not saved: {error.message}", error.hint)
