"""Parse IDs from arguments, files with one ID per line, or the JSON that `HotUpdateJob` returned."""

import json
import re

from hottui.model.control_characters import shorten, visible
from hottui.model.json_text import Json, UnreadableJson, read_json
from hottui.model.ref import InvalidName, check_name, check_new_id

_FIELD = "jobHotUpdateId"
_ENVELOPES = ("data", "body")
"""The path to the field: `data` of the service's envelope, which an SDK wraps in `body`."""
_AFTER_DOCUMENT = re.compile(r"\s*")


def read_ids(text: str) -> tuple[str, ...]:
    """Return the IDs in `text` in order, without duplicates.

    IDs are separated by whitespace or commas; `#` starts a comment. Text that starts with `{`, `[` or `"` is parsed as
    JSON: answers or ID strings, one after another or in a list. Raises InvalidName.
    """
    text = text.removeprefix("\ufeff").strip()
    if text.startswith(("{", "[", '"')):
        found = [value for document in _documents(text) for value in _answers(document)]
        if not found:
            raise InvalidName(f"No {_FIELD} in the JSON. Pass HotUpdateJob's answer, or the ID.")
    else:
        bare = (line.partition("#")[0] for line in text.splitlines())
        found = [_bare_id(word) for line in bare for word in line.replace(",", " ").split()]
    return tuple(dict.fromkeys(check_new_id(word) for word in found))


def read_id(word: str) -> str:
    """Return the ID in one command-line argument, which may be quoted as in JSON. Raises InvalidName."""
    if word.startswith('"'):
        found = read_ids(word)
        if len(found) == 1:
            return found[0]
    return check_name(_bare_id(word))


def _bare_id(word: str) -> str:
    """Return `word` unless it looks like part of YAML, of a table or of truncated JSON. Raises InvalidName."""
    if word == "=" or word.endswith(":") or word.startswith(("{", "[", '"', "'")) or _FIELD in word:
        shown = repr(visible(shorten(word, 40)))
        raise InvalidName(f"{shown} is not an ID. Pass IDs, or HotUpdateJob's answer as JSON.")
    return word


def _documents(text: str) -> list[Json]:
    try:
        return [read_json(text)]
    except UnreadableJson as whole:
        documents: list[Json] = []
        decoder, position = json.JSONDecoder(), 0
        try:
            while position < len(text):
                _, end = decoder.raw_decode(text, position)
                documents.append(read_json(text[position:end]))
                position = _AFTER_DOCUMENT.match(text, end).end()  # type: ignore[union-attr] # matches ""
        except (ValueError, RecursionError, UnreadableJson):
            raise InvalidName(f"Cannot read the JSON: {whole}.") from None
        return documents


def _answers(document: Json) -> list[str]:
    if isinstance(document, list):
        return [found for item in document for found in _answers(item)]
    if isinstance(document, str):
        return [document]
    if not isinstance(document, dict):
        return []
    match document.get(_FIELD):
        case str(found):
            return [found]
        case int(number) if not isinstance(number, bool):
            return [str(number)]
    inner = (document.get(name) for name in _ENVELOPES)
    return [found for part in inner if isinstance(part, dict | list) for found in _answers(part)]
