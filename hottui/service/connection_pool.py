"""A pool of keep-alive connections, and sending a request over one of them.

`httpx.AsyncClient` needs 1.24 to 1.47 times the CPU of this pool per read; the figures are in
tests/benchmarks/README.md. Authentication is httpx's own: `stream` runs the flow of any `httpx.Auth`, as a client does.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

import httpx

MAX_RESULT_CALLS: Final = 8
MAX_JOB_CALLS: Final = 2
MAX_CONNECTIONS: Final = MAX_RESULT_CALLS + MAX_JOB_CALLS
"""Maximum number of open connections, and of concurrent requests: few enough for a service that others use too.

Calls about jobs have their own share, so that one that hangs never delays a result. The monitor begins no more of
either kind at a time, so none of its requests waits for a connection.
"""

KEEPALIVE_EXPIRY: Final = 30.0
"""Seconds until an idle connection is closed: longer than the polling interval, shorter than the idle timeouts of load
balancers and NAT gateways."""

_Origin: TypeAlias = tuple[str, str, int | None]


class TransportPool(Protocol):
    """Provides a transport for each request."""

    def transport_for(self, url: httpx.URL) -> AbstractAsyncContextManager[httpx.AsyncBaseTransport]:
        """Reserve a transport for one request to `url`. Raises ServiceError if none can be created."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...


@asynccontextmanager
async def stream(pool: TransportPool, request: httpx.Request, auth: httpx.Auth) -> AsyncIterator[httpx.Response]:
    """Send `request`, authenticated by `auth`, over a transport of `pool`; the response is closed on exit.

    Only the first request of the flow is sent: a read is one request, and retries are the caller's decision. `auth`
    runs after a connection became available, so that a date in the signature is not older than the request.
    """
    async with pool.transport_for(request.url) as transport, aclosing(auth.async_auth_flow(request)) as flow:
        response = await transport.handle_async_request(await anext(flow))
        try:
            yield response
        finally:
            await response.aclose()


class SingleTransport:
    """A pool with one transport for every URL, used instead of the network."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    def transport_for(self, url: httpx.URL) -> AbstractAsyncContextManager[httpx.AsyncBaseTransport]:  # noqa: ARG002
        """Return the transport, whatever the URL."""
        return nullcontext(self._transport)

    async def aclose(self) -> None:
        """Close the transport."""
        await self._transport.aclose()


@dataclass(slots=True, eq=False)
class _PooledConnection:
    """A connection to one origin, with the transport that reopens it after it was lost."""

    origin: _Origin
    transport: httpx.AsyncBaseTransport
    busy: bool = False
    last_used: float = 0.0
    """When its last request ended, in seconds of the pool's clock."""


class ConnectionPool:
    """At most MAX_CONNECTIONS connections, each with its own transport, created by `new_transport` for a URL.

    A single transport for all of them would iterate over its connections twice per request, and poll the socket of each
    idle one: a fifth of a read's CPU time. `monotonic` returns seconds.
    """

    def __init__(
        self,
        new_transport: Callable[[httpx.URL], httpx.AsyncBaseTransport],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._new_transport = new_transport
        self._now = monotonic
        self._connections: list[_PooledConnection] = []  # least recently used first
        self._limit = asyncio.Semaphore(MAX_CONNECTIONS)
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def transport_for(self, url: httpx.URL) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """Reserve a connection for one request to `url`; wait while MAX_CONNECTIONS requests are in progress."""
        async with self._limit:
            connection = self._idle_or_new((url.scheme, url.host, url.port), url)
            connection.busy = True
            self._close_expired()
            try:
                yield connection.transport
            finally:
                connection.busy, connection.last_used = False, self._now()
                if connection in self._connections:  # otherwise it was closed in the meantime
                    self._connections.remove(connection)
                    self._connections.append(connection)

    async def aclose(self) -> None:
        """Close every connection, including those in use."""
        connections, self._connections = self._connections, []
        await asyncio.gather(*self._closing, *map(_close, connections))

    def _idle_or_new(self, origin: _Origin, url: httpx.URL) -> _PooledConnection:
        """Return the most recently used idle connection, so that surplus ones expire; create one if there is none."""
        for connection in reversed(self._connections):
            if connection.origin == origin and not connection.busy:
                return connection
        connection = _PooledConnection(origin, self._new_transport(url))
        self._connections.append(connection)
        return connection

    def _close_expired(self) -> None:
        """Close idle connections that expired or exceed the limit, in tasks of their own.

        No request waits for the tasks, or fails because one of them does.
        """
        expired_before = self._now() - KEEPALIVE_EXPIRY
        for connection in [connection for connection in self._connections if not connection.busy]:
            if connection.last_used < expired_before or len(self._connections) > MAX_CONNECTIONS:
                self._connections.remove(connection)
                closing = asyncio.create_task(_close(connection), name=f"hottui-close {connection.origin[1]}")
                self._closing.add(closing)
                closing.add_done_callback(self._closing.discard)


async def _close(connection: _PooledConnection) -> None:
    """Close a connection; ignore errors, which mean that it was already lost."""
    with suppress(OSError, httpx.HTTPError):
        await connection.transport.aclose()
