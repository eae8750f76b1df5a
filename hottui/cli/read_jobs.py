"""Read the jobs behind hot updates once, for the commands that print what became of them."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from hottui.cli.progress import Progress
from hottui.cli.read_once import RateLimitedReader
from hottui.errors import ExitCode
from hottui.model.ref import JobRef
from hottui.model.tracking import Trouble
from hottui.monitor import known_job
from hottui.monitor.job_api import GET_DEPLOYMENT, JobCall, action_of, read_call
from hottui.monitor.job_history import JobHistory, JobHistoryLoader
from hottui.monitor.known_job import Known, KnownJob
from hottui.monitor.permissions import Permission, Permissions
from hottui.monitor.reader import reported, trouble_of
from hottui.service.errors import NotFound, PermissionDenied, ServiceError

if TYPE_CHECKING:
    from hottui.model.job import Deployment
    from hottui.model.lenient_parsing import LenientModel

T = TypeVar("T")

_DENIED: Final = "Not permitted."
_FLINK_CALLS: Final = tuple(call for call in JobCall if call is not JobCall.JOB)


class JobsReader:
    """Reads jobs for one command. An action that is denied in a namespace is tried once there."""

    def __init__(self, reader: RateLimitedReader) -> None:
        self._reader = reader
        self._permissions = Permissions()
        self._codes: dict[JobRef, int] = {}
        self._tried: set[Permission] = set()
        self._first_attempts: defaultdict[Permission, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def not_permitted(self) -> str:
        """One line about the denied actions; empty if there are none."""
        return self._permissions.line()

    def code_of(self, job: JobRef) -> int:
        """Return the exit code of reading `job`: that of GetJob."""
        return self._codes.get(job, ExitCode.OK)

    async def read_each(self, jobs: Iterable[JobRef]) -> dict[JobRef, KnownJob]:
        """Return what the service and Flink answer about each of `jobs`, with the reasons of failed calls."""
        distinct = tuple(dict.fromkeys(jobs))
        with Progress(len(distinct)) as progress:
            known = await asyncio.gather(*(progress.counting(self.read(job)) for job in distinct))
        return dict(zip(distinct, known, strict=True))

    async def read(self, job: JobRef) -> KnownJob:
        """Return what the service and Flink answer about `job`, with the reasons of failed calls."""
        known = (await self._answer(job, JobCall.JOB))(KnownJob(job))
        if known.gone:
            return known
        deployment_id = known.job.value.deployment_id if known.job.value else ""
        outcomes, deployment = await asyncio.gather(
            asyncio.gather(*(self._answer(job, call) for call in _FLINK_CALLS)), self._deployment(job, deployment_id)
        )
        for outcome in outcomes:
            known = outcome(known)
        return replace(known, deployment=deployment)

    async def history(self, job: JobRef, deployment_id: str) -> JobHistory:
        """Return the whole history of `job`, whose deployment is `deployment_id`."""
        loader = JobHistoryLoader(self._reader.client, partial(self._ask, job), job, deployment_id, time.time())
        complete = JobHistory(job)
        async for loaded in loader.load():
            complete = loaded
        return complete

    async def _answer(self, job: JobRef, call: JobCall) -> Callable[[KnownJob], KnownJob]:
        """Make `call`; return how its outcome changes what is known."""
        try:
            value, at = await self._ask(job, action_of(call), lambda: read_call(self._reader.client, job, call))
        except ServiceError as error:
            trouble, gone = _trouble_of(error), isinstance(error, NotFound)
            if call is JobCall.JOB:
                self._codes[job] = error.exit_code
            return lambda known: known_job.failed(known, call, trouble, gone=gone)
        if isinstance(value, str):
            refused = Trouble(at, value, cause="Flink")
            return lambda known: known_job.failed(known, call, refused)
        answer: LenientModel = value
        return lambda known: known_job.answered(known, call, answer, at)

    async def _deployment(self, job: JobRef, deployment_id: str) -> "Known[Deployment]":
        if not deployment_id:
            return Known()
        try:
            read = await self._ask(job, GET_DEPLOYMENT, lambda: self._reader.client.get_deployment(job, deployment_id))
        except ServiceError as error:
            return Known(error=_trouble_of(error))
        return Known(read.value, read.at)

    async def _ask(self, job: JobRef, action: str, make: Callable[[], Awaitable[T]]) -> T:
        """Return the result of a request that needs the permission of `action`. Raises only ServiceError."""
        permission = Permission("", job.workspace, job.namespace, action)
        async with self._first_attempts[permission]:
            if permission not in self._tried:
                try:
                    return await self._attempt(job, permission, make)
                finally:
                    self._tried.add(permission)
        self._permissions.check(permission, time.monotonic())
        return await self._attempt(job, permission, make)

    async def _attempt(self, job: JobRef, permission: Permission, make: Callable[[], Awaitable[T]]) -> T:
        try:
            outcome = await self._reader.outcome(job, make)
        except Exception as error:  # noqa: BLE001 - reported; affects only this call
            raise reported(error, f"calling {permission.action}") from None
        if isinstance(outcome, PermissionDenied):
            self._permissions.denied(permission, trouble_of(outcome, time.time()), time.monotonic())
        if isinstance(outcome, ServiceError):
            raise outcome
        return outcome


def _trouble_of(error: ServiceError) -> Trouble:
    """Return why a call failed; a denial briefly, since `not_permitted` is printed once."""
    trouble = trouble_of(error, time.time())
    return replace(trouble, message=_DENIED) if isinstance(error, PermissionDenied) else trouble
