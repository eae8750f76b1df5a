"""Credentials and the plain places they come from: given ones, and the environment's.

Everything the vendor's own library knows beyond that is behind `vendor.VendorCredentials`, imported when it is needed.
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

HOW_TO_GIVE: Final = (
    f"Set {ACCESS_KEY_ID} and {ACCESS_KEY_SECRET} (and {SECURITY_TOKEN} for a temporary key), "
    "or run `aliyun configure`, which writes ~/.aliyun/config.json."
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key; with `security_token` a temporary one. `expires` is in seconds since the epoch, where known."""

    access_key_id: str
    access_key_secret: SecretStr
    security_token: SecretStr | None = None
    expires: float | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown, to be taken out of texts."""
        token = (self.security_token.get_secret_value(),) if self.security_token else ()
        return (self.access_key_secret.get_secret_value(), *token)


def check_credentials(credentials: Credentials) -> Credentials:
    """`credentials` when a request can carry them. Raises CredentialsRefused, which does not repeat them."""
    secret, token = credentials.access_key_secret, credentials.security_token
    parts: dict[str, object] = {
        "access key ID": credentials.access_key_id,
        "access key secret": secret.get_secret_value(),
        **({"security token": token.get_secret_value()} if token is not None else {}),
    }
    for what, text in parts.items():
        if not isinstance(text, str):  # the aliyun CLI's file may hold anything, and the vendor's library passes it on
            raise CredentialsRefused(f"The {what} is not text.", hint="Check the profile that it comes from.")
        if not _PRINTABLE.fullmatch(text):
            raise CredentialsRefused(
                f"The {what} is empty or holds a space, a line end or a character outside ASCII: none has those.",
                hint="It was probably changed when it was copied: set it again.",
            )
    return credentials


class CredentialsSource(Protocol):
    """Where credentials come from. `name` tells sources apart: those of one name share a quota."""

    @property
    def name(self) -> str:
        """A word for the source, without secrets."""
        ...

    async def get(self) -> Credentials:
        """The credentials as of now, never blocking the event loop. Raises CredentialsMissing."""
        ...

    def forget(self) -> None:
        """Drop what was read before: the service refused it."""
        ...

    def changed(self) -> bool:
        """Whether the source holds something else than what `get` returned last."""
        ...


class StaticCredentials:
    """Credentials that were given."""

    def __init__(self, credentials: Credentials, name: str = "given") -> None:
        self._credentials = credentials
        self._name = name

    @property
    def name(self) -> str:
        """A word for the source."""
        return self._name

    async def get(self) -> Credentials:
        """The credentials given."""
        return self._credentials

    def forget(self) -> None:
        """There is nothing to read anew."""

    def changed(self) -> bool:
        """Never."""
        return False


class EnvironmentCredentials:
    """The vendor's three environment variables, read without its library."""

    name: Final = "environment"

    def __init__(self) -> None:
        self._read: Credentials | None = None

    async def get(self) -> Credentials:
        """Read the variables. Raises CredentialsMissing, which names those that are not set."""
        found = from_environment()
        if found is None:
            missing = [name for name in (ACCESS_KEY_ID, ACCESS_KEY_SECRET) if not os.environ.get(name)]
            verb = "is" if len(missing) == 1 else "are"
            raise CredentialsMissing(f"{' and '.join(missing)} {verb} not set.", hint=HOW_TO_GIVE)
        self._read = found
        return found

    def forget(self) -> None:
        """The variables are read each time."""

    def changed(self) -> bool:
        """Whether the variables differ from those that were read last."""
        return from_environment() != self._read


def from_environment() -> Credentials | None:
    """The credentials in the environment, or None unless both the ID and the secret are set."""
    key, secret = os.environ.get(ACCESS_KEY_ID), os.environ.get(ACCESS_KEY_SECRET)
    if not key or not secret:
        return None
    token = os.environ.get(SECURITY_TOKEN)
    return Credentials(key.strip(), SecretStr(secret.strip()), SecretStr(token.strip()) if token else None)


def source_for(spec: str) -> CredentialsSource:
    """The source that a profile's `credentials` names.

    `default`: the environment's keys if they are set, else whatever the vendor's library finds; `environment`: the
    environment's keys alone; `aliyun:NAME`: the profile NAME of `~/.aliyun/config.json`. Raises ValueError with a
    message for anything else.
    """
    if spec == "environment" or (spec == "default" and from_environment()):
        return EnvironmentCredentials()
    from hottui.service.credentials_refresh import VendorCredentials  # noqa: PLC0415 — not needed when keys are in the environment

    kind, _, profile = spec.partition(":")
    if spec == "default":
        return VendorCredentials(None)
    if kind == "aliyun" and profile:
        return VendorCredentials(profile)
    raise ValueError(f"The credentials source {spec!r} is not known: it is default, environment or aliyun:PROFILE.")
