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
from hottui.service import faults
from hottui.service.answers import read_exchange
from hottui.service.body import ENCODING, receive
from hottui.service.credentials import Credentials, CredentialsSource, check_credentials
from hottui.service.endpoints import InvalidEndpoint, check_endpoint, host_of
from hottui.service.errors import ClockSkewed, CredentialsRefused, NotFound, Unreachable
from hottui.service.lines import Given, Ways
from hottui.service.network import over_the_network, patience
from hottui.service.signature import Acs3Auth, percent_encode

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


class Client:
    """Reads hot updates. Its connections are kept; the first is made at the first read.

    `source_of` names the credentials for a ref; `transport` stands in for the network (the demo's); `deadline` is the
    most that one read may take in seconds, credentials and a second attempt included.

    A read is attempted once. Only where the first answer itself says what to change is it attempted a second time, at
    once and signed anew: a clock that is off by an amount the answer tells, and a refused key or token when the source
    has others by then. Every other failure is the caller's to repeat, within its budget.
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
        url = _url_of(ref)
        try:
            async with asyncio.timeout(self._deadline):
                return await self._read(ref, url)
        except TimeoutError:
            raise faults.too_slow(host_of(ref.endpoint), self._deadline) from None

    def account_of(self, ref: Ref) -> str:
        """The account and region whose quota a read of `ref` uses, as far as it can be told from here."""
        return f"{self._source_of(ref).name}@{host_of(ref.endpoint)}"

    def credentials_changed(self, ref: Ref) -> bool:
        """Whether the credentials for `ref` differ from those used last: a refused read is worth repeating."""
        return self._source_of(ref).changed()

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

    async def _read(self, ref: Ref, url: httpx.URL) -> Reading:
        source = self._source_of(ref)
        credentials = await source.get()
        allowed = self.clock_offset(ref.endpoint)
        try:
            return await self._attempt(ref, url, credentials, allowed)
        except ClockSkewed as refusal:
            if refusal.offset is None or abs(refusal.offset - allowed) < _SKEW_WORTH_A_RETRY:
                raise
            self._offsets[ref.endpoint] = refusal.offset
        except CredentialsRefused:
            others = await _others(source, credentials)
            if others is None:
                raise
            credentials = others
        return await self._attempt(ref, url, credentials, self.clock_offset(ref.endpoint))

    async def _attempt(self, ref: Ref, url: httpx.URL, credentials: Credentials, clock_offset: float) -> Reading:
        ways = self._ways or await self._open()
        auth = Acs3Auth(check_credentials(credentials), clock=self._clock, clock_offset=clock_offset)
        request = httpx.Request("GET", url, headers=_headers(ref), extensions=patience())
        try:
            async with ways.way_to(url) as transport:
                auth.sign(request)
                response = await transport.handle_async_request(request)
                try:
                    body = await receive(response.aiter_raw(), response.headers.get("content-encoding", ""))
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            raise faults.unreachable(error, host_of(ref.endpoint)) from error
        now = self._clock()
        decode = partial(read_exchange, response.status_code, response.headers, body, now, credentials.secrets)
        if not body.small:
            return Reading(await asyncio.to_thread(decode), now)
        async with self._decoding:
            await _let_others_send()
            return Reading(decode(), now)

    async def _open(self) -> Ways:
        async with self._opening:
            if self._ways is None:
                given = self._transport
                self._ways = Given(given) if given is not None else await asyncio.to_thread(over_the_network)
            return self._ways


async def _let_others_send() -> None:
    """Give way to the reads that are about to send, and to whatever else the loop has to do.

    Answers often come together. Decoded in one go they would hold up every next request, and a key pressed meanwhile.
    """
    for _ in range(_TURNS_TO_SEND):
        await asyncio.sleep(0)


async def _others(source: CredentialsSource, refused: Credentials) -> Credentials | None:
    """Other credentials than the refused ones, when the source has them by now."""
    if await source.get() == refused:
        source.forget()
    fresh = await source.get()
    return None if fresh == refused else fresh


@lru_cache(maxsize=4096)
def _url_of(ref: Ref) -> httpx.URL:
    try:
        endpoint = check_endpoint(ref.endpoint)
        check_name(ref.workspace, "workspace")
        namespace, name = check_name(ref.namespace, "namespace"), check_name(ref.id)
    except InvalidEndpoint as error:
        raise Unreachable(str(error), hint="Check the endpoint in the profile, or remove the bookmark.") from None
    except InvalidName as error:
        raise NotFound(str(error), hint="Check it and add it anew.") from None
    return httpx.URL(endpoint + path_of(namespace, name))


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
