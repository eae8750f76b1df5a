"""Requests about jobs, within the rate budget and holds of the account.

A read of a hot update always goes first, and none is late because of these requests. They have connections of their
own, so one that hangs keeps none from a hot update. The service limits each action by itself, so an account that is
throttled here goes on polling.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Protocol, TypeVar

from hottui.model.ref import JobRef
from hottui.monitor import job_schedule
from hottui.monitor.job_api import JobCall
from hottui.monitor.job_schedule import JobSchedule
from hottui.monitor.read_dispatch import Dispatcher
from hottui.monitor.reader import reported
from hottui.monitor.schedule import NEVER
from hottui.service.errors import Throttled

T = TypeVar("T")
_Scope = tuple[str, str, str]
"""Endpoint, workspace and namespace: what shares credentials, rate budget and holds."""

MAX_IN_FLIGHT: Final = 2
"""Requests about jobs in flight: the client's connections for them, so that none waits for one. One that hangs leaves
the other."""
THROTTLED_FOR: Final = 30.0
"""Seconds without requests about jobs after one was throttled, if the service asks for no other wait."""


@dataclass(eq=False, slots=True)
class _Request(Generic[T]):
    """A request that a view waits for."""

    job: JobRef
    make: Callable[[], Awaitable[T]]
    outcome: "asyncio.Future[T]"


@dataclass(slots=True)
class _Job:
    """One job that is read."""

    schedule: JobSchedule = field(default_factory=JobSchedule)
    in_flight: set[JobCall] = field(default_factory=set)


class ScheduledCalls(Protocol):
    """What makes the scheduled calls and takes their outcome. Nothing raises."""

    async def read(self, job: JobRef, call: JobCall) -> None:
        """Make `call` about `job`."""
        ...

    def denied(self, job: JobRef, call: JobCall) -> bool:
        """Whether `call` was denied lately and is not made."""
        ...


class JobDispatcher:
    """Begins what is due. Methods are called on the event loop; times are monotonic seconds.

    `settled` is called when no read of a job is in flight or due.
    """

    def __init__(
        self,
        polling: Dispatcher,
        calls: ScheduledCalls,
        *,
        settled: Callable[[JobRef], None],
        wake: Callable[[], None],
        monotonic: Callable[[], float],
    ) -> None:
        self._polling = polling
        self._calls = calls
        self._settled = settled
        self._wake = wake
        self._now = monotonic
        self._jobs: dict[JobRef, _Job] = {}
        self._requests: deque[_Request[Any]] = deque()
        self._in_flight = 0
        self._throttled_until: dict[str, float] = {}

    def schedule(self, job: JobRef, change: Callable[[JobSchedule], JobSchedule]) -> None:
        """Change the schedule of `job`."""
        entry = self._jobs.setdefault(job, _Job())
        entry.schedule = change(entry.schedule)
        self._wake()

    def change(self, job: JobRef, change: Callable[[JobSchedule], JobSchedule]) -> None:
        """Change the schedule of `job`, unless it is no longer read."""
        if job in self._jobs:
            self.schedule(job, change)

    def forget(self, job: JobRef) -> None:
        """Stop reading `job`."""
        self._jobs.pop(job, None)

    def busy(self, job: JobRef, now: float) -> bool:
        """Whether reads of `job` are in flight or due, so that what is known of it is about to change."""
        entry = self._jobs.get(job)
        return entry is not None and bool(entry.in_flight or job_schedule.calls_due(entry.schedule, now))

    def throttled(self, job: JobRef, error: Throttled, now: float) -> None:
        """Make no request about jobs for the account of `job` for the time that the service asks for."""
        wait = THROTTLED_FOR if error.wait is None else max(error.wait, THROTTLED_FOR)
        self._throttled_until[self._polling.account_of(job)] = now + wait

    async def request(self, job: JobRef, make: Callable[[], Awaitable[T]]) -> T:
        """Make a request that a view waits for, in turn. Raises what `make` raises."""
        outcome: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        waiting = _Request(job, make, outcome)
        self._requests.append(waiting)
        self._wake()
        try:
            return await outcome
        finally:
            if waiting in self._requests:
                self._requests.remove(waiting)

    # The loop

    def begin_due(self, now: float, group: asyncio.TaskGroup) -> None:
        """Begin what is due and may begin, as tasks in `group`."""
        for waiting in tuple(self._requests):
            if self._opens_at(waiting.job, now) <= now:
                self._requests.remove(waiting)
                self._began(waiting.job, now)
                group.create_task(self._answer(waiting), name="hottui-request")
        closed: set[_Scope] = set()
        due = [(job, entry) for job, entry in self._jobs.items() if self._due(entry) <= now]
        for job, entry in sorted(due, key=_order):
            scope = _scope(job)
            if scope not in closed and not self._begin_calls(job, entry, now, group):
                closed.add(scope)

    def _begin_calls(self, job: JobRef, entry: _Job, now: float, group: asyncio.TaskGroup) -> bool:
        """Begin the calls of one job that are due; False if one of them has to wait."""
        skipped, waits = False, False
        for call in job_schedule.calls_due(entry.schedule, now, paused=self._polling.paused):
            if call in entry.in_flight:
                continue
            if self._calls.denied(job, call):
                entry.schedule = job_schedule.started(entry.schedule, call, now)
                skipped = True
            elif not waits and self._opens_at(job, now) <= now:
                entry.schedule = job_schedule.started(entry.schedule, call, now)
                entry.in_flight.add(call)
                self._began(job, now)
                group.create_task(self._make(job, entry, call), name=f"hottui-job {job.job_id} {call}")
            else:
                waits = True
        if skipped and not self.busy(job, now):
            self._settled(job)
        return not waits

    def next_turn(self, now: float) -> float:
        """Return when to call `begin_due` again if nothing else happens; infinity for never."""
        nearest = min((self._opens_at(waiting.job, now) for waiting in self._requests), default=NEVER)
        by_scope: dict[_Scope, tuple[float, JobRef]] = {}
        for job, entry in self._jobs.items():
            due = self._due(entry)
            if due < nearest:
                scope = _scope(job)
                if scope not in by_scope or due < by_scope[scope][0]:
                    by_scope[scope] = (due, job)
        for due, job in by_scope.values():
            nearest = min(nearest, max(due, self._opens_at(job, max(now, due))))
        return nearest

    def _due(self, entry: _Job) -> float:
        return job_schedule.next_due(entry.schedule, paused=self._polling.paused, in_flight=entry.in_flight)

    def _opens_at(self, job: JobRef, now: float) -> float:
        if self._in_flight >= MAX_IN_FLIGHT:
            return NEVER
        account = self._polling.account_of(job)
        return self._polling.spare.opens_at(
            account, job, max(now, self._throttled_until.get(account, now)), paused=self._polling.paused
        )

    # Requests in flight

    def _began(self, job: JobRef, now: float) -> None:
        self._polling.spare.started(self._polling.account_of(job), now)
        self._in_flight += 1

    def _ended(self) -> None:
        self._in_flight -= 1
        self._wake()

    async def _make(self, job: JobRef, entry: _Job, call: JobCall) -> None:
        try:
            try:
                await self._calls.read(job, call)
            finally:
                entry.in_flight.discard(call)
                self._ended()
            if not self.busy(job, self._now()):
                self._settled(job)
        except Exception as error:  # noqa: BLE001 - reported; affects only this job
            reported(error, f"reading job {job.job_id}")

    async def _answer(self, waiting: _Request[Any]) -> None:
        try:
            value = await waiting.make()
        except asyncio.CancelledError:
            waiting.outcome.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - raised by `request`
            if not waiting.outcome.done():
                waiting.outcome.set_exception(error)
        else:
            if not waiting.outcome.done():
                waiting.outcome.set_result(value)
        finally:
            self._ended()


def _order(item: tuple[JobRef, _Job]) -> tuple[bool, float]:
    schedule = item[1].schedule
    return not schedule.forced, job_schedule.next_due(schedule)


def _scope(job: JobRef) -> _Scope:
    return job.endpoint, job.workspace, job.namespace
