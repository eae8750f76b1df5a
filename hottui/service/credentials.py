"""Credentials, and the sources that need no library: static ones and environment variables.

The vendor's library supports more sources; `credentials_refresh.LibraryCredentials` imports it when needed.
"""

import os
import re
from dataclasses import dataclass
from typing import Final, Protocol

from pydantic import SecretStr

from hottui.service.errors import CredentialsMissing, CredentialsRefused

ACCESS_KEY_ID: Final = "ALIBABA_CLOUD_ACCESS_KEY_ID"
ACCESS_KEY_SECRET: Final = "ALIBABA_CLOUD_ACCESS_KEY_SECRET"  # noqa: S105 — the name of a variable
SECURITY_TOKEN: Final = "ALIBABA_CLOUD_SECURITY_TOKEN"  # noqa: S105 — the name of a variable

_PRINTABLE = re.compile(r"[!-~]+")

HOW_TO_CONFIGURE: Final = (
    f"Set {ACCESS_KEY_ID} and {ACCESS_KEY_SECRET} (and {SECURITY_TOKEN} for a temporary key), "
    "or run `aliyun configure`, which writes ~/.aliyun/config.json."
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key, temporary if it has a `security_token`. `expires` is in seconds since the epoch, if known."""

    access_key_id: str
    access_key_secret: SecretStr
    security_token: SecretStr | None = None
    expires: float | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secret values, to be masked in texts."""
        token = (self.security_token.get_secret_value(),) if self.security_token else ()
        return (self.access_key_secret.get_secret_value(), *token)


def check_credentials(credentials: Credentials) -> Credentials:
    """Return `credentials` if they can be sent in headers. Raises CredentialsRefused, without quoting them."""
    secret, token = credentials.access_key_secret, credentials.security_token
    parts: dict[str, object] = {
        "access key ID": credentials.access_key_id,
        "access key secret": secret.get_secret_value(),
        **({"security token": token.get_secret_value()} if token is not None else {}),
    }
    for name, text in parts.items():
        if not isinstance(text, str):  # the vendor's library returns any JSON value in the aliyun CLI's file
            raise CredentialsRefused(
                f"The {name} is not text.", hint="Check the aliyun CLI profile that it comes from."
            )
        if not _PRINTABLE.fullmatch(text):
            raise CredentialsRefused(
                f"The {name} is empty or contains a space, a line break or a non-ASCII character.",
                hint="It was probably damaged when it was copied: set it again.",
            )
    return credentials


class CredentialsSource(Protocol):
    """Provides credentials. Sources with the same `name` share a rate quota."""

    @property
    def name(self) -> str:
        """The name of the source, without secrets."""
        ...

    async def get(self) -> Credentials:
        """Return the current credentials without blocking the event loop. Raises CredentialsMissing or Unreachable."""
        ...

    def forget(self) -> None:
        """Discard cached credentials, because the service rejected them."""
        ...

    def changed(self) -> bool:
        """Return whether the source has changed since the last `get`."""
        ...


class StaticCredentials:
    """Fixed credentials."""

    def __init__(self, credentials: Credentials, name: str = "static") -> None:
        self._credentials = credentials
        self._name = name

    @property
    def name(self) -> str:
        """The name of the source."""
        return self._name

    async def get(self) -> Credentials:
        """Return the credentials."""
        return self._credentials

    def forget(self) -> None:
        """Do nothing: nothing is cached."""

    def changed(self) -> bool:
        """Return False."""
        return False


class EnvironmentCredentials:
    """Credentials from the vendor's three environment variables."""

    name: Final = "environment"

    def __init__(self) -> None:
        self._read: Credentials | None = None

    async def get(self) -> Credentials:
        """Read the variables. Raises CredentialsMissing, which lists those that are not set."""
        found = from_environment()
        if found is None:
            missing = [name for name in (ACCESS_KEY_ID, ACCESS_KEY_SECRET) if not os.environ.get(name)]
            verb = "is" if len(missing) == 1 else "are"
            raise CredentialsMissing(f"{' and '.join(missing)} {verb} not set.", hint=HOW_TO_CONFIGURE)
        self._read = found
        return found

    def forget(self) -> None:
        """Do nothing: the variables are read each time."""

    def changed(self) -> bool:
        """Return whether the variables have changed since they were last read."""
        return from_environment() != self._read


def from_environment() -> Credentials | None:
    """Return the credentials in the environment, or None unless both ID and secret are set."""
    key, secret = os.environ.get(ACCESS_KEY_ID), os.environ.get(ACCESS_KEY_SECRET)
    if not key or not secret:
        return None
    token = os.environ.get(SECURITY_TOKEN)
    return Credentials(key.strip(), SecretStr(secret.strip()), SecretStr(token.strip()) if token else None)


def source_for(spec: str) -> CredentialsSource:
    """Return the source for the `credentials` setting of a profile.

    `default`: the environment variables if they are set, else the vendor library's default chain; `environment`: the
    environment variables only; `aliyun:NAME`: the profile NAME of `~/.aliyun/config.json`. Raises ValueError with a
    message for anything else.
    """
    if spec == "environment" or (spec == "default" and from_environment()):
        return EnvironmentCredentials()
    from hottui.service.credentials_refresh import LibraryCredentials  # noqa: PLC0415 — start-up time: not needed with environment variables

    kind, _, profile = spec.partition(":")
    if spec == "default":
        return LibraryCredentials(None)
    if kind == "aliyun" and profile:
        return LibraryCredentials(profile)
    raise ValueError(f"Unknown credentials source {spec!r}. Use default, environment or aliyun:PROFILE.")
