"""Showing tracked hot updates: as the dashboard where there is a terminal that can draw it, else as text."""

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
"""Changes that are named where they were not saved."""
_PATIENCE = 30.0
"""Seconds without any news after which a listing is printed with what came by then."""


_LAST_TRY = 15.0
"""Seconds for which rows that hang are waited for once all others have been read: as long as one read may take."""


def why_plain() -> str | None:
    """Why the table will be printed as text, empty where that goes without saying; None where the dashboard opens."""
    return why_unusable(sys.stdin, sys.stdout)


def show(opening: DashboardOptions, log: "Log | None" = None, outcomes: ReadOutcomes | None = None) -> int:
    """Run the dashboard until it is left, or print the table once; returns the exit code. `log` hears all of it.

    `outcomes` tell the exit code of the table; without them it is no failure that rows could not be read.
    """
    opening = _with_a_theme(opening)
    reason = why_plain()
    if log is None:
        return _open(opening)[0] if reason is None else _print_once(opening, reason, outcomes)
    log.started(__version__, len(opening.tracked), "dashboard" if reason is None else "table")
    heard = replace(
        opening,
        connect=partial(_heard, opening, log),
        notices=(*opening.notices, log.notice) if log.notice else opening.notices,
    )
    error_hooks.current_hooks().add_log_listener(log.error)
    code, fault = _open(heard) if reason is None else (_print_once(heard, reason, outcomes), "")
    code = code or (ExitCode.INTERNAL if error_hooks.current_hooks().messages else ExitCode.OK)
    log.ended(code, fault)
    if log.trouble:
        print_error(log.trouble)
    return code


def _with_a_theme(opening: DashboardOptions) -> DashboardOptions:
    """The same where its theme is there, or none is named; else hottui's own, and a word about it."""
    missing = wiring.unknown_theme(opening.theme)
    return replace(opening, theme="", notices=(*opening.notices, missing)) if missing else opening


def _heard(opening: DashboardOptions, log: "Log") -> Connection:
    connection = opening.connect()
    connection.monitor.listen(log.snapshot, log.transition)
    return connection


def _open(opening: DashboardOptions) -> tuple[int, str]:
    """Run the dashboard; returns the exit code, and what was told of a fault in hottui itself."""
    if sys.__stderr__ is None or not sys.__stderr__.isatty():
        sys.__stderr__ = sys.__stdout__  # type: ignore[misc]  # Textual draws there; the terminal is here
    if claims_too_many_colors():
        del os.environ["COLORTERM"]  # Textual goes by it
    from hottui.tui.app import Hottui  # noqa: PLC0415 - Textual comes with it

    app = Hottui(replace(opening, ascii=opening.ascii or needs_ascii(sys.__stderr__)))
    with shutdown.cleanup_on_forced_exit(partial(_unsaved_at_the_end, app)):
        app.run()
    if app.fault:
        print_error(app.fault)
    unsaved = app.unsaved
    if unsaved is not None:
        _say_unsaved(unsaved)
    return app.return_code or (ExitCode.UNAVAILABLE if unsaved else ExitCode.OK), app.fault


def _say_unsaved(unsaved: Unsaved) -> None:
    """Name the changes that the store did not take, and why."""
    names, count = unsaved.changes[:_NAMED], len(unsaved.changes)
    more = f"; and {count - _NAMED:,} more" if count > _NAMED else ""
    print_error(f"Not saved: {'; '.join(names)}{more}.", stream=sys.__stderr__)
    print_error(unsaved.message or "The store did not answer in time.", unsaved.hint, stream=sys.__stderr__)


def _unsaved_at_the_end(app: "Hottui") -> None:
    """The same for an end that something keeps: the store hangs, or a signal leaves too little time."""
    unsaved = app.unsaved
    if unsaved is not None:
        shutdown.fail_with(ExitCode.UNAVAILABLE)
        shutdown.run_briefly(partial(_say_unsaved, unsaved))


def _print_once(opening: DashboardOptions, reason: str, outcomes: ReadOutcomes | None) -> int:
    from hottui.cli.tables import NO_BOOKMARKS, table  # noqa: PLC0415 - the dashboard does without

    if reason:
        print_error(reason)
    began = time.time()
    tracked = run_until_signal(_read_once(opening, began)) if opening.tracked else ()
    for notice in opening.notices:
        print_error(notice)
    if tracked:
        emit(table(tracked, terminal_width(), opening.ascii or not supports_glyphs()))
    else:
        print_error(*NO_BOOKMARKS)
    _say_troubles(tracked)
    return outcomes.code(tracked, began) if outcomes else ExitCode.OK


def _say_troubles(tracked: tuple[Tracked, ...]) -> None:
    """Why rows are not fresh: in full, each reason once, with the request ID of the first read that met it."""
    troubled: dict[tuple[str, str], list[Tracked]] = {}
    for one in tracked:
        if one.trouble is not None:
            hint = one.trouble.hint.replace(one.trouble.request_id, "") if one.trouble.request_id else one.trouble.hint
            troubled.setdefault((one.trouble.message, hint), []).append(one)
    for (message, _), rows in troubled.items():
        whose = rows[0].ref.id if len(rows) == 1 else f"{len(rows):,} hot updates"
        print_error(f"{whose}: {message}", rows[0].trouble.advice if rows[0].trouble else "")


async def _read_once(opening: DashboardOptions, began: float) -> tuple[Tracked, ...]:
    """Let the monitor read everything that may still move once; the rest stays as the store has it."""
    error_hooks.current_hooks().install_on_loop(asyncio.get_running_loop())
    connection = opening.connect()
    monitor, read = connection.monitor, asyncio.Event()

    unsettled = {tracked.ref for tracked in monitor.snapshot().tracked if not settled(tracked, began)}
    progress, news = Progress(len(unsettled)), _News(len(unsettled))

    def heard(snapshot: "Snapshot") -> None:
        done = sum(settled(tracked, began) for tracked in snapshot.tracked if tracked.ref in unsettled)
        progress.update(done)
        interim = sum(t.trouble is not None and t.trouble.interim for t in snapshot.tracked)
        news.note(done, all_tried=done + interim >= len(unsettled))
        for message, wait in news.waits(snapshot):
            given_up = wait > _PATIENCE
            print_error(message, "That is too long to wait for: the table shows what came by now." if given_up else "")
            news.given_up |= given_up
        if done >= len(unsettled) or news.given_up:
            read.set()

    monitor.listen(heard, lambda _: None)
    heard(monitor.snapshot())
    running = asyncio.create_task(_run(connection))
    waiting = asyncio.create_task(read.wait())
    try:
        with progress:
            while not (running.done() or waiting.done()) and news.left > 0:
                await asyncio.wait((running, waiting), timeout=news.left, return_when=asyncio.FIRST_COMPLETED)
        if running.done():  # it ends by a fault alone
            running.result()
        return monitor.snapshot().tracked
    finally:
        waiting.cancel()
        running.cancel()
        await asyncio.gather(running, waiting, return_exceptions=True)
        await connection.close()


class _News:
    """When a listing came on last, and what it waits for."""

    def __init__(self, total: int) -> None:
        self._done = 0 if total else -1
        self._last = time.monotonic()
        self._end = math.inf
        self._slowed: set[str] = set()
        self.given_up = False

    def note(self, done: int, *, all_tried: bool) -> None:
        """So many rows have been read; those that hang are waited for only so long once all others have been."""
        if all_tried:
            self._end = min(self._end, time.monotonic() + _LAST_TRY)
        if done != self._done:
            self._done, self._last = done, time.monotonic()

    @property
    def left(self) -> float:
        """Seconds for which news is waited for."""
        return min(self._last + _PATIENCE, self._end) - time.monotonic()

    def waits(self, snapshot: "Snapshot") -> list[tuple[str, float]]:
        """The pauses that the service asks for, each once: a message, and the seconds that are left of it."""
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
    """Open the dashboard on the bookmarks and on the IDs given.

    IDs are tracked for this session; the key `b` bookmarks them. Not at a terminal, the table is printed once;
    there `-` reads IDs from standard input.
    """
    settings = wiring.load_settings(flags)
    context, place_missing = wiring.context_or_reason(settings)
    asked = [settings.context().ref(one) for one in parse_ids(ids)]
    store, bookmarked, trouble = wiring.bookmarks_or_reason(settings)
    if trouble and why_plain() is not None:
        raise CommandError(
            trouble, exit_code=ExitCode.UNAVAILABLE
        )  # the dashboard says it and goes on; an empty listing would mislead
    marked = {tracked.ref for tracked in bookmarked}
    tracked = (*(Tracked(ref) for ref in asked if ref not in marked), *bookmarked)
    if store is not None and not tracked and why_plain() is not None:
        store.close()  # nothing is read, so nothing connects to it and closes it afterwards
    outcomes = ReadOutcomes(asked)
    return show(
        DashboardOptions(
            tracked=tracked,
            context=_words(context),
            connect=lambda: wiring.connection(
                tracked, outcomes.recording(wiring.client(settings, context)), store, settings.interval.value
            ),
            place=Location(context.endpoint, context.workspace, context.namespace) if context else None,
            place_missing=place_missing,
            theme=settings.theme.value,
            notices=tuple(filter(None, (trouble, *store.notices))),
            ascii=ascii_only,
            theme_folders=wiring.theme_folders(),
        ),
        log,
        outcomes,
    )


def _words(context: Context | None) -> str:
    """Where hottui looks, for the top bar."""
    if context is None:
        return "no location configured"
    return " · ".join(filter(None, (context.profile, region_name(context.endpoint), context.namespace)))
