"""An option that a command does not take although others do: which those are."""

from typing import Final

import click

from hottui.cli.group import COMMANDS, command_named
from hottui.settings import Flags

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
    if takers[last].name in Flags.__slots__ and reason:
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
