"""How often in-progress refs are really read, measured: a thousand of them simply take longer to come round."""

from hottui.model.ref import Ref


class PollRate:
    """The mean time between the last two answers about each ref in progress. Monotonic seconds.

    Only the last: the first round, in which everything is read once, is over soon and says little of the next ones.
    """

    def __init__(self) -> None:
        self._last: dict[Ref, float] = {}
        self._gaps: dict[Ref, float] = {}

    def answered(self, ref: Ref, now: float, *, in_progress: bool) -> None:
        """An answer about `ref` came; what has finished no longer counts."""
        if not in_progress:
            self.forget(ref)
            return
        if ref in self._last:
            self._gaps[ref] = now - self._last[ref]
        self._last[ref] = now

    def forget(self, ref: Ref) -> None:
        """`ref` was not read by the rules: what follows is not a period."""
        self._last.pop(ref, None)
        self._gaps.pop(ref, None)

    def restart(self) -> None:
        """Nothing was read by the rules: after a pause, a sleep, or another interval."""
        self._last.clear()
        self._gaps.clear()

    def seconds(self, now: float, interval: float) -> float | None:
        """The period in tenths of a second; None while nothing was read twice.

        A ref that is overdue by more than half an `interval` counts with the time it has waited for so far.
        """
        periods = [self._period(ref, now - last, interval) for ref, last in self._last.items()]
        known = [each for each in periods if each is not None]
        return round(sum(known) / len(known), 1) if known else None

    def _period(self, ref: Ref, waited: float, interval: float) -> float | None:
        gap = self._gaps.get(ref)
        return gap if waited <= 1.5 * interval else max(waited, gap or 0.0)
