"""What one read makes of a tracked hot update: pure."""

from dataclasses import replace

from hottui.model.state import Freshness
from hottui.model.tracking import Observation, Tracked, Transition, Trouble
from hottui.monitor.schedule import confirmed


def restored(tracked: Tracked) -> Tracked:
    """What an earlier run left behind. What it saw finished, twice, needs no reading any more: it can be believed."""
    return replace(tracked, freshness=Freshness.LIVE) if confirmed(tracked) else tracked


def observed(tracked: Tracked, observation: Observation) -> tuple[Tracked, Transition | None]:
    """After a good answer; with the transition when the state is another than before."""
    # What says the same stays the same object: whoever drew it need not look at it again.
    summary = tracked.summary if tracked.summary == observation.summary else observation.summary
    live = replace(tracked, summary=summary, freshness=Freshness.LIVE, seen=observation.at, trouble=None)
    state = observation.summary.state
    if state == tracked.state:
        return live if tracked.since is not None else replace(live, since=observation.at), None
    transition = Transition(tracked.ref, observation.at, state, tracked.state)
    return replace(live, since=observation.at, looked_at=False), transition


def only_seen_again(before: Tracked, after: Tracked) -> bool:
    """Whether nothing differs but when the last good answer came."""
    return before.seen is not None and replace(after, seen=before.seen) == before


def unread(tracked: Tracked, freshness: Freshness, trouble: Trouble) -> Tracked:
    """After a read that brought no answer: the last good one stays."""
    return replace(tracked, freshness=freshness, trouble=trouble)
