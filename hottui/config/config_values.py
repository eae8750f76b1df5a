"""The values of `config.toml`: a function for each key that validates its value."""

import os
import re
from collections.abc import Callable
from datetime import date, time
from typing import Any, Final

from hottui.config.settings import (
    COLUMNS,
    CREDENTIALS_PATTERN,
    MAX_HISTORY_DAYS,
    MAX_HISTORY_TRANSITIONS,
    nearest,
    quoted,
)
from hottui.model.json_text import json_type_name
from hottui.model.notify_settings import DESKTOP, EVENTS, SLOW
from hottui.model.ref import InvalidName, check_name
from hottui.model.times import MAX_INTERVAL, MIN_INTERVAL
from hottui.service.endpoints import NETWORKS, InvalidEndpoint, check_endpoint


class InvalidValue(Exception):
    """Why a value is invalid: the rest of a message that begins with its key, and a hint."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.hint = hint


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidValue(f"must be text in quotes, not {toml_type_name(value)}")
    return value


def _valid_name(what: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        text = _text(value)
        try:
            return check_name(text, what) if text else ""
        except InvalidName as error:
            raise InvalidValue(f"is invalid: {error}".rstrip(".")) from None

    return read


def _network(value: object) -> str:
    text = _text(value)
    if text not in ("", *NETWORKS):
        raise InvalidValue(f'must be "public" or "vpc", not {quoted(text)}')
    return text


def _endpoint(value: object) -> str:
    text = _text(value)
    try:
        return check_endpoint(text) if text else ""
    except InvalidEndpoint as error:
        raise InvalidValue(f"is invalid: {error}".rstrip(".")) from None


def _credentials(value: object) -> str:
    text = _text(value)
    if not re.fullmatch(CREDENTIALS_PATTERN, text):
        raise InvalidValue('must be "default", "environment" or "aliyun:PROFILE"')
    return text


def _number(minimum: float, maximum: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidValue(f"must be a number, not {toml_type_name(value)}")
        if not minimum <= value <= maximum:
            raise InvalidValue(f"must be between {minimum:,.10g} and {maximum:,.10g}")
        return value

    return read


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidValue(f"must be true or false, not {toml_type_name(value)}")
    return value


def _integer(minimum: int, maximum: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidValue(
                "must be a whole number" + ("" if isinstance(value, float) else f", not {toml_type_name(value)}")
            )
        return int(_number(minimum, maximum)(value))

    return read


def _events(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise InvalidValue(f'must be a list such as ["FAILED"], not {toml_type_name(value)}')
    for each in map(_text, value):
        if each not in EVENTS:
            raise InvalidValue(
                f"contains {quoted(each)}, which is neither a state nor {quoted(SLOW)}", nearest(each, {*EVENTS})
            )
    return tuple(value)


def key_names(value: object) -> tuple[str, ...]:
    """Return the names of keys, one or a list. Raises InvalidValue."""
    names = tuple(map(_text, value)) if isinstance(value, list) else (_text(value),)
    if not all(names) or not names:
        raise InvalidValue('must name at least one key, such as "f9" or ["p", "f9"]')
    return names


def _columns(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise InvalidValue('must be a list such as ["state", "label"]')
    names = tuple(map(_text, value))
    for name in names:
        if name not in COLUMNS:
            hint = f"{nearest(name, set(COLUMNS))} Columns: {', '.join(COLUMNS)}."
            raise InvalidValue(f"contains {quoted(name)}, which is not a column of the dashboard", hint)
    if len(set(names)) < len(names):
        raise InvalidValue("contains a column twice")
    return names


def _desktop(value: object) -> str:
    text = _text(value)
    if text not in DESKTOP:
        raise InvalidValue(f"must be one of {', '.join(map(quoted, DESKTOP))}, not {quoted(text)}")
    return text


def _command(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise InvalidValue(f'must be a list such as ["notify-send"], not {toml_type_name(value)}')
    program, *arguments = [_text(each) for each in value] or [""]
    if "\0" in "".join((program, *arguments)) or (value and not program):
        raise InvalidValue("must have a program first, and no NUL characters")
    return (os.path.expanduser(program), *arguments) if program else ()


TOP_LEVEL: Final[dict[str, Callable[[object], Any]]] = {
    "profile": _text,
    "interval": _number(MIN_INTERVAL, MAX_INTERVAL),
    "theme": _text,
    "history_days": _number(1, MAX_HISTORY_DAYS),
    "history_transitions": _integer(1, MAX_HISTORY_TRANSITIONS),
    "insight": _boolean,
    "columns": _columns,
}
PROFILE: Final[dict[str, Callable[[object], str]]] = {
    "region": _text,
    "network": _network,
    "endpoint": _endpoint,
    "workspace": _valid_name("workspace"),
    "namespace": _valid_name("namespace"),
    "credentials": _credentials,
}
NOTIFY: Final[dict[str, Callable[[object], Any]]] = {
    "on": _events,
    "bell": _boolean,
    "desktop": _desktop,
    "command": _command,
}


def toml_type_name(value: object) -> str:
    """Return the TOML name of the type of a value; the value itself may be a misplaced secret."""
    match value:
        case dict():
            return "a table"
        case date() | time():
            return "a date or time"
    return json_type_name(value)
