"""When each ref is to be read next: pure functions of what was seen and the clock.

A `Watch` is what the schedule knows of one ref. Every function takes the watch as it was and gives the watch as it is
now; times are monotonic seconds. The rules:

- in progress, in a state not known here too: every interval, give or take a tenth;
- finished: one confirming read, then never again; a state that goes back is watched on;
- failed reads: a full-jitter backoff of their own, from 2 s to 60 s;
- permission denied for this ID alone: again after 5 s, 30 s, then every 60 s;
- not found: as often as in progress for a grace period, since an ID can appear late; then ever more rarely;
- forced: at once, whatever else holds.

When more is due than may be asked, what moves, as far as is known, goes before what has finished, and both before what
failed last time; now and then the longest due goes first, whatever it is, so that none starves.
"""

import math
from dataclasses import dataclass, replace
from random import Random
from typing import Final, TypeAlias

from hottui.model.state import is_final
from hottui.model.tracking import Tracked
from hottui.monitor.backoff import full_jitter

SOON: Final = -math.inf
"""Due before everything that is merely overdue: a first read, a forced one."""
NEVER: Final = math.inf

JITTER: Final = 0.1
CONFIRM_AFTER: Final = 10.0
GRACE: Final = 60.0
RARELY: Final = 3600.0
DENIED_WAITS: Final = (5.0, 30.0, 60.0)
"""Seconds after the first, second and every later denial before the next try: a renewed token helps at once, a changed
policy later."""


@dataclass(frozen=True, slots=True)
class PollState:
    """What the schedule knows of one ref."""

    due: float = SOON
    state: str = ""
    """The last good state; empty before the first good answer."""
    failures: int = 0
    """Reads failed in a row."""
    missing_since: float | None = None
    forced: bool = False

    @property
    def done(self) -> bool:
        """Whether nothing more is asked of it: finished and confirmed."""
        return self.due == NEVER and not self.forced


@dataclass(frozen=True, slots=True)
class Pace:
    """How often in-progress refs are read: `interval` in seconds, and the dice for the jitter."""

    interval: float
    rng: Random

    def wait(self) -> float:
        """One interval, give or take a tenth."""
        return self.interval * self.rng.uniform(1 - JITTER, 1 + JITTER)


def confirmed(tracked: Tracked) -> bool:
    """Whether a finished hot update was read once more after its end was first seen."""
    return (
        is_final(tracked.state)
        and tracked.seen is not None
        and tracked.since is not None
        and tracked.seen > tracked.since
    )


def begin(tracked: Tracked) -> PollState:
    """The watch of a ref that was just tracked, or that an earlier run left behind."""
    return PollState(due=NEVER if confirmed(tracked) else SOON, state=tracked.state)


def answered(watch: PollState, state: str, started: float, now: float, pace: Pace) -> PollState:
    """After a good answer to a read begun at `started`.

    The next one is counted from the start of this one, so that slow answers do not stretch the period; half an
    interval of rest is kept in any case.
    """
    if not is_final(state):
        wait = pace.wait()
        return PollState(due=max(started + wait, now + wait / 2), state=state)
    if state == watch.state:
        return PollState(due=NEVER, state=state)
    return PollState(due=now + max(CONFIRM_AFTER, pace.interval), state=state)


def failed(watch: PollState, now: float, rng: Random) -> PollState:
    """After a read that brought no answer."""
    failures = watch.failures + 1
    return replace(watch, due=now + full_jitter(failures, rng), failures=failures, forced=False)


def denied(watch: PollState, now: float) -> PollState:
    """After a read that the service did not permit for this ID."""
    wait = DENIED_WAITS[min(watch.failures, len(DENIED_WAITS) - 1)]
    return replace(watch, due=now + wait, failures=watch.failures + 1, forced=False)


def missing(watch: PollState, now: float, pace: Pace) -> PollState:
    """After the service did not know the ID. What had finished before is over: the service has forgotten it."""
    if is_final(watch.state):
        return PollState(due=NEVER, state=watch.state)
    since = now if watch.missing_since is None else watch.missing_since
    age = now - since
    wait = pace.wait() if age < GRACE else min(age, RARELY)
    return PollState(due=now + wait, state=watch.state, missing_since=since)


def postponed(watch: PollState, now: float) -> PollState:
    """After a read that says nothing about the ref, such as a throttled one: back to the end of the line."""
    return replace(watch, due=now)


def interrupted(watch: PollState) -> PollState:
    """After a read that was cut off by something that was not its fault."""
    return replace(watch, due=SOON)


def forced(watch: PollState) -> PollState:
    """Read now, whatever the rules say, once."""
    return replace(watch, failures=0, forced=True)


def unforced(watch: PollState) -> PollState:
    """By the rules again: reading it now would bring nothing."""
    return replace(watch, forced=False)


def hasten(watch: PollState, now: float, *, forgiven: bool = False) -> PollState:
    """Nothing stands in the way any more: what waited out a backoff is due now. `forgiven` failures are not counted."""
    if not watch.failures:
        return watch
    return replace(watch, due=min(watch.due, now), failures=0 if forgiven else watch.failures)


def promptly(watch: PollState, now: float) -> PollState:
    """What stood in the way of all is gone: due now, unless it is done."""
    return watch if watch.done else replace(watch, due=min(watch.due, now))


def repace(watch: PollState, now: float, pace: Pace) -> PollState:
    """After the interval changed: in-progress refs keep to the new one at once, and are never put off."""
    if watch.failures or not watch.state or is_final(watch.state) or watch.missing_since is not None:
        return watch
    return replace(watch, due=min(watch.due, now + pace.wait()))


def ready_at(watch: PollState, *, paused: bool = False) -> float:
    """From when on a read of its own may begin; when paused, only a forced one ever may."""
    if watch.forced:
        return SOON
    return NEVER if paused else watch.due


Rank: TypeAlias = tuple[bool, bool, bool, float]
"""Who goes first of those that are ready: the smallest."""


def rank(watch: PollState, *, troubled: bool = False) -> Rank:
    """The forced, then what has not finished, then what is to be confirmed, then what failed; of each the longest
    due."""
    return (not watch.forced, troubled, is_final(watch.state), watch.due)


def rank_by_age(watch: PollState) -> Rank:
    """The forced, then the longest due, whatever it is."""
    return (not watch.forced, False, False, watch.due)
