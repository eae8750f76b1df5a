"""The client of the service: reads one hot update at a time, and raises every failure as a ServiceError."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from types import TracebackType
from typing import Final, Self

import httpx

from hottui.model.answer import Answer
from hottui.model.ref import InvalidName, Ref, check_name
from hottui.service import network_errors
from hottui.service.body_decoding import ENCODING, receive
from hottui.service.connection_pool import SingleTransport, TransportPool, stream
from hottui.service.credentials import Credentials, CredentialsSource, check_credentials
from hottui.service.endpoints import InvalidEndpoint, check_endpoint, host_of
from hottui.service.error_body import REQUEST_ID
from hottui.service.errors import ClockSkewed, CredentialsError, CredentialsRefused, NotFound, ServiceError, Unreachable
from hottui.service.response import parse_response
from hottui.service.signing import Acs3Auth, percent_encode
from hottui.service.transport import named_proxy, network_pool, timeouts

ACTION: Final = "GetHotUpdateJobResult"
VERSION: Final = "2022-07-18"
_MIN_SKEW_CHANGE = 60.0
"""Seconds by which a measured clock offset must differ from the one that the rejected request was signed with."""
_ITERATIONS_TO_SEND = 3
"""Iterations of the event loop from calling httpcore until it writes."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer, and when it was received, in seconds since the epoch by the local clock."""

    answer: Answer
    at: float
    request_id: str = ""


@dataclass(slots=True)
class _Exchange:
    """Details of a request and its response, added to the error if the read fails."""

    request_id: str = ""
    """From the headers of the response."""


class Client:
    """Reads hot updates over a pool of keep-alive connections, created by the first read.

    `source_of` returns the credentials source for a ref; `transport` replaces the network (used by the demo);
    `deadline` is the time limit of a read in seconds, including the time to get credentials.

    A read is one request; retries are left to the caller, who has a rate budget. When a rejection shows how the next
    request could succeed, its error has `repeat` set: the clock is off by an amount that the response reveals, which
    the next request allows for, or the source has other credentials by now than the rejected ones.
    """

    def __init__(
        self,
        source_of: Callable[[Ref], CredentialsSource],
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

    async def read(self, ref: Ref) -> Reading:
        """Return the service's answer about `ref`. Raises only ServiceError."""
        exchange = _Exchange()
        try:
            async with asyncio.timeout(self._deadline) as limit:
                return await self._read(ref, exchange)
        except ServiceError as error:
            error.identify(exchange.request_id)
            raise
        except TimeoutError as error:
            if limit.expired():
                raise self._too_slow(ref, exchange) from None
            raise _unexpected(error, ref, exchange) from error
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            raise _unexpected(error, ref, exchange) from error  # raised by a library: this read was not cancelled
        except Exception as error:
            raise _unexpected(error, ref, exchange) from error

    def account_of(self, ref: Ref) -> str:
        """Return the account and region whose quota a read of `ref` uses; the account may be unknown."""
        try:
            name = self._source_of(ref).name
        except Exception:  # noqa: BLE001 — the read of `ref` fails in the same way, and reports it
            name = "unknown"
        return f"{name}@{host_of(ref.endpoint)}"

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

    async def _read(self, ref: Ref, exchange: _Exchange) -> Reading:
        url = _url_of(ref)
        source = self._source_of(ref)
        credentials = check_credentials(await source.get())
        assumed_offset = self.clock_offset(ref.endpoint)
        try:
            return await self._send(ref, url, credentials, assumed_offset, exchange)
        except ClockSkewed as error:
            if error.offset is not None and abs(error.offset - assumed_offset) >= _MIN_SKEW_CHANGE:
                self._offsets[ref.endpoint] = error.offset
                error.repeat = True
            raise
        except CredentialsRefused as error:
            error.repeat = await _has_other_credentials(source, credentials)
            raise

    async def _send(
        self, ref: Ref, url: httpx.URL, credentials: Credentials, clock_offset: float, exchange: _Exchange
    ) -> Reading:
        pool = self._pool or await self._open_pool()
        auth = Acs3Auth(credentials, clock=self._clock, clock_offset=clock_offset)
        request = httpx.Request("GET", url, headers=_headers(ref), extensions=timeouts())
        try:
            async with stream(pool, request, auth) as response:
                exchange.request_id = response.headers.get(REQUEST_ID, "")
                body = await receive(response.aiter_raw(), response.headers.get("content-encoding", ""))
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            raise network_errors.unreachable_error(error, host_of(ref.endpoint), self._proxy_for(url)) from error
        now = self._clock()
        decode = partial(
            parse_response, response.status_code, response.headers, body, now, credentials.secrets, asked=ref.id
        )
        if not body.small:
            answer = await asyncio.to_thread(decode)
        else:
            async with self._decode_lock:
                await _yield_to_senders()
                answer = decode()
        return Reading(answer, now, answer.envelope.request_id or exchange.request_id)

    def _proxy_for(self, url: httpx.URL) -> network_errors.Proxy | None:
        return named_proxy(url) if self._transport is None else None

    def _too_slow(self, ref: Ref, exchange: _Exchange) -> ServiceError:
        failure = network_errors.deadline_error(host_of(ref.endpoint), self._deadline, self._proxy_for(_url_of(ref)))
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


def _unexpected(error: BaseException, ref: Ref, exchange: _Exchange) -> ServiceError:
    network_errors.report(error, f"reading {ref.id}")
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


@lru_cache(maxsize=4096)
def _url_of(ref: Ref) -> httpx.URL:
    try:
        endpoint = check_endpoint(ref.endpoint)
        check_name(ref.workspace, "workspace")
        namespace, name = check_name(ref.namespace, "namespace"), check_name(ref.id)
    except InvalidEndpoint as error:
        raise _invalid_endpoint(str(error)) from None
    except InvalidName as error:
        raise NotFound(str(error), hint="Check it and add it again.") from None
    try:
        url = httpx.URL(endpoint + path_of(namespace, name))
        _ = url.host
    except (httpx.InvalidURL, UnicodeError):  # valid characters but not a host name, such as `xn--`
        raise _invalid_endpoint(f"The endpoint {endpoint!r} is not a valid address.") from None
    return url


def _invalid_endpoint(message: str) -> Unreachable:
    return Unreachable(message, hint="Check the endpoint in the profile, or remove the bookmark.")


def path_of(namespace: str, job_hot_update_id: str) -> str:
    """Return the path of the API call, percent-encoded as it is signed and sent."""
    parts = percent_encode(namespace), percent_encode(job_hot_update_id)
    return "/api/v2/namespaces/{}/jobs/hot-updates/{}".format(*parts)


def _headers(ref: Ref) -> dict[str, str]:
    return {
        "accept": "application/json",
        "accept-encoding": ENCODING,
        "user-agent": "hottui",
        "workspace": ref.workspace,
        "x-acs-action": ACTION,
        "x-acs-version": VERSION,
    }
