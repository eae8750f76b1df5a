"""Credentials from the vendor's library `alibabacloud-credentials`, imported when needed (250 ms).

It supports the aliyun CLI's profiles, ini files, OIDC, RAM and ECS roles. Its side effects are prevented here: its
import adds log handlers that write to the terminal, each ECS provider starts a scheduler thread that is never stopped,
credential processes inherit the terminal, and messages quote files and responses. Everything here blocks: call it on a
worker thread.
"""

import logging
import os
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from hottui.service.aliyun_config import ProfileUnusable, check_profile
from hottui.service.credential_process import Subprocess
from hottui.service.credentials import HOW_TO_CONFIGURE, Credentials
from hottui.service.credentials_library_errors import Reason, explain
from hottui.service.errors import CredentialsMissing, ServiceError, Unreachable

CLI_FILE: Final = "~/.aliyun/config.json"
INI_FILE: Final = "~/.alibabacloud/credentials.ini"
_CHECK_NETWORK: Final = "Check the network, HTTPS_PROXY and NO_PROXY."

_LOGGERS = ("credentials", "alibabacloud-tea", "darabonba-core", "apscheduler")
_OIDC = ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN")
_Stamp = tuple[int, int, int] | None


class CredentialsLibrary:
    """Finds credentials for one profile of the aliyun CLI, or for None with the library's default chain.

    Not thread-safe, except for `changed`.
    """

    def __init__(self, profile: str | None = None) -> None:
        self._profile = profile
        self._provider: Any = None
        self._stamps: tuple[_Stamp, ...] | None = None
        self._current = ""
        self._runs_process = False

    def find(self) -> Credentials:
        """Return credentials from the source that had some before, else from the first source that has any.

        Raises CredentialsMissing, or Unreachable if the network is the reason.
        """
        try:
            if self._provider is not None:
                return self._renew()
            return self._search()
        finally:
            # After the look-up, because some sources write renewed tokens to the CLI's file.
            self._stamps = self._stat()

    def forget(self) -> None:
        """Create the sources again in the next `find`."""
        self._provider = None

    def changed(self) -> bool:
        """Return whether a credentials file has changed since it was last read."""
        return self._stamps is not None and self._stat() != self._stamps

    def timeout_error(self, seconds: float) -> ServiceError:
        """Return the error for a `find` that has not ended after `seconds`."""
        if self._runs_process:
            profile = self._current if self._profile else f"the current profile of {CLI_FILE}"
            return CredentialsMissing(
                f"The credential process of {profile} has not answered for {seconds:g} s.",
                hint="Run its `process_command` by hand to see why. It must not prompt, because it has no terminal.",
            )
        return Unreachable(
            f"No credentials from {self._current or 'any source'} after {seconds:g} s.", hint=_CHECK_NETWORK
        )

    def _renew(self) -> Credentials:
        try:
            return _credentials(self._provider)
        except Exception as error:  # noqa: BLE001 — the library does not document what it raises
            reason = explain(error)
            message = f"Cannot renew the credentials ({self._current} – {reason.clause})."
            raise _error_for((reason,), message, HOW_TO_CONFIGURE) from None

    def _search(self) -> Credentials:
        reasons: dict[str, Reason] = {}
        for name, present, build in self._sources():
            self._current, self._runs_process = name, False
            try:
                provider = build()
                found = _credentials(provider)
            except Exception as error:  # noqa: BLE001 — the library does not document what it raises
                if present:
                    reasons[name] = explain(error)
            else:
                self._provider = provider
                return found
        raise self._missing(reasons)

    def _missing(self, reasons: dict[str, Reason]) -> ServiceError:
        if self._profile is not None and not _cli_file().is_file():
            return CredentialsMissing(
                f"Cannot use aliyun CLI profile {self._profile!r}: {CLI_FILE} does not exist.",
                hint=f"Run `aliyun configure --profile {self._profile}`, or set another credentials source.",
            )
        if self._profile is not None:
            clauses = "; ".join(reason.clause for reason in reasons.values())
            return _error_for(
                tuple(reasons.values()),
                f"No credentials from profile {self._profile!r} of {CLI_FILE}: {clauses}.",
                f"Run `aliyun configure --profile {self._profile}`, or set another credentials source.",
            )
        if reasons:
            # No colon: the masking would take the text after `…CREDENTIALS_URI:` for a secret value.
            clauses = "; ".join(f"{name} – {reason.clause}" for name, reason in reasons.items())
            return _error_for(tuple(reasons.values()), f"No credentials found ({clauses}).", HOW_TO_CONFIGURE)
        return CredentialsMissing(
            f"No credentials found in the environment, {CLI_FILE}, {INI_FILE} or an ECS role.",
            hint=HOW_TO_CONFIGURE,
        )

    def _sources(self) -> Iterator[tuple[str, bool, Callable[[], Any]]]:
        """Yield each source's name, whether it is configured, and a function to create it, in the library's order."""
        library = _silent_library()
        cli = str(_cli_file())

        def from_cli() -> Any:
            modes = check_profile(_cli_file(), self._profile or os.environ.get("ALIBABA_CLOUD_PROFILE") or None)
            self._runs_process = "External" in modes
            return library.CLIProfileCredentialsProvider(profile_name=self._profile, profile_file=cli)

        if self._profile is not None:
            yield f"profile {self._profile!r} of {CLI_FILE}", True, from_cli
            return
        if all(os.environ.get(name) for name in _OIDC):
            yield "OIDC", True, library.OIDCRoleArnCredentialsProvider
        yield CLI_FILE, _cli_file().is_file(), from_cli
        if _ini_file().is_file():  # the library would block on a named pipe
            named = os.environ.get("ALIBABA_CLOUD_CREDENTIALS_FILE") or INI_FILE
            yield named, True, lambda: library.ProfileCredentialsProvider(profile_file=str(_ini_file()))
        if os.environ.get("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "").lower() != "true":
            yield "ECS role", bool(os.environ.get("ALIBABA_CLOUD_ECS_METADATA")), library.EcsRamRoleCredentialsProvider
        if os.environ.get("ALIBABA_CLOUD_CREDENTIALS_URI"):
            yield "ALIBABA_CLOUD_CREDENTIALS_URI", True, library.URLCredentialsProvider

    def _stat(self) -> tuple[_Stamp, ...]:
        return tuple(_stamp(path) for path in (_cli_file(), _ini_file()))


class _NoScheduler:
    """Replaces the library's scheduler thread; its providers also renew credentials when these are requested."""

    def add_job(self, *_: Any, **__: Any) -> None:
        """Do nothing."""

    def start(self) -> None:
        """Do nothing."""

    def shutdown(self, **_: Any) -> None:
        """Do nothing."""


def _silent_library() -> Any:
    """Import the library's `provider` package, and prevent its side effects."""
    library = import_module("alibabacloud_credentials.provider")
    import_module("alibabacloud_credentials.provider.ecs_ram_role").BackgroundScheduler = _NoScheduler  # type: ignore[attr-defined]
    import_module("alibabacloud_credentials.provider.external").subprocess = Subprocess  # type: ignore[attr-defined]
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        for handler in tuple(logger.handlers):
            logger.removeHandler(handler)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
    return library


def _error_for(reasons: tuple[Reason, ...], message: str, hint: str) -> ServiceError:
    if any(reason.network for reason in reasons):
        return Unreachable(message, hint=_CHECK_NETWORK)
    return CredentialsMissing(message, hint=hint)


def _credentials(provider: Any) -> Credentials:
    found = provider.get_credentials()
    key, secret = found.get_access_key_id(), found.get_access_key_secret()
    token, expires = found.get_security_token(), found.get_expiration()
    if not (isinstance(key, str) and isinstance(secret, str) and isinstance(token or "", str)):
        raise ProfileUnusable("the access key ID, secret or token is not text")
    return Credentials(
        access_key_id=key,
        access_key_secret=SecretStr(secret),
        security_token=SecretStr(token) if token else None,
        expires=float(expires) if expires else None,
    )


def _cli_file() -> Path:
    return Path(CLI_FILE).expanduser()


def _ini_file() -> Path:
    return Path(os.environ.get("ALIBABA_CLOUD_CREDENTIALS_FILE") or INI_FILE).expanduser()


def _stamp(path: Path) -> _Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino)
