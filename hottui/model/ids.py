"""IDs as people have them at hand: typed, one a line in a file, or inside the JSON that `HotUpdateJob` returned."""

import json
import re

from hottui.model.jsontext import Json, UnreadableJson, read_json
from hottui.model.ref import InvalidName, check_name

_FIELD = "jobHotUpdateId"
_ENVELOPES = ("data", "body")
"""Where the field lies: in `data` of the service's envelope, which an SDK wraps once more in `body`."""
_AFTER_DOCUMENT = re.compile(r"\s*")


def read_ids(text: str) -> tuple[str, ...]:
    """The IDs in `text`, each once, in order.

    Words are IDs, separated by white space or commas; `#` begins a comment. A text that begins with `{` or `[` is
    read as JSON: one answer, a list of them, or one answer after another. Raises InvalidName.
    """
    text = text.removeprefix("\ufeff").strip()
    if text.startswith(("{", "[")):
        found = [value for document in _documents(text) for value in _answers(document)]
        if not found:
            raise InvalidName(f"The JSON holds no {_FIELD}; give the answer of HotUpdateJob, or the ID alone.")
    else:
        bare = (line.partition("#")[0] for line in text.splitlines())
        found = [word for line in bare for word in line.replace(",", " ").split()]
    return tuple(dict.fromkeys(check_name(word) for word in found))


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
                position = _AFTER_DOCUMENT.match(text, end).end()  # type: ignore[union-attr] # matches the empty text
        except (ValueError, RecursionError):
            raise InvalidName(f"The JSON cannot be read: {whole}.") from None
        return documents


def _answers(document: Json) -> list[str]:
    if isinstance(document, list):
        return [found for item in document for found in _answers(item)]
    if not isinstance(document, dict):
        return []
    match document.get(_FIELD):
        case str(found):
            return [found]
        case int(number) if not isinstance(number, bool):
            return [str(number)]
    return [found for name in _ENVELOPES for found in _answers(document.get(name))]
