"""JSON text, read without the traps of the standard reader."""

import json
import re
from typing import NoReturn, TypeAlias, Union

Json: TypeAlias = Union[bool, int, float, str, "list[Json]", "dict[str, Json]", None]

_SURROGATES = re.compile("[\ud800-\udfff]")


class UnreadableJson(ValueError):
    """A text that is no JSON, or one no program should unfold; the message says why in a few words."""


def _integer(digits: str) -> int | str:
    """Python refuses integers of more than 4,300 digits; such a number is kept as its text."""
    return int(digits) if len(digits) <= 400 else digits


def _constant(name: str) -> NoReturn:
    raise UnreadableJson(f"it holds {name}, which is not JSON")


def _without_surrogates(value: Json) -> Json:
    match value:
        case str():
            return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", value)
        case list():
            return [_without_surrogates(item) for item in value]
        case dict():
            return {_SURROGATES.sub("\N{REPLACEMENT CHARACTER}", k): _without_surrogates(v) for k, v in value.items()}
    return value


def read_json(text: str) -> Json:
    """The value that `text` encodes. Raises UnreadableJson."""
    try:
        value: Json = json.loads(text, parse_int=_integer, parse_constant=_constant)
        return _without_surrogates(value) if "\\u" in text else value
    except UnreadableJson:
        raise
    except RecursionError:
        raise UnreadableJson("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise UnreadableJson(f"it is not JSON: {error.msg} at {where}") from None


def write_json(value: Json, *, indent: int | None = None) -> str:
    """`value` as JSON text; letters outside ASCII stay as they are."""
    separators = (",", ":") if indent is None else None
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators)
