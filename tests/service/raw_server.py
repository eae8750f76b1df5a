"""A server that sends arbitrary bytes, for responses that no correct server would send."""

import asyncio
import contextlib
import gzip
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

SECRET = "a-secret-that-nobody-may-see"
TOKEN = "CAISTokenThatNobodyMaySee+/=="

Handler = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawServer:
    """`requests` are the heads of the received requests, in order."""

    port: int = 0
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.asynccontextmanager
async def raw_server(
    handler: Handler, *, tls: ssl.SSLContext | None = None, until: bytes = b"\r\n\r\n"
) -> AsyncIterator[RawServer]:
    """Serve on a free loopback port; `handler` is called with each request, whose head ends with `until`."""
    served = RawServer()
    writers: set[asyncio.StreamWriter] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                head = await reader.readuntil(until)
                served.requests.append(head)
                await handler(head, writer)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        # Let the last callbacks of the transports run before the loop is closed.
        await asyncio.sleep(0)
        await asyncio.sleep(0)


def sends(answer: bytes) -> Handler:
    """Return a handler that sends `answer`, then closes the connection."""

    async def handler(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        with contextlib.suppress(OSError):
            await writer.drain()
        writer.close()

    return handler


def sends_in_turn(*answers: bytes) -> Handler:
    """Return a handler that sends one answer per request, in order; the last one repeatedly."""
    left = list(answers)

    async def handler(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(left.pop(0) if len(left) > 1 else left[0])

    return handler


async def resets(_: bytes, writer: asyncio.StreamWriter) -> None:
    """Reset the connection."""
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def response(body: bytes = b"", status: int = 200, **headers: str) -> bytes:
    """Return an HTTP response; underscores in the names of `headers` stand for hyphens."""
    fields = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        **{name.replace("_", "-"): text for name, text in headers.items()},
    }
    head = "".join(f"{name}: {text}\r\n" for name, text in fields.items())
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode() + body


def gzipped(body: bytes, keep: int | None = None) -> bytes:
    """Return an HTTP response with `body` compressed by gzip, truncated after `keep` bytes."""
    return response(gzip.compress(body)[:keep], content_encoding="gzip")


def gateway_reply(status: int, code: str, message: str = "", **headers: str) -> bytes:
    """Return an error response of the gateway."""
    fields = {"RequestId": "A-REQUEST", "HostId": "a-host", "Code": code, "Message": message, "Recommend": ""}
    return response(json.dumps(fields).encode(), status, **headers)


def envelope(**fields: Any) -> bytes:
    """Return an HTTP response with an envelope of the service."""
    whole = {"requestId": "A-REQUEST", "httpCode": 200, "errorCode": '""', "errorMessage": '""', "data": {}, **fields}
    return response(json.dumps(whole).encode())


def header_of(head: bytes, name: str) -> str | None:
    """Return the value of a header in the head of a request."""
    for line in head.decode("latin-1").split("\r\n")[1:]:
        key, _, value = line.partition(": ")
        if key.lower() == name:
            return value
    return None
