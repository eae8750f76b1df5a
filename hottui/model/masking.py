"""Secrets in an answer, and how they are kept off the screen, the disk and the clipboard.

What looks secret is told by its key, wherever it stands: a conf key of any depth, a field added by the service, a key
inside a plan that came as text, or a `key=value` in free text. Masked is the default everywhere; only the screen can
be asked to show the value.

JSON is masked by its structure and written again, so that an answer stays an answer. Free text is scanned, in time
linear in the text whatever it holds; where it is not clear where a value ends, more is masked rather than less.
"""

import re
from functools import lru_cache
from typing import Any, Final

from hottui.model.jsontext import Json, UnreadableJson, read_embedded, read_json, whole_letters, write_json

MASK: Final = "••••••"

_WORDS: Final = ("password", "passwd", "passphrase", "pwd", "secret", "token", "credential", "authorization")
_BEFORE_KEY: Final = ("access", "account", "api", "private", "service", "shared", "signing")
_PAIRS: Final = (
    *((word, "key") for word in _BEFORE_KEY),
    *(("auth", "params"), ("basic", "auth"), ("http", "headers"), ("jaas", "config")),
)
"""Words that stand together, with a separator or without: those by which Flink hides its own keys, and a few more."""
_NEEDLES: Final = ("://", "\\u", *_WORDS, "auth", "header", "jaas")

_RENEWAL: Final = r"(?<=token)(?=s?[-_.](?:renew|interval|validity|lifetime|refresh))"
_SECRET: Final = rf"(?:{'|'.join((*_WORDS, *(f'{a}[-_. ]?{b}' for a, b in _PAIRS)))})(?!{_RENEWAL})"
_PLACES: Final = tuple(f"{dot}{place}" for dot in "-_." for place in ("file", "path"))
_EMPTY: Final[tuple[Json, ...]] = (None, "", [], {})
_HOLDERS: Final = (str, dict, list)

_SECRET_KEY: Final = re.compile(_SECRET)
_KEY_IN_TEXT: Final = re.compile(
    rf"""{_SECRET}[\w.\-]{{0,80}}+(?<![-_.]file)(?<![-_.]path)\\*+["'`]?+\s*+[:=]\s*+(?:(?:bearer|basic)\s+)?"""
)
_OPENING: Final = re.compile(r"""(?P<escape>\\{0,255}+)(?P<quote>["'])|(?P<bracket>[\[{(])""")
_BARE: Final = re.compile(r"""(?:[^\s,;&}\])"'\\]++|\\++(?!["'`]))*+""")
_BRACKET: Final = re.compile(r"[\[\](){}]")
_USER_INFO: Final = re.compile(r"""(?P<user>://[^\s/:@"'\\]*+:)[^\s/"'\\]+(?=@)""")

_EMBEDDED_LAYERS: Final = 2
"""How deep JSON inside a text of JSON is followed: a plan in an answer, and a value that is JSON in the plan."""


def looks_secret(key: str) -> bool:
    """Whether the value of conf key `key` is to be masked."""
    return _short_key_looks_secret(key) if len(key) <= 200 else _key_looks_secret(key)


def mask_value(key: str, value: Any) -> Any:
    """`value`, or the mask when `key` looks secret and there is something to hide."""
    return _mask_value(key, value, _EMBEDDED_LAYERS)


def mask_text(text: str) -> str:
    """A text with the values of `password=…`, `"secret": "…"` and `scheme://user:…@host` masked."""
    if not _may_hold_secret(text):
        return text
    parts: list[str] = []
    done = 0
    lower = _lower(text)
    while key := _KEY_IN_TEXT.search(lower, done):
        start, end, after = _value_at(text, key.end())
        parts += (text[done:start], MASK if end > start else "", text[end:after])
        done = after
    parts.append(text[done:])
    return _USER_INFO.sub(rf"\g<user>{MASK}", "".join(parts))


def mask_json(value: Json) -> Json:
    """`value` with every secret-looking part masked; a text that holds JSON (a plan) is masked inside."""
    return _mask(value, _EMBEDDED_LAYERS)


def mask_answer(text: str) -> str:
    """An answer's JSON text with its secrets masked; a text that is no JSON is masked as plain text."""
    text = whole_letters(text)
    if not _may_hold_secret(text):
        return text
    try:
        return write_json(mask_json(read_json(text)))
    except UnreadableJson:
        return mask_text(text)


def _key_looks_secret(key: str) -> bool:
    lower = _lower(key)
    return bool(_SECRET_KEY.search(lower)) and not lower.endswith(_PLACES)


def _lower(text: str) -> str:
    """`text` in lower case, letter by letter: expressions run ten times faster so than when they ignore case.

    One letter, İ, has two in lower case and would shift all that follow.
    """
    return text.replace("İ", "i").lower()


_short_key_looks_secret = lru_cache(maxsize=2_000)(_key_looks_secret)


def _may_hold_secret(text: str) -> bool:
    """False for most texts, in a small part of the time that scanning them takes.

    An escaped letter (`p\\u0061ssword`) shows its word only when it is decoded.
    """
    lower = text.lower()
    for needle in _NEEDLES:  # a generator would double the time, and a plan has tens of thousands of texts
        if needle in lower:
            return True
    return "key" in lower and any(word in lower for word in _BEFORE_KEY)


def _mask(value: Json, layers: int) -> Json:
    if isinstance(value, str):
        return _mask_leaf(value, layers)
    if isinstance(value, dict):
        masked = {key: _mask_value(key, part, layers) for key, part in value.items()}
        return _mask_entry(masked) if "value" in masked else masked
    if isinstance(value, list):
        return [_mask(part, layers) if isinstance(part, _HOLDERS) else part for part in value]
    return value


def _mask_value(key: str, value: Any, layers: int) -> Any:
    if looks_secret(key) and value not in _EMPTY:
        return MASK
    return _mask(value, layers) if isinstance(value, _HOLDERS) else value


def _mask_entry(entry: dict[str, Json]) -> dict[str, Json]:
    """A conf written as a list of `{key, value}`, the way Flink's own REST interface does."""
    name = entry.get("key", entry.get("name"))
    if isinstance(name, str):
        entry["value"] = _mask_value(name, entry["value"], 0)
    return entry


def _mask_leaf(text: str, layers: int) -> str:
    if not _may_hold_secret(text):
        return text
    if layers and text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[", '"'):
        try:
            embedded = read_embedded(text)
        except UnreadableJson:
            return mask_text(text)
        if isinstance(embedded.value, dict | list):
            return embedded.write(_mask(embedded.value, layers - 1))
    return mask_text(text)


def _value_at(text: str, start: int) -> tuple[int, int, int]:
    """Where the value that begins at `start` begins without its quote, ends without it, and ends with it."""
    opening = _OPENING.match(text, start)
    if opening is None:
        end = _BARE.match(text, start).end()  # type: ignore[union-attr] # it matches the empty text
        return start, end, end
    if opening["bracket"]:
        end = _after_bracket(text, start)
        return start, end, end
    quote, inside = opening["quote"], opening.end()
    if not opening["escape"] and text.startswith(quote, inside) and not text.startswith(quote, inside + 1):
        return inside, inside, inside + 1
    closing = _closing(opening["escape"], quote).search(text, inside)
    return (inside, closing.start(), closing.end()) if closing else (inside, len(text), len(text))


@lru_cache(maxsize=32)
def _closing(escape: str, quote: str) -> re.Pattern[str]:
    """The quote that ends a value; a doubled one (SQL) or one behind more backslashes than the first is part of it."""
    if escape:
        return re.compile(rf"(?<!\\){re.escape(escape)}{quote}")
    return re.compile(rf"(?<![\\{quote}])(?:{quote}{quote})*+{quote}(?!{quote})")


def _after_bracket(text: str, start: int) -> int:
    depth = 0
    for bracket in _BRACKET.finditer(text, start):
        depth += 1 if bracket[0] in "[({" else -1
        if depth == 0:
            return bracket.end()
    return len(text)
