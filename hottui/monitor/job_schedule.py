"""When the job behind hot updates is read: pure functions of its JobSchedule and the clock.

All hot updates of one job share its schedule, so one read serves all that wait for it. Times are monotonic seconds.
The rules, for each hot update:

- first seen: the job and Flink's job, so that what it ran with before is known; a finished one is looked at only once;
- each transition: the job;
- its end: the job and everything that Flink shows, then the job after each of FOLLOW_UPS;
- while its detail is open: everything, every DETAIL_EVERY;
- refreshed by the user: at once.

That is at most 11 requests over the life of one hot update that nobody opens, and none once it is finished.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from hottui.monitor.job_api import JobCall

FOLLOW_UPS: Final = (10.0, 60.0, 600.0)
"""Seconds after the end of a hot update at which its job is read again."""
SHARED_WITHIN: Final = 5.0
"""Seconds between two of those reads for which one is made."""
DETAIL_EVERY: Final = 30.0
"""Seconds between two reads of a job whose detail is open."""


FIRST_READ: Final = (JobCall.JOB, JobCall.FLINK_JOB)
EVERYTHING: Final = tuple(JobCall)


@dataclass(frozen=True, slots=True)
class JobSchedule:
    """The reads of one job that are scheduled, and when each call was made last."""

    due: tuple[tuple[float, JobCall], ...] = ()
    """Sorted. A read satisfies everything that was due when it began."""
    began: tuple[tuple[JobCall, float], ...] = ()
    detail_open: bool = False
    forced: bool = False
    """Whether the user asked for it: then it is read even while polling is paused."""

    def last(self, call: JobCall) -> float:
        """Return when the last read by `call` began; minus infinity if there was none."""
        return dict(self.began).get(call, -math.inf)


def first_read(schedule: JobSchedule, now: float) -> JobSchedule:
    """After a hot update of the job was first seen."""
    return _add(schedule, now, FIRST_READ)


def transitioned(schedule: JobSchedule, now: float) -> JobSchedule:
    """After a transition that is not the end."""
    return _add(schedule, now, (JobCall.JOB,))


def ended(schedule: JobSchedule, now: float) -> JobSchedule:
    """After a hot update was observed to end."""
    return follow_up(_add(schedule, now, EVERYTHING), now, now)


def follow_up(schedule: JobSchedule, ended_at: float, now: float) -> JobSchedule:
    """Schedule the reads after an end at `ended_at` that are still to come."""
    for wait in FOLLOW_UPS:
        at = ended_at + wait
        shared = any(call is JobCall.JOB and abs(other - at) <= SHARED_WITHIN for other, call in schedule.due)
        if at > now and not shared:
            schedule = _add(schedule, at, (JobCall.JOB,))
    return schedule


def read_again(schedule: JobSchedule, now: float, calls: tuple[JobCall, ...]) -> JobSchedule:
    """Read these now: an answer showed that earlier ones are outdated, or the read was interrupted."""
    return _add(schedule, now, calls)


def forced(schedule: JobSchedule, now: float, calls: tuple[JobCall, ...] = EVERYTHING) -> JobSchedule:
    """Read these now, even while paused."""
    return replace(_add(schedule, now, calls), forced=True)


def detail(schedule: JobSchedule, now: float, *, is_open: bool) -> JobSchedule:
    """After the detail was opened or closed. Opening it reads what was not read within DETAIL_EVERY."""
    if not is_open:
        return replace(schedule, detail_open=False)
    old = tuple(call for call in JobCall if schedule.last(call) + DETAIL_EVERY <= now)
    return replace(_add(schedule, now, old), detail_open=True, forced=schedule.forced or bool(old))


def started(schedule: JobSchedule, call: JobCall, now: float) -> JobSchedule:
    """After a read by `call` began."""
    due = tuple((at, other) for at, other in schedule.due if other is not call or at > now)
    began = (*((other, at) for other, at in schedule.began if other is not call), (call, now))
    return replace(schedule, due=due, began=began, forced=schedule.forced and bool(due) and due[0][0] <= now)


def next_due(schedule: JobSchedule, *, paused: bool = False, in_flight: Collection[JobCall] = frozenset()) -> float:
    """Return when the next read is due, apart from calls `in_flight`; infinity for never.

    While `paused`, only what the user asked for is.
    """
    if paused and not schedule.forced:
        return math.inf
    times = [at for at, call in schedule.due if call not in in_flight]
    if schedule.detail_open and not paused:
        times += [schedule.last(call) + DETAIL_EVERY for call in JobCall if call not in in_flight]
    return min(times, default=math.inf)


def calls_due(schedule: JobSchedule, now: float, *, paused: bool = False) -> tuple[JobCall, ...]:
    """Return the calls to make now, the job first."""
    if next_due(schedule, paused=paused) > now:
        return ()
    due = {call for at, call in schedule.due if at <= now}
    if schedule.detail_open and not paused:
        due |= {call for call in JobCall if schedule.last(call) + DETAIL_EVERY <= now}
    return tuple(call for call in JobCall if call in due)


def _add(schedule: JobSchedule, at: float, calls: tuple[JobCall, ...]) -> JobSchedule:
    return replace(schedule, due=tuple(sorted({*schedule.due, *((at, call) for call in calls)})))
