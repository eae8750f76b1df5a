"""The connections that are kept between reads."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

import httpx

CONNECTIONS: Final = 10
"""Connections kept, and requests under way, at most."""

KEPT_IDLE: Final = 30.0
"""Seconds; longer than the poll interval, shorter than what load balancers and NATs forget."""

_Origin: TypeAlias = tuple[str, str, int | None]


class Ways(Protocol):
    """Where requests go out."""

    def way_to(self, url: httpx.URL) -> AbstractAsyncContextManager[httpx.AsyncBaseTransport]:
        """What carries one request to `url` and brings its answer. Raises ServiceError where nothing can."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...


class Given:
    """A transport that stands in for the network."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    def way_to(self, url: httpx.URL) -> AbstractAsyncContextManager[httpx.AsyncBaseTransport]:  # noqa: ARG002
        """The transport, wherever to."""
        return nullcontext(self._transport)

    async def aclose(self) -> None:
        """Close the transport."""
        await self._transport.aclose()


@dataclass(slots=True, eq=False)
class _Line:
    """A connection to one origin, with the transport that opens it again when it is lost."""

    origin: _Origin
    transport: httpx.AsyncBaseTransport
    busy: bool = False
    used: float = 0.0
    """When its last request ended."""


class ConnectionPool:
    """At most CONNECTIONS connections, each with a transport of its own, which `make` makes for a URL.

    One transport for all would look through all of them twice for each request, and ask the system about each idle
    one: a fifth of a read's CPU. `monotonic` gives seconds.
    """

    def __init__(
        self, make: Callable[[httpx.URL], httpx.AsyncBaseTransport], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._make = make
        self._now = monotonic
        self._lines: list[_Line] = []  # the one used last stands last
        self._room = asyncio.Semaphore(CONNECTIONS)
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def way_to(self, url: httpx.URL) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """A connection for one request; waits while all are busy."""
        async with self._room:
            line = self._line((url.scheme, url.host, url.port), url)
            line.busy = True
            self._let_go()
            try:
                yield line.transport
            finally:
                line.busy, line.used = False, self._now()
                if line in self._lines:  # else closed meanwhile
                    self._lines.remove(line)
                    self._lines.append(line)

    async def aclose(self) -> None:
        """Close every connection, busy ones too."""
        lines, self._lines = self._lines, []
        await asyncio.gather(*self._closing, *map(_close, lines))

    def _line(self, origin: _Origin, url: httpx.URL) -> _Line:
        """The line there that was used last, so that those not needed grow old; else a new one."""
        line = next((line for line in reversed(self._lines) if line.origin == origin and not line.busy), None)
        if line is None:
            line = _Line(origin, self._make(url))
            self._lines.append(line)
        return line

    def _let_go(self) -> None:
        """Close what nobody has needed for long, and what is one too many. No request waits for it or fails by it."""
        long_ago = self._now() - KEPT_IDLE
        for line in [line for line in self._lines if not line.busy]:
            if line.used < long_ago or len(self._lines) > CONNECTIONS:
                self._lines.remove(line)
                closing = asyncio.create_task(_close(line), name=f"hottui-close {line.origin[1]}")
                self._closing.add(closing)
                closing.add_done_callback(self._closing.discard)


async def _close(line: _Line) -> None:
    """Close a connection, which may be lost already: then there is nothing left to close."""
    with suppress(OSError, httpx.HTTPError):
        await line.transport.aclose()
