"""Write `config.toml`: a commented file, or one more profile in the user's own text, which is otherwise kept as it is.

A profile is appended as text, so that comments, order and layout of the file stay. The result is parsed before it is
written: nothing is written unless it reads as before, with the new profile.
"""

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from hottui.config import config_file
from hottui.config.settings import DEFAULT_CREDENTIALS, DEFAULT_NAMESPACE, Config, Profile, SettingsError, quoted
from hottui.files import write_private
from hottui.model.control_characters import visible
from hottui.service.endpoints import PUBLIC, InvalidEndpoint, endpoint_for

_HEADER: Final = """\
# hottui: profiles and preferences. `hottui config validate` checks this file; `hottui info` shows what is in effect.
# hottui stores no access keys: a profile names the source of its credentials.

# profile = "NAME"              # the profile used without -p; not needed for a single profile
# interval = 2                  # seconds between two reads of a hot update in progress
# theme = "hottui-dark"
# history_days = 90             # days, and transitions per hot update, that the store keeps
# history_transitions = 10000
# insight = true                # false: never read the job behind a hot update
# columns = ["state", "for", "label", "change", "effect", "job", "id", "seen"]

# [notify]
# on = ["FAILED", "HOT_UPDATED"]  # states, or "slow" for what takes longer than usual
# bell = false
# desktop = "off"               # or "auto", "osc9", "osc99", "osc777"
# command = []                  # a program and its arguments, run without a shell

# [keys]
# pause = "p"                   # other keys for a command, by its ID; `hottui config schema` lists them
"""
_EXAMPLE: Final = """
# [profiles.prod]
# region = "cn-hangzhou"
# network = "public"            # or "vpc" from inside the VPC
# workspace = "a14bd5d90a0000"
# namespace = "default-namespace"
# credentials = "default"       # or "environment", or "aliyun:PROFILE" of the aliyun CLI
"""
_COMMENTS: Final = {
    "network": 'or "vpc" from inside the VPC',
    "credentials": 'or "environment", or "aliyun:PROFILE" of the aliyun CLI',
}
"""What follows a value that is the default."""


def check_profile(profile: Profile) -> Profile:
    """Return `profile` if hottui can read with it, and its name is usable. Raises SettingsError."""
    if not profile.name.strip():
        raise SettingsError("The profile has no name.", "Pass --profile NAME.")
    missing = [name for name in ("region", "workspace") if not getattr(profile, name)]
    if profile.endpoint and "region" in missing:
        missing.remove("region")
    if missing:
        raise SettingsError(f"The profile has no {' and no '.join(missing)}.")
    check_address(profile)
    return profile


def check_address(profile: Profile) -> None:
    """Raise SettingsError for an invalid value of `profile`; if its region is unknown, unless it has an endpoint."""
    config_file.check_values(profile)
    try:
        if not profile.endpoint:
            endpoint_for(profile.region, profile.network or PUBLIC)
    except InvalidEndpoint as error:
        raise SettingsError(error.message) from None


def free_name(wanted: str, profiles: Mapping[str, Profile]) -> str:
    """Return `wanted`, with a number if a profile has that name already."""
    candidates = (wanted if n == 1 else f"{wanted}-{n}" for n in range(1, len(profiles) + 2))
    return next(name for name in candidates if name not in profiles)


def new_file(profile: Profile | None) -> str:
    """Return the text of a new file: every preference as a comment, and `profile` or an example."""
    return _HEADER + (_EXAMPLE if profile is None else f"\n{_table(profile)}")


def with_profile(path: Path, text: str, profile: Profile, *, as_default: bool = False) -> str:
    """Return the contents `text` of the file at `path` with `profile` after them.

    The default in effect stays the same: one that was the default as the only profile is named at the top. With
    `as_default`, the new profile becomes the default where the file names none. Raises SettingsError if the text is
    invalid, has that profile already, or cannot be extended.
    """
    before = config_file.config_of(path, text)
    where = visible(str(path))
    if profile.name in before.profiles:
        raise SettingsError(f"{where} has a profile {quoted(profile.name)} already; it was not changed.")
    expected = replace(before, profiles=MappingProxyType({**before.profiles, profile.name: profile}))
    line_end = "\r\n" if "\r\n" in text else "\n"
    table = _table(profile).replace("\n", line_end)
    ended = "" if text.endswith("\n") or not text else line_end
    extended = f"{text}{ended}{line_end if text else ''}{table}"
    default = profile.name if as_default else before.default
    if default and before.profiles and not before.default_profile:
        expected = replace(expected, default_profile=default)
        extended = f"profile = {_basic_string(default)}{line_end}{extended}"
    if not _reads_as(path, extended, expected):
        raise SettingsError(
            f"{where} cannot be extended: its profiles are not tables [profiles.NAME].", "Add the profile by hand."
        )
    return extended


def add_profile(path: Path, profile: Profile, *, as_default: bool = False) -> None:
    """Add `profile` to the file at `path`, which is created if missing. Raises SettingsError.

    `as_default`: see `with_profile`.
    """
    check_profile(profile)
    text = config_file.read_text(path)
    save(path, new_file(profile) if text is None else with_profile(path, text, profile, as_default=as_default))


def save(path: Path, text: str) -> None:
    """Write the file at `path`, and its folder if missing; a link and the mode are kept. Raises SettingsError."""
    try:
        target = path.resolve()
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o600
        write_private(target, text)
        os.chmod(target, mode)
    except OSError as error:
        raise SettingsError(f"{visible(str(path))} cannot be written ({error.strerror}).") from None


def _reads_as(path: Path, text: str, expected: Config) -> bool:
    try:
        return config_file.config_of(path, text) == expected
    except SettingsError:
        return False


def _table(profile: Profile) -> str:
    if profile.endpoint:
        values = {"endpoint": profile.endpoint}
    else:
        values = {"region": profile.region, "network": profile.network}
    values |= {name: getattr(profile, name) for name in ("workspace", "namespace", "credentials")}
    defaults = {"network": PUBLIC, "namespace": DEFAULT_NAMESPACE, "credentials": DEFAULT_CREDENTIALS}
    lines = [f"[profiles.{_key(profile.name)}]"]
    for name, value in values.items():
        if value:
            remark = f"  # {_COMMENTS[name]}" if name in _COMMENTS and value == defaults.get(name) else ""
            lines.append(f"{name} = {_basic_string(value)}{remark}")
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if name.replace("-", "a").replace("_", "a").isalnum() and name.isascii() else _basic_string(name)


def _basic_string(text: str) -> str:
    """Return `text` as a TOML string: JSON's escapes are valid in TOML, except for DEL, which has to be escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
