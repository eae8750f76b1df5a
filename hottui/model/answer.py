"""Parse an answer of the service: from bytes to an envelope, or to one error with the reason."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from hottui.errors import ExitCode, HottuiError
from hottui.model.json_text import Json, UnreadableJson, read_json, replace_surrogates, write_json
from hottui.model.lenient_parsing import Whole
from hottui.model.plan import PlanReading, read_plan
from hottui.model.result import Envelope, HotUpdateJobResult

E = TypeVar("E", bound=Envelope)

LONGEST_REASON: Final = 2_000
"""Characters of a failure that the summary keeps; the detail pane has the whole text, for example a stack trace."""


class UnreadableAnswer(HottuiError):
    """A body that is not the service's envelope. The message is a clause with the reason: `it is not a JSON object`."""

    exit_code = ExitCode.UNREADABLE


@dataclass(frozen=True)
class Answer:
    """One answer: its JSON text as received, the envelope, and the JSON document, whose parts the envelope shares.

    The plan is decoded on first use.
    """

    text: str
    envelope: Envelope
    document: dict[str, Json] = field(repr=False, compare=False)

    @property
    def result(self) -> HotUpdateJobResult:
        """The `data` of the answer; an empty result if there is none."""
        return self.envelope.data or HotUpdateJobResult()

    def mismatched_id(self, asked: str) -> str:
        """Return the ID in the answer if it differs from `asked`; empty if it is the same or missing.

        The comparison ignores case: IDs may be UUIDs.
        """
        named = self.result.job_hot_update_id.strip()
        return named if named.casefold() != asked.casefold() else ""

    @cached_property
    def plan(self) -> PlanReading:
        """The decoded `resourcePlan`. Decoding takes about 10 ms per thousand nodes: access it off the event loop."""
        return read_plan(self.result.raw_plan)


class DataEnvelope(Envelope):
    """The envelope of any call, with its `data` as received; lists add a page."""

    data: Any = None
    page_index: Whole = None
    page_size: Whole = None
    total_size: Whole = None


def read_answer(body: bytes | str) -> Answer:
    """Parse the body of an HTTP response. Raises UnreadableAnswer."""
    text = _decode(body) if isinstance(body, bytes) else replace_surrogates(body).removeprefix("\ufeff")
    return _answer(text, _object_in(text))


def answer_of(document: dict[str, Json]) -> Answer:
    """Return the answer with this JSON document. Raises UnreadableAnswer."""
    return _answer(write_json(document), document)


def read_envelope(body: bytes) -> DataEnvelope:
    """Parse the body of an HTTP response to any call. Raises UnreadableAnswer."""
    value = _object_in(_decode(body))
    if value.get("success") is None and value.get("data") is not None:
        value = {**value, "success": True}
    return _validated(DataEnvelope, value)


def _answer(text: str, document: dict[str, Json]) -> Answer:
    return Answer(text, _validated(Envelope, _completed(document)), document)


def _object_in(text: str) -> dict[str, Json]:
    try:
        value = read_json(text)
    except UnreadableJson as error:
        raise UnreadableAnswer(str(error)) from None
    if not isinstance(value, dict):
        raise UnreadableAnswer("it is not a JSON object")
    return value


def _validated(model: type[E], value: dict[str, Json]) -> E:
    try:
        return model.model_validate(value)
    except ValidationError:
        raise UnreadableAnswer("its `success` is missing or of the wrong type") from None


def _completed(envelope: dict[str, Json]) -> dict[str, Json]:
    """Return `envelope` with a missing `success` inferred from `data`, and without the invalid `data` of an error."""
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
