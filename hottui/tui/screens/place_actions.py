"""The key action to show the hot updates of one profile or of all: a function is an action of the dashboard."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from hottui.tui.messages import SnapshotChanged
from hottui.tui.screens.reuse import reusable

if TYPE_CHECKING:
    from hottui.tui.screens.dashboard import Dashboard

_ALL: Final = " all"
"""The ID of that choice: no name begins with a space."""


def choose_place(screen: "Dashboard") -> None:
    """Ask for the profile whose hot updates are shown."""
    from hottui.tui.screens.choice_dialog import Choice, PlaceChoice  # noqa: PLC0415 - rarely needed

    latest, places = screen.latest, screen.view.places
    if latest is None:
        return
    if not places:
        screen.show_message("There are no profiles to choose from: hottui config init adds one.")
        return
    counts = {name: sum(place.location.has(one.ref) for one in latest.tracked) for name, place in places.items()}
    choices = [
        Choice(name, str(number) if number < 10 else "", name, f"{counts[name]} hot updates · {place.context}")
        for number, (name, place) in enumerate(places.items(), 1)
    ]
    chooser = reusable(screen.app, PlaceChoice, lambda: PlaceChoice(screen.appearance))
    if chooser is not None:
        chooser.set_choices("Show", (Choice(_ALL, "0", "all", f"{len(latest.tracked)} hot updates"), *choices))
        screen.app.push_screen(chooser, partial(_chosen, screen))


def _chosen(screen: "Dashboard", name: str | None) -> None:
    if name is None or screen.latest is None:
        return
    screen.view.show("" if name == _ALL else name)
    screen.post_message(SnapshotChanged(replace(screen.latest, tracked=screen.view.of(screen.latest.tracked))))
    screen.show_message(f"Only hot updates of {name} are shown." if screen.view.shown else "All hot updates are shown.")
