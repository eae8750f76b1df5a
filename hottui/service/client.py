"""The client of the service: sends one call at a time, and raises every failure as a ServiceError."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

import httpx

from hottui.model.answer import Answer
from hottui.model.ref import Ref
from hottui.service import network_errors
from hottui.service.body_decoding import receive
from hottui.service.call import Call, Parse, Place, Read, Response, result_call
from hottui.service.connection_pool import MAX_JOB_CALLS, SingleTransport, TransportPool, stream
from hottui.service.credentials import Credentials, CredentialsSource, check_credentials
from hottui.service.endpoints import host_of
from hottui.service.error_body import REQUEST_ID
from hottui.service.errors import ClockSkewed, CredentialsError, CredentialsRefused, ServiceError
from hottui.service.job_client import JobClient
from hottui.service.reading import Reading, Repeated
from hottui.service.response import parse_unless_known
from hottui.service.signing import Acs3Auth
from hottui.service.transport import named_proxy, network_pool, timeouts

T = TypeVar("T")

_MIN_SKEW_CHANGE = 60.0
"""Seconds by which a measured clock offset must differ from the one that the rejected request was signed with."""
_ITERATIONS_TO_SEND = 3
"""Iterations of the event loop from calling httpcore until it writes."""


@dataclass(slots=True)
class _Exchange:
    """Details of a request and its response, added to the error if the read fails."""

    request_id: str = ""
    """From the headers of the response."""


class Client(JobClient):
    """Reads hot updates and jobs over a pool of keep-alive connections, created by the first read.

    `source_of` returns the credentials source for a `Ref` or another place; `transport` replaces the network (used by
    the demo); `deadline` is the time limit of a read in seconds, including the time to get credentials.

    A read is one request; retries are left to the caller, who has a rate budget. When a rejection shows how the next
    request could succeed, its error has `repeat` set: the clock is off by an amount that the response reveals, which
    the next request allows for, or the source has other credentials by now than the rejected ones.
    """

    def __init__(
        self,
        source_of: Callable[[Place], CredentialsSource],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        deadline: float = 15.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._source_of = source_of
        self._transport = transport
        self._deadline = deadline
        self._clock = clock
        self._pool: TransportPool | None = None
        self._pool_lock = asyncio.Lock()
        self._decode_lock = asyncio.Lock()
        self._offsets: dict[str, float] = {}
        self._job_calls = asyncio.Semaphore(MAX_JOB_CALLS)

    async def read(self, ref: Ref) -> Reading:
        """Return the service's answer about `ref`. Raises only ServiceError."""
        reading = await self.read_again(ref, b"")
        assert isinstance(reading, Reading), "no answer has the empty digest"  # noqa: S101
        return reading

    async def read_again(self, ref: Ref, digest: bytes) -> Reading | Repeated:
        """Return the service's answer about `ref`, unparsed if it has this digest. Raises only ServiceError."""
        read = await self._within_deadline(result_call(ref), partial(_parse_result, ref.id, digest))
        answer, digest = read.value
        if isinstance(answer, str):
            return Repeated(answer, read.at, read.request_id)
        return Reading(answer, read.at, read.request_id, digest)

    async def exchange(self, call: Call, parse: Parse[T]) -> Read[T]:
        """Send a call about a job and return what `parse` makes of the response. Raises only ServiceError.

        At most MAX_JOB_CALLS are sent at a time; the deadline begins when the call is sent.
        """
        async with self._job_calls:
            return await self._within_deadline(call, parse)

    async def _within_deadline(self, call: Call, parse: Parse[T]) -> Read[T]:
        exchange = _Exchange()
        try:
            async with asyncio.timeout(self._deadline) as limit:
                return await self._authenticated(call, parse, exchange)
        except ServiceError as error:
            error.identify(exchange.request_id)
            raise
        except TimeoutError as error:
            if limit.expired():
                raise self._too_slow(call, exchange) from None
            raise _unexpected(error, call, exchange) from error
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            raise _unexpected(error, call, exchange) from error  # raised by a library: this read was not cancelled
        except Exception as error:
            raise _unexpected(error, call, exchange) from error

    def account_of(self, place: Place) -> str:
        """Return the account and region whose quota a read at `place` uses; the account may be unknown."""
        try:
            name = self._source_of(place).name
        except Exception:  # noqa: BLE001 — the read fails in the same way, and reports it
            name = "unknown"
        return f"{name}@{host_of(place.endpoint)}"

    def credentials_changed(self, ref: Ref) -> bool:
        """Whether the credentials for `ref` differ from those used last, so that a rejected read may now succeed."""
        try:
            return self._source_of(ref).changed()
        except Exception as error:  # noqa: BLE001 — reported
            network_errors.report(error, f"checking for changed credentials for {ref.id}")
            return False

    def clock_offset(self, endpoint: str) -> float:
        """Return the seconds by which the clock of `endpoint` is ahead of this machine's; 0 if unknown."""
        return self._offsets.get(endpoint, 0.0)

    async def aclose(self) -> None:
        """Close every connection."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.aclose()

    async def __aenter__(self) -> Self:
        """Return this client."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        await self.aclose()

    async def _authenticated(self, call: Call, parse: Parse[T], exchange: _Exchange) -> Read[T]:
        url = call.url()
        source = self._source_of(call.place)
        credentials = check_credentials(await source.get())
        assumed_offset = self.clock_offset(call.place.endpoint)
        try:
            response = await self._send(call, url, credentials, assumed_offset, exchange)
            value, request_id = await self._parsed(response, parse)
        except ClockSkewed as error:
            if error.offset is not None and abs(error.offset - assumed_offset) >= _MIN_SKEW_CHANGE:
                self._offsets[call.place.endpoint] = error.offset
                error.repeat = True
            raise
        except CredentialsRefused as error:
            error.repeat = await _has_other_credentials(source, credentials)
            raise
        return Read(value, response.now, request_id or exchange.request_id)

    async def _send(
        self, call: Call, url: httpx.URL, credentials: Credentials, clock_offset: float, exchange: _Exchange
    ) -> Response:
        pool = self._pool or await self._open_pool()
        auth = Acs3Auth(credentials, clock=self._clock, clock_offset=clock_offset)
        request = httpx.Request("GET", url, headers=call.headers(), extensions=timeouts())
        try:
            async with stream(pool, request, auth) as response:
                exchange.request_id = response.headers.get(REQUEST_ID, "")
                body = await receive(response.aiter_raw(), response.headers.get("content-encoding", ""))
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            host = host_of(call.place.endpoint)
            raise network_errors.unreachable_error(error, host, self._proxy_for(url)) from error
        return Response(response.status_code, response.headers, body, self._clock(), credentials.secrets)

    async def _parsed(self, response: Response, parse: Parse[T]) -> tuple[T, str]:
        if not response.body.small:
            return await asyncio.to_thread(parse, response)
        async with self._decode_lock:
            await _yield_to_senders()
            return parse(response)

    def _proxy_for(self, url: httpx.URL) -> network_errors.Proxy | None:
        return named_proxy(url) if self._transport is None else None

    def _too_slow(self, call: Call, exchange: _Exchange) -> ServiceError:
        host = host_of(call.place.endpoint)
        failure = network_errors.deadline_error(host, self._deadline, self._proxy_for(call.url()))
        failure.identify(exchange.request_id)
        return failure

    async def _open_pool(self) -> TransportPool:
        async with self._pool_lock:
            if self._pool is None:
                if self._transport is not None:
                    self._pool = SingleTransport(self._transport)
                else:
                    self._pool = await asyncio.to_thread(network_pool)
            return self._pool


def _parse_result(asked: str, known: bytes, response: Response) -> tuple[tuple[Answer | str, bytes], str]:
    answer, digest = parse_unless_known(response, asked=asked, known=known)
    return (answer, digest), "" if isinstance(answer, str) else answer.envelope.request_id


def _unexpected(error: BaseException, call: Call, exchange: _Exchange) -> ServiceError:
    network_errors.report(error, f"reading {call.asked}")
    failure = network_errors.unexpected(error)
    failure.identify(exchange.request_id)
    return failure


async def _yield_to_senders() -> None:
    """Let other tasks of the event loop run first, reads about to send among them.

    Answers often arrive together. Decoding them without a break would delay the next requests and key presses.
    """
    for _ in range(_ITERATIONS_TO_SEND):
        await asyncio.sleep(0)


async def _has_other_credentials(source: CredentialsSource, rejected: Credentials) -> bool:
    """Return whether the source has other credentials by now than the rejected ones."""
    try:
        if check_credentials(await source.get()) == rejected:
            source.forget()
        return check_credentials(await source.get()) != rejected
    except CredentialsError:
        return False
