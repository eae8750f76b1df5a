"""The states of a hot update, as named by the service, and their freshness, which hottui determines."""

from enum import StrEnum
from typing import Final

INIT: Final = "INIT"
HOT_UPDATING: Final = "HOT_UPDATING"
HOT_UPDATED: Final = "HOT_UPDATED"
FAILED: Final = "FAILED"

FINAL_STATES: Final = frozenset({HOT_UPDATED, FAILED})
"""States that do not change any more; unknown states are polled further."""


def is_final(state: str | None) -> bool:
    """Whether `state` is a final one."""
    return state in FINAL_STATES


def state_text(state: str) -> str:
    """Return the word for `state` on screen: `UPDATED` for `HOT_UPDATED`; an unknown state stays as it is."""
    return state.removeprefix("HOT_") or "no state"


class Freshness(StrEnum):
    """How current the shown state is."""

    WAITING = "waiting"
    """Not read yet."""
    LIVE = "live"
    """The last read succeeded."""
    STALE = "stale"
    """The last read failed: the last good answer, if any, is still shown, with its age and the reason."""
    GONE = "gone"
    """Not found: the ID is unknown to the service, or no longer known."""
    DENIED = "denied"
    """Credentials were rejected, or a permission is missing."""
