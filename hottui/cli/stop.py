"""Ending a command with a sentence on standard error and an exit code; never with a traceback."""

import os
import sys

import click

from hottui.cli.exits import DONE, INTERRUPTED, UNAVAILABLE, USAGE
from hottui.model.ref import InvalidName
from hottui.settings import SettingsError
from hottui.store.errors import StoreError


class Stop(click.ClickException):
    """A command that cannot go on: what happened, what to do next, and the exit code."""

    def __init__(self, sentence: str, hint: str = "", code: int = USAGE) -> None:
        super().__init__(sentence)
        self.hint = hint
        self.exit_code = code  # type: ignore[misc]  # click reads it from the instance too

    def show(self, file: object = None) -> None:  # noqa: ARG002 - click's signature
        """Write the sentence, and the hint below it."""
        say(self.message, self.hint)


def say(sentence: str, hint: str = "") -> None:
    """A sentence for the user, on standard error."""
    click.echo(f"hottui: {sentence}", err=True)
    if hint:
        click.echo(f"        {hint}", err=True)


def run(command: click.Command) -> int:
    """Run a click command and return its exit code; what the user can mend becomes a sentence."""
    try:
        result = command.main(prog_name="hottui", standalone_mode=False)
    except BrokenPipeError:
        # whoever read our output has gone: say nothing, and keep Python from complaining at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (click.exceptions.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (SettingsError, StoreError) as error:
        say(error.sentence, error.hint)
        return UNAVAILABLE if isinstance(error, StoreError) else USAGE
    except InvalidName as error:
        say(str(error))
        return USAGE
    return result if isinstance(result, int) else DONE
