"""`config.toml`: profiles and preferences, read and validated once.

profile = "prod"                # the profile used without -p
interval = 2.0                  # seconds between two reads of a hot update in progress
theme = "hottui-dark"
history_days = 90               # days, and transitions per hot update, that the store keeps
history_transitions = 10000
insight = true                  # false: never read the job behind a hot update
columns = ["state", "label"]    # the columns of the dashboard's table, from left to right

[profiles.prod]
region = "cn-hangzhou"
network = "vpc"                 # or "public", the default
workspace = "adf9e514259e4b"
namespace = "default-namespace"
credentials = "aliyun:prod"     # or "default", "environment"

[notify]
on = ["FAILED", "HOT_UPDATED"]  # states, or "slow"
bell = true
desktop = "auto"                # or "osc9", "osc99", "osc777", and "off", the default
command = ["~/bin/to-chat"]     # a program and its arguments, run without a shell

[keys]
pause = "f9"                    # by the ID of a command; or a list of keys
"""

import re
from collections.abc import Callable, Mapping, Set
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from hottui.config.config_values import NOTIFY, PROFILE, TOP_LEVEL, InvalidValue, key_names, toml_type_name
from hottui.config.settings import (
    Config,
    Profile,
    SettingsError,
    nearest,
    quoted,
)
from hottui.config.toml_reader import TomlError, key_lines, parse
from hottui.files import read_regular
from hottui.model.control_characters import visible
from hottui.model.masking import looks_secret

_MAX_SIZE: Final = 256 * 1024
"""Bytes of the file: enough for thousands of profiles."""


def load(path: Path) -> Config:
    """Return the contents of the file at `path`, empty where there is none. Raises SettingsError."""
    text = read_text(path)
    return Config(path) if text is None else config_of(path, text)


def read_text(path: Path) -> str | None:
    """Return the text of the file at `path` with its line ends, or None where there is none. Raises SettingsError."""
    try:
        raw = read_regular(path, _MAX_SIZE)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"{visible(str(path))} cannot be read ({error.strerror}).") from None
    return _decode(path, raw)


def config_of(path: Path, text: str) -> Config:
    """Return the configuration in `text`; `path` is named in errors. Raises SettingsError."""
    return _Document(path, text.replace("\r\n", "\n")).config()


_TABLES: Final = {"profiles", "notify", "keys"}


def check_values(profile: Profile) -> None:
    """Raise SettingsError for a value of `profile` that would be invalid in a file."""
    for key, reader in PROFILE.items():
        try:
            reader(getattr(profile, key))
        except InvalidValue as invalid:
            raise SettingsError(f"{key} {invalid}.") from None


class _Document:
    """One file: its values, validated, and errors with the line of each key."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._values = _parse(path, text)
        self._lines = key_lines(text)

    def config(self) -> Config:
        top = {key: value for key, value in self._values.items() if key not in _TABLES}
        self._reject_unknown((), self._values, {*TOP_LEVEL, *_TABLES})
        values = {key: self._read((key,), value, TOP_LEVEL[key]) for key, value in top.items()}
        profiles = self._profiles(self._values.get("profiles", {}))
        default = values.pop("profile", "")
        if default and default not in profiles:
            raise self._error(
                ("profile",), f"is {quoted(default)}, but there is no such profile", nearest(default, profiles)
            )
        notify = self._notify(self._values.get("notify", {}))
        return Config(
            self._path,
            MappingProxyType(profiles),
            default,
            **values,
            notify=MappingProxyType(notify),
            keys=MappingProxyType(self._keys(self._values.get("keys", {}))),
        )

    def _keys(self, table: object) -> dict[str, tuple[str, ...]]:
        """Return the keys by command ID. Which commands and keys there are is checked by the dashboard."""
        if not isinstance(table, dict):
            raise self._error(("keys",), f"must be a table, not {toml_type_name(table)}", "Write [keys].")
        return {name: self._read(("keys", name), value, key_names) for name, value in table.items()}

    def _notify(self, table: object) -> dict[str, Any]:
        if not isinstance(table, dict):
            raise self._error(("notify",), f"must be a table, not {toml_type_name(table)}", "Write [notify].")
        self._reject_unknown(("notify",), table, set(NOTIFY))
        return {key: self._read(("notify", key), value, NOTIFY[key]) for key, value in table.items()}

    def _profiles(self, tables: object) -> dict[str, Profile]:
        if not isinstance(tables, dict):
            raise self._error(
                ("profiles",), f"must contain tables, not {toml_type_name(tables)}", "Write [profiles.NAME]."
            )
        return {name: self._profile(name, table) for name, table in tables.items()}

    def _profile(self, name: str, table: object) -> Profile:
        path = ("profiles", name)
        if not isinstance(table, dict):
            raise self._error(path, f"must be a table, not {toml_type_name(table)}", "Write [profiles.NAME].")
        self._reject_unknown(path, table, set(PROFILE))
        return Profile(name, **{key: self._read((*path, key), value, PROFILE[key]) for key, value in table.items()})

    def _read(self, path: tuple[str, ...], value: object, reader: Callable[[object], Any]) -> Any:
        try:
            return reader(value)
        except InvalidValue as invalid:
            hint = "Define a profile as a table [profiles.NAME]." if path == ("profile",) else invalid.hint
            raise self._error(path, str(invalid), hint) from None

    def _reject_unknown(self, table: tuple[str, ...], values: Mapping[str, object], known: Set[str]) -> None:
        for key in values:
            if key not in known:
                raise self._error(
                    (*table, key), "is not a setting of hottui", _hint_for_unknown(key, bool(table), known)
                )

    def _error(self, path: tuple[str, ...], problem: str, hint: str = "") -> SettingsError:
        name = ".".join(part if re.fullmatch(r"[\w-]{1,60}", part) else quoted(part) for part in path)
        return SettingsError(f"{_where(self._path, self._lines.get(path))}: {name} {problem}.", hint)


def _decode(path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{_where(path, line)}: not UTF-8 text.", "Save the file as UTF-8.") from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return parse(text)
    except TomlError as error:
        raise SettingsError(f"{_where(path, error.line)}: {visible(error.message)}.", "") from None


def _hint_for_unknown(key: str, in_table: bool, known: Set[str]) -> str:
    """Return what to do about an unknown key."""
    if looks_secret(key):
        return 'hottui stores no keys: set credentials = "environment" or "aliyun:PROFILE" in the profile.'
    if in_table and key in TOP_LEVEL:
        return f"Move it above the first table: {key} applies to all profiles."
    if key in PROFILE:
        return "Move it into a profile, below [profiles.NAME]."
    if key in NOTIFY:
        return "Move it below [notify]."
    return nearest(key, known)


def _where(path: Path, line: int | None) -> str:
    return visible(str(path)) + (f", line {line:,}" if line else "")
