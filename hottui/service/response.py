"""What an exchange came to: an answer of the service, or the error that stands for what came instead."""

from typing import Final

import httpx

from hottui.model.answer import Answer, UnreadableAnswer, read_answer
from hottui.model.control_characters import shorten
from hottui.model.ref import MAX_NAME
from hottui.service.body_decoding import NO_HOT_UPDATE, Body
from hottui.service.error_body import looks_like_html, read_error_body
from hottui.service.error_codes import gateway_error, service_error
from hottui.service.errors import OtherAnswer, ServiceError, Unreadable

MOST_VALUES: Final = 2_000_000
"""JSON values in the largest answer read: twenty times a plan of 5,000 nodes. 32 MiB can hold ten times as many, which
take Python most of a minute and a gigabyte, and the event loop stands still meanwhile."""

_SEPARATORS: Final = (b",", b"[", b"{")
"""At most one value, but for the first, follows each of these; those within texts count as well."""


def read_exchange(
    status: int, headers: httpx.Headers, body: Body, now: float, secrets: tuple[str, ...], *, asked: str
) -> Answer:
    """The answer about the ID `asked` that came at local time `now`. Raises ServiceError.

    `secrets` are kept out of the errors' texts.
    """
    if status != 200:
        raise gateway_error(status, headers, _plain_if_possible(body), now=now, secrets=secrets)
    plain = body.unpack()
    if not plain.strip():
        raise Unreadable("The answer is empty.", hint="A proxy may drop response bodies: check the proxy.")
    if looks_like_html(plain):
        raise Unreadable(
            "Received an HTML page instead of an answer.",
            hint="A proxy or login page answers instead of the service: sign in to the network, or check the proxy.",
        )
    if len(plain) > MOST_VALUES and sum(map(plain.count, _SEPARATORS)) > MOST_VALUES:
        raise Unreadable(
            f"The answer holds more than {MOST_VALUES:,} values; hottui did not parse it.", hint=NO_HOT_UPDATE
        )
    try:
        answer = read_answer(plain)
    except UnreadableAnswer as error:
        raise _instead_of_an_answer(f"The answer cannot be read: {error}.", headers, plain, now, secrets) from None
    if not answer.envelope.success:
        raise service_error(answer.envelope, headers, now=now, secrets=secrets)
    if not (answer.result.state or answer.result.job_hot_update_id):
        raise _instead_of_an_answer(
            "The service reported success but returned no result.", headers, plain, now, secrets
        )
    _check_id(answer, asked)
    return answer


def _check_id(answer: Answer, asked: str) -> None:
    """Raise OtherAnswer where `answer` is about another ID than `asked`."""
    other = answer.mismatched_id(asked)
    if other:
        raise OtherAnswer(
            f"The answer is about another hot update ({shorten(other, MAX_NAME)}) than {asked}.",
            hint="A cache or proxy may mix up answers: check endpoint and proxy.",
            request_id=answer.envelope.request_id,
        )


def _instead_of_an_answer(
    message: str, headers: httpx.Headers, plain: bytes, now: float, secrets: tuple[str, ...]
) -> ServiceError:
    """The gateway's refusal where there is one, whatever status a proxy made of it; else Unreadable."""
    words = read_error_body(plain)
    if words:
        return gateway_error(200, headers, plain, now=now, secrets=secrets)
    hint = "A proxy may modify answers: check endpoint and proxy."
    return Unreadable(message, hint=hint, request_id=words.request_id)


def _plain_if_possible(body: Body) -> bytes:
    """A refusal's status speaks even where its body cannot be read."""
    try:
        return body.unpack()
    except Unreadable:
        return b""
