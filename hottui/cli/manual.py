"""The manual page hottui(1) in roff, built from the commands and their help. The build of the wheel writes it."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import dedent
from typing import Final

import click

from hottui import __version__
from hottui.cli.command_group import COMMANDS, cli, command_named
from hottui.errors import ExitCode

_AS_IS: Final = "\b"
"""Begins a paragraph that click does not wrap."""
_EXIT_STATUS: Final = (
    (ExitCode.OK, "Success."),
    (ExitCode.FAILED, "A hot update failed (wait, watch --until-done, get --exit-status); diff found a difference; "
     "doctor found something broken; or an internal error in hottui."),
    (ExitCode.USAGE, "Invalid command line or configuration."),
    (ExitCode.DENIED, "Credentials or permission refused."),
    (ExitCode.NOT_FOUND, "Not found."),
    (ExitCode.UNAVAILABLE, "Service, store or output unavailable."),
    (ExitCode.UNREADABLE, "The answer could not be read."),
    (ExitCode.TIMED_OUT, "The time limit of wait has passed."),
    (ExitCode.INTERRUPTED, "Interrupted. Likewise 128 plus the number of every other signal that ends a process."),
)  # fmt: skip
_FILES: Final = (
    ("$XDG_CONFIG_HOME/hottui/config.toml", "Profiles and settings; ~/.config without the variable."),
    ("$XDG_DATA_HOME/hottui/", "The store: bookmarks and what was observed of them; ~/.local/share without it."),
    ("$XDG_STATE_HOME/hottui/", "Crash reports; ~/.local/state without it."),
)


def manual() -> str:
    """Return the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f'.TH HOTTUI 1 "" "hottui {_escape(__version__)}" "User Commands"'
    yield from (".SH NAME", _escape("hottui - monitor hot updates of Flink jobs on Alibaba Cloud Realtime Compute"))
    yield ".SH SYNOPSIS"
    yield from (".B hottui", _escape("[OPTIONS] [ID...]"), ".br", ".B hottui", ".I COMMAND", _escape("[ARGS]..."))
    yield ".SH DESCRIPTION"
    yield from _text(cli.epilog or "")
    yield ".SH COMMANDS"
    environment: dict[str, str] = {}
    for name in COMMANDS:
        command = command_named(name)
        yield from _command(click.Context(command, info_name=f"hottui {name}"), environment)
    yield ".SH ENVIRONMENT"
    yield from _definitions(sorted(environment.items()))
    yield ".SH FILES"
    yield from _definitions(_FILES)
    yield ".SH EXIT STATUS"
    yield from _definitions((str(int(code)), text) for code, text in _EXIT_STATUS)


def _command(context: click.Context, environment: dict[str, str]) -> Iterator[str]:
    """Yield one command and its subcommands; note the variables of its options in `environment`."""
    command = context.command
    usage = " ".join(command.collect_usage_pieces(context))
    yield f'.SS "{_escape(f"{context.info_name} {usage}")}"'
    yield from _text(command.help or "")
    records = (each.get_help_record(context) for each in command.get_params(context))
    yield from _definitions(record for record in records if record and record[1])
    for param in command.params:
        if isinstance(param, click.Option) and isinstance(param.envvar, str):
            environment.setdefault(param.envvar, f"Default of {max(param.opts, key=len)}.")
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            if (found := command.get_command(context, name)) is not None:
                yield from _command(click.Context(found, info_name=f"{context.info_name} {name}"), environment)


def _definitions(items: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, text in items:
        yield from (".TP", f'.B "{_escape(term)}"', _escape(" ".join(text.split())))


def _text(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help text."""
    for blank, lines in groupby(text.splitlines(), key=lambda line: not line.strip()):
        if blank:
            continue
        first, *more = lines
        if first.strip() == _AS_IS:
            yield from (".PP", ".nf", *map(_escape, dedent("\n".join(more)).splitlines()), ".fi")
        else:
            yield from (".PP", _escape(" ".join(line.strip() for line in (first, *more))))


def _escape(text: str) -> str:
    """Return one line without roff requests."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
