"""A service on a loopback port that can have a fault, be stopped, and be started again on the same port."""

import asyncio
import contextlib
import json
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any
from urllib.parse import unquote

from tests.service.raw_server import Handler, envelope, gateway_reply, header_of, response

TOLERANCE = 900.0
"""Maximum difference between the date of a request and the clock of the service, in seconds."""


def result(state: str, **more: Any) -> dict[str, Any]:
    """Return the `data` of an answer about a job whose requested parallelism is 10."""
    asked = {"rescaleJobParam": {"jobParallelism": 10}}
    target = {"streamingResourceSetting": {"basicResourceSetting": {"parallelism": 10}}}
    status = {"status": state, "failure": {"reason": "", "message": "", "failureSeverity": ""}}
    return {"jobId": "a-job", "status": status, "hotUpdateParams": asked, "targetResourceSetting": target, **more}


@dataclass
class Backend:
    """Answers with the state of an ID in `states`, or 404; `fault`, if set, handles the requests instead."""

    clock: Callable[[], float]
    states: dict[str, str] = field(default_factory=dict)
    fault: Handler | None = None
    key: str = ""
    """The only accepted access key ID; empty: any."""
    tls: ssl.SSLContext | None = None
    asked: Counter[str] = field(default_factory=Counter)
    port: int = 0
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        """The endpoint."""
        return f"https://localhost:{self.port}" if self.tls else f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start to serve, on the same port as before if there was one."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                self.asked[_id_in(head)] += 1
                await (self.fault or self._answer)(head, writer)
                await writer.drain()
        writer.close()

    async def _answer(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        date = {"date": formatdate(self.clock(), usegmt=True)}
        signed = datetime.strptime(header_of(head, "x-acs-date") or "", "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        state = self.states.get(_id_in(head))
        if abs(signed.timestamp() - self.clock()) > TOLERANCE:
            writer.write(gateway_reply(400, "InvalidTimeStamp.Expired", "Specified time stamp is expired.", **date))
        elif self.key and f"Credential={self.key}," not in (header_of(head, "authorization") or ""):
            writer.write(
                gateway_reply(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.", **date)
            )
        elif state is None:
            writer.write(envelope(success=False, errorCode="HotUpdateNotFound", errorMessage="It does not exist."))
        else:
            writer.write(envelope(success=True, data=result(state)))


def _id_in(head: bytes) -> str:
    return unquote(head.split(b" ", 2)[1].rpartition(b"/")[2].decode("ascii"))


@contextlib.asynccontextmanager
async def running(backend: Backend) -> AsyncIterator[Backend]:
    """Run `backend` within the context."""
    await backend.start()
    try:
        yield backend
    finally:
        await backend.stop()


def sends_json(value: Any) -> Handler:
    """Return a handler that sends `value` as JSON with status 200."""
    body = response(json.dumps(value).encode())

    async def handler(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(body)

    return handler


def always_sends(answer: bytes) -> Handler:
    """Return a handler that sends `answer` to every request and keeps the connection open."""

    async def handler(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    return handler
