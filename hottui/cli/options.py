"""Options that several commands share, and the types of their values."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

import click
from click.core import ParameterSource

from hottui.cli.completers import complete_file, complete_profile, complete_region, complete_theme
from hottui.config.settings import DEFAULT_NAMESPACE, LOCATION_OPTIONS, Flags
from hottui.model.control_characters import shorten
from hottui.model.times import INTERVAL_RANGE, MAX_INTERVAL, MIN_INTERVAL
from hottui.service.endpoints import NETWORKS

if TYPE_CHECKING:
    from hottui.log import Log


N = TypeVar("N", bound=float)

_MAX_SHOWN: Final = 40
"""Characters of an invalid value that a message repeats."""


def number(kind: Callable[[str], N], minimum: N, maximum: N, expected: str) -> Callable[[str], N]:
    """Return an option type that accepts numbers from `minimum` to `maximum`; `expected` describes them.

    It raises click.BadParameter for anything else: "'x' is not a number of seconds from 0.5 to 3600."
    """

    def read(text: str) -> N:
        try:
            found = kind(text)
            in_range = minimum <= found <= maximum  # False for nan
        except ValueError:
            in_range = False
        if not in_range:
            raise click.BadParameter(f"{shorten(text, _MAX_SHOWN)!r} is not {expected}.")
        return found

    return read


P = ParamSpec("P")
R = TypeVar("R")


def _not_empty(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Reject empty text: a script that forgot to set a value would silently use another location."""
    if value is not None and not value.strip():
        raise click.BadParameter("must not be empty.", context, parameter)
    return value


_NETWORKS = click.Choice(NETWORKS)
_LOCATION = (
    click.option("-p", "--profile", envvar="HOTTUI_PROFILE", shell_complete=complete_profile, callback=_not_empty, help="Profile of config.toml to use.", show_envvar=True),
    click.option("-r", "--region", envvar="HOTTUI_REGION", shell_complete=complete_region, callback=_not_empty, help="Region, for example cn-hangzhou.", show_envvar=True),
    click.option("--network", envvar="HOTTUI_NETWORK", type=_NETWORKS, metavar="public|vpc",
                 help="Network of the endpoint: public, or vpc from inside the VPC.", show_envvar=True),
    click.option("--endpoint", envvar="HOTTUI_ENDPOINT", metavar="URL", callback=_not_empty, help="Endpoint URL, instead of region and network.", show_envvar=True),
    click.option("-w", "--workspace", envvar="HOTTUI_WORKSPACE", callback=_not_empty, help="Workspace ID.", show_envvar=True),
    click.option("-n", "--namespace", envvar="HOTTUI_NAMESPACE", callback=_not_empty, help=f"Namespace (default: {DEFAULT_NAMESPACE}).", show_envvar=True),
)  # fmt: skip
_FILTERS = (
    click.option(
        "-p",
        "--profile",
        callback=_not_empty,
        shell_complete=complete_profile,
        help="Only bookmarks matching this profile of config.toml.",
    ),
    click.option(
        "-r", "--region", callback=_not_empty, shell_complete=complete_region, help="Only bookmarks in this region."
    ),
    click.option("--network", type=_NETWORKS, metavar="public|vpc", help="Only bookmarks on this network."),
    click.option("--endpoint", callback=_not_empty, metavar="URL", help="Only bookmarks at this endpoint."),
    click.option("-w", "--workspace", callback=_not_empty, help="Only bookmarks in this workspace."),
    click.option("-n", "--namespace", callback=_not_empty, help="Only bookmarks in this namespace."),
)
_APPEARANCE = (
    click.option("--theme", envvar="HOTTUI_THEME", shell_complete=complete_theme, help="Name of a theme.", show_envvar=True),
    click.option("--interval", envvar="HOTTUI_INTERVAL", type=number(float, MIN_INTERVAL, MAX_INTERVAL, f"a number of {INTERVAL_RANGE}"),
                 metavar="SECONDS", help="Polling interval of hot updates in progress.", show_envvar=True),
)  # fmt: skip


def location_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options for the location; `command` receives them as `flags`."""
    return _with_flags(command, _LOCATION)


def filter_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the location options as filters, as `flags`: environment variables do not set them, and the default is all."""
    return _with_flags(command, _FILTERS)


def dashboard_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options of the dashboard; theme and interval are in `flags`."""
    return ascii_option(_with_flags(command, _APPEARANCE))


def interval_option(command: Callable[..., R]) -> Callable[..., R]:
    """Add the polling interval, in `flags`."""
    return _with_flags(command, _APPEARANCE[1:])


def _with_flags(command: Callable[..., R], options: Sequence[Callable[[Any], Any]]) -> Callable[..., R]:
    """Add `options` to `command`, which receives their values in `flags`; may be applied more than once."""

    @wraps(command)
    def with_flags(*args: Any, flags: Flags | None = None, **values: Any) -> R:
        source = click.get_current_context().get_parameter_source
        given = {name: values.pop(name) for name in _FLAGS & values.keys()}
        given = {name: value for name, value in given.items() if value is not None}
        variables = {name for name in given if source(name) is ParameterSource.ENVIRONMENT}
        before = flags or Flags()
        merged = replace(before, **given, variables=before.variables | variables)
        _reject_endpoint_with_region(merged)
        return command(*args, flags=merged, **values)

    for option in reversed(options):
        with_flags = option(with_flags)
    return with_flags


_FLAGS: Final = LOCATION_OPTIONS | {"theme", "interval"}


def _reject_endpoint_with_region(flags: Flags) -> None:
    """Raise click.UsageError for an endpoint beside a region or network, all on the command line."""
    given = [name for name in ("endpoint", "region", "network") if getattr(flags, name) and name not in flags.variables]
    if given[:1] == ["endpoint"] and len(given) > 1:
        raise click.UsageError(
            f"--endpoint replaces region and network: omit it, or omit --{given[1]}.", click.get_current_context()
        )


def _log(context: click.Context, parameter: click.Parameter, value: str | None) -> "Log | None":
    """Open the log file."""
    if context.resilient_parsing:  # the shell asks for completions
        return None
    value = _not_empty(context, parameter, value)
    if not value:
        return None
    from hottui.log import Log  # noqa: PLC0415 - start-up time: most commands write no log

    try:
        return Log(Path(value).expanduser())
    except OSError as error:
        raise click.BadParameter(f"{value} cannot be written: {error.strerror}.", context, parameter) from None


class _Switch(click.types.BoolParamType):
    """A flag that an environment variable may set, with a shorter message than click's for an invalid value."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            raise click.BadParameter(f"{shorten(str(value), _MAX_SHOWN)!r} is not 1 or 0.", ctx, param) from None


DEFAULT_TIMEOUT: Final = 30.0
"""Seconds within which a hot update must be read, for commands that read once."""

timeout_option = click.option(
    "--timeout", type=number(float, 0.1, 86_400, "a number of seconds from 0.1 to 86400"), default=DEFAULT_TIMEOUT,
    metavar="SECONDS", show_default=True, help="Time limit for each hot update.",
)  # fmt: skip
ascii_option = click.option(
    "--ascii", "ascii_only", envvar="HOTTUI_ASCII", is_flag=True, type=_Switch(), help="Use ASCII characters only.",
    show_envvar=True,
)  # fmt: skip


log_option = click.option(
    "--log", envvar="HOTTUI_LOG", default=None, metavar="FILE", callback=_log, shell_complete=complete_file, show_envvar=True,
    help="Write a log to FILE, without secrets.",
)  # fmt: skip
output_option = click.option(
    "-o", "--output", type=click.Choice(["table", "json"]), default="table", show_default=True,
    help="A table, or one JSON object per line.",
)  # fmt: skip
text_output_option = click.option(
    "-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True, metavar="text|json",
    help="Lines of text, or one JSON object.",
)  # fmt: skip
