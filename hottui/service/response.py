"""Parsing a response: returns the answer, or raises the ServiceError that describes what was received instead."""

import re
from hashlib import blake2b
from typing import Final

from hottui.model.answer import Answer, DataEnvelope, UnreadableAnswer, read_answer, read_envelope
from hottui.model.control_characters import shorten
from hottui.model.ref import MAX_NAME
from hottui.service.body_decoding import NO_HOT_UPDATE, Body
from hottui.service.call import Response
from hottui.service.error_body import REQUEST_ID, looks_like_html, read_error_body
from hottui.service.error_codes import gateway_error, service_error
from hottui.service.errors import OtherAnswer, ServiceError, Unreadable
from hottui.service.operations import GET_RESULT, Operation

MAX_VALUES: Final = 2_000_000
"""Maximum number of JSON values in an answer: twenty times a plan of 5,000 nodes. 32 MiB can contain ten times as many,
which take Python most of a minute and a gigabyte to parse, and block the event loop meanwhile."""

_REQUEST_IDS: Final = re.compile(rb'"requestId"\s*:\s*"([^"\\]*+)"')
_SEPARATORS: Final = (b",", b"[", b"{")
"""Each of these is followed by at most one value; occurrences within strings are counted as well."""


def parse_response(response: Response, *, asked: str) -> Answer:
    """Return the answer about the hot update ID `asked`. Raises ServiceError."""
    return _answer_in(_plain_body(response, GET_RESULT), response, asked)


def parse_unless_known(response: Response, *, asked: str, known: bytes) -> tuple[Answer | str, bytes]:
    """Return the answer about the hot update ID `asked`, or only its text if its digest is `known`; and the digest.

    `known` is the digest of an earlier good answer about the same ID, or empty. Raises ServiceError.
    """
    plain = _plain_body(response, GET_RESULT)
    digest = answer_digest(plain, response.headers.get(REQUEST_ID, ""))
    return plain.decode("utf-8-sig") if digest == known else _answer_in(plain, response, asked), digest


def answer_digest(body: bytes, request_id: str) -> bytes:
    """Return a digest of `body` without the value of its field `requestId` that is `request_id`."""
    named = next((found for found in _REQUEST_IDS.finditer(body) if found[1] == request_id.encode()), None)
    parts = (body,) if named is None else (memoryview(body)[: named.start(1)], memoryview(body)[named.end(1) :])
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.digest()


def _answer_in(plain: bytes, response: Response, asked: str) -> Answer:
    try:
        answer = read_answer(plain)
    except UnreadableAnswer as error:
        raise _not_an_answer(f"The answer cannot be read: {error}.", plain, response, GET_RESULT) from None
    if not answer.envelope.success:
        raise service_error(answer.envelope, response.headers, now=response.now, secrets=response.secrets)
    if not (answer.result.state or answer.result.job_hot_update_id):
        raise _not_an_answer("The service reported success but returned no result.", plain, response, GET_RESULT)
    _check_id(answer, asked)
    return answer


def parse_envelope(response: Response, operation: Operation) -> DataEnvelope:
    """Return the envelope of a successful answer to `operation`. Raises ServiceError."""
    plain = _plain_body(response, operation)
    try:
        envelope = read_envelope(plain)
    except UnreadableAnswer as error:
        raise _not_an_answer(f"The answer cannot be read: {error}.", plain, response, operation) from None
    if not envelope.success:
        raise service_error(envelope, response.headers, now=response.now, secrets=response.secrets, operation=operation)
    return envelope


def _plain_body(response: Response, operation: Operation) -> bytes:
    """Return the unpacked body of an answer with status 200, which may be JSON. Raises ServiceError."""
    if response.status != 200:
        raise gateway_error(
            response.status,
            response.headers,
            _unpacked_or_empty(response.body),
            now=response.now,
            secrets=response.secrets,
            operation=operation,
        )
    plain = response.body.unpack()
    if not plain.strip():
        raise Unreadable("The answer is empty.", hint="A proxy may drop response bodies: check the proxy.")
    if looks_like_html(plain):
        raise Unreadable(
            "Received an HTML page instead of an answer.",
            hint="A proxy or login page answers instead of the service: sign in to the network, or check the proxy.",
        )
    if len(plain) > MAX_VALUES and sum(plain.count(each) for each in _SEPARATORS) > MAX_VALUES:
        raise Unreadable(
            f"The answer contains more than {MAX_VALUES:,} values; hottui did not parse it.", hint=NO_HOT_UPDATE
        )
    return plain


def _check_id(answer: Answer, asked: str) -> None:
    """Raise OtherAnswer if `answer` is about another ID than `asked`."""
    other = answer.mismatched_id(asked)
    if other:
        raise OtherAnswer(
            f"The answer is about another hot update ({shorten(other, MAX_NAME)}) than {asked}.",
            hint="A cache or proxy may mix up answers: check endpoint and proxy.",
            request_id=answer.envelope.request_id,
        )


def _not_an_answer(message: str, plain: bytes, response: Response, operation: Operation) -> ServiceError:
    """Return the gateway's error if the body contains one, whatever status a proxy gave it; else Unreadable."""
    error = read_error_body(plain)
    if error:
        return gateway_error(
            200, response.headers, plain, now=response.now, secrets=response.secrets, operation=operation
        )
    hint = "A proxy may modify answers: check endpoint and proxy."
    return Unreadable(message, hint=hint, request_id=error.request_id)


def _unpacked_or_empty(body: Body) -> bytes:
    """Return the unpacked body, or nothing if it cannot be unpacked: the status alone is an error to report."""
    try:
        return body.unpack()
    except Unreadable:
        return b""
