"""Numbers that options take: whatever else is given, one sentence says which are meant."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

import click
from click.core import ParameterSource

from hottui.config.settings import DEFAULT_NAMESPACE, Flags
from hottui.model.control_characters import shorten

if TYPE_CHECKING:
    from hottui.log import Log


N = TypeVar("N", bound=float)

_SHOWN: Final = 40
"""Letters shown of what was given instead."""


def number(kind: Callable[[str], N], least: N, most: N, meant: str) -> Callable[[str], N]:
    """The type of an option: a number from `least` to `most`, which `meant` says in words.

    It raises click.BadParameter for anything else: "'x' is not a number of seconds from 0.5 to 3600."
    """

    def read(text: str) -> N:
        try:
            found = kind(text)
            in_range = least <= found <= most  # nan is in none
        except ValueError:
            in_range = False
        if not in_range:
            raise click.BadParameter(f"{shorten(text, _SHOWN)!r} is not {meant}.")
        return found

    return read


P = ParamSpec("P")
R = TypeVar("R")

_SECONDS = number(float, 0.5, 3600, "a number of seconds from 0.5 to 3600")


def _not_empty(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Refuse an empty text: where a script forgot to set what it gives, another place would be meant silently."""
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty.", context, parameter)
    return value


_WAYS = click.Choice(["public", "vpc"])
_WAY = {"region", "network", "endpoint"}
_WHERE = {*_WAY, "workspace", "namespace"}
_PLACE = (
    click.option("-p", "--profile", envvar="HOTTUI_PROFILE", callback=_not_empty, help="Profile of config.toml to use.", show_envvar=True),
    click.option("-r", "--region", envvar="HOTTUI_REGION", callback=_not_empty, help="Region, for example cn-hangzhou.", show_envvar=True),
    click.option("--network", envvar="HOTTUI_NETWORK", type=_WAYS, metavar="public|vpc",
                 help="Way to the service: public, or vpc from inside the VPC.", show_envvar=True),
    click.option("--endpoint", envvar="HOTTUI_ENDPOINT", metavar="URL", callback=_not_empty, help="Address of the service, instead of region and network.", show_envvar=True),
    click.option("-w", "--workspace", envvar="HOTTUI_WORKSPACE", callback=_not_empty, help="ID of the workspace.", show_envvar=True),
    click.option("-n", "--namespace", envvar="HOTTUI_NAMESPACE", callback=_not_empty, help=f"Namespace; {DEFAULT_NAMESPACE} unless given.", show_envvar=True),
)  # fmt: skip
_NARROWING = (
    click.option("-p", "--profile", callback=_not_empty, help="Only those where this profile of config.toml leads."),
    click.option("-r", "--region", callback=_not_empty, help="Only those of this region."),
    click.option("--network", type=_WAYS, metavar="public|vpc", help="Only those reached this way."),
    click.option("--endpoint", callback=_not_empty, metavar="URL", help="Only those at this address of the service."),
    click.option("-w", "--workspace", callback=_not_empty, help="Only those of this workspace."),
    click.option("-n", "--namespace", callback=_not_empty, help="Only those of this namespace."),
)


def place_options(command: Callable[..., R]) -> Callable[..., R]:
    """Give `command` the options that say where to look; it receives them as `flags`."""
    return _with_flags(command, _PLACE)


def narrowing_options(command: Callable[..., R]) -> Callable[..., R]:
    """Give `command` the same options as a choice among what is listed: no variable is one, without any all is."""
    return _with_flags(command, _NARROWING)


def _with_flags(command: Callable[..., R], options: Sequence[Callable[[Any], Any]]) -> Callable[..., R]:
    @wraps(command)
    def with_flags(*args: Any, **given: Any) -> R:
        flags = Flags(**{name: given.pop(name) or "" for name in Flags.__slots__})
        return command(*args, flags=_one_way(_as_the_profile_says(flags)), **given)

    for option in reversed(options):
        with_flags = option(with_flags)
    return with_flags


def _as_the_profile_says(flags: Flags) -> Flags:
    """`flags` without the variables that would lead away from a profile named on the command line.

    Somebody who types `-p prod` means that place, whatever the shell was set to an hour ago. Raises SettingsError.
    """
    origin = click.get_current_context().get_parameter_source
    if origin("profile") is not ParameterSource.COMMANDLINE:
        return flags
    from hottui.cli.wiring import settings  # noqa: PLC0415 - needed here alone

    profile = settings().profiles.get(flags.profile)
    if profile is None:  # told when it is looked for
        return flags
    said = {name for name in _WHERE if getattr(profile, name)}
    if said & _WAY:
        said |= _WAY
    return replace(flags, **{name: "" for name in said if origin(name) is ParameterSource.ENVIRONMENT})


def _one_way(flags: Flags) -> Flags:
    """`flags` with an endpoint or a region, where both were given: an option wins over a variable.

    Raises click.UsageError for both as options.
    """
    origin = click.get_current_context().get_parameter_source
    typed = [name for name in ("region", "network") if origin(name) is ParameterSource.COMMANDLINE]
    if not flags.endpoint or not typed:
        return flags
    if origin("endpoint") is ParameterSource.COMMANDLINE:
        raise click.UsageError(
            f"--endpoint stands for region and network: leave it out, or --{typed[0]}.", click.get_current_context()
        )
    return replace(flags, endpoint="")


def _log(context: click.Context, parameter: click.Parameter, value: str | None) -> "Log | None":
    """Open the log that was asked for."""
    value = _not_empty(context, parameter, value)
    if not value:
        return None
    from hottui.log import Log  # noqa: PLC0415 - most ask for none

    try:
        return Log(Path(value).expanduser())
    except OSError as refused:
        raise click.BadParameter(f"{value} cannot be written: {refused.strerror}.", context, parameter) from None


class _Switch(click.types.BoolParamType):
    """A flag that a variable may set; click names fourteen words for what is no such value."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            raise click.BadParameter(f"{shorten(str(value), 40)!r} is neither 1 nor 0.", ctx, param) from None


timeout_option = click.option(
    "--timeout", type=number(float, 0.1, 86_400, "a number of seconds from 0.1 to 86400"), default=30.0,
    metavar="SECONDS", show_default=True, help="How long each hot update is waited for.",
)  # fmt: skip
ascii_option = click.option(
    "--ascii", "ascii_only", envvar="HOTTUI_ASCII", is_flag=True, type=_Switch(), help="Write ASCII alone.",
    show_envvar=True,
)  # fmt: skip


def screen_options(command: Callable[P, R]) -> Callable[P, R]:
    """Give `command` the options of the dashboard."""
    options = (
        click.option("--theme", envvar="HOTTUI_THEME", default="", help="Name of a theme.", show_envvar=True),
        click.option("--interval", envvar="HOTTUI_INTERVAL", type=_SECONDS, default=None, metavar="SECONDS",
                     help="How often hot updates in progress are read.", show_envvar=True),
        ascii_option,
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


log_option = click.option(
    "--log", envvar="HOTTUI_LOG", default=None, metavar="FILE", callback=_log, show_envvar=True,
    help="Write down what happens, without secrets.",
)  # fmt: skip
output_option = click.option(
    "-o", "--output", type=click.Choice(["table", "json"]), default="table", show_default=True,
    help="A table to read, or one JSON object a line.",
)  # fmt: skip
