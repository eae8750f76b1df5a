"""Standard output: data alone, whatever it is connected to and whatever it can encode."""

import codecs
import io
import os
import shutil
import sys
from typing import Any

from hottui.cli.exits import UNAVAILABLE
from hottui.cli.stop import Stop
from hottui.model.text import escaped


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
        let_go()
    except OSError as error:
        let_go()
        raise Stop(f"Standard output cannot be written: {error.strerror}.", code=UNAVAILABLE) from None


def json_line(value: Any) -> str:
    """One value as one line of JSON in which nothing acts on a terminal.

    In ASCII where standard output has no Unicode, so that it stays JSON.
    """
    import json  # noqa: PLC0415 - the dashboard writes none

    return escaped(json.dumps(value, ensure_ascii=not writes_unicode(), allow_nan=False))


def let_go() -> None:
    """Lead what is left in the buffers nowhere: Python would write it at its end, and complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def terminal_width() -> int:
    """Cells of a line of the terminal that standard output is; 0 where it is none, and a line may be of any length."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def holds_signs() -> bool:
    """Whether lines, arrows and the like can be read where standard output goes."""
    from hottui.tui.terminal import ascii_alone  # noqa: PLC0415 - JSON does without

    kind = {} if sys.stdout.isatty() else {"TERM": ""}  # the terminal in front is not where the output goes
    return not ascii_alone(sys.stdout, {**os.environ, **kind})


def writes_unicode() -> bool:
    """Whether standard output can hold every letter."""
    return codecs.lookup(sys.stdout.encoding).name == "utf-8"
