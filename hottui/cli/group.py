"""The `hottui` command: its sub-commands by name, and the dashboard where none is named."""

import importlib
from typing import Final

import click

from hottui import __version__

_COMMANDS: Final = {
    "watch": ("hottui.cli.watch", "watch"),
    "demo": ("hottui.cli.demo", "demo"),
    "add": ("hottui.cli.bookmarks", "add"),
    "rm": ("hottui.cli.bookmarks", "rm"),
    "ls": ("hottui.cli.bookmarks", "ls"),
    "get": ("hottui.cli.get", "get"),
}
"""Name → module and attribute. A module is imported when its command runs."""

_DEFAULT: Final = "watch"
_SHORT_HELP: Final = {
    "watch": "Open the dashboard (what `hottui` alone does).",
    "demo": "Open the dashboard on an embedded service, without credentials.",
    "add": "Bookmark hot updates.",
    "rm": "Remove bookmarks.",
    "ls": "List bookmarks from the store, without asking the service.",
    "get": "Read hot updates once and print them.",
}


class Commands(click.Group):
    """A group that imports a command when it is run, and opens the dashboard for anything that is no command."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names in the order of the help."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return the command."""
        if cmd_name not in _COMMANDS:
            return None
        module, attribute = _COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the dashboard's name in front of arguments that name no command."""
        if not any(arg in {"--help", "--version"} for arg in args[:1]):
            at = _first_word(args)
            if at is None or args[at] not in _COMMANDS:
                args = [_DEFAULT, *args]
            elif at > 0:
                args = [args[at], *args[:at], *args[at + 1 :]]
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_SHORT_HELP.items()))


_TAKE_A_VALUE: Final = frozenset(
    ("-p", "--profile", "-r", "--region", "--network", "--endpoint", "-w", "--workspace", "-n", "--namespace",
     "--theme", "--interval", "--label", "--note", "-o", "--output", "--log")
)  # fmt: skip


def _first_word(args: list[str]) -> int | None:
    """Where the first argument stands that is neither an option nor an option's value."""
    skip = False
    for index, arg in enumerate(args):
        if skip:
            skip = False
        elif arg == "--":
            return None
        elif arg in _TAKE_A_VALUE:
            skip = True
        elif not arg.startswith("-") or arg == "-":
            return index
    return None


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`hottui [ID…]` opens the dashboard on the bookmarks and the IDs given. "
    "Options may also be set as environment variables; `hottui watch --help` names them.",
)
@click.version_option(__version__, prog_name="hottui")
def cli() -> None:
    """Watch hot updates of Flink jobs on Alibaba Cloud Realtime Compute."""
