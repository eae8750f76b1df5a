"""Types for lenient parsing of the service's objects, because the service adds, omits and changes fields.

Values of the expected type are validated inside pydantic's core; Python functions are called only for others. A plan
has tens of thousands of fields, and a call for each would double the parsing time.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, OnErrorOmit
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, core_schema

from hottui.model.times import LATEST

T = TypeVar("T")

_MAX_WHOLE: Final = 2**63 - 1
_MAX_NUMBER: Final = 1e15
_WHOLE_TEXT: Final = re.compile(r"\s*([+-]?[0-9]{1,18})(?:\.0{1,18})?\s*")
_NUMBER_TEXT: Final = re.compile(r"\s*[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?(?:[eE][+-]?[0-9]{1,3})?\s*")


def unquoted(value: Any) -> Any:
    """Return `value`, but an empty text for two quote characters, which the service sends for one (vendor's page)."""
    return "" if isinstance(value, str) and value in {'""', "''"} else value


def _text(value: Any) -> str:
    """Return `value` as text; empty unless it is a text or a number."""
    if isinstance(value, str):
        return str(unquoted(value))
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _whole(value: Any) -> int | None:
    """Parse a whole number sent as a float or as text."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < _MAX_WHOLE else None
    match = _WHOLE_TEXT.fullmatch(value) if isinstance(value, str) else None
    return int(match[1]) if match else None


def whole_number(value: Any) -> int | None:
    """Return `value`, a number or text, as a whole number of at most 63 bits; None if it is not one, or a boolean."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) <= _MAX_WHOLE else None
    return _whole(value)


def _number(value: Any) -> float | None:
    """Parse a number sent as text."""
    if not isinstance(value, str) or not _NUMBER_TEXT.fullmatch(value):
        return None
    number = float(value)
    return number if abs(number) <= _MAX_NUMBER else None


def _flag(value: Any) -> bool | None:
    """Parse a boolean sent as text or as a number."""
    word = value.strip().lower() if isinstance(value, str) else value
    return True if word in ("true", "1", 1) else False if word in ("false", "0", 0) else None


def _time(value: Any) -> float | None:
    """Return seconds since the epoch from seconds, milli-, micro- or nanoseconds (by magnitude), or ISO 8601 text.

    Text without an offset is UTC. None for 0 and below, which stand for "never".
    """
    if isinstance(value, str) and "T" in value.upper():
        try:
            at = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
        try:
            number = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
        except (OverflowError, ValueError, OSError):
            return None
        return number if 0 < number <= LATEST else None
    given = value if isinstance(value, int | float) and not isinstance(value, bool) else _number(value)
    if given is None or not 0 < given <= LATEST * 1e9:
        return None
    seconds = float(given)
    while seconds > LATEST:
        seconds /= 1000
    return seconds


def _identity(value: Any) -> str:
    """Return an ID as text: 7, 7.0 and "7" are the same node."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("an id is a number or a text")  # pydantic converts it to a ValidationError
    return str(value)


class _Or:
    """Use `first` if the value passes it, otherwise the result of `otherwise`."""

    def __init__(self, first: CoreSchema, otherwise: Any) -> None:
        self._schema = core_schema.union_schema(
            [first, core_schema.no_info_plain_validator_function(otherwise)], mode="left_to_right"
        )

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return self._schema


class OnError:
    """Use the result of `default` if the value is not of the annotated type."""

    def __init__(self, default: Callable[[], Any]) -> None:
        self._default = default

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_default_schema(handler(source), default_factory=self._default, on_error="default")


def _nothing() -> None:
    return None


Lenient = Annotated[T | None, OnError(_nothing)]
"""A part that may be missing, null or of an unexpected type: all three are parsed as None.

The Answer tab still shows the original value.
"""

Object = Annotated[
    dict[str, Any] | None, _Or(core_schema.is_instance_schema(dict), lambda value: None)  # noqa: ARG005
]
"""An object of any content, such as a conf: the parsed one itself, not a copy; None for anything else."""

Text = Annotated[str, _Or(core_schema.str_schema(strict=True, min_length=3), _text)]
"""Text. Null, missing and the two-quote text are parsed as empty, a number as its digits."""

Whole = Annotated[int | None, _Or(core_schema.int_schema(strict=True, ge=-_MAX_WHOLE, le=_MAX_WHOLE), _whole)]
"""A whole number of at most 63 bits, also from `10.0` and `"10"`; None for anything else, including booleans."""

Number = Annotated[
    float | None,
    _Or(core_schema.float_schema(strict=True, allow_inf_nan=False, ge=-_MAX_NUMBER, le=_MAX_NUMBER), _number),
]
"""A finite number within ±1e15, also from text; None for anything else, including booleans."""

Time = Annotated[float | None, _Or(core_schema.none_schema(), _time)]
"""Seconds since the epoch: see `_time`."""

Flag = Annotated[bool | None, _Or(core_schema.bool_schema(strict=True), _flag)]
"""A boolean, also from text, 1 or 0; None for anything else."""

Items = Annotated[tuple[OnErrorOmit[T], ...], OnError(tuple)]
"""A list without the items that cannot be parsed; empty if it is not a list."""

Identity = Annotated[
    str,
    _Or(
        core_schema.chain_schema(
            [
                core_schema.union_schema([core_schema.str_schema(strict=True), core_schema.int_schema(strict=True)]),
                core_schema.str_schema(coerce_numbers_to_str=True),
            ]
        ),
        _identity,
    ),
]
"""An ID as text. The only required part: without it nothing can refer to its owner."""


class LenientModel(BaseModel):
    """An immutable object of the service, camelCase in JSON. Unknown fields are kept."""

    model_config = ConfigDict(
        extra="allow",
        frozen=True,
        populate_by_name=True,
        alias_generator=to_camel,
        coerce_numbers_to_str=True,
        protected_namespaces=(),
    )

    @classmethod
    def read(cls, value: Any) -> Self:
        """Return `value` as an instance; an empty one if `value` is not an object. Raises nothing.

        For models without a required field.
        """
        return cls.model_validate(value if isinstance(value, dict) else {})
