"""Running a command: what the user can mend becomes a sentence and an exit code, never a traceback."""

import sys
from collections.abc import Sequence

import click

from hottui import paths
from hottui.cli.exits import DONE, FAULT, INTERRUPTED, UNAVAILABLE, USAGE
from hottui.cli.output import let_go, prepare
from hottui.cli.stop import Stop, say
from hottui.model.ref import InvalidName
from hottui.settings import SettingsError
from hottui.store.errors import StoreError


def run(command: click.Command, args: Sequence[str] | None = None) -> int:
    """Run a click command on `args` (those of the process, unless given) and return its exit code."""
    prepare()
    try:
        result = command.main(args, prog_name="hottui", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Stop as stop:
        say(stop.message, stop.hint)
        return stop.code
    except click.ClickException as error:
        say(error.format_message(), _where_to_look(error))
        return USAGE
    except InvalidName as error:
        say(str(error))
        return USAGE
    except SettingsError as error:
        say(error.sentence, error.hint)
        return USAGE
    except StoreError as error:
        say(error.sentence, error.hint)
        return UNAVAILABLE
    except OSError as error:
        return _refused_by_the_system(error)
    except Exception as fault:  # noqa: BLE001 - the last one: a report is kept, and the user told
        from hottui.tui import crash  # noqa: PLC0415 - never needed, one hopes

        say(crash.keep(fault, paths.state_dir()))
        return FAULT
    return result if isinstance(result, int) else DONE


def _where_to_look(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"`{context.command_path} --help` says what it takes." if context else ""


def _refused_by_the_system(error: OSError) -> int:
    """A full disk, a limit, a right that is missing, met where nothing more precise is known."""
    try:
        sys.stdout.flush()
    except OSError:
        let_go()
    where = f"{error.filename}: " if error.filename else ""
    say(f"The system refused: {where}{error.strerror or error}.")
    return UNAVAILABLE
