"""Parse and write JSON text, without the pitfalls of the standard library's parser.

The values that `read_json` returns can be processed recursively and written again: they are not nested beyond
`MAX_DEPTH` and contain no lone surrogates and no infinite numbers.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cache, partial
from typing import Any, Final, NoReturn, TypeAlias, Union

from hottui.errors import ExitCode, HottuiError
from hottui.model import json_pieces
from hottui.model.control_characters import escaped

Json: TypeAlias = Union[bool, int, float, str, "list[Json]", "dict[str, Json]", None]

MAX_DEPTH: Final = 100
"""Maximum nesting. The service's answers have ten levels; Python's recursion limit is about a thousand."""

_MANY: Final = 5_000
"""Members of all objects and lists of a value from which it is written in parts: that takes a millisecond."""
_NESTING: Final = (dict, list)
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPED_JSON = re.compile(r'[\[{](?:[\[{\s]|\\[nrt])*+\\"')


class UnreadableJson(HottuiError):
    """Text that is not JSON or exceeds the limits. The message is a clause with the reason."""

    exit_code = ExitCode.UNREADABLE


class Encoding(Enum):
    """How JSON is encoded within a text."""

    NONE = "none"
    """`{"a":1}`"""
    QUOTED = "quoted"
    """`"{\\"a\\":1}"`: a JSON string that contains JSON."""
    ESCAPED = "escaped"
    """`{\\"a\\":1}`: the same without the outer quotes, as the service sends plans."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """JSON that was text inside JSON: its value, and the encoding to use when it is written again."""

    value: Json
    encoding: Encoding

    def write(self, value: Json) -> str:
        """Return `value` as text in the same encoding."""
        text = write_json(value)
        match self.encoding:
            case Encoding.QUOTED:
                return write_json(text)
            case Encoding.ESCAPED:
                return write_json(text)[1:-1]
        return text


def replace_surrogates(text: str) -> str:
    """Return `text` with each lone surrogate, which cannot be encoded, replaced by U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    return text


def json_type_name(value: object) -> str:
    """Return the name of the JSON type of `value`, without quoting the value, which may be a secret."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
    return "an object"


OnLoss: TypeAlias = Callable[[], None]
"""Called if a value lacks a part of the text: an object repeats a key, or an integer is kept as text."""


def read_json(text: str, on_loss: OnLoss | None = None) -> Json:
    """Return the value that `text` encodes. Raises UnreadableJson."""
    try:
        value = _load(text, on_loss)
    except RecursionError:
        raise UnreadableJson("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise UnreadableJson(f"it is not JSON: {error.msg.removesuffix(' at')} at {where}") from None
    return _safe(value, text)


def read_part(text: str, at: int) -> tuple[Json, int]:
    """Return the value that begins at `at`, and the index of its end.

    Raises json.JSONDecodeError, also if the text ends within the value, and UnreadableJson.
    """
    try:
        value, end = _PARTS.raw_decode(text, at)
    except RecursionError:
        raise UnreadableJson("it is nested too deeply") from None
    return _safe(value, text[at:end]), end


def read_embedded(text: str, on_loss: OnLoss | None = None) -> Embedded:
    """Return the value that `text` encodes in one or two layers. Raises UnreadableJson."""
    bare = text.strip().removeprefix("\ufeff")
    encoding = Encoding.NONE
    if _ESCAPED_JSON.match(bare):
        encoding, bare = Encoding.ESCAPED, f'"{bare}"'
    value = read_json(bare, on_loss)
    if isinstance(value, str) and value.strip():
        encoding = encoding if encoding is Encoding.ESCAPED else Encoding.QUOTED
        value = read_json(value.removeprefix("\ufeff"), on_loss)
    return Embedded(value, encoding)


def write_json(value: Json, *, indent: int | None = None) -> str:
    """Return `value` as JSON text. Invisible and control characters are escaped, other non-ASCII characters are not."""
    if _members_exceed(value, _MANY):
        return "".join(map(escaped, json_pieces.encode(value, _encoder(indent))))
    return escaped(_encoder(indent).encode(value))


def json_lines(value: Json, indent: int = 2) -> list[str]:
    """Return the lines of `value` as indented JSON text, see `write_json`."""
    lines, begun = [], ""
    for part in json_pieces.encode(value, _encoder(indent)):
        *ended, begun = (begun + escaped(part)).split("\n")
        lines += ended
    return [*lines, begun]


@cache
def _encoder(indent: int | None) -> json.JSONEncoder:
    separators = (",", ":") if indent is None else None
    return json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=indent, separators=separators)


def _load(text: str, on_loss: OnLoss | None) -> Json:
    value: Json
    whole = _WHOLE
    if on_loss is not None:
        whole = json.JSONDecoder(
            parse_float=_float, parse_constant=_constant, object_pairs_hook=partial(_object, on_loss)
        )
    try:
        value = json_pieces.decode(text, whole, on_loss)
    except (json.JSONDecodeError, UnreadableJson):
        raise
    except (
        ValueError
    ):  # Python does not convert integers of more than 4,300 digits; a hook for each integer takes a third more time
        value = json_pieces.decode(text, _PARTS)
        if on_loss is not None:
            on_loss()
    return value


def _object(on_loss: OnLoss, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) < len(pairs):
        on_loss()
    return members


def _safe(value: Json, text: str) -> Json:
    """Return `value`, parsed from `text`, without lone surrogates. Raises UnreadableJson if it is nested too deeply."""
    if _depth_exceeds(value, MAX_DEPTH):
        raise UnreadableJson("it is nested too deeply")
    if ("\\u" in text and _ESCAPED_SURROGATE.search(text)) or replace_surrogates(text) is not text:
        return _replace_surrogates_in(value)
    return value


def _integer(digits: str) -> int | str:
    """Return an integer; as text if it is too long for Python."""
    return int(digits) if len(digits) <= 400 else digits


def _float(digits: str) -> float | str:
    """Return a float; as text if it is too large, since infinity is not JSON."""
    number = float(digits)
    return number if math.isfinite(number) else digits


def _constant(name: str) -> NoReturn:
    raise UnreadableJson(f"it contains {name}, which is not JSON")


_WHOLE: Final = json.JSONDecoder(parse_float=_float, parse_constant=_constant)
_PARTS: Final = json.JSONDecoder(parse_int=_integer, parse_float=_float, parse_constant=_constant)


def _depth_exceeds(value: Json, limit: int) -> bool:
    """Whether `value` has more than `limit` levels. Not recursive, since it protects recursive functions."""
    level: list[Any] = [value] if type(value) in _NESTING else []
    for _ in range(limit):
        if not level:
            return False
        level = _inner(level)
    return bool(level)


def _members_exceed(value: Json, limit: int) -> bool:
    """Whether the objects and lists of `value` have more than `limit` members."""
    level: list[Any] = [value] if type(value) in _NESTING else []
    while level:
        limit -= sum(map(len, level))
        if limit < 0:
            return True
        level = _inner(level)
    return False


def _inner(level: list[Any]) -> list[Any]:
    """Return the objects and lists in those of `level`."""
    return [p for outer in level for p in (outer.values() if type(outer) is dict else outer) if type(p) in _NESTING]


def _replace_surrogates_in(value: Json) -> Json:
    match value:
        case str():
            return replace_surrogates(value)
        case list():
            return [_replace_surrogates_in(item) for item in value]
        case dict():
            return {replace_surrogates(key): _replace_surrogates_in(part) for key, part in value.items()}
    return value
