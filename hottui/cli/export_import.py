"""`hottui export`, `import` and `vacuum`: the store carried elsewhere, brought back in, and tidied."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

import click

from hottui.cli import wiring
from hottui.cli.inputs import STDIN, check_file, name_of, opened
from hottui.cli.output import CommandError, emit, json_line, print_error
from hottui.errors import ExitCode
from hottui.files import open_output
from hottui.model.json_text import write_json

_NAMED = 10
"""Entries passed over that are named one by one."""


@click.command()
@click.argument("file", default=STDIN, metavar="[FILE|-]")
def export(file: str) -> int:
    """Write all bookmarks with labels, notes, history and last answers as one JSON document.

    Without FILE it goes to standard output. A file is replaced only when the new one is whole, and only you can read
    it. Secrets are masked; endpoints, workspaces and configurations are not.
    """
    check_file(file)
    with wiring.opened_store() as store:
        count = len(store.tracked())
        document = store.export()
    if file == STDIN:
        emit(json_line(document))
    else:
        _write(Path(file), f"{write_json(document)}\n")
    print_error(f"Exported {_many(count, 'bookmark')}.")
    return ExitCode.OK


@click.command("import")
@click.argument("file", metavar="FILE|-")
def import_(file: str) -> int:
    """Merge what `hottui export` wrote into the store; `-` reads it from standard input.

    What is here already stays as it is and is not doubled; a label or note is taken over where there is none here.
    """
    shown = 0

    def problem(message: str) -> None:
        nonlocal shown
        shown += 1
        if shown <= _NAMED:
            print_error(message)

    with opened(file) as source, wiring.opened_store(wiring.load_settings()) as store:
        done = store.import_(source, name=name_of(file), problem=problem)
    if done.skipped > _NAMED:
        print_error(f"{done.skipped - _NAMED:,} more could not be read.")
    print_error(
        f"Imported: {_many(done.added, 'new bookmark')}, {done.known:,} known before, "
        f"{_many(done.transitions, 'new transition')}."
    )
    return ExitCode.USAGE if done.skipped else ExitCode.OK


@click.command()
def vacuum() -> int:
    """Drop history beyond its bounds and bookmarks that were removed, and give the room back to the disk.

    The bounds are `history_days` and `history_transitions` of config.toml: 90 days and 10,000 transitions of each hot
    update, unless set. Bookmarks, labels and notes stay.
    """
    with wiring.opened_store(wiring.load_settings()) as store:
        before, after = store.vacuum()
    print_error(f"The store takes {_bytes(after)} on the disk; it took {_bytes(before)}.")
    return ExitCode.OK


def _write(path: Path, text: str) -> None:
    """Write `text` to `path`, readable by this user alone, whole or not at all. Raises Stop."""
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            with open_output(path) as file:
                file.write(text.encode())
        else:
            _replace(path.resolve(), text)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.", exit_code=ExitCode.UNAVAILABLE) from None


def _replace(path: Path, text: str) -> None:
    descriptor, unfinished = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)  # its mode is 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        Path(unfinished).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(unfinished)
        raise


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _bytes(size: int) -> str:
    if size < 1024:
        return f"{size} bytes"
    return f"{size / 1024:,.0f} KiB" if size < 10 * 1024**2 else f"{size / 1024**2:,.0f} MiB"
