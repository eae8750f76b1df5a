"""Telling listeners: a picture when it differs from the last, a burst of changes as few of them, a move at once."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from hottui.model.tracking import Transition
from hottui.monitor.schedule import NEVER, SOON
from hottui.monitor.snapshot import Snapshot

NOTIFY_EVERY: Final = 0.25
"""Seconds between two pictures while answers come in; what the user did is told at once."""
AGES_EVERY: Final = 1.0
"""Seconds between two pictures where answers only say the same again: nothing but their age changes on a screen."""


class Notifier:
    """Knows what was told, and when something is to be told again. Times are monotonic seconds."""

    def __init__(self, picture: Callable[[], Snapshot], wake: Callable[[], None]) -> None:
        self._picture = picture
        self._wake = wake
        self._listeners: list[tuple[Callable[[Snapshot], None], Callable[[Transition], None]]] = []
        self._last: Snapshot | None = None
        self._told = SOON
        self._due = SOON

    def listen(self, on_snapshot: Callable[[Snapshot], None], on_transition: Callable[[Transition], None]) -> None:
        """Tell these too."""
        self._listeners.append((on_snapshot, on_transition))

    def soon(self) -> None:
        """Something has changed, maybe along with more."""
        self._by(self._told + NOTIFY_EVERY)

    def sighted(self) -> None:
        """Something was seen once more as it was."""
        self._by(self._told + AGES_EVERY)

    def now(self) -> None:
        """Something has changed that somebody waits to see."""
        self._by(SOON)

    def announce(self, transition: Transition) -> None:
        """Tell of one move. A first observation is part of a burst, a later one worth a picture of its own."""
        for _, on_transition in self._listeners:
            on_transition(transition)
        if transition.previous:
            self.now()

    @property
    def due(self) -> float:
        """When `tell` has something to do."""
        return self._due

    def tell(self, now: float) -> None:
        """Tell of the picture if it is time, and if it differs from the last one told."""
        if now < self._due:
            return
        self._due = NEVER
        picture = self._picture()
        if self._last is None or not _same(picture, self._last):
            self._last, self._told = picture, now
            for on_snapshot, _ in self._listeners:
                on_snapshot(picture)

    def _by(self, due: float) -> None:
        if due < self._due:
            self._due = due
            self._wake()


def _same(one: Snapshot, other: Snapshot) -> bool:
    """Whether two pictures show the same; a read that is under way is no news."""
    return one.tracked == other.tracked and replace(one.loop, in_flight=0) == replace(other.loop, in_flight=0)
