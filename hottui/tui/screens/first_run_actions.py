"""Key actions while no location is configured: set up a connection, open the demo.

Each public function is an action of the dashboard. Both end this dashboard, and the command line starts the next one.
"""

from typing import TYPE_CHECKING

from hottui.tui.screens.reuse import reusable

if TYPE_CHECKING:
    from hottui.tui.appearance import Appearance
    from hottui.tui.dashboard_options import DashboardOptions
    from hottui.tui.screens.dashboard import Dashboard


def set_up(screen: "Dashboard") -> None:
    """Open the form for a profile."""
    first_run = screen.options.first_run
    if first_run is None:
        return
    from hottui.tui.screens.profile_form import ProfileForm  # noqa: PLC0415 - rarely needed

    form = reusable(screen.app, ProfileForm, lambda: ProfileForm(first_run))
    if form is not None:
        screen.app.push_screen(form)


def open_demo(screen: "Dashboard") -> None:
    """End this dashboard, and open the demo."""
    if screen.options.first_run is not None:
        screen.options.first_run.restart(("demo",))
        screen.app.exit(0)


def welcome(options: "DashboardOptions", appearance: "Appearance") -> str:
    """Return the text of the empty table: what to do first."""
    first_run, key = options.first_run, appearance.key
    if options.location is not None:
        return (
            f"No hot updates are tracked yet.\nPress {key('add')} and enter the ID that HotUpdateJob returned "
            f"({key('help')} for help), "
            "or run: hottui add ID --label TEXT"
        )
    if first_run is None:
        return f"No hot updates are tracked yet.\n{options.location_hint}"
    return (
        f"{options.location_hint.partition('. ')[0]}.\n"
        f"{key('set-up')}  set up a connection: checked with one call, saved as a profile\n"
        f"{key('demo')}  open the demo: a simulated service, without an account\n"
        f"README: {first_run.readme}"
    )
