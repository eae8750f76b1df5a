"""Which reads may use an account's slots, so that IDs that hang or fail do not keep the others from being read: pure.

A slot is one of the IN_FLIGHT requests that an account may have under way. IDs whose last read failed, hung or was very
slow share a quarter of them, and another quarter is left to IDs that have answered several times in a row: an ID that
was never read may hang.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from hottui.monitor.rate_budget import IN_FLIGHT

TROUBLED_SLOTS: Final = IN_FLIGHT // 4
"""Slots of an account for IDs whose last read failed, hung or was very slow."""
TROUBLED_CONNECTIONS: Final = 5
"""The same over all accounts: several that hang must leave connections to one that does not."""
UNPROVEN_SLOTS: Final = IN_FLIGHT - IN_FLIGHT // 4
"""Slots of an account for IDs that have not answered several times in a row, once some have."""
PROVEN_AFTER: Final = 1
"""Good answers in a row after which an ID is expected to answer again."""
FIRST_PATIENCE: Final = 2.0
"""Seconds after which a read counts as hung, before anything was answered."""
SHORTEST_PATIENCE: Final = 1.0
"""The same at the least, once it is known how long answers take."""
_TIMES_TYPICAL: Final = 4.0
_REMEMBERED: Final = 24


@dataclass(frozen=True, slots=True)
class Load:
    """Reads under way: of one account, and troubled ones over all accounts."""

    troubled: int = 0
    unproven: int = 0
    """Those of IDs that are troubled or not proven."""
    troubled_connections: int = 0

    def admits(self, *, troubled: bool, proven: bool, some_are_proven: bool) -> bool:
        """Whether one more read of such an ID may begin."""
        if troubled and (self.troubled >= TROUBLED_SLOTS or self.troubled_connections >= TROUBLED_CONNECTIONS):
            return False
        return (proven and not troubled) or not some_are_proven or self.unproven < UNPROVEN_SLOTS


@dataclass(slots=True)
class Latency:
    """How long answers of one account take, and from when on a read counts as hung. In seconds."""

    _last: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    def note(self, seconds: float) -> None:
        """Take an answer into account."""
        self._last.append(seconds)

    @property
    def patience(self) -> float:
        """Several times what the quicker answers take: on a slow network more, whatever single IDs do."""
        if not self._last:
            return FIRST_PATIENCE
        return max(SHORTEST_PATIENCE, _TIMES_TYPICAL * sorted(self._last)[len(self._last) // 4])
