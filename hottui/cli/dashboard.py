"""`hottui dashboard`, the default command; without a terminal that can show it, the table is printed once."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import click

from hottui import __version__, paths
from hottui.cli import wiring
from hottui.cli.columns import region_name
from hottui.cli.completers import complete_first
from hottui.cli.first_run import Restart, first_run
from hottui.cli.inputs import parse_ids
from hottui.cli.options import dashboard_options, location_options, log_option
from hottui.cli.output import CommandError, print_error
from hottui.cli.table_source import TableSource
from hottui.config.resolve import location_of
from hottui.config.settings import Config, Context, Flags, Settings
from hottui.errors import ExitCode
from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.monitor.interface import Connection
from hottui.runtime import error_hooks, shutdown
from hottui.runtime.terminal_check import claims_too_many_colors, needs_ascii, why_unusable
from hottui.tui.dashboard_options import DashboardOptions, Location, Place, Unsaved
from hottui.tui.layout_file import LayoutFile
from hottui.tui.place_view import PlaceView

if TYPE_CHECKING:
    from hottui.log import Log
    from hottui.tui.app import Hottui


_NAMED = 20
"""Unsaved changes named on exit."""


def why_plain() -> str | None:
    """Return why the table is printed as text (may be empty), or None if the dashboard can be opened."""
    return why_unusable(sys.stdin, sys.stdout)


def show(options: DashboardOptions, source: TableSource, log: "Log | None" = None) -> int:
    """Run the dashboard, or print the table from `source` once; return the exit code. Everything is logged to `log`."""
    options = _with_known_theme(options)
    reason = why_plain()
    if log is None:
        return _open(options)[0] if reason is None else _print_once(options, source, reason)
    log.started(__version__, len(options.tracked), "dashboard" if reason is None else "table")
    logged = replace(
        options,
        connect=partial(_connect_logged, options, log),
        record=log.note,
        notices=(*options.notices, log.notice) if log.notice else options.notices,
    )
    error_hooks.current_hooks().add_log_listener(log.error)
    code, fault = _open(logged) if reason is None else (_print_once(logged, source, reason, log), "")
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


def _print_once(options: DashboardOptions, source: TableSource, reason: str, log: "Log | None" = None) -> int:
    from hottui.cli.plain_table import print_once  # noqa: PLC0415 - start-up time: the dashboard does not need it

    rows = PlaceView(options).of(options.tracked)
    return print_once(rows, source, reason=reason, notices=options.notices, ascii_only=options.ascii, log=log)


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


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...", shell_complete=complete_first)
@location_options
@dashboard_options
@log_option
def dashboard(ids: tuple[str, ...], flags: Flags, ascii_only: bool, log: "Log | None") -> int:
    """Open the dashboard with the bookmarks and the given IDs.

    IDs are tracked for this session; press `b` to bookmark one. The cursor starts on the first of them, and its detail
    opens if nothing else is tracked. Without a terminal, the table is printed once, and `-` reads IDs from standard
    input.

    \b
    Examples:
      hottui
      hottui 98fe2c01 -p prod
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
    layout_file = LayoutFile(paths.state_dir() / "layout.json", settings.profile.value, settings.config.theme)
    layout, damaged = layout_file.load()
    restart = Restart(flags, ascii_only=ascii_only)
    code = show(
        DashboardOptions(
            tracked=tracked,
            context=_context_text(context),
            connect=lambda: wiring.connection_for(tracked, settings, context, store, insight=settings.insight.value),
            location=Location(context.endpoint, context.workspace, context.namespace) if context else None,
            location_hint=location_hint,
            first_run=first_run(settings, restart) if context is None else None,
            theme=flags.theme or layout.theme or settings.theme.value,
            layout=layout,
            save_layout=layout_file.save,
            notices=tuple(filter(None, (trouble, *store.notices, damaged))),
            ascii=ascii_only,
            theme_folders=wiring.theme_folders(),
            cursor=asked[0] if asked else None,
            places=_places(settings, context, flags.profile),
            shown_place=flags.profile if context else "",
            place_of=_place_of(settings.config),
            columns=tuple(name.upper() for name in settings.columns.value),
            profiles=wiring.profiles_of(settings.config),
            notify=settings.notify_settings,
            keys=settings.config.keys,
        ),
        TableSource(partial(wiring.client, settings, context), store, frozenset(asked)),
        log,
    )
    restart.run()
    return code


def _places(settings: Settings, context: Context | None, chosen: str) -> tuple[Place, ...]:
    """Return the profiles that have a location; that of the `chosen` one includes options such as `--namespace`."""
    found = []
    for name, profile in settings.config.profiles.items():
        endpoint, workspace, namespace, _ = location_of(profile)
        if name == chosen and context is not None:
            endpoint, workspace, namespace = context.endpoint, context.workspace, context.namespace
        if endpoint and workspace:
            text = " · ".join((name, region_name(endpoint), namespace))
            found.append(Place(name, text, Location(endpoint, workspace, namespace)))
    return tuple(found)


def _place_of(config: Config) -> Callable[[Ref], str]:
    """Return a function that returns the name of a ref's profile, or its namespace and region."""
    names = wiring.profiles_of(config)
    known: dict[tuple[str, str, str], str] = {}

    def text(ref: Ref) -> str:
        place = ref.endpoint, ref.workspace, ref.namespace
        if place not in known:
            known[place] = next(iter(names(ref)), "") or f"{ref.namespace} {region_name(ref.endpoint)}"
        return known[place]

    return text


def _context_text(context: Context | None) -> str:
    """Return profile, region and namespace for the header."""
    if context is None:
        return "no location configured"
    return " · ".join(filter(None, (context.profile, region_name(context.endpoint), context.namespace)))
