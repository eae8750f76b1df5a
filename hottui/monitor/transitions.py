"""How an answer or a failed read changes a Tracked, and the transition it shows. Pure."""

from dataclasses import replace
from typing import Final

from hottui.model.state import Freshness
from hottui.model.tracking import Observation, Tracked, Transition, Trouble
from hottui.monitor.schedule import confirmed

_GAP: Final = 60.0
"""Seconds without a read above which a hot update in progress was not watched."""


def restored(tracked: Tracked) -> Tracked:
    """Return a Tracked from the store. If it was confirmed as finished, it counts as live and is not read again."""
    return replace(tracked, freshness=Freshness.LIVE) if confirmed(tracked) else tracked


def observed(tracked: Tracked, observation: Observation) -> tuple[Tracked, Transition | None]:
    """After a good answer; with the transition if the state has changed."""
    # An equal summary stays the same object, so that a row that was drawn need not be compared again.
    summary = tracked.summary if tracked.summary == observation.summary else observation.summary
    live = replace(tracked, summary=summary, freshness=Freshness.LIVE, seen=observation.at, trouble=None)
    state = observation.summary.state
    if state == tracked.state:
        return live if tracked.since is not None else replace(live, since=observation.at), None
    transition = Transition(tracked.ref, observation.at, state, tracked.state)
    return replace(live, since=observation.at, viewed=False), transition


def unwatched(tracked: Tracked, at: float, interval: float = 0.0) -> tuple[float, float] | None:
    """Return begin and end of the time before an answer at `at` in which an update in progress was not read, if any.

    Only for the first answer after a start or a suspend: later reads may be slow, but the update is watched.
    `interval` is the polling interval in seconds: a gap is at least two long.
    """
    if not tracked.in_progress or tracked.seen is None or at - tracked.seen < max(_GAP, 2 * interval):
        return None
    return tracked.seen, at


def only_seen_again(before: Tracked, after: Tracked) -> bool:
    """Whether only the time of the last good answer differs."""
    return before.seen is not None and replace(after, seen=before.seen) == before


def unread(tracked: Tracked, freshness: Freshness, trouble: Trouble) -> Tracked:
    """After a read that failed: the last good answer stays."""
    return replace(tracked, freshness=freshness, trouble=trouble)
