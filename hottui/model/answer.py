"""An answer of the service, read at the border: bytes in, an envelope or one plain reason out."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pydantic import ValidationError

from hottui.errors import ExitCode, HottuiError
from hottui.model.json_text import Json, UnreadableJson, read_json, replace_surrogates
from hottui.model.plan import PlanReading, read_plan
from hottui.model.result import Envelope, HotUpdateJobResult

_LONGEST_REASON: Final = 2_000
"""Characters of a failure kept in the summary: a Java stack trace belongs to the detail, which reads the answer."""


class UnreadableAnswer(HottuiError):
    """A body that is not the service's envelope; the message says why, as the rest of a sentence."""

    exit_code = ExitCode.UNREADABLE


@dataclass(frozen=True)
class Answer:
    """One answer: the JSON text as it came and what it says. The plan is decoded when it is first asked for."""

    text: str
    envelope: Envelope

    @property
    def result(self) -> HotUpdateJobResult:
        """The `data` of the answer; an empty result when the service said no."""
        return self.envelope.data or HotUpdateJobResult()

    def mismatched_id(self, asked: str) -> str:
        """The ID that the answer is about where that is not `asked`; empty where it is, and where none is named.

        Letter case is not compared: IDs may be UUIDs.
        """
        named = self.result.job_hot_update_id.strip()
        return named if named.casefold() != asked.casefold() else ""

    @cached_property
    def plan(self) -> PlanReading:
        """The decoded `resourcePlan`. Takes some 10 ms per thousand nodes: call it off the event loop."""
        return read_plan(self.result.raw_plan)


def read_answer(body: bytes | str) -> Answer:
    """Read the body of an HTTP answer. Raises UnreadableAnswer."""
    text = _decode(body) if isinstance(body, bytes) else replace_surrogates(body).removeprefix("\ufeff")
    try:
        value = read_json(text)
    except UnreadableJson as error:
        raise UnreadableAnswer(str(error)) from None
    if not isinstance(value, dict):
        raise UnreadableAnswer("it is not a JSON object")
    try:
        return Answer(text, Envelope.model_validate(_completed(value)))
    except ValidationError:
        raise UnreadableAnswer("its `success` is missing or of the wrong type") from None


def _completed(envelope: dict[str, Json]) -> dict[str, Json]:
    """`envelope` with `success` told from the rest when it is missing, and without what is no data of a refusal."""
    data, success = envelope.get("data"), envelope.get("success")
    if success is None and isinstance(data, dict):
        success = True
    if data is None or isinstance(data, dict):
        return {**envelope, "success": success}
    if isinstance(success, str):
        success = success.strip().lower()
    if success in (False, "false", "0"):
        return {**envelope, "data": None}
    raise UnreadableAnswer("its `data` is not an object")


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableAnswer(f"it is not UTF-8 (byte {error.start:,})") from None
