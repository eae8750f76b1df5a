"""`hottui config`: where config.toml is, what is in effect, and a commented file to begin with."""

from dataclasses import replace
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import click

from hottui import paths
from hottui.cli import wiring
from hottui.cli.command_group import first_word
from hottui.cli.completers import complete_file
from hottui.cli.inputs import check_file
from hottui.cli.options import dashboard_options, location_options
from hottui.cli.output import CommandError, emit, json_line, print_error
from hottui.config.resolve import resolve
from hottui.config.settings import Config, Flags, Profile, quoted, without_secrets
from hottui.errors import ExitCode, HottuiError
from hottui.model.control_characters import visible

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Subcommands(click.Group):
    """A group whose options, too, may come before the name of the subcommand."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Move the subcommand to the front."""
        at = first_word(args)
        return super().parse_args(ctx, args if at is None else [args[at], *args[:at], *args[at + 1 :]])


@click.group(cls=_Subcommands)
def config() -> None:
    """Find, check and write config.toml.

    \b
    Examples:
      hottui config init -p prod -r cn-hangzhou -w a14bd5d90a0000
      hottui config validate
    """


@config.command()
def path() -> int:
    """Print the path of config.toml, which need not exist."""
    emit(visible(str(paths.config_path())))
    return ExitCode.OK


@config.command()
@click.option("-o", "--output", type=click.Choice(["toml", "json"]), default="toml", show_default=True,
              help="TOML with the origin of each value, or one JSON object per line.")  # fmt: skip
@location_options
@dashboard_options
def show(output: str, flags: Flags, ascii_only: bool) -> int:  # noqa: ARG001
    """Print the settings in effect, and where each value comes from."""
    for name, setting in wiring.load_settings(flags).items():
        value = _masked(setting.value)
        if output == "json":
            emit(json_line({"name": name, "value": value, "origin": setting.origin}))
        elif value == "":
            emit(f"# {name} is not set")
        else:
            emit(f"{name} = {json_line(value)}  # {visible(setting.origin)}")
    return ExitCode.OK


def _masked(value: object) -> object:
    """Return the value of a setting without secrets."""
    if isinstance(value, tuple):
        return [_masked(each) for each in value]
    return without_secrets(value) if isinstance(value, str) else value


@config.command()
@click.argument("file", required=False, shell_complete=complete_file)
def validate(file: str | None) -> int:
    """Check config.toml, or FILE: exit code 0 if it is valid, 2 if it is not, 5 if FILE does not exist.

    Without a config.toml, the defaults apply, which is valid.
    """
    from hottui.config import config_file  # noqa: PLC0415 - start-up time: `config path` needs none of it

    if file is not None:
        check_file(file)
    target = Path(file) if file is not None else paths.config_path()
    text = config_file.read_text(target)
    shown = visible(str(target))
    if text is None:
        if file is not None:
            raise CommandError(f"{shown} does not exist.", exit_code=ExitCode.UNAVAILABLE)
        emit(f"{shown} does not exist: the defaults apply.")
        return ExitCode.OK
    found = config_file.config_of(target, text)
    faults = list(_faults(found))
    for message, hint in faults:
        print_error(f"{shown}: {message}", hint)
    if faults:
        return ExitCode.USAGE
    count = len(found.profiles)
    emit(f"{shown} is valid: {count} profile{'' if count == 1 else 's'}.")
    return ExitCode.OK


@config.command()
@click.option("--credentials", default="", metavar="SOURCE",
              help="default, environment, or aliyun:PROFILE of the aliyun CLI.")  # fmt: skip
@location_options
def init(credentials: str, flags: Flags) -> int:
    """Write a commented config.toml, or add a profile to the one that exists.

    Nothing in an existing file is lost, and its default profile stays the default. With region and workspace, a
    profile is written, named by -p (default: prod).

    \b
    Example:
      hottui config init -p prod -r cn-hangzhou -w a14bd5d90a0000
    """
    from hottui.config import config_file, config_writer  # noqa: PLC0415 - start-up time: `config path` needs none of it

    target = paths.config_path()
    shown = visible(str(target))
    given = any((flags.region, flags.endpoint, flags.workspace, flags.namespace, flags.network, credentials))
    if given:
        existing = config_file.load(target)
        name = flags.profile or config_writer.free_name("prod", existing.profiles)
        profile = Profile(
            name, **_place(flags), workspace=flags.workspace, namespace=flags.namespace, credentials=credentials
        )
        try:
            config_writer.add_profile(target, profile)
        except HottuiError as error:
            raise CommandError(error.message, error.hint) from None
        emit(f"Wrote profile {visible(name)} to {shown}. Check it with: hottui doctor -p {visible(name)}")
        if existing.profiles:
            emit(_about_default(existing, name))
    elif config_file.read_text(target) is None:
        config_writer.save(target, config_writer.new_file(None))
        emit(f"Wrote {shown}. Fill in a profile, then check it with: hottui doctor")
    else:
        emit(f"{shown} exists; it was not changed. To add a profile, pass --profile, --region and --workspace.")
    return ExitCode.OK


@config.command()
def schema() -> int:
    """Print a JSON schema of config.toml."""
    import json  # noqa: PLC0415 - only needed here

    from hottui.config.json_schema import json_schema  # noqa: PLC0415 - only needed here

    emit(json.dumps(json_schema(wiring.command_descriptions()), indent=2))
    return ExitCode.OK


def _place(flags: Flags) -> dict[str, str]:
    """Return the endpoint of a new profile, or its region and network; an option takes precedence over a variable."""
    found = resolve(Config(paths.config_path()), replace(flags, profile=""))
    if found.endpoint.chosen:
        return {"endpoint": found.endpoint.value}
    return {"region": found.region.value, "network": found.network.value if found.network.chosen else ""}


def _about_default(existing: Config, name: str) -> str:
    """Return how to make the new profile `name` the default, which adding one does not change."""
    setting = f"profile = {json_line(name)}"
    if existing.default:
        named = "" if existing.default_profile else ", now named at the top of the file"
        return f"The default is still {quoted(existing.default)}{named}; for the new one, change it to: {setting}"
    return f"The file names no default: pass -p, or add at its top the line: {setting}"


def _faults(found: Config) -> "Iterator[tuple[str, str]]":
    """Yield what is wrong with values whose types are right."""
    from hottui.config import config_writer  # noqa: PLC0415 - start-up time: `config path` needs none of it

    for profile in found.profiles.values():
        if profile.region or profile.endpoint:  # an unfinished profile may be completed by options
            try:
                config_writer.check_address(profile)
            except HottuiError as error:
                yield f"profiles.{visible(profile.name)}: {error.message}", error.hint
    if message := wiring.unknown_theme(found.theme):
        yield message, ""
    for message in wiring.key_problems(found):
        yield message, ""
    command = found.notify.get("command")
    if command and which(command[0]) is None:
        yield f"notify.command: {quoted(command[0])} does not exist or is not executable.", ""
