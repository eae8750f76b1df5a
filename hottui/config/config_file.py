"""`config.toml`: profiles and preferences, read once and checked whole.

profile = "prod"                # the profile used when none is named
interval = 2.0                  # seconds between two reads of a hot update in progress
theme = "hottui-dark"
history_days = 90               # how long, and how many moves of each hot update, the store keeps
history_transitions = 10000

[profiles.prod]
region = "cn-hangzhou"
network = "vpc"                 # or "public", the default
workspace = "adf9e514259e4b"
namespace = "default-namespace"
credentials = "aliyun:prod"     # or "default", "environment"
"""

import re
from collections.abc import Callable, Mapping, Set
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from hottui.config.settings import Profile, Settings, SettingsError, nearest, quoted
from hottui.config.toml_reader import TomlError, key_lines, parse
from hottui.files import read_regular
from hottui.model.control_characters import visible
from hottui.model.masking import looks_secret
from hottui.model.ref import InvalidName, check_name
from hottui.service.endpoints import NETWORKS, InvalidEndpoint, check_endpoint

_MOST: Final = 256 * 1024
"""Bytes of the file: thousands of profiles."""


def load(path: Path) -> Settings:
    """Read the settings at `path`; a file that is not there gives the defaults. Raises SettingsError."""
    try:
        raw = read_regular(path, _MOST)
    except FileNotFoundError:
        return Settings(path)
    except OSError as error:
        raise SettingsError(f"{visible(str(path))} cannot be read ({error.strerror}).") from None
    return _Document(path, _decode(path, raw)).settings()


class _Wrong(Exception):
    """Why a value cannot stand where it stands, as the rest of a sentence that begins with its key."""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Wrong(f"must be text in quotes, not {_kind(value)}")
    return value


def _name_of(what: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        text = _text(value)
        try:
            return check_name(text, what) if text else ""
        except InvalidName as error:
            raise _Wrong(f"is not usable: {error}".rstrip(".")) from None

    return read


def _network(value: object) -> str:
    text = _text(value)
    if text not in ("", *NETWORKS):
        raise _Wrong(f'must be "public" or "vpc", not {quoted(text)}')
    return text


def _origin(value: object) -> str:
    text = _text(value)
    try:
        return check_endpoint(text) if text else ""
    except InvalidEndpoint as error:
        raise _Wrong(f"is not usable: {error}".rstrip(".")) from None


def _credentials(value: object) -> str:
    text = _text(value)
    if text not in ("", "default", "environment") and not re.fullmatch(r"aliyun:.+", text):
        raise _Wrong('must be "default", "environment" or "aliyun:PROFILE"')
    return text


def _number(least: float, most: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _Wrong(f"must be a number, not {_kind(value)}")
        if not least <= value <= most:
            raise _Wrong(f"must be between {least:,} and {most:,}")
        return value

    return read


def _whole(least: int, most: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise _Wrong("must be a whole number" + ("" if isinstance(value, float) else f", not {_kind(value)}"))
        return int(_number(least, most)(value))

    return read


_TOP: Final[dict[str, Callable[[object], Any]]] = {
    "profile": _text,
    "interval": _number(0.5, 3600),
    "theme": _text,
    "history_days": _number(1, 36_500),
    "history_transitions": _whole(1, 1_000_000),
}
_OF_PROFILE: Final[dict[str, Callable[[object], str]]] = {
    "region": _text,
    "network": _network,
    "endpoint": _origin,
    "workspace": _name_of("workspace"),
    "namespace": _name_of("namespace"),
    "credentials": _credentials,
}


class _Document:
    """One file: its values, and the words for what is wrong with them."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._values = _parse(path, text)
        self._lines = key_lines(text)

    def settings(self) -> Settings:
        top = {key: value for key, value in self._values.items() if key != "profiles"}
        self._refuse_unknown((), self._values, {*_TOP, "profiles"})
        read = {key: self._read((key,), value, _TOP[key]) for key, value in top.items()}
        profiles = self._profiles(self._values.get("profiles", {}))
        default = read.pop("profile", "")
        if default and default not in profiles:
            raise self._error(("profile",), f"names {quoted(default)}, which is no profile", nearest(default, profiles))
        return Settings(self._path, MappingProxyType(profiles), default, written=frozenset(top), **read)

    def _profiles(self, tables: object) -> dict[str, Profile]:
        if not isinstance(tables, dict):
            raise self._error(("profiles",), f"must hold tables, not {_kind(tables)}", "Write [profiles.NAME].")
        return {name: self._profile(name, table) for name, table in tables.items()}

    def _profile(self, name: str, table: object) -> Profile:
        path = ("profiles", name)
        if not isinstance(table, dict):
            raise self._error(path, f"must be a table, not {_kind(table)}", "Write [profiles.NAME].")
        self._refuse_unknown(path, table, set(_OF_PROFILE))
        return Profile(name, **{key: self._read((*path, key), value, _OF_PROFILE[key]) for key, value in table.items()})

    def _read(self, path: tuple[str, ...], value: object, reader: Callable[[object], Any]) -> Any:
        try:
            return reader(value)
        except _Wrong as wrong:
            hint = "A profile is a table [profiles.NAME]." if path == ("profile",) else ""
            raise self._error(path, str(wrong), hint) from None

    def _refuse_unknown(self, table: tuple[str, ...], values: Mapping[str, object], known: Set[str]) -> None:
        for key in values:
            if key not in known:
                raise self._error((*table, key), "is no setting of hottui", _advice(key, bool(table), known))

    def _error(self, path: tuple[str, ...], problem: str, hint: str = "") -> SettingsError:
        name = ".".join(part if re.fullmatch(r"[\w-]{1,60}", part) else quoted(part) for part in path)
        return SettingsError(f"{_place(self._path, self._lines.get(path))}: {name} {problem}.", hint)


def _decode(path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{_place(path, line)}: the text is not UTF-8.", "Save the file as UTF-8.") from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return parse(text)
    except TomlError as error:
        raise SettingsError(f"{_place(path, error.line)}: {visible(error.reason)}.", "") from None


def _advice(key: str, in_profile: bool, known: Set[str]) -> str:
    """What to do about an unknown key."""
    if looks_secret(key):
        return 'hottui keeps no keys: write credentials = "environment" or "aliyun:PROFILE" into the profile.'
    if in_profile and key in _TOP:
        return f"It belongs above the first table: {key} is the same for all profiles."
    if not in_profile and key in _OF_PROFILE:
        return "It belongs into a profile: write it below [profiles.NAME]."
    return nearest(key, known)


def _place(path: Path, line: int | None) -> str:
    return visible(str(path)) + (f", line {line:,}" if line else "")


def _kind(value: object) -> str:
    """The TOML word for the type of a value; the value itself may be a secret in the wrong place."""
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "a table"
    return "a date or time"
