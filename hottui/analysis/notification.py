"""Which transitions notify the user, and when: only those observed live, and a burst of them as one notification."""

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from hottui.model.notify_settings import SLOW
from hottui.model.ref import Ref
from hottui.model.tracking import Tracked, Transition

COLLECTED_FOR: Final = 1.0
"""Seconds after the first event of a notification, in which others become part of it."""
BETWEEN: Final = 5.0
"""Seconds between two notifications at least; the events meanwhile are one notification."""
MOST_EVENTS: Final = 1_000
"""Events of one notification; later ones are only counted."""


class Event(NamedTuple):
    """A hot update that has moved to another state, or (`kind` is SLOW) takes longer than usual."""

    ref: Ref
    at: float
    kind: str
    previous: str = ""


class Notification(NamedTuple):
    """Events of a short time, in order. Others that do not fit are only counted, by kind."""

    events: tuple[Event, ...]
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """The number of events."""
        return sum(self.counts.values())


def merged(one: Notification | None, other: Notification) -> Notification:
    """Return both as one notification."""
    if one is None:
        return other
    counts = {kind: one.counts.get(kind, 0) + other.counts.get(kind, 0) for kind in {**one.counts, **other.counts}}
    return Notification((*one.events, *other.events)[:MOST_EVENTS], counts)


def is_live(transition: Transition, before: Tracked | None, started: float) -> bool:
    """Return whether a transition was observed while hottui watched, and not by the first read after the start.

    `before` is what was known before the transition; `started` is when hottui was started.
    """
    return bool(transition.previous) and before is not None and before.seen is not None and before.seen >= started


class PendingEvents:
    """Collects the events that are notified. Times are seconds since the epoch."""

    def __init__(self, on: Collection[str], started: float) -> None:
        self._on = frozenset(on)
        self._started = started
        self._events: list[Event] = []
        self._counts: dict[str, int] = {}
        self._first: float | None = None
        self._last_taken = 0.0
        self._live: set[Ref] = set()
        self._on_time: frozenset[Ref] = frozenset()

    def add_transition(self, transition: Transition, before: Tracked | None) -> None:
        """Add a transition; `before` is what was known of the hot update until then."""
        ref = transition.ref
        live = ref in self._live or is_live(transition, before, self._started)
        self._live.add(ref)
        if live and transition.previous:
            self._add(Event(ref, transition.at, transition.state, transition.previous))

    def add_slow(self, judged: Mapping[Ref, bool], now: float) -> None:
        """Add those that have become slow. `judged` has every update in progress whose usual duration is known."""
        for ref, slow in judged.items():
            if slow and ref in self._on_time:
                self._add(Event(ref, now, SLOW))
        self._on_time = frozenset(ref for ref, slow in judged.items() if not slow)

    def _add(self, event: Event) -> None:
        if event.kind not in self._on:
            return
        if self._first is None:
            self._first = event.at
        self._counts[event.kind] = self._counts.get(event.kind, 0) + 1
        if len(self._events) < MOST_EVENTS:
            self._events.append(event)

    def take(self, now: float) -> Notification | None:
        """Return the events once their time has come, and forget them; None while there is nothing to notify."""
        if self._first is None or 0 <= now - self._first < COLLECTED_FOR or 0 <= now - self._last_taken < BETWEEN:
            return None
        notification = Notification(tuple(self._events), self._counts)
        self._events, self._counts, self._first, self._last_taken = [], {}, None, now
        return notification
