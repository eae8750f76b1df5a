"""What the user hands to a command: IDs as words, and texts from standard input or a file."""

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
MOST: Final = 64 * 1024**2
"""Bytes that no plan and no list of IDs has."""


def given_ids(words: tuple[str, ...], *, known: bool = False) -> tuple[str, ...]:
    """The IDs of the command line, each once; `-` stands for those on standard input.

    IDs that are `known` are looked up in the store, where anything may be. Raises InvalidName, Stop.
    """
    found: list[str] = []
    for word in words:
        if word == STDIN:
            found += _ids_from_input()
        else:
            found.append(_id(word) if known else check_new_id(_id(word)))
    return tuple(dict.fromkeys(found))


def _id(word: str) -> str:
    """The ID that `word` is; only a strange one needs a closer look. Raises InvalidName."""
    if word.isalnum():
        return check_name(word)
    from hottui.model.ids import read_id  # noqa: PLC0415 - IDs are mostly letters and digits

    return read_id(word)


def read_text(source: str, *, most: int = MOST, no_text: int = ExitCode.USAGE) -> str:
    """The text of the file `source`, or of standard input for `-`: at most so many bytes.

    Raises Stop when it cannot be read; `no_text` is its code where that is because of what is in it.
    """
    name = name_of(source)
    with opened(source) as file:
        raw = file.read(most + 1)  # a device or a pipe may have no end
    if len(raw) > most:
        raise CommandError(f"{name} is longer than {most:,} bytes; more is not read.", exit_code=no_text)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(
            f"{name} is not UTF-8 text: byte {error.start + 1:,} cannot be read.", exit_code=no_text
        ) from None


def check_file(name: str) -> None:
    """Refuse what cannot be the name of a file. Raises Stop."""
    if not name.strip():
        raise CommandError(
            "An empty word names no file.", "Give the name of a file, or - for standard input or output."
        )
    if name.endswith(os.sep):
        raise CommandError(f"{name} names a folder, not a file.")


@contextmanager
def opened(source: str) -> Iterator[BinaryIO]:
    """The file `source`, or standard input for `-`, for reading. Raises Stop when it cannot be read."""
    check_file(source)
    try:
        if source == STDIN:
            yield sys.stdin.buffer
        else:
            with open_input(Path(source)) as file:
                yield file
    except OSError as error:
        raise CommandError(f"{name_of(source)} cannot be read: {error.strerror}.") from None


def name_of(source: str) -> str:
    """What a message about `source` begins with."""
    return "Standard input" if source == STDIN else source


def _ids_from_input() -> tuple[str, ...]:
    if sys.stdin.isatty():
        print_error("Reading IDs from standard input; ctrl-d on an empty line ends it.")
    from hottui.model.ids import read_ids  # noqa: PLC0415 - words are mostly given on the command line

    ids = read_ids(read_text(STDIN))
    if not ids:
        raise CommandError(
            "Standard input holds no ID.", "Give IDs separated by white space, or the answer of HotUpdateJob."
        )
    return ids
