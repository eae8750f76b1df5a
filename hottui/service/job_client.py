"""The calls about jobs, with typed answers: each is one request, and raises only ServiceError."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Generic, TypeVar

from hottui.model.answer import DataEnvelope
from hottui.model.control_characters import shorten
from hottui.model.flink_rest import FlinkRestError, parse_proxy_text
from hottui.model.job import Deployment, Job
from hottui.model.job_diagnosis import JobDiagnosis
from hottui.model.job_history import Event, ScheduledPlanExecution, TuningHistories, TuningHistory
from hottui.model.lenient_parsing import LenientModel
from hottui.model.masking.messages import for_display
from hottui.model.ref import MAX_NAME, JobRef
from hottui.service import operations
from hottui.service.call import Call, Parse, Place, Read, Response
from hottui.service.errors import OtherAnswer, Unreadable
from hottui.service.operations import Operation
from hottui.service.response import parse_envelope

T = TypeVar("T")
M = TypeVar("M", bound=LenientModel)

PAGE_SIZE: Final = 100
"""Items in a page: the maximum, according to the vendor's SDK."""

_HINT: Final = "Check endpoint and proxy; the service may have changed its answers."


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. Pages count from 1."""

    items: tuple[T, ...]
    more: bool
    """Whether there are items after this page."""


class JobClient(ABC):
    """Reads jobs, deployments and what is recorded of them."""

    @abstractmethod
    async def exchange(self, call: Call, parse: Parse[T]) -> Read[T]:
        """Send `call` and return what `parse` makes of the response. Raises only ServiceError."""

    async def get_job(self, job: JobRef) -> Read[Job]:
        """Return the job: its state, settings, health and failure."""
        call = Call(operations.GET_JOB, job, (("job_id", job.job_id),), asked=job.job_id)
        return await self.exchange(call, _object_parser(call, Job, lambda found: found.job_id))

    async def get_deployment(self, place: Place, deployment_id: str) -> Read[Deployment]:
        """Return a deployment: what is saved, which may differ from what its job runs with."""
        fields = (("deployment_id", deployment_id),)
        call = Call(operations.GET_DEPLOYMENT, place, fields, asked=deployment_id)
        return await self.exchange(call, _object_parser(call, Deployment, lambda found: found.deployment_id))

    async def flink(self, job: JobRef, path: str) -> Read[dict[str, Any] | FlinkRestError]:
        """Return what Flink's REST API answers below `/jobs/:jid`: `path` is empty, `/checkpoints` and so on.

        The object, or why the text of the proxy holds none. `hottui.model.flink_rest` has the types.
        """
        query = (
            ("flinkApiPath", f"/jobs/{job.job_id.replace('-', '')}{path}"),
            ("namespace", job.namespace),
            ("resourceId", job.job_id),
            ("resourceType", "jobs"),
        )
        call = Call(operations.FLINK_API_PROXY, job, query=query, asked=job.job_id)
        return await self.exchange(call, partial(_parse_proxied, call))

    async def diagnosis(self, job: JobRef, deployment_id: str) -> Read[JobDiagnosis]:
        """Return the service's diagnosis of a job."""
        fields = (("deployment_id", deployment_id), ("job_id", job.job_id))
        call = Call(operations.GET_JOB_DIAGNOSIS, job, fields, asked=job.job_id)
        return await self.exchange(call, _object_parser(call, JobDiagnosis))

    async def events(self, place: Place, deployment_id: str, *, page: int = 1) -> Read[Page[Event]]:
        """Return one page of the events of a deployment."""
        query = (("deploymentId", deployment_id), ("pageIndex", str(page)), ("pageSize", str(PAGE_SIZE)))
        call = Call(operations.GET_EVENTS, place, query=query, asked=deployment_id)
        return await self.exchange(call, _list_parser(call, Event, page))

    async def tuning_histories(
        self, place: Place, deployment_id: str, *, start: float, end: float, page: int = 1
    ) -> Read[Page[TuningHistory]]:
        """Return one page of Autopilot's changes between two times, seconds since the epoch at most 30 days apart."""
        query = (
            ("startTime", str(round(start * 1000))),
            ("endTime", str(round(end * 1000))),
            ("pageNumber", str(page)),
            ("pageSize", str(PAGE_SIZE)),
        )
        fields = (("deployment_id", deployment_id),)
        call = Call(operations.LIST_TUNING_HISTORIES, place, fields, query, asked=deployment_id)
        return await self.exchange(call, partial(_parse_tunings, call, page))

    async def scheduled_executions(self, place: Place, deployment_id: str) -> Read[Page[ScheduledPlanExecution]]:
        """Return the executions of a deployment's scheduled plans; the call takes no page."""
        call = Call(
            operations.LIST_SCHEDULED_EXECUTIONS, place, query=(("deploymentId", deployment_id),), asked=deployment_id
        )
        return await self.exchange(call, _list_parser(call, ScheduledPlanExecution, 1))


def _object_parser(call: Call, model: type[M], id_of: Callable[[M], str] | None = None) -> Parse[M]:
    def parse(response: Response) -> tuple[M, str]:
        envelope = parse_envelope(response, call.operation)
        found = model.read(_object(envelope, call.operation))
        other = id_of(found).strip() if id_of else ""
        if other and other.casefold() != call.asked.casefold():
            raise OtherAnswer(
                f"The answer is about another {call.operation.subject.lower()} ({shorten(other, MAX_NAME)}) "
                f"than {call.asked}.",
                hint="A cache or proxy may mix up answers: check endpoint and proxy.",
                request_id=envelope.request_id,
            )
        return found, envelope.request_id

    return parse


def _list_parser(call: Call, model: type[M], number: int) -> Parse[Page[M]]:
    def parse(response: Response) -> tuple[Page[M], str]:
        envelope = parse_envelope(response, call.operation)
        data = [] if envelope.data is None else envelope.data
        if not isinstance(data, list):
            raise _unexpected_data(envelope, call.operation, "a list")
        items = tuple(model.read(item) for item in data if isinstance(item, dict))
        return _page(items, number, envelope.page_size, envelope.total_size, len(data)), envelope.request_id

    return parse


def _parse_tunings(call: Call, number: int, response: Response) -> tuple[Page[TuningHistory], str]:
    envelope = parse_envelope(response, call.operation)
    found = TuningHistories.read(_object(envelope, call.operation))
    items = found.tuning_histories
    return _page(items, number, found.page_size, found.total_count, len(items)), envelope.request_id


def _parse_proxied(call: Call, response: Response) -> tuple[dict[str, Any] | FlinkRestError, str]:
    envelope = parse_envelope(response, call.operation)
    found = parse_proxy_text(envelope.data)
    if isinstance(found, FlinkRestError):
        found = replace(found, message=for_display(found.message, response.secrets))
    return found, envelope.request_id


def _object(envelope: DataEnvelope, operation: Operation) -> dict[str, Any]:
    if not isinstance(envelope.data, dict):
        raise _unexpected_data(envelope, operation, "an object")
    return envelope.data


def _unexpected_data(envelope: DataEnvelope, operation: Operation, expected: str) -> Unreadable:
    return Unreadable(
        f"The service reported success, but the data of {operation.action} is not {expected}.",
        hint=_HINT,
        request_id=envelope.request_id,
    )


def _page(items: tuple[T, ...], number: int, size: int | None, total: int | None, received: int) -> Page[T]:
    """Return page `number`, with the page size and the number of items in all pages as far as the service gave them.

    An empty page is the last, whatever the total.
    """
    size = size or PAGE_SIZE
    more = received >= size if total is None else number * size < total
    return Page(items, more and received > 0)
