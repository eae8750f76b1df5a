"""Which of the tracked hot updates are shown: those of one profile, or all."""

from typing import TYPE_CHECKING

from hottui.tui.dashboard_options import DashboardOptions, Location, Place

if TYPE_CHECKING:
    from hottui.model.tracking import Tracked


class PlaceView:
    """One of the places of `options`, or all of them."""

    def __init__(self, options: DashboardOptions) -> None:
        self._options = options
        self.places = {place.name: place for place in options.places}
        self.shown: Place | None = self.places.get(options.shown_place)

    def show(self, name: str) -> None:
        """Show the place called `name`; an empty name shows all."""
        self.shown = self.places.get(name)

    def of(self, tracked: "tuple[Tracked, ...]") -> "tuple[Tracked, ...]":
        """Return those of `tracked` that are in the place shown."""
        return tracked if self.shown is None else tuple(one for one in tracked if self.shown.location.has(one.ref))

    @property
    def context(self) -> str:
        """The place for the header: the one shown, or that of new hot updates."""
        return self._options.context if self.shown is None else self.shown.context

    @property
    def location(self) -> Location | None:
        """Where new hot updates are looked up; None while no location is configured."""
        return self._options.location if self.shown is None else self.shown.location
