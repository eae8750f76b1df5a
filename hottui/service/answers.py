"""What an exchange came to: an answer of the service, or the error that stands for what came instead."""

import httpx

from hottui.model.answer import Answer, UnreadableAnswer, read_answer
from hottui.service.body import Body
from hottui.service.errors import ServiceError, Unreadable
from hottui.service.refusals import gateway_refusal, service_refusal
from hottui.service.words import looks_like_html, read_words


def read_exchange(status: int, headers: httpx.Headers, body: Body, now: float, secrets: tuple[str, ...]) -> Answer:
    """The answer that came at local time `now`; `secrets` are kept out of what is said. Raises ServiceError."""
    if status != 200:
        raise gateway_refusal(status, headers, _plain_if_possible(body), now=now, secrets=secrets)
    plain = body.unpack()
    if not plain.strip():
        raise Unreadable("The answer is empty.", hint="Something on the way swallows answers: check the proxy.")
    if looks_like_html(plain):
        raise Unreadable(
            "An HTML page came instead of an answer.",
            hint="A proxy or a login page answers in the service's place: sign in to the network, or check the proxy.",
        )
    try:
        answer = read_answer(plain)
    except UnreadableAnswer as error:
        raise _instead_of_an_answer(f"The answer cannot be read: {error}.", headers, plain, now, secrets) from None
    if not answer.envelope.success:
        raise service_refusal(answer.envelope, headers, now=now, secrets=secrets)
    if not (answer.result.state or answer.result.job_hot_update_id):
        raise _instead_of_an_answer("The service said yes, but sent no result.", headers, plain, now, secrets)
    return answer


def _instead_of_an_answer(
    sentence: str, headers: httpx.Headers, plain: bytes, now: float, secrets: tuple[str, ...]
) -> ServiceError:
    """The gateway's refusal where there is one, whatever status a proxy made of it; else Unreadable."""
    if read_words(plain):
        return gateway_refusal(200, headers, plain, now=now, secrets=secrets)
    return Unreadable(sentence, hint="Something on the way may change answers: check endpoint and proxy.")


def _plain_if_possible(body: Body) -> bytes:
    """A refusal's status speaks even where its body cannot be read."""
    try:
        return body.unpack()
    except Unreadable:
        return b""
