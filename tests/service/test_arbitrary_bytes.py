"""Property-based tests: whatever bytes are received, a read returns an answer or raises a ServiceError."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from hottui.analysis.answer_summary import summarize
from hottui.model.control_characters import visible
from hottui.model.masking.messages import LONGEST
from hottui.model.ref import Ref
from hottui.service.client import Client
from hottui.service.credentials import Credentials, StaticCredentials
from hottui.service.error_codes import gateway_error
from hottui.service.errors import InternalError, ServiceError
from tests.service.raw_server import RawServer, gzipped, raw_server, response

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("requestId", "success", "httpCode", "errorCode", "errorMessage", "data", "Code", "Message")
DATA_FIELDS = ("jobHotUpdateId", "jobId", "status", "hotUpdateParams", "targetResourceSetting")
DATA = JSON | st.dictionaries(st.sampled_from(DATA_FIELDS), JSON)
ENVELOPE = st.dictionaries(st.sampled_from(FIELDS), JSON) | st.fixed_dictionaries({"success": JSON, "data": DATA})
BODY = st.binary(max_size=200) | JSON.map(_encoded := lambda value: json.dumps(value).encode()) | ENVELOPE.map(_encoded)
HEADER = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=30)
STATUS = st.sampled_from([200, 200, 200, 204, 301, 302, 400, 403, 404, 407, 429, 500, 502, 503, 999])

relaxed = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Exchange:
    """A client, and a server that sends given bytes, on their own event loop."""

    def __init__(self, runner: asyncio.Runner, server: RawServer, client: Client) -> None:
        self._runner = runner
        self._ref = Ref(server.url, "w", "n", "i")
        self._client = client
        self.answer = b""

    async def handler(self, _: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(self.answer)
        writer.close()

    def read(self, answer: bytes) -> None:
        """Read once while the server sends `answer`."""
        self.answer = answer
        self._runner.run(self._read())

    async def _read(self) -> None:
        try:
            reading = await self._client.read(self._ref)
        except ServiceError as refusal:
            error = refusal
        else:
            summarize(reading.answer)
            return
        check(error)


def check(error: ServiceError) -> None:
    """Check that the error is not internal, and that its message is visible text of limited length."""
    assert not isinstance(error, InternalError)
    assert visible(error.message) == error.message
    assert len(error.message) <= LONGEST


@pytest.fixture(scope="module")
def exchange() -> Iterator[Exchange]:
    source = StaticCredentials(Credentials("key", SecretStr("secret-1")))

    async def handler(head: bytes, writer: asyncio.StreamWriter) -> None:
        await created.handler(head, writer)

    with asyncio.Runner() as runner:
        serving = raw_server(handler)
        server = runner.run(_enter(serving))
        client = Client(lambda _: source, deadline=60.0)
        created = Exchange(runner, server, client)
        yield created
        runner.run(client.aclose())
        runner.run(_leave(serving))


async def _enter(serving: AbstractAsyncContextManager[RawServer]) -> RawServer:
    return await serving.__aenter__()


async def _leave(serving: AbstractAsyncContextManager[RawServer]) -> None:
    await serving.__aexit__(None, None, None)


@relaxed
@given(st.binary(max_size=300))
def test_arbitrary_bytes_instead_of_http(exchange: Exchange, noise: bytes) -> None:
    exchange.read(noise)


@relaxed
@given(BODY, STATUS)
def test_arbitrary_bodies(exchange: Exchange, body: bytes, status: int) -> None:
    exchange.read(response(body, status))


@relaxed
@given(BODY, st.integers(0, 60))
def test_arbitrary_gzip_data(exchange: Exchange, body: bytes, lost: int) -> None:
    exchange.read(gzipped(body, keep=-lost or None))


@relaxed
@given(
    st.sampled_from(
        [
            "content-encoding",
            "content-type",
            "content-length",
            "transfer-encoding",
            "location",
            "date",
            "x-acs-request-id",
        ]
    ),
    HEADER,
    BODY,
    STATUS,
)
def test_arbitrary_headers(exchange: Exchange, name: str, text: str, body: bytes, status: int) -> None:
    head = f"HTTP/1.1 {status} X\r\n{name}: {text}\r\n\r\n".encode("latin-1")
    exchange.read(head + body)


@relaxed
@given(
    st.integers(100, 999),
    st.dictionaries(st.sampled_from(["date", "retry-after", "x-acs-retry-after", "location"]), st.text()),
    BODY,
    st.lists(st.text(), max_size=2),
)
def test_arbitrary_error_bodies(status: int, headers: dict[str, str], body: bytes, secrets: list[str]) -> None:
    error = gateway_error(status, headers, body, now=1.0, secrets=secrets)
    check(error)
