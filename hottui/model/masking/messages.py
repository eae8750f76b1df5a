"""Redact messages about requests to the service: secrets and echoed requests.

A gateway's error message may echo the request, including its headers and the security token.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from hottui.model.control_characters import shorten, visible
from hottui.model.masking import MASK, looks_secret, mask_text

LONGEST: Final = 600
"""Maximum characters of a redacted text: enough for every message of the service that is meant for people."""

_ECHO = re.compile(
    r"(?P<what>canonical[ _-]?request|string[ _-]?to[ _-]?sign)"
    rf"(?! ?{MASK[0]}*…?\)\.\Z)"  # already masked, in brackets at the end of a message: keep the brackets
    r"(?P<rest>\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_SIGNATURE = re.compile(r"(?P<key>\bsignature\s*[=:]\s*)(?P<value>[\w+/=%-]{16,})", re.IGNORECASE)
_SCHEME = re.compile(r"(?P<key>\bacs3-hmac-\w+\s+)(?P<value>[^\s,;]{8,})", re.IGNORECASE)
_FOLDERS: Final = ("PWD", "OLDPWD")


def secrets_in(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values of variables such as `…_SECRET` or `…_TOKEN`, longest first: one may contain another."""
    secret = {name for name in environment if (looks_secret(name) or "_KEY" in name) and name not in _FOLDERS}
    found = {environment[name] for name in secret if len(environment[name]) >= 6}
    return tuple(sorted(found, key=len, reverse=True))


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return `text` without an echoed request, and with `secrets` and everything that looks like a secret masked."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, MASK)
    text = _ECHO.sub(rf"\g<what> {MASK}", text)
    text = _SIGNATURE.sub(rf"\g<key>{MASK}", text)
    text = _SCHEME.sub(rf"\g<key>{MASK}", text)
    return mask_text(text)


def for_display(text: str, secrets: Iterable[str] = ()) -> str:
    """Return `text` redacted, on one line, with every control or invisible character as a visible symbol."""
    return shorten(visible(redact(text, secrets)), LONGEST)
