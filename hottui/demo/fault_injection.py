"""Fault injection: handlers wrapped with latency, a quota, or random faults."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final, TypeAlias

from hottui.demo.asgi import Handler, Reply, Request
from hottui.demo.gateway import Refused, not_permitted, refusal

RequestIds = Callable[[], str]
Fault: TypeAlias = Callable[[Handler, Request, str], Awaitable[Reply]]
"""Replies to a request in place of a handler; the text is the request ID."""
_HTML: Final = "text/html;charset=utf-8"


@dataclass(frozen=True, slots=True)
class Throttling:
    """How the gateway throttles: status (429 or 400), error code, and the headers with the time to wait."""

    status: int = 429
    code: str = "Throttling.User"
    headers: tuple[tuple[str, str], ...] = (("retry-after", "1"),)

    def refused(self) -> Refused:
        """Return the corresponding error."""
        return Refused(self.status, self.code, "Request was denied due to user flow control.", self.headers)


def delayed(inner: Handler, seconds: float) -> Handler:
    """Wrap `inner` with a delay of `seconds`."""

    async def handle(request: Request) -> Reply:
        await asyncio.sleep(seconds)
        return await inner(request)

    return handle


def rationed(
    inner: Handler,
    per_second: float,
    throttling: Throttling,
    request_ids: RequestIds,
    monotonic: Callable[[], float] = time.monotonic,
) -> Handler:
    """Wrap `inner` with a quota of `per_second` requests in any one second; the others are throttled."""
    admitted: deque[float] = deque()

    async def handle(request: Request) -> Reply:
        now = monotonic()
        while admitted and admitted[0] <= now - 1.0:
            admitted.popleft()
        if len(admitted) >= per_second:
            return refusal(throttling.refused(), request, request_ids())
        admitted.append(now)
        return await inner(request)

    return handle


def chaotic(inner: Handler, probability: float, rng: Random, request_ids: RequestIds) -> Handler:
    """Wrap `inner` to fail randomly, in the ways gateways and proxies do."""

    async def handle(request: Request) -> Reply:
        if rng.random() >= probability:
            return await inner(request)
        fault = rng.choice(FAULTS)
        return await fault(inner, request, request_ids())

    return handle


def faulty(inner: Handler, faults: Mapping[str, Fault], request_ids: RequestIds) -> Handler:
    """Wrap `inner` so that each request whose action is in `faults` meets that fault."""

    async def handle(request: Request) -> Reply:
        fault = faults.get(request.headers.get("x-acs-action", ""))
        return await (inner(request) if fault is None else fault(inner, request, request_ids()))

    return handle


def slow(seconds: float) -> Fault:
    """Return a fault that delays the reply by `seconds`."""

    async def fault(inner: Handler, request: Request, _request_id: str) -> Reply:
        return await delayed(inner, seconds)(request)

    return fault


def replaced(reply: Reply) -> Fault:
    """Return a fault that replies with `reply` to everything."""

    async def fault(_inner: Handler, _request: Request, _request_id: str) -> Reply:
        return reply

    return fault


async def denied(_inner: Handler, request: Request, request_id: str) -> Reply:
    """Deny the permission, as the gateway does."""
    return refusal(not_permitted(), request, request_id)


async def throttled(_inner: Handler, request: Request, request_id: str) -> Reply:
    """Throttle with HTTP 429 and a time to wait."""
    return refusal(Throttling().refused(), request, request_id)


async def _internal_error(_inner: Handler, request: Request, request_id: str) -> Reply:
    refused = Refused(500, "InternalError", "The request processing has failed due to some unknown error.")
    return refusal(refused, request, request_id)


async def _out_of_service(_inner: Handler, request: Request, request_id: str) -> Reply:
    return refusal(Refused(503, "ServiceUnavailable", "The service is temporarily unavailable."), request, request_id)


async def _throttled_as_400(_inner: Handler, request: Request, request_id: str) -> Reply:
    return refusal(Throttling(400, "Throttling", ()).refused(), request, request_id)


async def _bad_gateway(_inner: Handler, _request: Request, _request_id: str) -> Reply:
    return Reply(502, b"<html><head><title>502 Bad Gateway</title></head><body>proxy</body></html>", _HTML)


async def _gateway_timeout(_inner: Handler, _request: Request, _request_id: str) -> Reply:
    return Reply(504, b"<html><head><title>504 Gateway Time-out</title></head></html>", _HTML)


async def _login_page(_inner: Handler, _request: Request, _request_id: str) -> Reply:
    return Reply(200, b"<!DOCTYPE html><html><title>Sign in</title><form action='/login'></form></html>", _HTML)


async def _login_redirect(_inner: Handler, _request: Request, _request_id: str) -> Reply:
    return Reply(302, b"", _HTML, (("location", "https://login.example.invalid/?next=/api"),))


async def _cut_off(inner: Handler, request: Request, _request_id: str) -> Reply:
    whole = await inner(request)
    return Reply(whole.status, whole.body[: len(whole.body) // 2], whole.content_type, whole.headers)


async def _another_charset(_inner: Handler, _request: Request, _request_id: str) -> Reply:
    return Reply(200, '{"requestId": "", "success": false, "errorMessage": "服务不可用"}'.encode("gbk"))


FAULTS: Final = (
    _internal_error, _out_of_service, throttled, _throttled_as_400, _bad_gateway, _gateway_timeout, _login_page,
    _login_redirect, _cut_off, _another_charset,
)  # fmt: skip
