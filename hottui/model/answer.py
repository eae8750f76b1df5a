"""An answer of the service, read at the border: bytes in, an envelope or one plain reason out."""

from dataclasses import dataclass
from functools import cached_property

from pydantic import ValidationError

from hottui.model.changes import changes, headline, mode_of
from hottui.model.jsontext import UnreadableJson, read_json
from hottui.model.masking import mask_text
from hottui.model.plan import PlanReading, read_plan
from hottui.model.result import Envelope, HotUpdateJobResult
from hottui.model.tracking import Summary


class UnreadableAnswer(ValueError):
    """A body that is not the service's envelope; the message says why, as the rest of a sentence."""


@dataclass(frozen=True)
class Answer:
    """One answer: the JSON text as it came and what it says. The plan is decoded when it is first asked for."""

    text: str
    envelope: Envelope

    @property
    def result(self) -> HotUpdateJobResult:
        """The `data` of the answer; an empty result when the service said no."""
        return self.envelope.data or HotUpdateJobResult()

    @cached_property
    def plan(self) -> PlanReading:
        """The decoded `resourcePlan`. Takes some 10 ms per thousand nodes: call it off the event loop."""
        return read_plan(self.result.raw_plan)


def read_answer(body: bytes | str) -> Answer:
    """Read the body of an HTTP answer. Raises UnreadableAnswer."""
    text = _decode(body) if isinstance(body, bytes) else body
    try:
        value = read_json(text)
    except UnreadableJson as error:
        raise UnreadableAnswer(str(error)) from None
    if not isinstance(value, dict):
        raise UnreadableAnswer("it is not a JSON object")
    data = value.get("data")
    if data is not None and not isinstance(data, dict):
        if value.get("success") in (False, "false"):
            value = {**value, "data": None}
        else:
            raise UnreadableAnswer("its `data` is not an object")
    try:
        return Answer(text, Envelope.model_validate(value))
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise UnreadableAnswer(f"its `{field}` is missing or of the wrong type") from None


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableAnswer(f"it is not UTF-8 (byte {error.start:,})") from None


def summarise(answer: Answer) -> Summary:
    """What the table shows of `answer`; secrets are masked."""
    result = answer.result
    failure = result.failure
    return Summary(
        state=result.state,
        job_id=result.job_id,
        change=headline(changes(result)),
        severity=failure.failure_severity if failure else "",
        reason=mask_text(": ".join(part for part in (failure.reason, failure.message) if part)) if failure else "",
        mode=mode_of(result),
    )
