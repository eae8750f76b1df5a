"""Words for the user, and ending a command with them: on standard error, never with a traceback."""

import codecs
import io
import os
import shutil
import sys
from contextlib import suppress
from typing import Any, TextIO

from hottui.errors import ExitCode, HottuiError
from hottui.model.control_characters import escaped, visible


class CommandError(HottuiError):
    """A command cannot continue."""

    def __init__(self, message: str, hint: str = "", exit_code: int = ExitCode.USAGE) -> None:
        super().__init__(message, hint)
        self.exit_code = exit_code


def print_error(message: str, hint: str = "", *, stream: TextIO | None = None) -> None:
    """A message for the user, and below it what to do next, on standard error unless another stream is given."""
    lines = [f"hottui: {visible(message)}"] + ([f"        {visible(hint)}"] if hint else [])
    with suppress(OSError):  # nobody listens: there is no other place to say it, and the exit code speaks too
        print("\n".join(lines), file=stream or sys.stderr, flush=True)


def prepare() -> None:
    """See that the standard streams are there, and that no text can be too much for them.

    A stream that was closed before the start is None in Python: input is then empty, words go nowhere, and data that
    cannot be written is an error. Letters that the locale lacks are written as escapes.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - open as long as the process lives
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        unwritable = os.open(os.devnull, os.O_RDONLY)
        sys.stdout = open(unwritable, "w", encoding="utf-8")  # noqa: SIM115
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def emit(text: str) -> None:
    """Write a line of data. A reader that has gone has had enough; Stop is raised when it cannot be written."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        discard_output()
    except OSError as error:
        discard_output()
        raise CommandError(
            f"Standard output cannot be written: {error.strerror}.", exit_code=ExitCode.UNAVAILABLE
        ) from None


def json_line(value: Any) -> str:
    """One value as one line of JSON in which nothing acts on a terminal.

    In ASCII where standard output has no Unicode, so that it stays JSON.
    """
    import json  # noqa: PLC0415 - the dashboard writes none

    return escaped(json.dumps(value, ensure_ascii=not writes_unicode(), allow_nan=False))


def discard_output() -> None:
    """Lead what is left in the buffers nowhere: Python would write it at its end, and complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def terminal_width() -> int:
    """Cells of a line of the terminal that standard output is; 0 where it is none, and a line may be of any length."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def supports_glyphs() -> bool:
    """Whether lines, arrows and the like can be read where standard output goes."""
    from hottui.runtime.terminal_check import needs_ascii  # noqa: PLC0415 - JSON does without

    kind = {} if sys.stdout.isatty() else {"TERM": ""}  # the terminal in front is not where the output goes
    return not needs_ascii(sys.stdout, {**os.environ, **kind})


def writes_unicode() -> bool:
    """Whether standard output can hold every letter."""
    return codecs.lookup(sys.stdout.encoding).name == "utf-8"
