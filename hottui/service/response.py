"""Parsing a response: returns the answer, or raises the ServiceError that describes what was received instead."""

from typing import Final

import httpx

from hottui.model.answer import Answer, UnreadableAnswer, read_answer
from hottui.model.control_characters import shorten
from hottui.model.ref import MAX_NAME
from hottui.service.body_decoding import NO_HOT_UPDATE, Body
from hottui.service.error_body import looks_like_html, read_error_body
from hottui.service.error_codes import gateway_error, service_error
from hottui.service.errors import OtherAnswer, ServiceError, Unreadable

MAX_VALUES: Final = 2_000_000
"""Maximum number of JSON values in an answer: twenty times a plan of 5,000 nodes. 32 MiB can contain ten times as many,
which take Python most of a minute and a gigabyte to parse, and block the event loop meanwhile."""

_SEPARATORS: Final = (b",", b"[", b"{")
"""Each of these is followed by at most one value; occurrences within strings are counted as well."""


def parse_response(
    status: int, headers: httpx.Headers, body: Body, now: float, secrets: tuple[str, ...], *, asked: str
) -> Answer:
    """Return the answer about the ID `asked`, received at local time `now`. Raises ServiceError.

    `secrets` are masked in error messages.
    """
    if status != 200:
        raise gateway_error(status, headers, _unpacked_or_empty(body), now=now, secrets=secrets)
    plain = body.unpack()
    if not plain.strip():
        raise Unreadable("The answer is empty.", hint="A proxy may drop response bodies: check the proxy.")
    if looks_like_html(plain):
        raise Unreadable(
            "Received an HTML page instead of an answer.",
            hint="A proxy or login page answers instead of the service: sign in to the network, or check the proxy.",
        )
    if len(plain) > MAX_VALUES and sum(map(plain.count, _SEPARATORS)) > MAX_VALUES:
        raise Unreadable(
            f"The answer contains more than {MAX_VALUES:,} values; hottui did not parse it.", hint=NO_HOT_UPDATE
        )
    try:
        answer = read_answer(plain)
    except UnreadableAnswer as error:
        raise _not_an_answer(f"The answer cannot be read: {error}.", headers, plain, now, secrets) from None
    if not answer.envelope.success:
        raise service_error(answer.envelope, headers, now=now, secrets=secrets)
    if not (answer.result.state or answer.result.job_hot_update_id):
        raise _not_an_answer("The service reported success but returned no result.", headers, plain, now, secrets)
    _check_id(answer, asked)
    return answer


def _check_id(answer: Answer, asked: str) -> None:
    """Raise OtherAnswer if `answer` is about another ID than `asked`."""
    other = answer.mismatched_id(asked)
    if other:
        raise OtherAnswer(
            f"The answer is about another hot update ({shorten(other, MAX_NAME)}) than {asked}.",
            hint="A cache or proxy may mix up answers: check endpoint and proxy.",
            request_id=answer.envelope.request_id,
        )


def _not_an_answer(
    message: str, headers: httpx.Headers, plain: bytes, now: float, secrets: tuple[str, ...]
) -> ServiceError:
    """Return the gateway's error if the body contains one, whatever status a proxy gave it; else Unreadable."""
    error = read_error_body(plain)
    if error:
        return gateway_error(200, headers, plain, now=now, secrets=secrets)
    hint = "A proxy may modify answers: check endpoint and proxy."
    return Unreadable(message, hint=hint, request_id=error.request_id)


def _unpacked_or_empty(body: Body) -> bytes:
    """Return the unpacked body, or nothing if it cannot be unpacked: the status alone is an error to report."""
    try:
        return body.unpack()
    except Unreadable:
        return b""
