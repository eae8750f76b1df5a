"""The fault table: what can be received instead of an answer, and what the screen shows."""

import asyncio
import gzip
import json
from dataclasses import dataclass
from typing import Any

from hottui.model.state import HOT_UPDATED, HOT_UPDATING, Freshness
from tests.faults.backend import always_sends, result, sends_json
from tests.service.raw_server import Handler, envelope, gateway_reply, gzipped, resets, response, sends

LIVE, STALE, GONE, DENIED = Freshness.LIVE, Freshness.STALE, Freshness.GONE, Freshness.DENIED
HTML = b"<!DOCTYPE html><html><title>Sign in</title></html>"
XML = b"<?xml version='1.0'?><Error><Code>ServiceUnavailable</Code><Message>Come back later</Message></Error>"
GOOD = json.dumps({"requestId": "r", "success": True, "data": result(HOT_UPDATING)}).encode()


@dataclass(frozen=True)
class Fault:
    """A fault: how the service responds, and the expected freshness, message and pause of the account."""

    name: str
    handler: Handler
    freshness: Freshness
    words: str
    held: bool = False
    slowed: bool = False
    deadline: float = 30.0
    """Seconds for one read; short only if the fault is that no answer is received."""

    def __str__(self) -> str:
        return self.name


def _gateway(status: int, code: str, freshness: Freshness, words: str, *, held: bool = False) -> Fault:
    return Fault(f"{status} {code}", always_sends(gateway_reply(status, code, "Said so")), freshness, words, held)


def _throttled(status: int, code: str, words: str = "Too many requests", **hints: str) -> Fault:
    name = " ".join((str(status), code, *hints))
    return Fault(name, always_sends(gateway_reply(status, code, "Slow down", **hints)), LIVE, words, slowed=True)


def _body(name: str, body: bytes, words: str, status: int = 200, **headers: str) -> Fault:
    return Fault(name, always_sends(response(body, status, **headers)), STALE, words)


def _service_error(
    name: str, code: str, message: str, freshness: Freshness, words: str, *, held: bool = False
) -> Fault:
    answer = envelope(success=False, errorCode=code, errorMessage=message, data=None)
    return Fault(name, always_sends(answer), freshness, words, held)


async def _drips(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(response(b"", content_length="100000"))
    while True:
        writer.write(b"{")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _hangs(_: bytes, writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():  # noqa: ASYNC110 — the fault is that nothing is sent
        await asyncio.sleep(0.02)


async def _hangs_up(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _echoes(head: bytes, writer: asyncio.StreamWriter) -> None:
    """Echo the request in the error message, as gateways do for signatures, including its token and signature."""
    message = "The request signature does not conform. server StringToSign is " + head.decode("latin-1")
    writer.write(gateway_reply(400, "SignatureDoesNotMatch", message))


FAULTS = (
    # Errors of the gateway
    _gateway(400, "SignatureDoesNotMatch", DENIED, "Signature rejected", held=True),
    _gateway(400, "IncompleteSignature", DENIED, "Signature rejected", held=True),
    Fault("an error that echoes the request", _echoes, DENIED, "Signature rejected", held=True),
    _gateway(400, "InvalidTimeStamp.Expired", DENIED, "This machine's clock", held=True),
    _gateway(400, "SignatureNonceUsed", STALE, "received the same request twice"),
    _gateway(404, "InvalidAccessKeyId.NotFound", DENIED, "Access key rejected", held=True),
    _gateway(403, "InvalidAccessKeyId.Inactive", DENIED, "Access key rejected", held=True),
    _gateway(400, "InvalidSecurityToken.Expired", DENIED, "Security token rejected", held=True),
    _gateway(400, "InvalidSecurityToken.Malformed", DENIED, "Security token rejected", held=True),
    _gateway(403, "NoPermission", DENIED, "Access denied", held=True),
    _gateway(403, "Forbidden.RAM", DENIED, "Access denied", held=True),
    _gateway(503, "ServiceUnavailable", STALE, "The service reported an error"),
    _gateway(500, "InternalError", STALE, "The service reported an error"),
    Fault("503 in XML", always_sends(response(XML, 503)), STALE, "Come back later"),
    _throttled(429, "Throttling"),
    _throttled(429, "Throttling.User", "retry after 3 s", retry_after="3"),
    _throttled(400, "Throttling.Api"),
    _throttled(400, "Throttling.User", "retry after 2.5 s", x_acs_retry_after="2500"),
    # Errors of the service
    _service_error("success=false, no permission", "NoPermission", "No.", DENIED, "Access denied", held=True),
    _service_error("success=false, another spelling", "NO_PERMISSION", "No.", DENIED, "Access denied", held=True),
    _service_error("success=false, a numeric code", "990301", "Gone.", GONE, "990301 – Gone"),
    _service_error("success=false, by message", "E-17", "当前用户没有权限", DENIED, "Access denied", held=True),
    _service_error("success=false, not found", "HotUpdateNotFound", "It does not exist.", GONE, "Hot update not found"),
    _service_error("success=false, another code", "E-4711", "Something is wrong", STALE, "E-4711 – Something is wrong"),
    # Proxies and gateways
    _body("502 page", HTML, "HTTP 502 with an HTML page", 502),
    _body("504 page", HTML, "HTTP 504 with an HTML page", 504),
    _body("502 without a body", b"", "returned HTTP 502", 502),
    _body("407", b"", "proxy requires a user name", 407),
    _body("403 page", HTML, "HTTP 403 with an HTML page", 403),
    _body("redirect to a login", b"", "Redirected to https://login.invalid/x (HTTP 302)", 302,
          location="https://login.invalid/x?token=abc"),
    _body("login page as an answer", HTML, "Received an HTML page"),
    Fault("429 page", always_sends(response(HTML, 429)), LIVE, "Too many requests: a proxy or gateway", slowed=True),
    # Network
    Fault("reset", resets, STALE, "was reset"),
    Fault("connection closed", _hangs_up, STALE, "closed the connection"),
    Fault("not HTTP", sends(b"SSH-2.0-OpenSSH_9.6\r\n"), STALE, "closed the connection"),
    Fault("dripping", _drips, STALE, "did not answer completely within", deadline=5.0),
    Fault("silent", _hangs, STALE, "did not answer completely within", deadline=5.0),
    Fault("body cut off", sends(response(GOOD[:-5], content_length=str(len(GOOD)))), STALE, "before the answer was"),
    Fault("JSON cut off", always_sends(response(GOOD[:-5])), STALE, "cannot be read"),
    Fault("gzip cut off", always_sends(gzipped(GOOD, keep=-9)), STALE, "truncated"),
    # Bodies
    _body("empty", b"", "answer is empty"),
    _body("deep JSON", b'{"success":true,"data":' + b'{"a":' * 100_000, "nested too deeply"),
    _body("GBK", '{"success": false, "errorMessage": "服务不可用"}'.encode("gbk"), "(服务不可用)"),
    _body("NaN", b'{"success": NaN}', "NaN"),
    _body("a list", b"[]", "not a JSON object"),
    Fault("data is text", sends_json({"success": True, "data": "text"}), STALE, "`data`"),
    Fault("data is a list", sends_json({"success": True, "data": []}), STALE, "`data`"),
    Fault("another's answer", sends_json({"success": True, "data": result(HOT_UPDATED, jobHotUpdateId="x")}), STALE,
          "about another hot update (x) than"),
    Fault("a date in the year 9999", always_sends(gateway_reply(400, "InvalidTimeStamp.Expired", "Said so",
          date="Fri, 31 Dec 9999 23:59:59 GMT")), DENIED, "This machine's clock differs", held=True),
    _body("gzip members without end", gzip.compress(b"") * 20_000, "gzip members", content_encoding="gzip"),
    Fault("data is empty", sends_json({"success": True, "data": {}}), STALE, "returned no result"),
    Fault("success is another word", sends_json({"success": "perhaps", "data": {}}), STALE, "`success`"),
    Fault("no success", sends_json({"requestId": "r"}), STALE, "`success`"),
)  # fmt: skip


def _good(state: str = HOT_UPDATING, **envelope_fields: Any) -> dict[str, Any]:
    return {"requestId": "r", "success": True, "data": result(state), **envelope_fields}


UNUSUAL: dict[str, tuple[dict[str, Any], str]] = {
    "success is text": (_good(success="true"), "UPDATING"),
    "errors are null": (_good(errorCode=None, errorMessage=None, httpCode=None), "UPDATING"),
    "empty text as two quotes": (_good(errorCode='""', errorMessage='""'), "UPDATING"),
    "numbers as text": (_good(httpCode="200"), "UPDATING"),
    "unknown fields": (_good(tomorrow={"a": [1]}), "UPDATING"),
    "a number of 6,000 digits": (_good(data=result(HOT_UPDATING, more=int("7" * 4000))), "UPDATING"),
    "an unknown state": (_good("ROLLING_BACK"), "ROLLING_BACK"),
    "parts of the wrong type": (
        _good(data=result(HOT_UPDATING, hotUpdateParams="none", targetResourceSetting=[])),
        "UPDATING",
    ),
    "an invalid plan": (
        _good(data=result(HOT_UPDATING, targetResourceSetting={"streamingResourceSetting": {
            "resourceSettingMode": "EXPERT", "expertResourceSetting": {"resourcePlan": "{"}}})),
        "UPDATING",
    ),
}  # fmt: skip
"""Unusual answers that are valid: by name, the document and the word on screen."""
