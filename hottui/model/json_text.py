"""JSON text, read without the traps of the standard reader.

What `read_json` returns can be walked by recursion and written again: it is not nested beyond `MAX_DEPTH`, holds no
lone surrogate and no number that is infinite.
"""

import json
import math
import re
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, NoReturn, TypeAlias, Union

from hottui.errors import ExitCode, HottuiError
from hottui.model.control_characters import escaped

Json: TypeAlias = Union[bool, int, float, str, "list[Json]", "dict[str, Json]", None]

MAX_DEPTH: Final = 100
"""The deepest nesting that is read. The service's answers have ten levels; Python's stack ends near a thousand."""

_NESTING: Final = (dict, list)
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPED_JSON = re.compile(r'[\[{](?:[\[{\s]|\\[nrt])*+\\"')


class UnreadableJson(HottuiError):
    """A text that is no JSON, or one no program should unfold; the message says why in a few words."""

    exit_code = ExitCode.UNREADABLE


class Encoding(Enum):
    """The layer of encoding in which a text holds JSON."""

    NONE = "none"
    """`{"a":1}`"""
    QUOTED = "quoted"
    """`"{\\"a\\":1}"`: a JSON string that holds JSON."""
    ESCAPED = "escaped"
    """`{\\"a\\":1}`: the same without the outer quotes, as the service sends plans."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """JSON that came as text inside JSON: its value, and the encoding to put on when it is written again."""

    value: Json
    encoding: Encoding

    def write(self, value: Json) -> str:
        """`value` as text in the same encoding."""
        text = write_json(value)
        match self.encoding:
            case Encoding.QUOTED:
                return write_json(text)
            case Encoding.ESCAPED:
                return write_json(text)[1:-1]
        return text


def replace_surrogates(text: str) -> str:
    """`text` with each lone surrogate, which no encoder takes, replaced by U+FFFD."""
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


def read_json(text: str) -> Json:
    """The value that `text` encodes. Raises UnreadableJson."""
    try:
        value = _load(text)
    except RecursionError:
        raise UnreadableJson("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise UnreadableJson(f"it is not JSON: {error.msg.removesuffix(' at')} at {where}") from None
    return _safe(value, text)


def read_part(text: str, at: int) -> tuple[Json, int]:
    """The value that begins at `at`, and where it ends.

    Raises json.JSONDecodeError, also when the value goes on beyond the text, and UnreadableJson.
    """
    try:
        value, end = _PARTS.raw_decode(text, at)
    except RecursionError:
        raise UnreadableJson("it is nested too deeply") from None
    return _safe(value, text[at:end]), end


def read_embedded(text: str) -> Embedded:
    """The value that `text` encodes in one layer or in two. Raises UnreadableJson."""
    bare = text.strip().removeprefix("\ufeff")
    encoding = Encoding.NONE
    if _ESCAPED_JSON.match(bare):
        encoding, bare = Encoding.ESCAPED, f'"{bare}"'
    value = read_json(bare)
    if isinstance(value, str) and value.strip():
        encoding = encoding if encoding is Encoding.ESCAPED else Encoding.QUOTED
        value = read_json(value.removeprefix("\ufeff"))
    return Embedded(value, encoding)


def write_json(value: Json, *, indent: int | None = None) -> str:
    """`value` as JSON text; letters outside ASCII stay, what is invisible or acts on a terminal is escaped."""
    separators = (",", ":") if indent is None else None
    return escaped(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators))


def _load(text: str) -> Json:
    value: Json
    try:
        value = json.loads(text, parse_float=_float, parse_constant=_constant)
    except (json.JSONDecodeError, UnreadableJson):
        raise
    except ValueError:  # Python converts no integer of more than 4,300 digits; a hook for each costs a third more time
        value = json.loads(text, parse_int=_integer, parse_float=_float, parse_constant=_constant)
    return value


def _safe(value: Json, text: str) -> Json:
    """`value`, read from `text`, without lone surrogates. Raises UnreadableJson when it is nested too deeply."""
    if _depth_exceeds(value, MAX_DEPTH):
        raise UnreadableJson("it is nested too deeply")
    if ("\\u" in text and _ESCAPED_SURROGATE.search(text)) or replace_surrogates(text) is not text:
        return _replace_surrogates_in(value)
    return value


def _integer(digits: str) -> int | str:
    """A number too long for Python is kept as its text."""
    return int(digits) if len(digits) <= 400 else digits


def _float(digits: str) -> float | str:
    """A number too large for a float is kept as its text: infinity is not JSON."""
    number = float(digits)
    return number if math.isfinite(number) else digits


def _constant(name: str) -> NoReturn:
    raise UnreadableJson(f"it holds {name}, which is not JSON")


_PARTS: Final = json.JSONDecoder(parse_int=_integer, parse_float=_float, parse_constant=_constant)


def _depth_exceeds(value: Json, limit: int) -> bool:
    """Whether `value` has more than `limit` levels, found level by level: recursion is what this protects."""
    level: list[Any] = [value] if type(value) in _NESTING else []
    for _ in range(limit):
        if not level:
            return False
        level = [
            p for outer in level for p in (outer.values() if type(outer) is dict else outer) if type(p) in _NESTING
        ]
    return bool(level)


def _replace_surrogates_in(value: Json) -> Json:
    match value:
        case str():
            return replace_surrogates(value)
        case list():
            return [_replace_surrogates_in(item) for item in value]
        case dict():
            return {replace_surrogates(key): _replace_surrogates_in(part) for key, part in value.items()}
    return value
