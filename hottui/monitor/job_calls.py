"""Make the calls about jobs and record each outcome: an answer, a denial or an error."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, Protocol

from hottui.model.ref import JobRef
from hottui.model.tracking import Trouble
from hottui.monitor import job_schedule, known_job
from hottui.monitor.job_api import JobCall, action_of, read_call
from hottui.monitor.job_cache import JobCache
from hottui.monitor.job_dispatch import JobDispatcher
from hottui.monitor.known_job import KnownJob
from hottui.monitor.permissions import Permission, Permissions
from hottui.monitor.read_dispatch import Dispatcher
from hottui.monitor.reader import reported, trouble_of
from hottui.service.errors import NotFound, PermissionDenied, ServiceError, Throttled

if TYPE_CHECKING:
    from hottui.model.lenient_parsing import LenientModel
    from hottui.service.job_client import JobClient

_REPEATS: Final = 3
"""Repetitions in a row of a call that was throttled, or rejected in a way that shows how the next one could succeed."""


class JobListener(Protocol):
    """What is called when something new is known of a job."""

    def answered(self, job: JobRef, call: JobCall, known: KnownJob) -> None:
        """Called after a good answer of `call`; `known` includes it."""
        ...

    def settled(self, job: JobRef) -> None:
        """Called when no read of `job` is in flight or due."""
        ...

    def is_bookmarked(self, job: JobRef) -> bool:
        """Whether a hot update of `job` is bookmarked, so that its answers are saved."""
        ...


class JobCalls:
    """Calls of one reader. Methods are called on the event loop."""

    def __init__(
        self,
        client: "JobClient",
        polling: Dispatcher,
        *,
        cache: JobCache,
        listener: JobListener,
        wake: Callable[[], None],
        publish: Callable[[], None],
        clock: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        self.client: Final = client
        self.permissions: Final = Permissions()
        self.dispatcher: Final = JobDispatcher(polling, self, settled=listener.settled, wake=wake, monotonic=monotonic)
        self._polling = polling
        self._cache = cache
        self._listener = listener
        self._publish = publish
        self._clock = clock
        self._now = monotonic
        self._repeats: dict[tuple[JobRef, JobCall], int] = {}

    async def ask(self, job: JobRef, action: str, make: Callable[[], Awaitable[Any]]) -> Any:
        """Make a request about `job` that a view waits for. Raises only ServiceError."""
        permission = self._permission(job, action)
        self.permissions.check(permission, self._now())
        try:
            answer = await self.dispatcher.request(job, make)
        except PermissionDenied as error:
            self._deny(permission, trouble_of(error, self._clock()))
            raise
        except Throttled as error:
            self.dispatcher.throttled(job, error, self._now())
            raise
        except ServiceError:
            raise
        except Exception as error:  # noqa: BLE001 - reported
            raise reported(error, f"reading job {job.job_id}") from None
        self._permit(permission)
        return answer

    # Scheduled calls

    async def read(self, job: JobRef, call: JobCall) -> None:
        """Make `call` about `job` and note the outcome."""
        failure: ServiceError
        try:
            await self._cache.load(job)
            answer, at = await read_call(self.client, job, call)
        except ServiceError as error:
            failure = error.with_traceback(None)
        except Exception as error:  # noqa: BLE001 - reported; affects only this call
            failure = reported(error, f"reading job {job.job_id}")
        else:
            self._repeats.pop((job, call), None)
            self._permit(self._permission(job, action_of(call)))
            if isinstance(answer, str):
                self._note_failure(job, call, Trouble(at, answer, cause="Flink"))
            else:
                self._answered(job, call, answer, at)
            return
        self._failed(job, call, failure)

    def denied(self, job: JobRef, call: JobCall) -> bool:
        """Whether `call` was denied lately; then the denial is what is known by it."""
        trouble = self.permissions.denial(self._permission(job, action_of(call)), self._now())
        if trouble is None:
            return False
        self._note_failure(job, call, trouble)
        return True

    def _answered(self, job: JobRef, call: JobCall, value: "LenientModel", at: float) -> None:
        known = known_job.answered(self._cache.known(job), call, value, at)
        self._cache.put(known)
        if self._listener.is_bookmarked(job):
            self._cache.save_answer(job, call, value, at)
        self._listener.answered(job, call, known)

    def _failed(self, job: JobRef, call: JobCall, error: ServiceError) -> None:
        now = self._now()
        repeats = self._repeats.get((job, call), 0)
        if isinstance(error, Throttled):
            self.dispatcher.throttled(job, error, now)
        if (isinstance(error, Throttled) or error.repeat) and repeats < _REPEATS:
            self._repeats[(job, call)] = repeats + 1
            self.dispatcher.change(job, lambda schedule: job_schedule.read_again(schedule, now, (call,)))
            return
        self._repeats.pop((job, call), None)
        trouble = trouble_of(error, self._clock())
        if isinstance(error, PermissionDenied):
            self._deny(self._permission(job, action_of(call)), trouble)
        self._note_failure(job, call, trouble, gone=isinstance(error, NotFound))

    def _note_failure(self, job: JobRef, call: JobCall, trouble: Trouble, *, gone: bool = False) -> None:
        self._cache.put(known_job.failed(self._cache.known(job), call, trouble, gone=gone))

    # Permissions

    def _permission(self, job: JobRef, action: str) -> Permission:
        return Permission(self._polling.account_of(job), job.workspace, job.namespace, action)

    def _deny(self, permission: Permission, trouble: Trouble) -> None:
        self.permissions.denied(permission, trouble, self._now())
        self._cache.save_permission(permission, granted=False)
        self._publish()

    def _permit(self, permission: Permission) -> None:
        if self.permissions.granted(permission):
            self._cache.save_permission(permission, granted=True)
            self._publish()
