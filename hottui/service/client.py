"""The client of the service: one hot update read at a time, and whatever goes wrong told as one error of the tree."""

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
from hottui.service.connection_pool import Given, Ways
from hottui.service.credentials import Credentials, CredentialsSource, check_credentials
from hottui.service.endpoints import InvalidEndpoint, check_endpoint, host_of
from hottui.service.error_body import REQUEST_ID
from hottui.service.errors import ClockSkewed, CredentialsError, CredentialsRefused, NotFound, ServiceError, Unreachable
from hottui.service.response import read_exchange
from hottui.service.signing import Acs3Auth, percent_encode
from hottui.service.transport import named_proxy, network_transport, timeouts

ACTION: Final = "GetHotUpdateJobResult"
VERSION: Final = "2022-07-18"
_SKEW_WORTH_A_RETRY = 60.0
"""Seconds that a clock must be off by more than was allowed for in the attempt that was refused."""
_TURNS_TO_SEND = 3
"""Turns of the loop that httpcore takes from being called to writing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A good answer and when it came, in seconds since the epoch by the local clock."""

    answer: Answer
    at: float
    request_id: str = ""


@dataclass(slots=True)
class _Progress:
    """How far a read has come, for the error that ends it."""

    request_id: str = ""
    """As the headers of the answer have it."""


class Client:
    """Reads hot updates. Its connections are kept; the first is made at the first read.

    `source_of` names the credentials for a ref; `transport` stands in for the network (the demo's); `deadline` is the
    most that one read may take in seconds, credentials included.

    A read is one request; repeating it is the caller's to do, within its budget. Where a refusal says what to change in
    the next request, that is noted and the error is marked `repeat`: a clock that is off by an amount the answer tells,
    and a refused key or token when the source has others by then.
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
        self._ways: Ways | None = None
        self._opening = asyncio.Lock()
        self._decoding = asyncio.Lock()
        self._offsets: dict[str, float] = {}

    async def read(self, ref: Ref) -> Reading:
        """The service's answer about `ref`. Raises ServiceError and nothing else."""
        progress = _Progress()
        try:
            async with asyncio.timeout(self._deadline) as limit:
                return await self._read(ref, progress)
        except ServiceError as error:
            error.identify(progress.request_id)
            raise
        except TimeoutError as error:
            if limit.expired():
                raise self._too_slow(ref, progress) from None
            raise _unexpected(error, ref, progress) from error
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            raise _unexpected(error, ref, progress) from error  # a library's own: nobody cancelled this read
        except Exception as error:
            raise _unexpected(error, ref, progress) from error

    def account_of(self, ref: Ref) -> str:
        """The account and region whose quota a read of `ref` uses, as far as it can be told from here."""
        try:
            name = self._source_of(ref).name
        except Exception:  # noqa: BLE001 — the read of `ref` meets it as well, and reports it
            name = "unknown"
        return f"{name}@{host_of(ref.endpoint)}"

    def credentials_changed(self, ref: Ref) -> bool:
        """Whether the credentials for `ref` differ from those used last: a refused read is worth repeating."""
        try:
            return self._source_of(ref).changed()
        except Exception as error:  # noqa: BLE001 — reported
            network_errors.report(error, f"looking for other credentials for {ref.id}")
            return False

    def clock_offset(self, endpoint: str) -> float:
        """By how many seconds the service's clock is ahead, where a refusal has told it; else 0."""
        return self._offsets.get(endpoint, 0.0)

    async def aclose(self) -> None:
        """Close every connection."""
        ways, self._ways = self._ways, None
        if ways is not None:
            await ways.aclose()

    async def __aenter__(self) -> Self:
        """Itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        await self.aclose()

    async def _read(self, ref: Ref, progress: "_Progress") -> Reading:
        url = _url_of(ref)
        source = self._source_of(ref)
        credentials = check_credentials(await source.get())
        allowed = self.clock_offset(ref.endpoint)
        try:
            return await self._exchange(ref, url, credentials, allowed, progress)
        except ClockSkewed as refusal:
            if refusal.offset is not None and abs(refusal.offset - allowed) >= _SKEW_WORTH_A_RETRY:
                self._offsets[ref.endpoint] = refusal.offset
                refusal.repeat = True
            raise
        except CredentialsRefused as refusal:
            refusal.repeat = await _has_others(source, credentials)
            raise

    async def _exchange(
        self, ref: Ref, url: httpx.URL, credentials: Credentials, clock_offset: float, progress: "_Progress"
    ) -> Reading:
        ways = self._ways or await self._open()
        auth = Acs3Auth(credentials, clock=self._clock, clock_offset=clock_offset)
        request = httpx.Request("GET", url, headers=_headers(ref), extensions=timeouts())
        try:
            async with ways.way_to(url) as transport:
                auth.sign(request)
                response = await transport.handle_async_request(request)
                progress.request_id = response.headers.get(REQUEST_ID, "")
                try:
                    body = await receive(response.aiter_raw(), response.headers.get("content-encoding", ""))
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            raise network_errors.unreachable_error(error, host_of(ref.endpoint), self._proxy_for(url)) from error
        now = self._clock()
        decode = partial(
            read_exchange, response.status_code, response.headers, body, now, credentials.secrets, asked=ref.id
        )
        if not body.small:
            answer = await asyncio.to_thread(decode)
        else:
            async with self._decoding:
                await _let_others_send()
                answer = decode()
        return Reading(answer, now, answer.envelope.request_id or progress.request_id)

    def _proxy_for(self, url: httpx.URL) -> network_errors.Proxy | None:
        return named_proxy(url) if self._transport is None else None

    def _too_slow(self, ref: Ref, progress: "_Progress") -> ServiceError:
        failure = network_errors.deadline_error(host_of(ref.endpoint), self._deadline, self._proxy_for(_url_of(ref)))
        failure.identify(progress.request_id)
        return failure

    async def _open(self) -> Ways:
        async with self._opening:
            if self._ways is None:
                given = self._transport
                self._ways = Given(given) if given is not None else await asyncio.to_thread(network_transport)
            return self._ways


def _unexpected(error: BaseException, ref: Ref, progress: _Progress) -> ServiceError:
    network_errors.report(error, f"reading {ref.id}")
    failure = network_errors.unexpected(error)
    failure.identify(progress.request_id)
    return failure


async def _let_others_send() -> None:
    """Give way to the reads that are about to send, and to whatever else the loop has to do.

    Answers often come together. Decoded in one go they would hold up every next request, and a key pressed meanwhile.
    """
    for _ in range(_TURNS_TO_SEND):
        await asyncio.sleep(0)


async def _has_others(source: CredentialsSource, refused: Credentials) -> bool:
    """Whether the source has other credentials than the refused ones by now."""
    try:
        if check_credentials(await source.get()) == refused:
            source.forget()
        return check_credentials(await source.get()) != refused
    except CredentialsError:
        return False


@lru_cache(maxsize=4096)
def _url_of(ref: Ref) -> httpx.URL:
    try:
        endpoint = check_endpoint(ref.endpoint)
        check_name(ref.workspace, "workspace")
        namespace, name = check_name(ref.namespace, "namespace"), check_name(ref.id)
    except InvalidEndpoint as error:
        raise _unusable(str(error)) from None
    except InvalidName as error:
        raise NotFound(str(error), hint="Check it and add it again.") from None
    try:
        url = httpx.URL(endpoint + path_of(namespace, name))
        _ = url.host
    except (httpx.InvalidURL, UnicodeError):  # the right characters, and no name: `xn--` and what decodes to nothing
        raise _unusable(f"The endpoint {endpoint!r} is not a valid address.") from None
    return url


def _unusable(message: str) -> Unreachable:
    return Unreachable(message, hint="Check the endpoint in the profile, or remove the bookmark.")


def path_of(namespace: str, job_hot_update_id: str) -> str:
    """The path of the call, encoded as it is signed and sent."""
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
