"""Notifying listeners: snapshots that differ from the last one, debounced, and transitions at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from hottui.model.tracking import Transition
from hottui.monitor.schedule import IMMEDIATELY, NEVER
from hottui.monitor.snapshot import Snapshot

NOTIFY_EVERY: Final = 0.25
"""Seconds between two snapshots while answers arrive; the user's own actions are published at once."""
AGES_EVERY: Final = 1.0
"""Seconds between two snapshots if answers only repeat the state: then nothing but ages changes."""


class Notifier:
    """Keeps the last published snapshot and the time the next one is due. Times are monotonic seconds."""

    def __init__(self, snapshot: Callable[[], Snapshot], wake: Callable[[], None]) -> None:
        self._snapshot = snapshot
        self._wake = wake
        self._listeners: list[tuple[Callable[[Snapshot], None], Callable[[Transition], None]]] = []
        self._last: Snapshot | None = None
        self._published_at = IMMEDIATELY
        self._due = IMMEDIATELY
        self._deferred = False

    def listen(self, on_snapshot: Callable[[Snapshot], None], on_transition: Callable[[Transition], None]) -> None:
        """Add listeners."""
        self._listeners.append((on_snapshot, on_transition))

    def publish_soon(self) -> None:
        """Publish a snapshot soon, together with changes that follow."""
        self._schedule(self._published_at + NOTIFY_EVERY)

    def publish_ages(self) -> None:
        """Publish a snapshot within AGES_EVERY: only ages have changed."""
        self._schedule(self._published_at + AGES_EVERY)

    def publish_now(self) -> None:
        """Publish a snapshot before this returns, for the user's own actions, and wake the loop."""
        if self._deferred:
            return
        self._publish()
        self._wake()

    @contextmanager
    def one_snapshot(self) -> Iterator[None]:
        """Publish one snapshot at the end, for many actions at once."""
        self._deferred = True
        try:
            yield
        finally:
            self._deferred = False
            self.publish_now()

    def publish_transition(self, transition: Transition) -> None:
        """Publish a transition at once, and unless it is the first observation, a snapshot in the loop's next turn."""
        for _, on_transition in self._listeners:
            on_transition(transition)
        if transition.previous:
            self._schedule(IMMEDIATELY)

    @property
    def due(self) -> float:
        """When `publish_due` has something to do."""
        return self._due

    def publish_due(self, now: float) -> None:
        """Publish a snapshot if one is due and it differs from the last one."""
        if now >= self._due and self._publish():
            self._published_at = now

    def _publish(self) -> bool:
        """Publish a snapshot if it differs from the last one; return whether it does."""
        self._due = NEVER
        snapshot = self._snapshot()
        if self._last is not None and _same(snapshot, self._last):
            return False
        self._last = snapshot
        for on_snapshot, _ in self._listeners:
            on_snapshot(snapshot)
        return True

    def _schedule(self, due: float) -> None:
        if due < self._due:
            self._due = due
            self._wake()


def _same(one: Snapshot, other: Snapshot) -> bool:
    """Whether two snapshots show the same; the number of requests in flight is ignored."""
    return one.tracked == other.tracked and replace(one.loop, in_flight=0) == replace(other.loop, in_flight=0)
