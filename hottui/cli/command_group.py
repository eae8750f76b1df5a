"""The `hottui` command group: lazy imports of commands, the default command, and hints for mistyped ones."""

import importlib
from typing import Final, NamedTuple

import click

from hottui import __version__
from hottui.cli.completers import DEFAULT_COMMAND
from hottui.cli.output import CommandError
from hottui.config.settings import LOCATION_OPTIONS

_WITHOUT_LOCATION: Final = {
    "completion": "it prints a script",
    "demo": "it has its own service",
    "export": "it applies to the whole store",
    "import": "it applies to the whole store",
    "vacuum": "it applies to the whole store",
}
"""Why a command has no options for the location."""


def misplaced(error: click.NoSuchOption) -> tuple[str, str] | None:
    """Return the message and the commands that have the option, or None if no command has it."""
    commands = _commands_with(error.option_name)
    if error.ctx is None or not commands:
        return None
    message = f"`{error.ctx.command_path}` has no option {error.option_name}"
    *most, last = commands
    names = f"{', '.join(most)} and {last}" if most else last
    reason = _WITHOUT_LOCATION.get(error.ctx.command.name or "")
    if commands[last].name in LOCATION_OPTIONS and reason:
        return f"{message}: {reason}.", f"Commands with {error.option_name}: {names}."
    return f"{message}.", f"Commands with {error.option_name}: {names}."


def _commands_with(spelling: str) -> dict[str, click.Option]:
    """Return the commands that have the option `spelling`, each with its option."""
    found = {}
    for name in COMMANDS:
        for option in command_named(name).params:
            if isinstance(option, click.Option) and spelling in option.opts:
                found[name] = option
    return found


class Entry(NamedTuple):
    """The module and attribute of a command, imported when it runs, and its line in the help."""

    module: str
    attribute: str
    help: str


COMMANDS: Final = {
    "dashboard": Entry("hottui.cli.dashboard", "dashboard", "Open the dashboard (the default command)."),
    "demo": Entry("hottui.cli.demo", "demo", "Open the dashboard with an emulated service, without credentials."),
    "add": Entry("hottui.cli.bookmarks", "add", "Bookmark hot updates."),
    "rm": Entry("hottui.cli.bookmarks", "rm", "Remove bookmarks."),
    "ls": Entry("hottui.cli.bookmarks", "ls", "List the bookmarks, without requests to the service."),
    "get": Entry("hottui.cli.get", "get", "Read hot updates once and print them."),
    "job": Entry("hottui.cli.job", "job", "Show a job and every change known of it."),
    "diff": Entry("hottui.cli.diff", "diff", "Compare what two hot updates asked for, or one with its job."),
    "wait": Entry("hottui.cli.wait", "wait", "Wait until hot updates have ended, for scripts."),
    "watch": Entry("hottui.cli.watch", "watch", "Print one line for each transition, for logs."),
    "graph": Entry("hottui.cli.graph", "graph", "Draw the plan of a hot update."),
    "export": Entry("hottui.cli.export_import", "export", "Write all bookmarks and their history as JSON."),
    "import": Entry("hottui.cli.export_import", "import_", "Merge an export into the store."),
    "vacuum": Entry("hottui.cli.export_import", "vacuum", "Delete old history and shrink the store."),
    "doctor": Entry("hottui.cli.doctor", "doctor", "Check files, settings, credentials, service and terminal."),
    "config": Entry("hottui.cli.config", "config", "Find, check and write config.toml."),
    "completion": Entry("hottui.cli.completion", "completion", "Print the completion script for bash, zsh or fish."),
    "info": Entry("hottui.cli.info", "info", "Show the paths of files and the origin of each setting."),
}

VALUED: Final = frozenset(
    ("-p", "--profile", "-r", "--region", "--network", "--endpoint", "-w", "--workspace", "-n", "--namespace",
     "--theme", "--interval", "--log", "--label", "--note", "-o", "--output", "--serve",
     "--changes", "--filter", "--columns", "--level", "--detail", "--direction", "--width", "--timeout",
     "--credentials")
)  # fmt: skip
"""Options of any command that take a value: the next argument is not a command. A test checks that it is complete."""

_DEFAULT: Final = "dashboard"
_GROUP_OPTIONS: Final = frozenset({"-h", "--help", "--version"})
_OTHER_NAMES: Final = {
    "help": "--help", "version": "--version", "remove": "rm", "delete": "rm", "show": "get", "describe": "get",
    "status": "get", "tail": "watch", "logs": "watch", "history": "job", "compare": "diff",
    "draw": "graph", "plan": "graph",
}  # fmt: skip
"""Names of commands in other tools, and those here."""
_LONGEST_MISTYPED: Final = 8
"""Characters in the longest word taken for a mistyped command; IDs are longer or contain digits."""


class Commands(click.Group):
    """A group that imports a command when it runs, and runs `dashboard` if no command is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return the command."""
        return command_named(cmd_name) if cmd_name in COMMANDS else None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Move the command to the front, or insert the default one."""
        first = command_first(args, check=not ctx.resilient_parsing)
        ctx.meta[DEFAULT_COMMAND] = len(first) > len(args)
        return super().parse_args(ctx, first)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


def command_named(name: str) -> click.Command:
    """Import one of the COMMANDS and return it."""
    entry = COMMANDS[name]
    command: click.Command = getattr(importlib.import_module(entry.module), entry.attribute)
    return command


def command_first(args: list[str], *, check: bool = True) -> list[str]:
    """Return `args` with the command first.

    Raises CommandError for a word that looks like a mistyped command, unless `check` is False, as for completion.
    """
    at = first_word(args)
    if at is not None and args[at] in COMMANDS:
        return [args[at], *args[:at], *args[at + 1 :]]
    if at is None and not _GROUP_OPTIONS.isdisjoint(args[:1]):
        return args
    if at is not None and check:
        _check_mistyped(args[at])
    return [_DEFAULT, *args]


def first_word(args: list[str]) -> int | None:
    """Return the index of the first argument that is not an option or its value; only IDs follow `--`."""
    skip = False
    for index, arg in enumerate(args):
        if skip:
            skip = False
        elif arg == "--":
            return None
        elif arg in VALUED:
            skip = True
        elif not arg.startswith("-") or arg == "-":
            return index
    return None


def _check_mistyped(word: str) -> None:
    if not (word.isalpha() and word.isascii() and len(word) <= _LONGEST_MISTYPED):
        return
    if word in _OTHER_NAMES:
        raise CommandError(
            f"No such command: {word}. Use: hottui {_OTHER_NAMES[word]}", f"If it is an ID, use: hottui -- {word}"
        )
    from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

    near = get_close_matches(word.lower(), COMMANDS, n=1, cutoff=0.66)
    if near:
        raise CommandError(
            f"No such command: {word}. Did you mean {near[0]}?",
            f"If it is an ID, use: hottui -- {word}",
        )


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`hottui [ID…]` opens the dashboard with the bookmarks and the given IDs; after `--`, every "
    "argument is an ID. Options may precede the command, or be set as environment variables (`hottui dashboard "
    "--help`).",
)
@click.version_option(__version__, prog_name="hottui", message="%(prog)s %(version)s")
def cli() -> None:
    """Monitor hot updates of Flink jobs on Alibaba Cloud Realtime Compute."""
