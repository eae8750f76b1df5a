"""How far this machine's clock is off, as the reader has measured it, where that is worth a word."""

from typing import Final

from hottui.monitor.reader import KnowsClock, Reader

WORTH_TELLING: Final = 60.0
"""Seconds."""


class Offsets:
    """The last known offset of each endpoint's clock."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader if isinstance(reader, KnowsClock) else None
        self._offsets: dict[str, float] = {}

    def note(self, endpoint: str) -> bool:
        """Take over what was measured of `endpoint`; whether that is another offset to tell of than before."""
        measured = self._reader.clock_offset(endpoint) if self._reader else 0.0
        worth_telling = measured if abs(measured) >= WORTH_TELLING else 0.0
        if worth_telling == self._offsets.get(endpoint, 0.0):
            return False
        self._offsets[endpoint] = worth_telling
        return True

    @property
    def worst(self) -> float:
        """The largest offset worth telling, in seconds that the service is ahead; else 0."""
        return max(self._offsets.values(), key=abs, default=0.0)
