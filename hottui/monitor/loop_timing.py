"""Measurements of the polling loop: the real polling interval, and whether the process was suspended."""

from typing import Final

from hottui.model.ref import Ref

SUSPENDED_AFTER: Final = 5.0
"""Seconds of delay that only a suspend explains; on a busy machine timers are less late."""


class PollRate:
    """Measures how often in-progress refs are really read: a thousand of them take longer than one interval.

    The mean time between the last two answers about each ref, in monotonic seconds. Earlier answers are ignored: the
    first round, in which everything is read once, does not predict the next ones.
    """

    def __init__(self) -> None:
        self._last: dict[Ref, float] = {}
        self._gaps: dict[Ref, float] = {}

    def answered(self, ref: Ref, now: float, *, in_progress: bool) -> None:
        """Note an answer about `ref`; a finished ref is no longer counted."""
        if not in_progress:
            self.forget(ref)
            return
        if ref in self._last:
            self._gaps[ref] = now - self._last[ref]
        self._last[ref] = now

    def forget(self, ref: Ref) -> None:
        """Drop the measurements of `ref`: its next read is not on schedule."""
        self._last.pop(ref, None)
        self._gaps.pop(ref, None)

    def restart(self) -> None:
        """Drop all measurements: after a pause, a suspend, or a change of the interval."""
        self._last.clear()
        self._gaps.clear()

    def seconds(self, now: float, interval: float) -> float | None:
        """Return the measured interval, rounded to tenths of a second; None until something was read twice.

        A ref that is overdue by more than half an `interval` counts with the time it has waited so far.
        """
        gaps = [self._gap(ref, now - last, interval) for ref, last in self._last.items()]
        known = [each for each in gaps if each is not None]
        return round(sum(known) / len(known), 1) if known else None

    def _gap(self, ref: Ref, waited: float, interval: float) -> float | None:
        gap = self._gaps.get(ref)
        return gap if waited <= 1.5 * interval else max(waited, gap or 0.0)


class SuspendDetector:
    """Detects that this process was stopped (ctrl-z) or this machine suspended.

    A stop makes the monotonic clock late; a suspend makes it differ from the wall clock.
    """

    def __init__(self) -> None:
        self._due: float | None = None
        self._wall_ahead: float | None = None

    def expect(self, due: float | None) -> None:
        """Set the monotonic time by which the next `check` is due; None if it may come at any time."""
        self._due = due

    def check(self, now: float, wall: float) -> bool:
        """Whether the process slept since the last check; `now` is monotonic, `wall` in seconds since the epoch."""
        wall_ahead, late = wall - now, self._due is not None and now > self._due + SUSPENDED_AFTER
        jumped = self._wall_ahead is not None and abs(wall_ahead - self._wall_ahead) > SUSPENDED_AFTER
        self._wall_ahead = wall_ahead
        if late:
            self._due = now
        return late or jumped
