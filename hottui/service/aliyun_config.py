"""Validates `~/.aliyun/config.json` before the vendor's library reads it.

The library does not validate the file: a value of the wrong type raises an error later, an empty one is replaced by an
environment variable, and its messages quote the contents. The messages here contain only field names and line numbers.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from hottui.errors import HottuiError
from hottui.model.json_text import json_type_name

_MAX_SIZE: Final = 10_000_000
"""Maximum size of the file in bytes."""
_REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
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
"""The required fields of each mode."""
_FROM_ENVIRONMENT: Final = ("ram_role_arn", "oidc_provider_arn", "oidc_token_file")
"""Fields that the library can also take from the environment."""
_NUMBERS: Final = ("expired_seconds", "cloud_sso_access_token_expire", "oauth_access_token_expire", "sts_expiration")
_TEXTS: Final = (
    *("mode", "access_key_id", "access_key_secret", "sts_token", "ram_role_arn", "ram_session_name", "ram_role_name"),
    *("policy", "external_id", "sts_region", "oidc_provider_arn", "oidc_token_file", "role_session_name"),
    *("source_profile", "cloud_sso_sign_in_url", "cloud_sso_account_id", "cloud_sso_access_config", "access_token"),
    *("oauth_site_type", "oauth_access_token", "oauth_refresh_token", "process_command"),
)


class ProfileUnusable(HottuiError):
    """The file or the profile is invalid. The message is a clause that quotes nothing from the file."""


def check_profile(path: Path, name: str | None) -> tuple[str, ...]:
    """Return the modes of the profile `name` (None: the current one) and of the profiles it is chained to.

    Raises ProfileUnusable.
    """
    config = _load(path)
    if name is None:
        current = config.get("current")
        if current is not None and not isinstance(current, str):
            raise ProfileUnusable(f"`current` must be text, not {json_type_name(current)}")
        if not current:
            raise ProfileUnusable("it sets no current profile")
        name = current
    return _check(config, name, ())


def _load(path: Path) -> dict[str, Any]:
    try:
        if not path.is_file():
            raise ProfileUnusable("it does not exist, or is not a file")
        if path.stat().st_size > _MAX_SIZE:
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
        raise ProfileUnusable("it is nested too deeply or contains too large a number") from None
    if not isinstance(config, dict):
        raise ProfileUnusable(f"it must contain an object, not {json_type_name(config)}")
    return config


def _check(config: dict[str, Any], name: str, chain: tuple[str, ...]) -> tuple[str, ...]:
    if name in chain:
        raise ProfileUnusable("its `source_profile` is a circular reference")
    profile = _find(config.get("profiles", []), name, chain)
    where = "in its source profile, " if chain else ""
    for field in (*_TEXTS, *_NUMBERS, "enable_vpc"):
        value = profile.get(field)
        kind = int if field in _NUMBERS else bool if field == "enable_vpc" else str
        if value is not None and not (isinstance(value, kind) and (kind is not int or not isinstance(value, bool))):
            expected = {int: "a whole number", bool: "true or false", str: "text"}[kind]
            raise ProfileUnusable(f"{where}`{field}` must be {expected}, not {json_type_name(value)}")
    mode: str = profile.get("mode") or ""
    if mode not in _REQUIRED:
        raise ProfileUnusable(
            f"{where}its `mode` is {'unknown' if mode else 'missing'}; use one of {', '.join(_REQUIRED)}"
        )
    for field in _REQUIRED[mode]:
        if not profile.get(field) and field not in _FROM_ENVIRONMENT:
            raise ProfileUnusable(f"{where}`{field}` is missing or empty")
    if mode == "ChainableRamRoleArn":
        return (mode, *_check(config, profile["source_profile"], (*chain, name)))
    return (mode,)


def _find(profiles: Any, name: str, chain: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(profiles, list):
        raise ProfileUnusable(f"`profiles` must be a list, not {json_type_name(profiles)}")
    for number, profile in enumerate(profiles, 1):
        if not isinstance(profile, dict):
            raise ProfileUnusable(f"entry {number} of `profiles` must be an object, not {json_type_name(profile)}")
        if profile.get("name") == name:
            return profile
    raise ProfileUnusable("its `source_profile` does not exist" if chain else "there is no profile with this name")
