"""`alibabacloud-credentials`, tamed: imported when needed (250 ms), silent, and without threads of its own.

It knows every source that an engineer's machine may have: the aliyun CLI's profiles, ini files, OIDC, RAM and ECS
roles. What it does besides is undone here: its import adds handlers that write to the terminal, each ECS provider
starts a scheduler thread that nothing ever stops, credential processes get the terminal, and messages quote files and
servers. Everything in here blocks: call it on a worker thread.
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
from hottui.service.credentials import HOW_TO_GIVE, Credentials
from hottui.service.credentials_library_errors import Reason, explain
from hottui.service.errors import CredentialsMissing, ServiceError, Unreachable

CLI_FILE: Final = "~/.aliyun/config.json"
INI_FILE: Final = "~/.alibabacloud/credentials.ini"
_CHECK_NETWORK: Final = "Check the network, HTTPS_PROXY and NO_PROXY."

_LOGGERS = ("credentials", "alibabacloud-tea", "darabonba-core", "apscheduler")
_OIDC = ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN")
_Stamp = tuple[int, int, int] | None


class VendorLibrary:
    """The library's look-up for one profile of the aliyun CLI, or for None its default chain.

    For one thread at a time, `changed` excepted.
    """

    def __init__(self, profile: str | None = None) -> None:
        self._profile = profile
        self._provider: Any = None
        self._stamps: tuple[_Stamp, ...] | None = None
        self._asked = ""
        self._runs_process = False

    def find(self) -> Credentials:
        """Ask the source that had credentials before, else all in turn.

        Raises CredentialsMissing, or Unreachable where the network is the reason.
        """
        try:
            if self._provider is not None:
                return self._ask_again()
            return self._search()
        finally:
            # Afterwards: some sources write renewed tokens back into the CLI's file.
            self._stamps = self._stat()

    def forget(self) -> None:
        """Build the sources anew at the next look-up."""
        self._provider = None

    def changed(self) -> bool:
        """Whether a file that credentials may come from differs from when it was read last."""
        return self._stamps is not None and self._stat() != self._stamps

    def no_answer(self, seconds: float) -> ServiceError:
        """The error for a `find` that has run for `seconds` and goes on."""
        if self._runs_process:
            whose = self._asked if self._profile else f"the current profile of {CLI_FILE}"
            return CredentialsMissing(
                f"The credential process of {whose} has not answered for {seconds:g} s.",
                hint="Run its `process_command` by hand. hottui gives it no terminal, so it must not ask anything.",
            )
        return Unreachable(
            f"No credentials have come from {self._asked or 'any source'} for {seconds:g} s.", hint=_CHECK_NETWORK
        )

    def _ask_again(self) -> Credentials:
        try:
            return _credentials(self._provider)
        except Exception as error:  # noqa: BLE001 — the library lets through whatever happens to it
            reason = explain(error)
            message = f"The credentials could not be renewed ({self._asked} – {reason.clause})."
            raise _error_for((reason,), message, HOW_TO_GIVE) from None

    def _search(self) -> Credentials:
        reasons: dict[str, Reason] = {}
        for place, present, build in self._sources():
            self._asked, self._runs_process = place, False
            try:
                provider = build()
                found = _credentials(provider)
            except Exception as error:  # noqa: BLE001 — the library lets through whatever happens to it
                if present:
                    reasons[place] = explain(error)
            else:
                self._provider = provider
                return found
        raise self._missing(reasons)

    def _missing(self, reasons: dict[str, Reason]) -> ServiceError:
        if self._profile is not None and not _cli_file().is_file():
            return CredentialsMissing(
                f"The profile {self._profile!r} of the aliyun CLI was asked for, and {CLI_FILE} does not exist.",
                hint=f"Run `aliyun configure --profile {self._profile}`, or choose another credentials source.",
            )
        if self._profile is not None:
            clauses = "; ".join(reason.clause for reason in reasons.values())
            return _error_for(
                tuple(reasons.values()),
                f"The profile {self._profile!r} of {CLI_FILE} gives no credentials ({clauses}).",
                f"Run `aliyun configure --profile {self._profile}`, or choose another credentials source.",
            )
        if reasons:
            clauses = "; ".join(f"{place} – {reason.clause}" for place, reason in reasons.items())
            return _error_for(tuple(reasons.values()), f"No source gives credentials ({clauses}).", HOW_TO_GIVE)
        return CredentialsMissing(
            f"No credentials were found: not in the environment, {CLI_FILE}, {INI_FILE} or an ECS role.",
            hint=HOW_TO_GIVE,
        )

    def _sources(self) -> Iterator[tuple[str, bool, Callable[[], Any]]]:
        """Each source's place, whether there is something at that place, and what builds it, in the vendor's order."""
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
        if _ini_file().is_file():  # the library would wait for whoever writes into a pipe
            named = os.environ.get("ALIBABA_CLOUD_CREDENTIALS_FILE") or INI_FILE
            yield named, True, lambda: library.ProfileCredentialsProvider(profile_file=str(_ini_file()))
        if os.environ.get("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "").lower() != "true":
            yield "ECS role", bool(os.environ.get("ALIBABA_CLOUD_ECS_METADATA")), library.EcsRamRoleCredentialsProvider
        if os.environ.get("ALIBABA_CLOUD_CREDENTIALS_URI"):
            yield "ALIBABA_CLOUD_CREDENTIALS_URI", True, library.URLCredentialsProvider

    def _stat(self) -> tuple[_Stamp, ...]:
        return tuple(_stamp(path) for path in (_cli_file(), _ini_file()))


class _NoScheduler:
    """In place of the library's scheduler thread: its providers renew themselves when they are asked, too."""

    def add_job(self, *_: Any, **__: Any) -> None:
        """Nothing is run in the background."""

    def start(self) -> None:
        """There is nothing to start."""

    def shutdown(self, **_: Any) -> None:
        """There is nothing to stop."""


def _silent_library() -> Any:
    """The library's `provider` package, unable to write to the terminal."""
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
        raise ProfileUnusable("the access key ID, the secret or the token that came is not text")
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
