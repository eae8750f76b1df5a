"""What the user hands to a command: IDs as words, and texts from standard input or a file."""

import sys
from pathlib import Path
from typing import BinaryIO

from hottui.cli.exits import USAGE
from hottui.cli.stop import Stop, say
from hottui.model.ref import check_name

STDIN = "-"


def given_ids(words: tuple[str, ...]) -> tuple[str, ...]:
    """The IDs of the command line, each once; `-` stands for those on standard input. Raises InvalidName, Stop."""
    found: list[str] = []
    for word in words:
        found += _ids_from_input() if word == STDIN else [_id(word)]
    return tuple(dict.fromkeys(found))


def _id(word: str) -> str:
    """The ID that `word` is; only a strange one needs a closer look. Raises InvalidName."""
    if word.isalnum():
        return check_name(word)
    from hottui.model.ids import read_id  # noqa: PLC0415 - IDs are mostly letters and digits

    return read_id(word)


def read_text(source: str) -> str:
    """The text of the file `source`, or of standard input for `-`. Raises Stop when it cannot be read."""
    name = "Standard input" if source == STDIN else source
    try:
        raw = _standard_input() if source == STDIN else Path(source).read_bytes()
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Stop(f"{name} is not UTF-8 text: byte {error.start + 1:,} cannot be read.", code=USAGE) from None
    except OSError as error:
        raise Stop(f"{name} cannot be read: {error.strerror}.", code=USAGE) from None


def _ids_from_input() -> tuple[str, ...]:
    if sys.stdin.isatty():
        say("Reading IDs from standard input; ctrl-d on an empty line ends it.")
    from hottui.model.ids import read_ids  # noqa: PLC0415 - words are mostly given on the command line

    ids = read_ids(read_text(STDIN))
    if not ids:
        raise Stop("Standard input holds no ID.", "Give IDs separated by white space, or the answer of HotUpdateJob.")
    return ids


def _standard_input() -> bytes:
    stream: BinaryIO = sys.stdin.buffer
    return stream.read()
