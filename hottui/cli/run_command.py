"""Run a command: errors become a message and an exit code, never a traceback."""

import sys
from collections.abc import Sequence

import click

from hottui import paths
from hottui.cli.output import discard_output, prepare, print_error
from hottui.errors import ExitCode, HottuiError
from hottui.runtime import shutdown
from hottui.runtime.error_hooks import installed_hooks


def run(command: click.Command, args: Sequence[str] | None = None) -> int:
    """Run a click command on `args` (those of the process, unless given) and return its exit code."""
    prepare()
    with installed_hooks() as hooks:
        code = _run(command, args)
        for message in hooks.messages:
            print_error(message)
        return code or (ExitCode.INTERNAL if hooks.messages else ExitCode.OK)


def _run(command: click.Command, args: Sequence[str] | None) -> int:
    try:
        result = command.main(args, prog_name="hottui", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except SystemExit as end:
        # click raises it, with 1, on a broken pipe; the signal handler raises it with 128 + the signal's number
        return end.code if isinstance(end.code, int) and end.code > 128 else ExitCode.OK
    except Exception as error:  # noqa: BLE001 - none is swallowed: an unexpected one is written to a crash report
        signal_code = shutdown.exit_code()
        if signal_code is not None:  # Python has replaced the SystemExit of the signal handler
            return signal_code
        message, hint, code = _report(error)
        print_error(message, hint)
        return code
    return result if isinstance(result, int) else ExitCode.OK


def _report(error: Exception) -> tuple[str, str, int]:
    """Return the message, hint and exit code for `error`; an unexpected one is written to a crash report."""
    match error:
        case HottuiError():
            return error.message, error.hint, error.exit_code
        case click.ClickException():
            return *_usage_error(error), ExitCode.USAGE
        case OSError():
            return _system_error(error), "", ExitCode.UNAVAILABLE
    from hottui.runtime import crash_report  # noqa: PLC0415 - only for a bug

    return crash_report.write_report(error, paths.state_dir()), "", ExitCode.INTERNAL


def _usage_error(error: click.ClickException) -> tuple[str, str]:
    """Return the message and hint for an invalid command line."""
    if isinstance(error, click.NoSuchOption):
        from hottui.cli.command_group import misplaced  # noqa: PLC0415 - only for this mistake

        found = misplaced(error)
        if found is not None:
            return found
    context = error.ctx if isinstance(error, click.UsageError) else None
    return error.format_message(), f"See `{context.command_path} --help`." if context else ""


def _system_error(error: OSError) -> str:
    """Return the message for a full disk, a limit or a missing permission that no command handled itself."""
    try:
        sys.stdout.flush()
    except OSError:
        discard_output()
    where = f"{error.filename}: " if error.filename else ""
    return f"System error: {where}{error.strerror or error}."
