"""What the monitor tells whoever watches it: one immutable picture of everything tracked.

Light on purpose: the first frame is painted from these types, so nothing here imports pydantic or httpx.
"""

from dataclasses import dataclass

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked, Trouble


@dataclass(frozen=True, slots=True)
class Hold:
    """An account whose requests wait, because the service refused its key, token, signature, clock or permission."""

    account: str
    message: str
    hint: str
    since: float
    """When the account was held, in seconds since the epoch."""
    namespace: str = ""
    """The namespace that is held, where a permission is missing there; empty where the account is held as a whole."""
    cause: str = ""
    """In a word or two."""


@dataclass(frozen=True, slots=True)
class Slow:
    """An account that the service throttled and has not answered since. Its rows are no worse for it, only older."""

    account: str
    message: str
    hint: str
    since: float
    """When it was first throttled, in seconds since the epoch."""
    until: float = 0.0
    """When it is asked again, at the earliest; seconds since the epoch."""
    wait: float = 0.0
    """The pause in seconds that the service asked for; 0 where it named none."""


@dataclass(frozen=True, slots=True)
class LoopStatus:
    """How the loop is doing. Times are in seconds."""

    paused: bool
    interval: float
    """How often an in-progress ref is to be read."""
    period: float | None
    """How often it really is read, measured; None while too little was read to say."""
    in_flight: int
    """Requests under way."""
    holds: tuple[Hold, ...]
    unsaved: int
    """Changes the store has not taken yet."""
    trouble: Trouble | None
    """Why the store does not take them; None when all is well."""
    slowed: tuple[Slow, ...] = ()
    held: frozenset[Ref] = frozenset()
    """What is not read because of `holds`."""
    clock_offset: float = 0.0
    """By how many seconds the service's clock is ahead of this machine's, where a refusal has told it and requests are
    signed with allowance for it; else 0."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything tracked, in `sort_key` order, and the loop's own state, at one time."""

    tracked: tuple[Tracked, ...]
    loop: LoopStatus
    at: float
