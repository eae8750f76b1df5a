"""How the service's objects are read: tolerantly, because it adds, leaves out and re-types fields."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic.alias_generators import to_camel

T = TypeVar("T")


def _or_none(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    """A part of the wrong shape counts as absent: the answer as it came still shows it."""
    if value is None:
        return None
    try:
        return read(value)
    except ValidationError:
        return None


Lenient = Annotated[T | None, WrapValidator(_or_none)]
"""A field that may be missing, null, or something else than it should be: all three read as None."""


def unquoted(value: Any) -> Any:
    """The service writes an empty text as two quote characters (the vendor's page shows it so)."""
    return "" if value in {'""', "''"} else value


def _text(value: Any, read: ValidatorFunctionWrapHandler) -> str:
    if value is None:
        return ""
    try:
        text: str = read(unquoted(value) if isinstance(value, str) else value)
    except ValidationError:
        return ""
    return text


Text = Annotated[str, WrapValidator(_text)]
"""A text; null, missing and the two-quote text are the empty one, a number is its digits."""


class Wire(BaseModel):
    """An object of the service: camelCase on the wire, immutable here, unknown fields kept."""

    model_config = ConfigDict(
        extra="allow",
        frozen=True,
        populate_by_name=True,
        alias_generator=to_camel,
        coerce_numbers_to_str=True,
        protected_namespaces=(),
    )
