"""The history of a job, loaded when a view asks for it: events, Autopilot's changes, executions of scheduled plans.

The first page of each call comes first, all others after it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from hottui.model.ref import JobRef
from hottui.model.tracking import NOT_CALLED, Trouble
from hottui.monitor.job_api import GET_DEPLOYMENT
from hottui.monitor.reader import trouble_of
from hottui.service.errors import ServiceError

if TYPE_CHECKING:
    from hottui.model.job import Deployment
    from hottui.model.job_diagnosis import JobDiagnosis
    from hottui.model.job_history import Event, ScheduledPlanExecution, TuningHistory
    from hottui.service.job_client import JobClient

MAX_PAGES: Final = 100
"""Pages of one list; a page has up to 100 items."""
TUNING_WINDOW: Final = 30 * 86_400.0
"""Seconds between the two times of one request for Autopilot's changes, at most."""
MAX_WINDOWS: Final = 12

DIAGNOSIS: Final = "GetJobDiagnosis"
EVENTS: Final = "GetEvents"
_TUNINGS: Final = "ListAutopilotTuningHistories"
_EXECUTIONS: Final = "ListScheduledPlanExecutedHistory"
HISTORY_ACTIONS: Final = frozenset({_TUNINGS, _EXECUTIONS, EVENTS, GET_DEPLOYMENT, DIAGNOSIS})
"""The actions of a whole history."""

_DEPLOYMENT_UNKNOWN: Final = "not called: the deployment is not known"


@dataclass(frozen=True, slots=True)
class JobHistory:
    """What was loaded so far, each list with the newest first, and by action why a call failed."""

    job: JobRef
    deployment: "Deployment | None" = None
    diagnosis: "JobDiagnosis | None" = None
    events: "tuple[Event, ...]" = ()
    tunings: "tuple[TuningHistory, ...]" = ()
    executions: "tuple[ScheduledPlanExecution, ...]" = ()
    errors: Mapping[str, Trouble] = field(default_factory=lambda: MappingProxyType({}))
    complete: bool = False
    """Whether everything was loaded, or tried."""


Ask = Callable[[str, Callable[[], Awaitable[Any]]], Awaitable[Any]]
"""Makes a request that needs the permission of the action, in turn. Raises only ServiceError."""
_Step = tuple[JobHistory, "tuple[_Load, ...]"]
_Load = Callable[[], Awaitable["Callable[[JobHistory], _Step]"]]
"""A request; its outcome changes the history and lists what to load next."""


def unknown_history(job: JobRef, at: float) -> JobHistory:
    """Return the history of a job whose deployment is not known, with the reason."""
    trouble = Trouble(at, _DEPLOYMENT_UNKNOWN, cause=NOT_CALLED)
    return JobHistory(job, errors={GET_DEPLOYMENT: trouble}, complete=True)


class JobHistoryLoader:
    """Loads the history of `job`, whose deployment is `deployment_id`, until `now` in seconds since the epoch."""

    def __init__(self, client: "JobClient", ask: Ask, job: JobRef, deployment_id: str, now: float) -> None:
        self._client = client
        self._ask = ask
        self._job = job
        self._deployment_id = deployment_id
        self._now = now

    async def load(self, actions: Collection[str] = HISTORY_ACTIONS) -> AsyncIterator[JobHistory]:
        """Yield what is loaded so far by `actions` after each answer; the last one is complete."""
        history = JobHistory(self._job)
        loads: dict[str, _Load] = {
            _TUNINGS: lambda: self._tunings(0, 1),
            _EXECUTIONS: self._executions,
            EVENTS: lambda: self._events(1),
            GET_DEPLOYMENT: self._deployment,
            DIAGNOSIS: self._diagnosis,
        }
        running: set[asyncio.Future[Any]] = {
            asyncio.ensure_future(load()) for action, load in loads.items() if action in actions
        }
        try:
            while running:
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    history, further = task.result()(history)
                    running |= {asyncio.ensure_future(load()) for load in further}
                yield replace(history, complete=not running)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _outcome(
        self, action: str, make: Callable[[], Awaitable[Any]], change: "Callable[[JobHistory, Any], _Step]"
    ) -> "Callable[[JobHistory], _Step]":
        try:
            read = await self._ask(action, make)
        except ServiceError as error:
            trouble = trouble_of(error, self._now)
            return lambda history: (replace(history, errors={**history.errors, action: trouble}), ())
        return lambda history: change(history, read.value)

    def _deployment(self) -> "Awaitable[Callable[[JobHistory], _Step]]":
        return self._outcome(
            GET_DEPLOYMENT,
            lambda: self._client.get_deployment(self._job, self._deployment_id),
            lambda history, found: (replace(history, deployment=found), ()),
        )

    def _diagnosis(self) -> "Awaitable[Callable[[JobHistory], _Step]]":
        return self._outcome(
            DIAGNOSIS,
            lambda: self._client.diagnosis(self._job, self._deployment_id),
            lambda history, found: (replace(history, diagnosis=found), ()),
        )

    def _executions(self) -> "Awaitable[Callable[[JobHistory], _Step]]":
        def change(history: JobHistory, page: Any) -> _Step:
            return replace(history, executions=_latest(page.items, "job_resource_upgrading_id", "created_at")), ()

        make = lambda: self._client.scheduled_executions(self._job, self._deployment_id)  # noqa: E731
        return self._outcome(_EXECUTIONS, make, change)

    def _events(self, number: int) -> "Awaitable[Callable[[JobHistory], _Step]]":
        def change(history: JobHistory, page: Any) -> _Step:
            further = (lambda: self._events(number + 1),) if page.more and number < MAX_PAGES else ()
            return replace(history, events=_latest((*history.events, *page.items), "event_id", "created_at")), further

        make = lambda: self._client.events(self._job, self._deployment_id, page=number)  # noqa: E731
        return self._outcome(EVENTS, make, change)

    def _tunings(self, window: int, number: int) -> "Awaitable[Callable[[JobHistory], _Step]]":
        """Load a page of a window of time; after the last page of one that has any, go on with the window before."""
        end = self._now - window * TUNING_WINDOW

        def change(history: JobHistory, page: Any) -> _Step:
            further: tuple[_Load, ...] = ()
            if page.more and number < MAX_PAGES:
                further = (lambda: self._tunings(window, number + 1),)
            elif (page.items or number > 1) and window + 1 < MAX_WINDOWS:
                further = (lambda: self._tunings(window + 1, 1),)
            return replace(
                history, tunings=_latest((*history.tunings, *page.items), "tuning_id", "trigger_time")
            ), further

        def make() -> Awaitable[Any]:
            start = end - TUNING_WINDOW
            return self._client.tuning_histories(self._job, self._deployment_id, start=start, end=end, page=number)

        return self._outcome(_TUNINGS, make, change)


def _latest(items: tuple[Any, ...], name: str, time: str) -> tuple[Any, ...]:
    """Return `items` without repeated IDs, the newest first: pages shift when something is added meanwhile."""
    distinct = {getattr(item, name) or id(item): item for item in items}
    return tuple(sorted(distinct.values(), key=lambda item: getattr(item, time) or 0.0, reverse=True))
