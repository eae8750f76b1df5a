"""How often in-progress refs are really read, measured: a thousand of them simply take longer to come round."""

from collections import deque
from typing import Final

from hottui.model.ref import Ref

_KEPT: Final = 64


class Period:
    """The mean time between two answers about the same ref, over the latest of all refs. Monotonic seconds."""

    def __init__(self) -> None:
        self._last: dict[Ref, float] = {}
        self._gaps: deque[float] = deque(maxlen=_KEPT)

    def answered(self, ref: Ref, now: float, *, in_progress: bool) -> None:
        """An answer about `ref` came; what has finished no longer counts."""
        last = self._last.pop(ref, None)
        if last is not None:
            self._gaps.append(now - last)
        if in_progress:
            self._last[ref] = now
        elif not self._last:
            self._gaps.clear()

    def forget(self, ref: Ref) -> None:
        """`ref` was not read by the rules: what follows is not a period."""
        self._last.pop(ref, None)

    def restart(self) -> None:
        """Nothing was read by the rules: after a pause, a sleep, or another interval."""
        self._last.clear()
        self._gaps.clear()

    @property
    def seconds(self) -> float | None:
        """The period in tenths of a second; None while nothing was read twice."""
        return round(sum(self._gaps) / len(self._gaps), 1) if self._gaps else None
