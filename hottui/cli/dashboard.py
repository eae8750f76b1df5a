"""`hottui watch`: open the dashboard, or print the table once if there is no terminal that can show it."""

import asyncio
import math
import os
import sys
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import click

from hottui import __version__
from hottui.cli import wiring
from hottui.cli.exit_codes import ReadOutcomes, settled
from hottui.cli.inputs import parse_ids
from hottui.cli.options import dashboard_options, location_options, log_option
from hottui.cli.output import CommandError, emit, print_error, supports_glyphs, terminal_width
from hottui.cli.progress import Progress
from hottui.cli.tables import region_name
from hottui.config.settings import Context, Flags
from hottui.errors import ExitCode
from hottui.model.tracking import Tracked
from hottui.runtime import error_hooks, shutdown
from hottui.runtime.shutdown import run_until_signal
from hottui.runtime.terminal_check import claims_too_many_colors, needs_ascii, why_unusable
from hottui.tui.dashboard_options import Connection, DashboardOptions, Location, Unsaved

if TYPE_CHECKING:
    from hottui.log import Log
    from hottui.monitor.snapshot import Snapshot
    from hottui.tui.app import Hottui


_NAMED = 20
"""Unsaved changes named on exit."""
_IDLE_TIMEOUT = 30.0
"""Seconds without a completed read after which the table is printed as it is."""
_LAST_READS_TIMEOUT = 15.0
"""Seconds to wait for the last reads once all rows were tried: the longest duration of one read."""


def why_plain() -> str | None:
    """Return why the table is printed as text (may be empty), or None if the dashboard can be opened."""
    return why_unusable(sys.stdin, sys.stdout)


def show(options: DashboardOptions, log: "Log | None" = None, outcomes: ReadOutcomes | None = None) -> int:
    """Run the dashboard, or print the table once, and return the exit code. Everything is logged to `log`.

    `outcomes` gives the exit code of the table; without it, failed reads do not count.
    """
    options = _with_known_theme(options)
    reason = why_plain()
    if log is None:
        return _open(options)[0] if reason is None else _print_once(options, reason, outcomes)
    log.started(__version__, len(options.tracked), "dashboard" if reason is None else "table")
    logged = replace(
        options,
        connect=partial(_connect_logged, options, log),
        notices=(*options.notices, log.notice) if log.notice else options.notices,
    )
    error_hooks.current_hooks().add_log_listener(log.error)
    code, fault = _open(logged) if reason is None else (_print_once(logged, reason, outcomes), "")
    code = code or (ExitCode.INTERNAL if error_hooks.current_hooks().messages else ExitCode.OK)
    log.ended(code, fault)
    if log.trouble:
        print_error(log.trouble)
    return code


def _with_known_theme(options: DashboardOptions) -> DashboardOptions:
    """Return `options`, with the default theme and a notice if the configured theme does not exist."""
    missing = wiring.unknown_theme(options.theme)
    return replace(options, theme="", notices=(*options.notices, missing)) if missing else options


def _connect_logged(options: DashboardOptions, log: "Log") -> Connection:
    connection = options.connect()
    connection.monitor.listen(log.snapshot, log.transition)
    return connection


def _open(options: DashboardOptions) -> tuple[int, str]:
    """Run the dashboard; return the exit code and the message of an internal error (may be empty)."""
    if sys.__stderr__ is None or not sys.__stderr__.isatty():
        sys.__stderr__ = sys.__stdout__  # type: ignore[misc]  # Textual draws on stderr; the terminal is stdout
    if claims_too_many_colors():
        del os.environ["COLORTERM"]  # Textual reads it
    from hottui.tui.app import Hottui  # noqa: PLC0415 - imports Textual

    app = Hottui(replace(options, ascii=options.ascii or needs_ascii(sys.__stderr__)))
    with shutdown.cleanup_on_forced_exit(partial(_print_unsaved_at_exit, app)):
        app.run()
    if app.fault:
        print_error(app.fault)
    unsaved = app.unsaved
    if unsaved is not None:
        _print_unsaved(unsaved)
    return app.return_code or (ExitCode.UNAVAILABLE if unsaved else ExitCode.OK), app.fault


def _print_unsaved(unsaved: Unsaved) -> None:
    """Print the unsaved changes and the reason."""
    names, count = unsaved.changes[:_NAMED], len(unsaved.changes)
    more = f"; and {count - _NAMED:,} more" if count > _NAMED else ""
    print_error(f"Not saved: {'; '.join(names)}{more}.", stream=sys.__stderr__)
    print_error(unsaved.message or "The store did not respond in time.", unsaved.hint, stream=sys.__stderr__)


def _print_unsaved_at_exit(app: "Hottui") -> None:
    """Print the unsaved changes on a forced exit: the store hangs, or a signal leaves too little time."""
    unsaved = app.unsaved
    if unsaved is not None:
        shutdown.fail_with(ExitCode.UNAVAILABLE)
        shutdown.run_briefly(partial(_print_unsaved, unsaved))


def _print_once(options: DashboardOptions, reason: str, outcomes: ReadOutcomes | None) -> int:
    from hottui.cli.tables import NO_BOOKMARKS, table  # noqa: PLC0415 - not needed for the dashboard

    if reason:
        print_error(reason)
    began = time.time()
    tracked = run_until_signal(_read_once(options, began)) if options.tracked else ()
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


async def _read_once(options: DashboardOptions, began: float) -> tuple[Tracked, ...]:
    """Read every row that may still change once; the others are shown as stored."""
    error_hooks.current_hooks().install_on_loop(asyncio.get_running_loop())
    connection = options.connect()
    monitor, read = connection.monitor, asyncio.Event()

    unsettled = {tracked.ref for tracked in monitor.snapshot().tracked if not settled(tracked, began)}
    progress, reads = Progress(len(unsettled)), _ReadProgress(len(unsettled))

    def on_snapshot(snapshot: "Snapshot") -> None:
        done = sum(settled(tracked, began) for tracked in snapshot.tracked if tracked.ref in unsettled)
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
        return monitor.snapshot().tracked
    finally:
        waiting.cancel()
        running.cancel()
        await asyncio.gather(running, waiting, return_exceptions=True)
        await connection.close()


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


async def _run(connection: Connection) -> None:
    await connection.run()


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@location_options
@dashboard_options
@log_option
def watch(ids: tuple[str, ...], flags: Flags, ascii_only: bool, log: "Log | None") -> int:
    """Open the dashboard with the bookmarks and the given IDs.

    IDs are tracked for this session; press `b` to bookmark one. Without a terminal, the table is printed once, and `-`
    reads IDs from standard input.
    """
    settings = wiring.load_settings(flags)
    context, location_hint = wiring.context_or_reason(settings)
    asked = [settings.context().ref(one) for one in parse_ids(ids)]
    store, bookmarked, trouble = wiring.bookmarks_or_reason(settings)
    if trouble and why_plain() is not None:
        raise CommandError(
            trouble, exit_code=ExitCode.UNAVAILABLE
        )  # the dashboard shows it and continues; an empty table would mislead
    marked = {tracked.ref for tracked in bookmarked}
    tracked = (*(Tracked(ref) for ref in asked if ref not in marked), *bookmarked)
    if store is not None and not tracked and why_plain() is not None:
        store.close()  # nothing is read, so no connection closes it
    outcomes = ReadOutcomes(asked)
    return show(
        DashboardOptions(
            tracked=tracked,
            context=_context_text(context),
            connect=lambda: wiring.connection(
                tracked, wiring.client(settings, context), store, settings.interval.value, outcomes.record
            ),
            location=Location(context.endpoint, context.workspace, context.namespace) if context else None,
            location_hint=location_hint,
            theme=settings.theme.value,
            notices=tuple(filter(None, (trouble, *store.notices))),
            ascii=ascii_only,
            theme_folders=wiring.theme_folders(),
        ),
        log,
        outcomes,
    )


def _context_text(context: Context | None) -> str:
    """Return profile, region and namespace for the header."""
    if context is None:
        return "no location configured"
    return " · ".join(filter(None, (context.profile, region_name(context.endpoint), context.namespace)))
