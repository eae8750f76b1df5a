"""Running a command: what the user can mend becomes a sentence and an exit code, never a traceback."""

import sys
from collections.abc import Sequence

import click

from hottui import paths
from hottui.cli.exit_codes import DONE, FAULT, INTERRUPTED, UNAVAILABLE, USAGE
from hottui.cli.output import CommandError, let_go, prepare, print_error
from hottui.config.settings import SettingsError
from hottui.model.ref import InvalidName
from hottui.runtime import shutdown
from hottui.runtime.error_hooks import installed_hooks
from hottui.store.errors import StoreError


def run(command: click.Command, args: Sequence[str] | None = None) -> int:
    """Run a click command on `args` (those of the process, unless given) and return its exit code."""
    prepare()
    with installed_hooks() as unheard:
        code = _run(command, args)
        for sentence in unheard.told:
            print_error(sentence)
        return code or (FAULT if unheard.told else DONE)


def _run(command: click.Command, args: Sequence[str] | None) -> int:
    try:
        result = command.main(args, prog_name="hottui", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except SystemExit as end:
        # click ends so, with 1, when the reader of a help text has had enough; main does when a signal ends it
        return end.code if isinstance(end.code, int) and end.code > 128 else DONE
    except Exception as error:  # noqa: BLE001 - none is swallowed: what is no news becomes a report
        ended = shutdown.exit_code()
        if ended is not None:  # its SystemExit came up where Python makes something else of it
            return ended
        sentence, hint, code = _told(error)
        print_error(sentence, hint)
        return code
    return result if isinstance(result, int) else DONE


def _told(error: Exception) -> tuple[str, str, int]:
    """What to say of an error, what to do next, and the exit code."""
    match error:
        case CommandError():
            told = error.message, error.hint, error.code
        case click.ClickException():
            told = *_of_usage(error), USAGE
        case InvalidName():
            told = str(error), "", USAGE
        case SettingsError():
            told = error.sentence, error.hint, USAGE
        case StoreError():
            told = error.sentence, error.hint, UNAVAILABLE
        case OSError():
            told = _refused_by_the_system(error), "", UNAVAILABLE
        case _:
            from hottui.runtime import crash_report  # noqa: PLC0415 - never needed, one hopes

            told = crash_report.write_report(error, paths.state_dir()), "", FAULT
    return told


def _of_usage(error: click.ClickException) -> tuple[str, str]:
    """What to say of a command line that cannot be meant, and where to look."""
    if isinstance(error, click.NoSuchOption):
        from hottui.cli.group import misplaced  # noqa: PLC0415 - needed for a mistake alone

        told = misplaced(error)
        if told is not None:
            return told
    context = error.ctx if isinstance(error, click.UsageError) else None
    return error.format_message(), f"`{context.command_path} --help` says what it takes." if context else ""


def _refused_by_the_system(error: OSError) -> str:
    """A full disk, a limit, a right that is missing, met where nothing more precise is known."""
    try:
        sys.stdout.flush()
    except OSError:
        let_go()
    where = f"{error.filename}: " if error.filename else ""
    return f"The system refused: {where}{error.strerror or error}."
