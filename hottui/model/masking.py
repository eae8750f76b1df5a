"""Secrets in an answer, and how they are kept off the screen, the disk and the clipboard.

What looks secret is told by its key, wherever it stands: a conf key of any depth, a field added by the service, or a
`key=value` inside a text. Masked is the default everywhere; only the screen can be asked to show the value.
"""

import re
from typing import Any, Final

from hottui.model.jsontext import Json, UnreadableJson, read_json, write_json

MASK: Final = "••••••"

_WORDS = r"pass(?:word|wd|phrase)|secret|token|access[-_. ]?key|credential|private[-_. ]?key|api[-_. ]?key|sasl\.jaas"
_SECRET_KEY = re.compile(_WORDS, re.IGNORECASE)
_HARMLESS_KEY = re.compile(r"token[-_.](?:renew|interval|validity|lifetime|refresh)|[-_.](?:file|path)$", re.IGNORECASE)
_SECRET_IN_TEXT = re.compile(
    rf"""(?P<key>[\w.\-]*(?:{_WORDS})[\w.\-]*)(?P<quote>\\*["'`]?)(?P<eq>\s*[:=]\s*)"""
    r"""(?P<value>\\*"(?:[^"\\]|\\+[^"])*\\*"|\\*'(?:[^'\\]|\\+[^'])*\\*'|[^\s,;&}\])"']+)""",
    re.IGNORECASE,
)
_USER_INFO = re.compile(
    r"(?P<scheme>\b[a-z][a-z0-9+.\-]*://[^\s/:@]{1,128}:)(?P<value>[^\s/@]{1,256})(?=@)", re.IGNORECASE
)


def looks_secret(key: str) -> bool:
    """Whether the value of conf key `key` is to be masked."""
    return bool(_SECRET_KEY.search(key)) and not _HARMLESS_KEY.search(key)


def mask_value(key: str, value: Any) -> Any:
    """`value`, or the mask when `key` looks secret and there is something to hide."""
    if looks_secret(key) and value not in (None, "", [], {}):
        return MASK
    return mask_json(value)


def mask_text(text: str) -> str:
    """A text with the values of `password=…`, `"secret": "…"` and `scheme://user:…@host` masked."""
    if _SECRET_KEY.search(text):
        text = _SECRET_IN_TEXT.sub(_mask_pair, text)
    return _USER_INFO.sub(rf"\g<scheme>{MASK}", text) if "://" in text else text


def _mask_pair(match: re.Match[str]) -> str:
    if _HARMLESS_KEY.search(match["key"]):
        return match[0]
    value = match["value"]
    edge = re.match(r"\\*[\"']", value)
    quote = edge[0] if edge else ""
    return f"{match['key']}{match['quote']}{match['eq']}{quote}{MASK}{quote}"


def mask_json(value: Json) -> Json:
    """`value` with every secret-looking part masked; a text that holds JSON (a plan) is masked inside."""
    match value:
        case dict():
            return {key: mask_value(key, part) for key, part in value.items()}
        case list():
            return [mask_json(part) for part in value]
        case str():
            return mask_text(value)
    return value


def mask_answer(text: str) -> str:
    """An answer's JSON text with its secrets masked; a text that is no JSON is masked as plain text."""
    try:
        return write_json(mask_json(read_json(text)))
    except UnreadableJson:
        return mask_text(text)
