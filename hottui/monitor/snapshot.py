"""Snapshots: the immutable state of everything tracked and of the polling loop, as published to listeners.

The first frame is drawn from these types, so this module must not import pydantic or httpx.
"""

from dataclasses import dataclass

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked, Trouble


@dataclass(frozen=True, slots=True)
class Hold:
    """An account that is not polled because the service rejected its key, token, signature, clock or permission."""

    account: str
    message: str
    hint: str
    since: float
    """When the hold began, in seconds since the epoch."""
    namespace: str = ""
    """The namespace on hold, if a permission is missing there; empty if the whole account is on hold."""
    cause: str = ""
    """In a word or two."""


@dataclass(frozen=True, slots=True)
class Slow:
    """An account that the service throttled and has not answered since. Its rows stay live but get older."""

    account: str
    message: str
    hint: str
    since: float
    """When it was first throttled, in seconds since the epoch."""
    until: float = 0.0
    """When the next request is sent at the earliest, in seconds since the epoch."""
    wait: float = 0.0
    """The wait in seconds that the service asked for; 0 if it gave none."""


@dataclass(frozen=True, slots=True)
class LoopStatus:
    """The state of the polling loop. Times are in seconds."""

    paused: bool
    interval: float
    """The configured polling interval."""
    period: float | None
    """The measured polling interval; None until something was read twice."""
    in_flight: int
    """Requests in flight."""
    holds: tuple[Hold, ...]
    unsaved: int
    """Changes that have not been saved in the store."""
    trouble: Trouble | None
    """Why they cannot be saved; None if there is no error."""
    slowed: tuple[Slow, ...] = ()
    held: frozenset[Ref] = frozenset()
    """The refs that are not read because of `holds`."""
    clock_offset: float = 0.0
    """Seconds by which the service's clock is ahead of this machine's, if a rejected request has shown it; requests are
    signed accordingly. Else 0."""
    not_permitted: str = ""
    """One line about the actions that were denied, and need not be granted for the table; empty if there are none."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything tracked, in `sort_key` order, and the state of the loop at one time."""

    tracked: tuple[Tracked, ...]
    loop: LoopStatus
    at: float
