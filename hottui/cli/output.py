"""Output of commands: data on standard output, messages on standard error, and the error that ends a command."""

import codecs
import io
import os
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TextIO

from hottui.errors import ExitCode, HottuiError
from hottui.model.control_characters import escaped, visible

if TYPE_CHECKING:
    from hottui.render.styled_text import Line

_INDENT: Final = 6
"""Cells by which wrapped text is indented below a long prefix."""


_FILE_WIDTH: Final = 160


class CommandError(HottuiError):
    """A command cannot continue."""

    def __init__(self, message: str, hint: str = "", exit_code: int = ExitCode.USAGE) -> None:
        super().__init__(message, hint)
        self.exit_code = exit_code


def print_error(message: str, hint: str = "", *, stream: TextIO | None = None) -> None:
    """Print a message, and the hint below it, to standard error or to `stream`."""
    lines = [f"hottui: {visible(message)}"] + ([f"        {visible(hint)}"] if hint else [])
    with suppress(OSError):  # the stream is closed; the exit code remains
        print("\n".join(lines), file=stream or sys.stderr, flush=True)


def prepare() -> None:
    """Make the standard streams usable, whatever the parent process passed.

    Python sets a closed stream to None: standard input is then empty, messages are discarded, and writing data is an
    error. Characters that the locale's encoding lacks are escaped.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - open until the process ends
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        unwritable = os.open(os.devnull, os.O_RDONLY)
        sys.stdout = open(unwritable, "w", encoding="utf-8")  # noqa: SIM115
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def emit(text: str) -> bool:
    """Write a line of data to standard output; return False if nobody reads it, since the pipe is closed.

    Other failures raise CommandError.
    """
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        discard_output()
        return False
    except OSError as error:
        discard_output()
        raise CommandError(
            f"Standard output cannot be written: {error.strerror}.", exit_code=ExitCode.UNAVAILABLE
        ) from None
    return True


class TextLine(NamedTuple):
    """A line of text whose `text` is wrapped below itself where it is too long for the terminal."""

    prefix: str
    text: str = ""


def emit_lines(lines: Iterable[TextLine], ascii_only: bool) -> None:
    """Write lines of text without control characters, wrapped at the width of a terminal."""
    from hottui.model.cell_width import cells  # noqa: PLC0415 - JSON does without
    from hottui.render.glyphs import ascii_text  # noqa: PLC0415 - as above
    from hottui.render.styled_text import wrap  # noqa: PLC0415 - as above

    def shown(text: str) -> str:
        text = visible(text)
        return ascii_text(text) if ascii_only else text

    width = terminal_width()
    for line in lines:
        prefix, text = shown(line.prefix), shown(line.text)
        indent = cells(prefix)
        if not width or indent + cells(text) <= width:
            emit(f"{prefix}{text}".rstrip())
        elif indent > width // 2:
            first, *more = wrap(prefix + text, width)
            emit("\n".join([first, *(" " * _INDENT + piece for piece in wrap(" ".join(more), width - _INDENT))]))
        else:
            first, *more = wrap(text, width - indent)
            emit("\n".join([prefix + first, *(" " * indent + piece for piece in more)]))


def emit_rendered(lines: "Iterable[Line]", ascii_only: bool) -> None:
    """Write lines that were rendered at `text_width`, without their styles."""
    from hottui.render.glyphs import to_ascii  # noqa: PLC0415 - JSON does without

    for line in lines:
        text = visible(line.text).rstrip()
        emit(to_ascii(text) if ascii_only else text)


def text_width() -> int:
    """Return the width in cells at which text is rendered: the terminal's, or one that is good to read in a file."""
    return terminal_width() or _FILE_WIDTH


def json_line(value: Any) -> str:
    """Return `value` as one line of JSON without control characters.

    Only ASCII if standard output is not UTF-8, so that it stays valid JSON.
    """
    import json  # noqa: PLC0415 - the dashboard writes none

    return escaped(json.dumps(value, ensure_ascii=not writes_unicode(), allow_nan=False))


def discard_output() -> None:
    """Redirect standard output to /dev/null: Python would flush the buffer at exit and print an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def terminal_width() -> int:
    """Return the width of the terminal in cells; 0 (unlimited) if standard output is not a terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def supports_glyphs() -> bool:
    """Return whether standard output can show glyphs beyond ASCII."""
    from hottui.runtime.terminal_check import needs_ascii  # noqa: PLC0415 - JSON does without

    kind = {} if sys.stdout.isatty() else {"TERM": ""}  # the output does not go to this terminal
    return not needs_ascii(sys.stdout, {**os.environ, **kind})


def writes_unicode() -> bool:
    """Return whether standard output is UTF-8."""
    return codecs.lookup(sys.stdout.encoding).name == "utf-8"
