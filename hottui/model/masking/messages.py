"""Secrets kept out of what is said about an exchange with the service.

A gateway's error message may echo the request it received, headers and security token included; the message is wanted,
the echo is not.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from hottui.model.control_characters import shorten, visible
from hottui.model.masking import MASK, looks_secret, mask_text

LONGEST: Final = 600
"""Characters of one text that are kept: enough for every message of the service that is meant for people."""

_ECHO = re.compile(
    r"(?P<what>canonical[ _-]?request|string[ _-]?to[ _-]?sign)"
    rf"(?! ?{MASK[0]}*…?\)\.\Z)"  # masked before, in brackets at the end of a sentence: the brackets stay whole
    r"(?P<rest>\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_SIGNATURE = re.compile(r"(?P<key>\bsignature\s*[=:]\s*)(?P<value>[\w+/=%-]{16,})", re.IGNORECASE)
_SCHEME = re.compile(r"(?P<key>\bacs3-hmac-\w+\s+)(?P<value>[^\s,;]{8,})", re.IGNORECASE)
_FOLDERS: Final = ("PWD", "OLDPWD")


def secrets_in(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The values of variables with a name like `…_SECRET` or `…_TOKEN`, the longest first: one may hold another."""
    secret = {name for name in environment if (looks_secret(name) or "_KEY" in name) and name not in _FOLDERS}
    found = {environment[name] for name in secret if len(environment[name]) >= 6}
    return tuple(sorted(found, key=len, reverse=True))


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without what looks like a secret, without an echoed request, and without any of `secrets`."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, MASK)
    text = _ECHO.sub(rf"\g<what> {MASK}", text)
    text = _SIGNATURE.sub(rf"\g<key>{MASK}", text)
    text = _SCHEME.sub(rf"\g<key>{MASK}", text)
    return mask_text(text)


def for_display(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` redacted, on one line, with every active or invisible character as a visible symbol."""
    return shorten(visible(redact(text, secrets)), LONGEST)
