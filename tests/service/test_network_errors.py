"""Faults of a request over real HTTP: each raises one ServiceError with a plain message."""

import asyncio
import errno
import socket
import ssl
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from hottui.service.errors import OtherAnswer, ServiceError, Throttled, TimedOut, Unreachable, Unreadable
from tests.service.conftest import MakeClient, RefAt
from tests.service.raw_server import (
    SECRET,
    TOKEN,
    Handler,
    envelope,
    gateway_reply,
    gzipped,
    raw_server,
    resets,
    response,
    sends,
    sends_in_turn,
)

HTML = b"\n<!DOCTYPE html><html><title>Sign in</title></html>"
BOMB = b" " * (33 * 1024 * 1024)


async def _drips(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(response(b"", content_length="1000"))
    while True:
        writer.write(b"{")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _floods(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
    while True:
        writer.write(b" " * 65536)
        await writer.drain()


async def _hangs_up(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.close()


FAULTS: dict[str, tuple[Handler, type[ServiceError], str]] = {
    "reset": (resets, Unreachable, "reset"),
    "no answer": (_hangs_up, Unreachable, "closed the connection"),
    "dripping": (_drips, TimedOut, "did not answer completely within 0.5 s"),
    "not HTTP": (sends(b"SSH-2.0-OpenSSH_9.6\r\n"), Unreachable, "closed the connection"),
    "body cut off": (sends(response(b"{", content_length="50")), Unreachable, "before the answer was complete"),
    "chunks cut off": (
        sends(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"),
        Unreachable,
        "before the answer was complete",
    ),
    "gzip cut off": (sends(gzipped(b'{"success": true}' * 100, keep=-9)), Unreadable, "truncated"),
    "gzip cut to nothing": (sends(gzipped(b"{}", keep=5)), Unreadable, "truncated"),
    "not gzip": (sends(response(b"{}", content_encoding="gzip")), Unreadable, "is not"),
    "brotli": (sends(response(b"{}", content_encoding="br")), Unreadable, "content encoding 'br'"),
    "empty": (sends(response(b"")), Unreadable, "empty"),
    "empty gzip": (sends(response(b"", content_encoding="gzip")), Unreadable, "empty"),
    "no content": (sends(b"HTTP/1.1 204 No Content\r\n\r\n"), Unreachable, "HTTP 204"),
    "HTML": (sends(response(HTML, content_type="text/html")), Unreadable, "HTML page"),
    "HTML labelled as JSON": (sends(response(HTML)), Unreadable, "HTML page"),
    "packed HTML": (sends(gzipped(HTML)), Unreadable, "HTML page"),
    "bad gateway": (sends(response(HTML, 502)), Unreachable, "HTTP 502 with an HTML page"),
    "gateway time-out": (sends(response(b"", 504)), Unreachable, "HTTP 504"),
    "bad gateway, packed badly": (sends(response(b"?", 502, content_encoding="gzip")), Unreachable, "HTTP 502"),
    "proxy auth": (sends(response(HTML, 407)), Unreachable, "proxy requires"),
    "another server": (sends(response(b"not found", 404)), Unreachable, "HTTP 404"),
    "flood": (_floods, Unreadable, "larger than 32 MiB"),
    "bomb": (sends(gzipped(BOMB)), Unreadable, "larger than 32 MiB"),
    "many values": (
        sends(gzipped(b'{"success":true,"data":{"a":[' + b"[]," * 7_000_000)),
        Unreadable,
        "2,000,000 values",
    ),
    "GBK": (sends(response('{"success": "成功"}'.encode("gbk"))), Unreadable, "not UTF-8"),
    "deep": (sends(response(b"[" * 200_000)), Unreadable, "nested too deeply"),
    "deep object": (
        sends(response(b'{"success":true,"data":' + b'{"a":' * 200_000)),
        Unreadable,
        "nested too deeply",
    ),
    "NaN": (sends(response(b'{"success": NaN}')), Unreadable, "NaN"),
    "a list": (sends(response(b"[]")), Unreadable, "not a JSON object"),
    "data is text": (sends(envelope(success=True, data="text")), Unreadable, "`data`"),
    "data is a list": (sends(envelope(success=True, data=[])), Unreadable, "`data`"),
    "no result": (sends(envelope(success=True)), Unreadable, "no result"),
    "success is missing": (sends(response(b'{"requestId": "r"}')), Unreadable, "`success`"),
    "error with status 200": (sends(gateway_reply(200, "Throttling.User", "Slow down")), Throttled, "Slow down"),
    "JSON cut off": (sends(response(b'{"success": true, "data": {"jobId": "a')), Unreadable, "not JSON"),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_each_fault_raises_one_error(name: str, make_client: MakeClient, ref_at: RefAt) -> None:
    handler, kind, words = FAULTS[name]
    deadline = 0.5 if name == "dripping" else 60.0
    async with raw_server(handler) as server:
        with pytest.raises(ServiceError) as caught:
            await make_client(deadline=deadline).read(ref_at(server.url))
    error = caught.value
    assert type(error) is kind, error.message
    assert words in error.message
    assert error.message.endswith(".")
    assert "\n" not in error.message
    assert SECRET not in error.message + error.hint
    assert TOKEN not in error.message + error.hint
    assert len(server.requests) == 1, "a failed request is not sent again"


async def test_errors_have_the_request_id_of_the_header(make_client: MakeClient, ref_at: RefAt) -> None:
    header = "R-HEADER"
    answers = {
        "drips": (response(b"{", content_length="1000", x_acs_request_id=header), TimedOut),
        "HTML": (response(HTML, 200, x_acs_request_id=header), Unreadable),
        "bad gateway": (response(HTML, 502, x_acs_request_id=header), Unreachable),
        "redirect": (response(b"", 302, location="https://elsewhere.invalid", x_acs_request_id=header), Unreachable),
        "gzip": (response(b"?", content_encoding="gzip", x_acs_request_id=header), Unreadable),
        "no word": (response(b"{}", x_acs_request_id=header), Unreadable),
        "no result": (response(b'{"success": true, "data": {}}', x_acs_request_id=header), Unreadable),
        "another's": (
            response(b'{"success": true, "data": {"jobHotUpdateId": "x"}}', x_acs_request_id=header),
            OtherAnswer,
        ),
        "throttled": (response(b"", 429, x_acs_request_id=header), Throttled),
    }
    for name, (answer, kind) in answers.items():
        async with raw_server(sends_in_turn(answer)) as server:
            with pytest.raises(ServiceError) as caught:
                await make_client(deadline=0.5 if name == "drips" else 60.0).read(ref_at(server.url))
        assert type(caught.value) is kind, name
        assert caught.value.request_id == "R-HEADER", name


async def test_answers_without_a_request_id_have_that_of_the_header(
    make_client: MakeClient, ref_at: RefAt, example: bytes
) -> None:
    nameless = b'{"success": true, "data": {"status": {"status": "INIT"}}}'
    header = "R-HEADER"
    async with raw_server(
        sends_in_turn(response(nameless, x_acs_request_id=header), response(example, x_acs_request_id=header))
    ) as server:
        client = make_client()
        assert (await client.read(ref_at(server.url))).request_id == "R-HEADER"
        named = await client.read(ref_at(server.url))
        assert named.request_id == named.answer.envelope.request_id != "R-HEADER"


async def test_an_answer_about_another_id_is_rejected(make_client: MakeClient, ref_at: RefAt) -> None:
    def about(name: object) -> bytes:
        return envelope(success=True, data={"jobHotUpdateId": name, "status": {"status": "INIT"}})

    for same in ("an-id", "AN-ID", " an-id ", "", None, '""', [1]):
        async with raw_server(sends_in_turn(about(same))) as server:
            await make_client().read(ref_at(server.url))
    for other in ("an-id2", "an", "x" * 5000, "\x1b[2J", 7):
        async with raw_server(sends_in_turn(about(other))) as server:
            with pytest.raises(OtherAnswer, match="is about another hot update") as caught:
                await make_client().read(ref_at(server.url))
            assert caught.value.request_id == "A-REQUEST"
            assert "\x1b" not in caught.value.message
            assert "an-id" in caught.value.message


class _Broken(httpx.AsyncBaseTransport):
    """A transport that raises an error when a request is sent, or with `late` while the body is read."""

    def __init__(self, error: Exception, *, late: bool) -> None:
        self._error = error
        self._late = late

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self._late:
            raise self._error
        return httpx.Response(200, stream=_Breaking(self._error))


class _Breaking(httpx.AsyncByteStream):
    def __init__(self, error: Exception) -> None:
        self._error = error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"{"
        raise self._error


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    "error", [httpx.StreamClosed(), httpx.StreamConsumed(), OSError(errno.EPIPE, "broken"), ssl.SSLError("odd")]
)
async def test_every_transport_error_raises_one_error(
    error: Exception, late: bool, make_client: MakeClient, ref_at: RefAt
) -> None:
    with pytest.raises(Unreachable) as caught:
        await make_client(transport=_Broken(error, late=late)).read(ref_at("http://127.0.0.1"))
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_reported_and_not_followed(status: int, make_client: MakeClient, ref_at: RefAt) -> None:
    async with raw_server(sends(response())) as elsewhere:
        location = f"http://me:pass@127.0.0.1:{elsewhere.port}/login?token=abc#here"
        async with raw_server(sends(response(HTML, status, location=location))) as server:
            with pytest.raises(Unreachable) as caught:
                await make_client().read(ref_at(server.url))
    assert f"Redirected to http://127.0.0.1:{elsewhere.port}/login (HTTP {status})" in caught.value.message
    assert "abc" not in caught.value.message
    assert elsewhere.requests == []


async def test_cookies_are_not_stored(make_client: MakeClient, ref_at: RefAt, example: bytes) -> None:
    async with raw_server(sends_in_turn(response(example, set_cookie="session=of-a-login-page; Path=/"))) as server:
        client = make_client()
        await client.read(ref_at(server.url))
        await client.read(ref_at(server.url))
    assert len(server.requests) == 2
    assert b"cookie" not in server.requests[1].lower()


async def test_numbers_of_any_length_are_parsed(make_client: MakeClient, ref_at: RefAt) -> None:
    digits = "7" * 6000
    text = '{"success": true, "data": {"status": {"status": "INIT"}, "more": DIGITS}}'.replace("DIGITS", digits)
    async with raw_server(sends(response(text.encode()))) as server:
        reading = await make_client().read(ref_at(server.url))
    assert reading.answer.result.state == "INIT"


async def test_a_refused_connection_names_what_to_check(make_client: MakeClient, ref_at: RefAt) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(Unreachable, match=f"127.0.0.1:{port} refused the connection") as caught:
            await make_client().read(ref_at(f"http://127.0.0.1:{port}"))
    assert "endpoint" in caught.value.hint


async def test_an_unresolvable_host_is_named(make_client: MakeClient, ref_at: RefAt) -> None:
    with pytest.raises(Unreachable, match="not in DNS"):
        await make_client().read(ref_at("https://ververica.nowhere.invalid"))


@pytest.mark.parametrize(
    "part", [{"id": ".."}, {"id": "a/b"}, {"namespace": "."}, {"workspace": "a\r\nhost: evil"}, {"id": "é"}, {"id": ""}]
)
async def test_names_that_cannot_be_sent_are_rejected(
    part: dict[str, Any], make_client: MakeClient, ref_at: RefAt
) -> None:
    from dataclasses import replace

    async with raw_server(sends(response())) as server:
        with pytest.raises(ServiceError):
            await make_client().read(replace(ref_at(server.url), **part))
    assert server.requests == []


@pytest.mark.parametrize(
    "endpoint", ["http://example.invalid", "https://user:pass@127.0.0.1", "file:///etc/passwd", ""]
)
async def test_invalid_endpoints_receive_no_request(endpoint: str, make_client: MakeClient, ref_at: RefAt) -> None:
    with pytest.raises(Unreachable) as caught:
        await make_client().read(ref_at(endpoint))
    assert "pass" not in caught.value.message.replace("passwd", "")


async def test_requests_to_loopback_bypass_proxies(
    make_client: MakeClient, ref_at: RefAt, monkeypatch: pytest.MonkeyPatch, example: bytes
) -> None:
    async with (
        raw_server(sends(response(b"", 502))) as proxy,
        raw_server(sends(response(example))) as server,
    ):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        reading = await make_client().read(ref_at(server.url))
    assert reading.answer.result.state
    assert proxy.requests == []


async def test_https_uses_the_proxy_of_the_environment(
    make_client: MakeClient, ref_at: RefAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with raw_server(sends(response(b"", 403))) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(Unreachable, match=r"refused to connect to .*: 403"):
            await make_client().read(ref_at("https://ververica.cn-hangzhou.aliyuncs.com"))
    assert proxy.requests[0].startswith(b"CONNECT ververica.cn-hangzhou.aliyuncs.com:443 ")
    assert SECRET.encode() not in proxy.requests[0]
    assert b"authorization" not in proxy.requests[0].lower()


async def _closes(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def test_an_unreachable_proxy_is_named(
    make_client: MakeClient, ref_at: RefAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = ref_at("https://ververica.cn-hangzhou.aliyuncs.com")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
        for variable in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
            with monkeypatch.context() as patch:
                patch.setenv(variable, f"http://me:hunter2@{address}")
                with pytest.raises(Unreachable) as caught:
                    await make_client().read(ref)
            assert caught.value.message == f"The proxy {address} (from {variable}) refused the connection."
            assert "HTTPS_PROXY" in caught.value.hint
            assert "hunter2" not in caught.value.message + caught.value.hint
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.nowhere.invalid:3128")
    with pytest.raises(Unreachable, match=r"The proxy proxy\.nowhere\.invalid:3128 .* cannot be resolved"):
        await make_client().read(ref)


@pytest.mark.parametrize(
    "handler", [resets, _closes, sends(b"SSH-2.0-OpenSSH_9.6\r\n"), sends(response(b"", 502)), _drips]
)
async def test_a_malfunctioning_proxy_is_named(
    handler: Handler, make_client: MakeClient, ref_at: RefAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with raw_server(handler) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(Unreachable, match=f"proxy 127.0.0.1:{proxy.port}") as caught:
            await make_client(deadline=0.5 if handler is _drips else 60.0).read(
                ref_at("https://ververica.x.aliyuncs.com")
            )
    assert "HTTPS_PROXY" in caught.value.hint


@pytest.mark.parametrize("proxy", ["socks5://me:hunter2@127.0.0.1:1", "gopher://me:hunter2@there", "http://[::hunter2"])
async def test_an_unsupported_proxy_is_reported_without_its_password(
    proxy: str, make_client: MakeClient, ref_at: RefAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(Unreachable, match="proxy set in the environment") as caught:
        await make_client().read(ref_at("https://ververica.cn-hangzhou.aliyuncs.com"))
    assert "hunter2" not in caught.value.message + caught.value.hint


async def test_a_cancelled_read_leaves_the_client_usable(
    make_client: MakeClient, ref_at: RefAt, example: bytes
) -> None:
    client = make_client()
    async with raw_server(_drips) as slow, raw_server(sends(response(example))) as server:
        reads = [asyncio.create_task(client.read(ref_at(slow.url))) for _ in range(12)]
        while len(slow.requests) < 10:  # noqa: ASYNC110 — the server has no event to wait for
            await asyncio.sleep(0.01)
        for read in reads:
            read.cancel()
        outcomes = await asyncio.gather(*reads, return_exceptions=True)
        assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
        assert (await client.read(ref_at(server.url))).answer.result.state
