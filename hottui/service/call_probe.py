"""Try calls of the service to find out what works: credentials, connection, clock and permissions. Every call reads.

The IDs of a probe belong to nothing, because the service checks the permission of a call before it looks for its
subject: "not found" means permitted.
"""

import asyncio
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from hottui.service.call import Call, Place, Response
from hottui.service.endpoints import host_of
from hottui.service.error_body import clock_offset
from hottui.service.errors import NotFound, OtherAnswer, ServiceError, TimedOut
from hottui.service.operations import Operation
from hottui.service.response import parse_envelope

if TYPE_CHECKING:
    from hottui.service.client import Client

_NO_ID: Final = "00000000-0000-0000-0000-000000000000"
"""An ID in the form of the service's own that belongs to nothing."""


@dataclass(frozen=True, slots=True)
class Probe:
    """The outcome of one call. Without an `error` it is permitted.

    `answered` is whether a response arrived, `offset` the service's clock minus this machine's in seconds, if known.
    """

    operation: Operation
    error: ServiceError | None
    answered: bool = False
    offset: float | None = None


async def probe(client: "Client", operation: Operation, place: Place, timeout: float) -> Probe:  # noqa: ASYNC109
    """Make one call about nothing, again if the first was signed with a wrong date. Takes `timeout` seconds at most."""
    seen: list[float | None] = []
    error: ServiceError | None = None
    try:
        async with asyncio.timeout(timeout):
            error = await _attempt(client, _call(operation, place), seen)
            if error is not None and error.repeat:
                error = await _attempt(client, _call(operation, place), seen)
    except TimeoutError:
        error = TimedOut(
            f"{host_of(place.endpoint)} did not answer within {timeout:g} s.",
            hint="Check endpoint, network and proxy.",
        )
    if isinstance(error, NotFound | OtherAnswer):
        error = None
    return Probe(operation, error, bool(seen), seen[-1] if seen else None)


async def _attempt(client: "Client", call: Call, seen: list[float | None]) -> ServiceError | None:
    try:
        await client.exchange(call, partial(_parse, call.operation, seen))
    except ServiceError as error:
        return error
    return None


def _parse(operation: Operation, seen: list[float | None], response: Response) -> tuple[None, str]:
    seen.append(clock_offset(response.headers, response.now))
    return None, parse_envelope(response, operation).request_id


def _call(operation: Operation, place: Place) -> Call:
    fields = tuple((name, _NO_ID) for name in ("id", "job_id", "deployment_id") if f"{{{name}}}" in operation.path)
    now = time.time() * 1000
    values = {
        "deploymentId": _NO_ID,
        "pageIndex": "1",
        "pageNumber": "1",
        "pageSize": "1",
        "startTime": str(round(now - 60_000)),
        "endTime": str(round(now)),
        "flinkApiPath": f"/jobs/{_NO_ID.replace('-', '')}",
        "namespace": place.namespace,
        "resourceId": _NO_ID,
        "resourceType": "jobs",
    }
    query = tuple((name, values[name]) for name in operation.query if name in values)
    return Call(operation, place, fields, query, asked=_NO_ID)
