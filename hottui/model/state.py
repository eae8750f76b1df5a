"""The service's states of a hot update and hottui's own word for how fresh they are."""

from enum import StrEnum
from typing import Final

INIT: Final = "INIT"
HOT_UPDATING: Final = "HOT_UPDATING"
HOT_UPDATED: Final = "HOT_UPDATED"
FAILED: Final = "FAILED"

FINAL_STATES: Final = frozenset({HOT_UPDATED, FAILED})
"""States that the service does not leave again; a state not known here is watched on."""


def is_final(state: str | None) -> bool:
    """Whether a hot update in `state` has come to its end."""
    return state in FINAL_STATES


class Freshness(StrEnum):
    """How far the state on screen can be believed."""

    WAITING = "waiting"
    """Not read yet."""
    LIVE = "live"
    """The last read succeeded."""
    STALE = "stale"
    """The last read failed: the last good answer, if any, stays on screen with its age and the reason."""
    GONE = "gone"
    """The service does not know the ID (any more)."""
    DENIED = "denied"
    """Credentials or permission were refused."""
