"""What the dashboard offers while no location is configured: a form that checks and saves a profile, and the demo."""

import os
import sys
from typing import TYPE_CHECKING

from hottui import paths
from hottui.cli import wiring
from hottui.config.resolve import resolve
from hottui.config.settings import Config, Flags, Profile, Settings
from hottui.service.endpoints import PUBLIC, REGIONS
from hottui.tui.dashboard_options import ConnectionProfile, FirstRun

if TYPE_CHECKING:
    from hottui.service.errors import ServiceError

_CHECK_TIMEOUT = 10.0
"""Seconds for the call that tries a profile."""


class Restart:
    """The arguments of the command to run when the dashboard has ended; empty for none."""

    def __init__(self, flags: Flags, *, ascii_only: bool) -> None:
        self._flags = flags
        self._ascii_only = ascii_only
        self._arguments: tuple[str, ...] = ()

    def request(self, arguments: tuple[str, ...]) -> None:
        """Note the arguments of the next command."""
        self._arguments = arguments

    def run(self) -> None:
        """Replace this process with the next command, if one was requested.

        A new process, because signal handlers and shutdown timers of the first dashboard end this one.
        """
        if not self._arguments:
            return
        given = {"--theme": self._flags.theme, "--interval": self._flags.interval and f"{self._flags.interval:g}"}
        more = [part for option, value in given.items() if value for part in (option, value)]
        more += ["--ascii"] if self._ascii_only else []
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "hottui", *self._arguments, *more])  # noqa: S606 - no shell


def first_run(settings: Settings, restart: Restart) -> FirstRun:
    """Return what to offer; the form begins with the settings that are known."""
    from hottui.config import config_writer  # noqa: PLC0415 - start-up time: only while nothing is configured

    return FirstRun(
        profile=ConnectionProfile(
            name=config_writer.free_name("prod", settings.config.profiles),
            region=settings.region.value,
            network=settings.network.value or PUBLIC,
            workspace=settings.workspace.value,
            namespace=settings.namespace.value,
            credentials=settings.credentials.value,
        ),
        regions=REGIONS,
        check=check,
        save=save,
        restart=restart.request,
        readme=str(paths.readme_path()),
    )


async def check(profile: ConnectionProfile) -> None:
    """Try a profile with one call. Raises HottuiError for an invalid value, and when the call does not succeed."""
    from hottui.config import config_writer  # noqa: PLC0415 - start-up time: as above
    from hottui.service.call_probe import probe  # noqa: PLC0415 - start-up time: httpx
    from hottui.service.operations import GET_RESULT  # noqa: PLC0415 - start-up time: httpx

    checked = config_writer.check_profile(_profile(profile))
    settings = resolve(Config(paths.config_path(), {checked.name: checked}), Flags(profile=checked.name))
    context = settings.context()
    async with wiring.client(settings, context) as client:
        found = await probe(client, GET_RESULT, context.ref("first-run"), _CHECK_TIMEOUT)
    error: ServiceError | None = found.error
    if error is not None:
        raise error


def save(profile: ConnectionProfile) -> None:
    """Add a profile to config.toml, as the default if it names none: none could be used. Raises SettingsError."""
    from hottui.config import config_writer  # noqa: PLC0415 - start-up time: as above

    config_writer.add_profile(paths.config_path(), _profile(profile), as_default=True)


def _profile(profile: ConnectionProfile) -> Profile:
    """Return the profile to save; an address in place of the region is an endpoint."""
    place = {"endpoint": profile.region} if "://" in profile.region else {"region": profile.region}
    return Profile(
        profile.name,
        **place,
        network="" if "endpoint" in place else profile.network,
        workspace=profile.workspace,
        namespace=profile.namespace,
        credentials=profile.credentials,
    )
