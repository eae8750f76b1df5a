"""When each ref is read next: pure functions of its PollState and the clock.

Each function takes the PollState of one ref and returns the next one; times are monotonic seconds. The rules:

- in progress, including unknown states: every interval, plus or minus a tenth;
- finished: one confirming read, then never again, unless that shows another state;
- failed reads: backoff with full jitter, from 2 s to 60 s;
- permission denied for this ID only: retried after 5 s, 30 s, then every 60 s;
- not found: as often as in progress for a grace period, since an ID can appear late; then at growing intervals;
- forced: at once, regardless of all other rules.

When more is due than the rate budget allows, refs in progress go before finished ones, and both before those whose
last read failed. Now and then the longest overdue goes first, so that none starves.
"""

import math
from dataclasses import dataclass, replace
from random import Random
from typing import Final, TypeAlias

from hottui.model.state import is_final
from hottui.model.tracking import Tracked

IMMEDIATELY: Final = -math.inf
"""Due before everything that is overdue: a first read or a forced one."""
NEVER: Final = math.inf

JITTER: Final = 0.1
FIRST_BACKOFF: Final = 2.0
LONGEST_BACKOFF: Final = 60.0
CONFIRM_AFTER: Final = 10.0
NOT_FOUND_GRACE: Final = 60.0
LONGEST_NOT_FOUND_WAIT: Final = 3600.0
DENIED_WAITS: Final = (5.0, 30.0, 60.0)
"""Seconds to wait after the first, second and every later denial: a renewed token helps at once, a changed policy
later."""


@dataclass(frozen=True, slots=True)
class PollState:
    """The schedule of one ref."""

    due: float = IMMEDIATELY
    state: str = ""
    """The last good state; empty before the first good answer."""
    failures: int = 0
    """Reads failed in a row."""
    missing_since: float | None = None
    forced: bool = False

    @property
    def done(self) -> bool:
        """Whether it is not read again: finished and confirmed."""
        return self.due == NEVER and not self.forced


@dataclass(frozen=True, slots=True)
class Pace:
    """How often in-progress refs are read: `interval` in seconds, and the random source for its jitter."""

    interval: float
    rng: Random

    def wait(self) -> float:
        """Return one interval plus or minus a tenth."""
        return self.interval * self.rng.uniform(1 - JITTER, 1 + JITTER)


def full_jitter(failures: int, rng: Random, *, first: float = FIRST_BACKOFF, longest: float = LONGEST_BACKOFF) -> float:
    """Return the seconds to wait after the `failures`-th failure in a row (from 1).

    A random value between `first` and a ceiling that doubles with each failure up to `longest`, so that reads that
    failed together are not retried together.
    """
    ceiling = min(longest, first * 2.0 ** min(failures, 32))
    return rng.uniform(min(first, ceiling), ceiling)


def confirmed(tracked: Tracked) -> bool:
    """Whether a finished hot update was read once more after its final state was first observed."""
    return (
        is_final(tracked.state)
        and tracked.seen is not None
        and tracked.since is not None
        and tracked.seen > tracked.since
    )


def initial(tracked: Tracked) -> PollState:
    """Return the PollState of a ref that was just tracked or restored from the store."""
    return PollState(due=NEVER if confirmed(tracked) else IMMEDIATELY, state=tracked.state)


def answered(poll: PollState, state: str, started: float, now: float, pace: Pace) -> PollState:
    """After a good answer to a read that began at `started`.

    The next read is scheduled from the start of this one, so that slow answers do not lengthen the interval, but at
    the earliest half an interval from now.
    """
    if not is_final(state):
        wait = pace.wait()
        return PollState(due=max(started + wait, now + wait / 2), state=state)
    if state == poll.state:
        return PollState(due=NEVER, state=state)
    return PollState(due=now + max(CONFIRM_AFTER, pace.interval), state=state)


def failed(poll: PollState, now: float, rng: Random) -> PollState:
    """After a read that failed."""
    failures = poll.failures + 1
    return replace(poll, due=now + full_jitter(failures, rng), failures=failures, forced=False)


def denied(poll: PollState, now: float) -> PollState:
    """After a permission was denied for this ID."""
    wait = DENIED_WAITS[min(poll.failures, len(DENIED_WAITS) - 1)]
    return replace(poll, due=now + wait, failures=poll.failures + 1, forced=False)


def missing(poll: PollState, now: float, pace: Pace) -> PollState:
    """After the ID was not found. A finished hot update that is no longer found is not read again."""
    if is_final(poll.state):
        return PollState(due=NEVER, state=poll.state)
    since = now if poll.missing_since is None else poll.missing_since
    age = now - since
    wait = pace.wait() if age < NOT_FOUND_GRACE else min(age, LONGEST_NOT_FOUND_WAIT)
    return PollState(due=now + wait, state=poll.state, missing_since=since)


def postponed(poll: PollState, now: float) -> PollState:
    """After a read without information about the ref, such as a throttled one: it is queued last."""
    return replace(poll, due=now)


def interrupted(poll: PollState) -> PollState:
    """After a read was interrupted: it is repeated at once."""
    return replace(poll, due=IMMEDIATELY)


def forced(poll: PollState) -> PollState:
    """Read once now, regardless of all other rules."""
    return replace(poll, failures=0, forced=True)


def unforced(poll: PollState) -> PollState:
    """Cancel a forced read, since it would fail."""
    return replace(poll, forced=False)


def end_backoff(poll: PollState, now: float, *, reset: bool = False) -> PollState:
    """End a backoff: due now. With `reset`, earlier failures are not counted either."""
    if not poll.failures:
        return poll
    return replace(poll, due=min(poll.due, now), failures=0 if reset else poll.failures)


def make_due(poll: PollState, now: float) -> PollState:
    """Make it due now, unless it is done."""
    return poll if poll.done else replace(poll, due=min(poll.due, now))


def change_interval(poll: PollState, now: float, pace: Pace) -> PollState:
    """After the interval changed: in-progress refs follow it at once, and are never postponed."""
    if poll.failures or not poll.state or is_final(poll.state) or poll.missing_since is not None:
        return poll
    return replace(poll, due=min(poll.due, now + pace.wait()))


def ready_at(poll: PollState, *, paused: bool = False) -> float:
    """Return when a read may begin at the earliest; while `paused`, only a forced one may."""
    if poll.forced:
        return IMMEDIATELY
    return NEVER if paused else poll.due


Rank: TypeAlias = tuple[bool, bool, bool, float]
"""Sort key of refs that are ready: the smallest is read first."""


def rank(poll: PollState, *, troubled: bool = False) -> Rank:
    """Forced first, then in progress, then to be confirmed, then failed; within each the longest overdue first."""
    return (not poll.forced, troubled, is_final(poll.state), poll.due)


def rank_by_age(poll: PollState) -> Rank:
    """Forced first, then the longest overdue."""
    return (not poll.forced, False, False, poll.due)
