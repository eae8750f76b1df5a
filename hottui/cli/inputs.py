"""Input of commands: IDs from arguments, and text from standard input or a file."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from hottui.cli.output import CommandError, print_error
from hottui.errors import ExitCode
from hottui.files import open_input
from hottui.model.ref import check_name, check_new_id

STDIN: Final = "-"
MAX_INPUT: Final = 64 * 1024**2
"""Bytes: more than any plan or list of IDs has."""


def parse_ids(arguments: tuple[str, ...], *, bookmarked: bool = False) -> tuple[str, ...]:
    """Return the IDs in the arguments without duplicates; `-` is replaced by the IDs on standard input.

    `bookmarked` accepts IDs that only an older version stored. Raises InvalidName, CommandError.
    """
    found: list[str] = []
    for argument in arguments:
        if argument == STDIN:
            found += _ids_from_input()
        else:
            found.append(_id(argument) if bookmarked else check_new_id(_id(argument)))
    return tuple(dict.fromkeys(found))


def _id(argument: str) -> str:
    """Return the ID in an argument, which may be quoted as in JSON. Raises InvalidName."""
    if argument.isalnum():
        return check_name(argument)
    from hottui.model.ids import read_id  # noqa: PLC0415 - start-up time: most IDs are letters and digits

    return read_id(argument)


def read_text(source: str, *, limit: int = MAX_INPUT, invalid: int = ExitCode.USAGE) -> str:
    """Return the text of the file `source`, or of standard input for `-`: at most `limit` bytes.

    Raises CommandError when it cannot be read; `invalid` is the exit code for text that is too large or not UTF-8.
    """
    name = source_name(source)
    with open_source(source) as file:
        raw = file.read(limit + 1)  # a device or pipe may be endless
    if len(raw) > limit:
        raise CommandError(f"{name} is larger than {limit:,} bytes, the limit.", exit_code=invalid)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not UTF-8 text (byte {error.start + 1:,}).", exit_code=invalid) from None


def check_file(name: str) -> None:
    """Raise CommandError for a name that cannot be a file."""
    if not name.strip():
        raise CommandError("The file name is empty.", "Pass a file name, or - for standard input or output.")
    if name.endswith(os.sep):
        raise CommandError(f"{name} is a folder, not a file.")


@contextmanager
def open_source(source: str) -> Iterator[BinaryIO]:
    """Open the file `source`, or standard input for `-`, for reading. Raises CommandError when that fails."""
    check_file(source)
    try:
        if source == STDIN:
            yield sys.stdin.buffer
        else:
            with open_input(Path(source)) as file:
                yield file
    except OSError as error:
        raise CommandError(f"{source_name(source)} cannot be read: {error.strerror}.") from None


def source_name(source: str) -> str:
    """What a message about `source` begins with."""
    return "Standard input" if source == STDIN else source


def _ids_from_input() -> tuple[str, ...]:
    if sys.stdin.isatty():
        print_error("Reading IDs from standard input; press ctrl-d on an empty line to finish.")
    from hottui.model.ids import read_ids  # noqa: PLC0415 - start-up time: most IDs are arguments

    ids = read_ids(read_text(STDIN))
    if not ids:
        raise CommandError(
            "No ID on standard input.", "Pass IDs separated by white space, or the response of HotUpdateJob."
        )
    return ids
