"""Find an answer of the service in the JSON of a file or of standard input."""

import os
from typing import Any, Final

from hottui.cli.inputs import STDIN
from hottui.cli.output import CommandError
from hottui.errors import ExitCode
from hottui.model.answer import Answer, UnreadableAnswer, answer_of
from hottui.model.json_text import UnreadableJson, read_embedded

_RESULT_KEYS: Final = frozenset({"targetResourceSetting", "hotUpdateParams", "jobHotUpdateId"})
"""Keys of HotUpdateJobResult, one of which is enough to recognize it."""


def envelope_in(value: Any) -> dict[str, Any] | None:
    """Return the envelope in an answer, in its `data` alone, or in a line of `get -o json`; None if it is neither."""
    data = value.get("result") if isinstance(value, dict) and "ref" in value else value
    if not isinstance(data, dict):
        return None
    if not _RESULT_KEYS.isdisjoint(data):
        return {"success": True, "data": data}
    return data if "success" in data or "data" in data else None


def answer_in(text: str, name: str) -> Answer:
    """Return the answer in `text`, which is from the file or input called `name`. Raises CommandError."""
    try:
        value = read_embedded(text).value if text.strip() else None
    except UnreadableJson as error:
        raise CommandError(f"{name} cannot be read: {error}.", "", ExitCode.UNREADABLE) from None
    envelope = envelope_in(value)
    if envelope is None:
        raise CommandError(
            f"{name} is not an answer about a hot update.",
            "Pass an answer of GetHotUpdateJobResult, or a line of `hottui get -o json`.",
            ExitCode.UNREADABLE,
        )
    try:
        answer = answer_of(envelope)
    except UnreadableAnswer as error:
        raise CommandError(f"{name} cannot be read: {error}.", "", ExitCode.UNREADABLE) from None
    if not answer.envelope.success:
        code = answer.envelope.error_code or "no code"
        raise CommandError(f"{name} is an error of the service ({code}).", "", ExitCode.UNREADABLE)
    return answer


def names_file(source: str) -> bool:
    """Whether `source` is a file or `-`, rather than an ID. Raises CommandError for a file that does not exist."""
    if source == STDIN or os.path.exists(source):
        return True
    if os.sep in source or source.endswith(".json"):
        raise CommandError(f"No such file: {source}.", exit_code=ExitCode.USAGE)
    if not source.strip():
        raise CommandError("The source is empty.", "Pass an ID, a file, or - for standard input.")
    return False
