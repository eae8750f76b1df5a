"""`hottui completion`: the script that makes a shell complete hottui's command line."""

import click
from click.shell_completion import get_completion_class

from hottui.cli.output import emit
from hottui.errors import ExitCode


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the completion script for a shell: commands, options, bookmarked IDs, profiles, themes and regions.

    In bash and zsh, an ID is also found by a word of its label. bash needs version 4.4 or newer.

    \b
    Examples:
      echo 'eval "$(hottui completion bash)"' >>~/.bashrc
      echo 'eval "$(hottui completion zsh)"' >>~/.zshrc      # after compinit
      hottui completion fish >~/.config/fish/completions/hottui.fish
    """
    from hottui.cli.command_group import cli  # noqa: PLC0415 - the group imports this module when the command runs

    found = get_completion_class(shell)
    if found is None:  # click has all three
        raise click.UsageError(f"There is no completion for {shell}.")
    emit(found(cli, {}, "hottui", "_HOTTUI_COMPLETE").source().rstrip())
    return ExitCode.OK
