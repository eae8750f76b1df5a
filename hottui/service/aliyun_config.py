"""`~/.aliyun/config.json`, checked before the vendor's library reads it.

The library takes the file as it is: a value of the wrong type fails somewhere later, an empty one is replaced by that
of the environment, and its messages quote what stands there. What is wrong is named here by profile, field and line.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from hottui.errors import HottuiError

_LARGEST: Final = 10_000_000
"""Bytes of the file that are read."""
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "AK": ("access_key_id", "access_key_secret"),
    "StsToken": ("access_key_id", "access_key_secret", "sts_token"),
    "RamRoleArn": ("access_key_id", "access_key_secret", "ram_role_arn"),
    "EcsRamRole": (),
    "OIDC": ("ram_role_arn", "oidc_provider_arn", "oidc_token_file"),
    "ChainableRamRoleArn": ("source_profile", "ram_role_arn"),
    "CloudSSO": ("cloud_sso_sign_in_url", "cloud_sso_account_id", "cloud_sso_access_config", "access_token"),
    "OAuth": (),
    "External": ("process_command",),
}
"""The fields that each mode cannot do without."""
_FROM_ENVIRONMENT: Final = ("ram_role_arn", "oidc_provider_arn", "oidc_token_file")
"""Fields that the library also takes from the environment."""
_NUMBERS: Final = ("expired_seconds", "cloud_sso_access_token_expire", "oauth_access_token_expire", "sts_expiration")
_TEXTS: Final = (
    *("mode", "access_key_id", "access_key_secret", "sts_token", "ram_role_arn", "ram_session_name", "ram_role_name"),
    *("policy", "external_id", "sts_region", "oidc_provider_arn", "oidc_token_file", "role_session_name"),
    *("source_profile", "cloud_sso_sign_in_url", "cloud_sso_account_id", "cloud_sso_access_config", "access_token"),
    *("oauth_site_type", "oauth_access_token", "oauth_refresh_token", "process_command"),
)


class ProfileUnusable(HottuiError):
    """What is wrong with the file or the profile, as a clause without anything that stands in the file."""


def check_profile(path: Path, name: str | None) -> tuple[str, ...]:
    """The modes of the profile `name`, or of the current one for None, and of those it leads to.

    Raises ProfileUnusable.
    """
    config = _load(path)
    if name is None:
        current = config.get("current")
        if current is not None and not isinstance(current, str):
            raise ProfileUnusable(f"`current` must be text, not {_kind(current)}")
        if not current:
            raise ProfileUnusable("it names no current profile")
        name = current
    return _check(config, name, ())


def _load(path: Path) -> dict[str, Any]:
    try:
        if not path.is_file():
            raise ProfileUnusable("it does not exist, or is not a file")
        if path.stat().st_size > _LARGEST:
            raise ProfileUnusable("it is too large")
        config = json.loads(path.read_bytes())
    except OSError as error:
        raise ProfileUnusable(f"it cannot be read ({error.strerror})") from None
    except json.JSONDecodeError as error:
        raise ProfileUnusable(f"it is not JSON (line {error.lineno})") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ProfileUnusable(f"it is not UTF-8 (line {line})") from None
    except (ValueError, RecursionError):
        raise ProfileUnusable("it is nested too deeply or holds too large a number") from None
    if not isinstance(config, dict):
        raise ProfileUnusable(f"it must hold an object, not {_kind(config)}")
    return config


def _check(config: dict[str, Any], name: str, led_from: tuple[str, ...]) -> tuple[str, ...]:
    if name in led_from:
        raise ProfileUnusable("its `source_profile` leads back to itself")
    profile = _find(config.get("profiles", []), name, led_from)
    where = "in the profile that it leads to, " if led_from else ""
    for field in (*_TEXTS, *_NUMBERS, "enable_vpc"):
        value = profile.get(field)
        kind = int if field in _NUMBERS else bool if field == "enable_vpc" else str
        if value is not None and not (isinstance(value, kind) and (kind is not int or not isinstance(value, bool))):
            wanted = {int: "a whole number", bool: "true or false", str: "text"}[kind]
            raise ProfileUnusable(f"{where}`{field}` must be {wanted}, not {_kind(value)}")
    mode: str = profile.get("mode") or ""
    if mode not in _NEEDED:
        raise ProfileUnusable(f"{where}its `mode` is {'not known' if mode else 'missing'}; known: {', '.join(_NEEDED)}")
    for field in _NEEDED[mode]:
        if not profile.get(field) and field not in _FROM_ENVIRONMENT:
            raise ProfileUnusable(f"{where}`{field}` is missing or empty")
    if mode == "ChainableRamRoleArn":
        return (mode, *_check(config, profile["source_profile"], (*led_from, name)))
    return (mode,)


def _find(profiles: Any, name: str, led_from: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(profiles, list):
        raise ProfileUnusable(f"`profiles` must be a list, not {_kind(profiles)}")
    for number, profile in enumerate(profiles, 1):
        if not isinstance(profile, dict):
            raise ProfileUnusable(f"entry {number} of `profiles` must be an object, not {_kind(profile)}")
        if profile.get("name") == name:
            return profile
    raise ProfileUnusable("its `source_profile` does not exist" if led_from else "there is no profile of that name")


def _kind(value: object) -> str:
    """The word of JSON for the type of a value; the value itself may be a secret."""
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
