"""An option that a command does not take although others do: which those are."""

import importlib
from typing import Final, NamedTuple

import click

from hottui import __version__
from hottui.cli.output import CommandError
from hottui.config.settings import LOCATION_OPTIONS

_NO_PLACE: Final = {
    "demo": "it has a service of its own",
    "export": "it concerns the whole store",
    "import": "it concerns the whole store",
    "vacuum": "it concerns the whole store",
}
"""Why a command takes no option that says where to look."""


def misplaced(error: click.NoSuchOption) -> tuple[str, str] | None:
    """What to say and where the option belongs; None when no command has it."""
    takers = _takers(error.option_name)
    if error.ctx is None or not takers:
        return None
    refused = f"`{error.ctx.command_path}` takes no {error.option_name}"
    *most, last = takers
    whose = f"{', '.join(most)} and {last}" if most else last
    reason = _NO_PLACE.get(error.ctx.command.name or "")
    if takers[last].name in LOCATION_OPTIONS and reason:
        return f"{refused}: {reason}.", f"{error.option_name} says where to look, which is for {whose}."
    return f"{refused}.", f"It is for {whose}."


def _takers(spelling: str) -> dict[str, click.Option]:
    """The commands that have the option, and what it is there."""
    found = {}
    for name in COMMANDS:
        for option in command_named(name).params:
            if isinstance(option, click.Option) and spelling in option.opts:
                found[name] = option
    return found


class Entry(NamedTuple):
    """Where a command lies, to be imported when it runs, and its line in the help."""

    module: str
    attribute: str
    help: str


COMMANDS: Final = {
    "watch": Entry("hottui.cli.dashboard", "watch", "Open the dashboard (what `hottui` alone does)."),
    "demo": Entry("hottui.cli.demo", "demo", "Open the dashboard on an embedded service, without credentials."),
    "add": Entry("hottui.cli.bookmarks", "add", "Bookmark hot updates."),
    "rm": Entry("hottui.cli.bookmarks", "rm", "Remove bookmarks."),
    "ls": Entry("hottui.cli.bookmarks", "ls", "List the bookmarks, without asking the service."),
    "get": Entry("hottui.cli.get", "get", "Read hot updates once and print them."),
    "graph": Entry("hottui.cli.graph", "graph", "Draw the plan of a hot update."),
    "export": Entry("hottui.cli.export_import", "export", "Write all bookmarks and their history as JSON."),
    "import": Entry("hottui.cli.export_import", "import_", "Merge what `hottui export` wrote into the store."),
    "vacuum": Entry("hottui.cli.export_import", "vacuum", "Tidy the store and give room back."),
    "info": Entry("hottui.cli.info", "info", "Show where files lie, and where each setting comes from."),
}

VALUED: Final = frozenset(
    ("-p", "--profile", "-r", "--region", "--network", "--endpoint", "-w", "--workspace", "-n", "--namespace",
     "--theme", "--interval", "--log", "--label", "--note", "-o", "--output", "--serve",
     "--level", "--detail", "--direction", "--width", "--timeout")
)  # fmt: skip
"""The options of all commands that take a value: what follows one is no command. A test keeps it complete."""

_DEFAULT: Final = "watch"
_OF_THE_GROUP: Final = frozenset({"-h", "--help", "--version"})
_ELSEWHERE: Final = {
    "help": "--help", "version": "--version", "remove": "rm", "delete": "rm", "show": "get", "describe": "get",
    "status": "get", "draw": "graph", "plan": "graph", "config": "info",
}  # fmt: skip
"""What other tools call a command, and what it is here."""
_LIKE_A_COMMAND: Final = 8
"""Letters in the longest word that can be a mistyped command; IDs are longer or hold digits."""


class Commands(click.Group):
    """A group that imports a command when it is run, and opens the dashboard for anything that is no command."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return the command."""
        return command_named(cmd_name) if cmd_name in COMMANDS else None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command in front: the one that is named behind options, or the dashboard where none is."""
        return super().parse_args(ctx, command_first(args))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


def command_named(name: str) -> click.Command:
    """Import one of the COMMANDS and return it."""
    entry = COMMANDS[name]
    command: click.Command = getattr(importlib.import_module(entry.module), entry.attribute)
    return command


def command_first(args: list[str]) -> list[str]:
    """`args` with the command in front. Raises Stop for a word that looks like a mistyped command."""
    at = _first_word(args)
    if at is not None and args[at] in COMMANDS:
        return [args[at], *args[:at], *args[at + 1 :]]
    if at is None and not _OF_THE_GROUP.isdisjoint(args[:1]):
        return args
    if at is not None:
        _refuse_mistyped(args[at])
    return [_DEFAULT, *args]


def _first_word(args: list[str]) -> int | None:
    """Where the first argument stands that is neither an option nor an option's value; behind `--` are IDs alone."""
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


def _refuse_mistyped(word: str) -> None:
    if not (word.isalpha() and word.isascii() and len(word) <= _LIKE_A_COMMAND):
        return
    if word in _ELSEWHERE:
        raise CommandError(
            f"There is no command {word}; write: hottui {_ELSEWHERE[word]}", f"If it is an ID, write: hottui -- {word}"
        )
    from difflib import get_close_matches  # noqa: PLC0415 - needed for a mistake alone

    near = get_close_matches(word.lower(), COMMANDS, n=1, cutoff=0.66)
    if near:
        raise CommandError(
            f"There is no command {word}; the nearest one is {near[0]}.",
            f"If it is an ID, write: hottui -- {word}",
        )


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`hottui [ID…]` opens the dashboard on the bookmarks and the IDs given; what follows `--` is an ID even "
    "where it is the name of a command. Options may stand before the command, and be set as environment variables: "
    "`hottui watch --help` names them.",
)
@click.version_option(__version__, prog_name="hottui", message="%(prog)s %(version)s")
def cli() -> None:
    """Watch hot updates of Flink jobs on Alibaba Cloud Realtime Compute."""
