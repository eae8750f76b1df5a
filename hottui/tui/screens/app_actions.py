"""Key actions on the app as a whole: list of troubles, log, job, theme, quit.

Each public function but `go_to_row` is an action of the dashboard.
"""

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from hottui.tui.background_thread import import_in_thread
from hottui.tui.screens.reuse import reusable

if TYPE_CHECKING:
    from hottui.model.ref import Ref
    from hottui.tui.screens.dashboard import Dashboard
    from hottui.tui.screens.job_loader import JobLoader
    from hottui.tui.screens.job_screen import JobScreen

_LOADED_WITHIN = 0.1
"""Seconds to wait for the store before the screen of a job is opened without the saved answers."""


def list_troubles(screen: "Dashboard") -> None:
    """List current troubles; enter goes to the affected row."""
    from hottui.tui.screens.troubles import Troubles  # noqa: PLC0415 - rarely needed

    troubles = reusable(screen.app, Troubles, lambda: Troubles(screen.appearance))
    if troubles is not None:
        troubles.set_snapshot(screen.snapshot)
        screen.app.push_screen(troubles, partial(go_to_row, screen))


def show_log(screen: "Dashboard") -> None:
    """Show the log of this session; enter goes to the row of an entry."""
    from hottui.tui.screens.log_screen import LogScreen  # noqa: PLC0415 - rarely needed

    log = reusable(screen.app, LogScreen, lambda: LogScreen(screen.appearance, screen.session_log))
    if log is not None:
        screen.app.push_screen(log, partial(go_to_row, screen))


def go_to_row(screen: "Dashboard", ref: "Ref | None") -> None:
    """Move the cursor to the row of `ref`; clear the filter if it hides the row."""
    if ref is None:
        return
    if all(row.ref != ref for row in screen.tracked):
        screen.show_message("That hot update is no longer in the table.")
        return
    if all(row.ref != ref for row in screen.table.rows):
        screen.table.filter("")
    screen.table.move_to(ref)


async def show_job(screen: "Dashboard") -> None:
    """Show the job of the hot update under the cursor; enter goes to the row of another hot update of the job."""
    tracked, monitor, app = screen.current, await screen.wait_for_monitor(), screen.app
    if tracked is None:
        return
    job = monitor.job_of(tracked.ref)
    if job is None:
        screen.show_message("The job of this hot update is not known yet.")
        return
    job_screen, job_loader = await import_in_thread(_job_screen)
    loader, first = job_loader(monitor, job, screen.appearance.clock), None
    with suppress(TimeoutError):
        async with asyncio.timeout(_LOADED_WITHIN):
            first = await loader.first()
    opened = reusable(app, job_screen, lambda: job_screen(screen.appearance))
    if opened is not None:
        opened.set_job(monitor, tracked.ref, loader, first)
        app.push_screen(opened, partial(_leave_job, screen, tracked.ref))


def _job_screen() -> "tuple[type[JobScreen], type[JobLoader]]":
    from hottui.tui.screens.job_loader import JobLoader  # noqa: PLC0415 - rarely needed
    from hottui.tui.screens.job_screen import JobScreen  # noqa: PLC0415 - as above

    return JobScreen, JobLoader


def _leave_job(screen: "Dashboard", opened_from: "Ref", ref: "Ref | None") -> None:
    """Go to the row of `ref`. The job is read no longer, unless the detail is open."""
    if screen.monitor is not None and screen.detail is None:
        screen.monitor.close_detail(opened_from)
    go_to_row(screen, ref)


def choose_theme(screen: "Dashboard") -> None:
    """List the themes; the dashboard is drawn in the one under the cursor."""
    from hottui.tui.screens.theme_choice import ThemeChoice  # noqa: PLC0415 - rarely needed

    app = screen.app
    choice = reusable(app, ThemeChoice, lambda: ThemeChoice(screen.appearance))
    if choice is not None:
        choice.set_themes(tuple(app.available_themes[name] for name in sorted(app.available_themes)), app.theme)
        app.push_screen(choice, partial(_theme_chosen, screen, app.theme))


def _theme_chosen(screen: "Dashboard", before: str, name: str | None) -> None:
    screen.show_message(f"Theme: {name}")
    if name and name != before:
        screen.layout_memory.change(theme=name)


async def leave(screen: "Dashboard") -> None:
    """Quit."""
    await screen.app.action_quit()
