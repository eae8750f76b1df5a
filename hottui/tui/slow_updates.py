"""Which updates in progress are slow: their duration so far, compared with that of finished ones."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final

from hottui.analysis.usual_duration import UsualDuration, observed_duration, slow_text, usual_duration
from hottui.model.ref import Ref
from hottui.model.state import Freshness, is_final
from hottui.model.tracking import Tracked

if TYPE_CHECKING:
    from hottui.monitor.interface import Answers

_MOST: Final = 50
"""Finished hot updates, the latest ones, from which the usual duration of a job or a namespace is taken."""
_MOST_IN_PROGRESS: Final = 200
"""Updates in progress that are compared; the table does not show more at a time."""

_Finished = tuple[Ref, float | None]


class UsualDurations:
    """The usual duration and the start of each update in progress, from the transitions of `answers`."""

    def __init__(self, answers: "Answers") -> None:
        self._answers = answers
        self._durations: dict[_Finished, float | None] = {}
        self._compared: frozenset[Ref] = frozenset()
        self._known: dict[Ref, tuple[float | None, UsualDuration | None]] = {}
        self._updating = False

    def note(self, tracked: Tracked, now: float) -> str:
        """Return `slow (usually 14s)` for an update in progress that takes longer than usual; otherwise empty.

        It is judged at its last answer: while polling is paused, it may have ended.
        """
        if not tracked.in_progress or tracked.since is None or tracked.freshness is not Freshness.LIVE:
            return ""
        known = self._known.get(tracked.ref)
        if known is None:
            return ""
        started, usual = known
        at = now if tracked.seen is None else tracked.seen
        return slow_text(at - (tracked.since if started is None else started), usual)

    def judged(self, tracked: tuple[Tracked, ...], now: float) -> dict[Ref, bool]:
        """Return the updates in progress whose usual duration is known, and whether each is slow."""
        known = (one for one in _in_progress(tracked) if self.usual(one.ref) is not None)
        return {one.ref: bool(self.note(one, now)) for one in known}

    def usual(self, ref: Ref) -> UsualDuration | None:
        """Return the usual duration for an update in progress; None if it is unknown."""
        return self._known[ref][1] if ref in self._known else None

    def is_outdated(self, tracked: tuple[Tracked, ...]) -> bool:
        """Whether others are in progress than those compared last."""
        return not self._updating and self._compared != frozenset(one.ref for one in _in_progress(tracked))

    async def keep_current(self, tracked: Callable[[], tuple[Tracked, ...]], updated: Callable[[], None]) -> None:
        """Update until those in progress are compared, which others may be after each; call `updated` each time."""
        while self.is_outdated(tracked()):
            await self.update(tracked())
            updated()

    async def update(self, tracked: tuple[Tracked, ...]) -> None:
        """Compare the updates in progress."""
        in_progress = tuple(_in_progress(tracked))
        self._updating = True
        try:
            self._known = await asyncio.to_thread(self._compare, in_progress, tracked)
            self._compared = frozenset(one.ref for one in in_progress)
        finally:
            self._updating = False

    def _compare(
        self, in_progress: tuple[Tracked, ...], tracked: tuple[Tracked, ...]
    ) -> dict[Ref, tuple[float | None, UsualDuration | None]]:
        by_namespace: dict[tuple[str, str, str], list[Tracked]] = {}
        for one in tracked:
            if one.summary is not None and is_final(one.state):
                by_namespace.setdefault(_namespace(one.ref), []).append(one)
        known = {}
        for one in in_progress:
            others = by_namespace.get(_namespace(one.ref), [])
            job = one.summary.job_id if one.summary else ""
            of_job = [other for other in others if job and other.summary and other.summary.job_id == job]
            usual = usual_duration(self._durations_of(of_job)) or usual_duration((), self._durations_of(others))
            transitions = self._answers.transitions(one.ref)
            known[one.ref] = (transitions[0].at if transitions else None, usual)
        return known

    def _durations_of(self, finished: Iterable[Tracked]) -> list[float]:
        """Return the known durations of the latest of `finished`."""
        latest = sorted(finished, key=lambda one: one.since or 0.0, reverse=True)[:_MOST]
        found: list[float] = []
        for one in latest:
            key = (one.ref, one.since)
            if key not in self._durations:
                self._durations[key] = observed_duration(self._answers.transitions(one.ref))
            seconds = self._durations[key]
            if seconds is not None:
                found.append(seconds)
        return found


def _in_progress(tracked: tuple[Tracked, ...]) -> Iterator[Tracked]:
    """Return those in progress, which are the first in the default order."""
    return islice(takewhile(lambda one: one.in_progress, tracked), _MOST_IN_PROGRESS)


def _namespace(ref: Ref) -> tuple[str, str, str]:
    return ref.endpoint, ref.workspace, ref.namespace
