"""Compute how long a job did not run because of a hot update, from Flink's timestamps.

Flink keeps only the last time of entering each state. A later restart therefore hides the one of the hot update, and
the interruption is unknown.
"""

from typing import Final

from hottui.model.effect import Interruption
from hottui.model.flink_rest import FlinkJob
from hottui.model.job import RUNNING
from hottui.model.job_reading import JobReading

_STARTING: Final = frozenset({"INITIALIZING", "CREATED"})
LEAVING: Final = frozenset({"FAILING", "CANCELLING", "SUSPENDED", "RESTARTING", "RECONCILING"}) | _STARTING
"""States of a job between leaving RUNNING and entering it again."""

_SLACK: Final = 60.0
"""Seconds by which an update may have started before it was first observed."""
_DELAY: Final = 10.0
"""Seconds within which a restart belongs to the update whose end was just observed."""


def interruption_of(reading: JobReading, *, started: float | None, ended: float | None = None) -> Interruption:
    """Return the interruption between `started` and `ended`, the first observations of the update and of its end.

    Both are in seconds since the epoch by the local clock; the difference to Flink's is taken from `FlinkJob.now`.
    Without `started` (the update was first seen when it had ended) it is not known.
    """
    restarts = reading.job.restarts if reading.job else None
    flink = reading.flink
    if flink is None or started is None or not flink.entered:
        return Interruption(restarts=restarts)
    skew = reading.at - flink.now if reading.at is not None and flink.now is not None else 0.0
    first = started - skew - _SLACK
    last = float("inf") if ended is None else ended - skew + _DELAY
    restarted, left, back = _restart(flink, first, last)
    if restarted is False:
        return Interruption(False, seconds=0.0, restarts=restarts)
    seconds = back - left if left is not None and back is not None else None
    restored = _restored_from(reading, first) if restarted else ""
    return Interruption(restarted, left, back, seconds, restarts, restored)


def _restart(flink: FlinkJob, first: float, last: float) -> tuple[bool | None, float | None, float | None]:
    """Return whether Flink restarted between `first` and `last`, when it left RUNNING and when it entered it again."""
    entered = flink.entered
    running = entered.get(RUNNING)
    initial = flink.start_time is not None and flink.start_time >= first
    # Where the job itself was started in this time, the states of a start are no restart.
    leaving = LEAVING - _STARTING if initial else LEAVING
    left = [at for state, at in entered.items() if state in leaving and at >= first]
    if any(at > last for at in left):
        return None, None, None
    back = running if running is not None and flink.state in (RUNNING, "") else None
    if left:
        return True, min(left), back if back is not None and back >= min(left) else None
    if running is None or initial:
        return None, None, None
    if running < first:
        return False, None, None
    return (True, None, back) if running <= last + _SLACK else (None, None, None)


def _restored_from(reading: JobReading, first: float) -> str:
    restored = reading.checkpoints.restored if reading.checkpoints else None
    if restored is None or (restored.restore_timestamp or 0) < first:
        return ""
    kind = "savepoint" if restored.is_savepoint else "checkpoint"
    return " ".join(
        part for part in (kind, "" if restored.id is None else str(restored.id), restored.external_path) if part
    )
