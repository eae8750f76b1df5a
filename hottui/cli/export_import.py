"""`hottui export`, `import` and `vacuum`: move bookmarks and history between stores, and compact the store."""

import stat
from pathlib import Path

import click

from hottui.cli import wiring
from hottui.cli.completers import complete_file
from hottui.cli.inputs import STDIN, check_file, open_source, source_name
from hottui.cli.output import CommandError, emit, json_line, print_error
from hottui.errors import ExitCode
from hottui.files import open_output, write_private
from hottui.model.json_text import write_json

_MAX_SHOWN = 10
"""Skipped entries that are listed individually."""


@click.command()
@click.argument("file", default=STDIN, metavar="[FILE|-]", shell_complete=complete_file)
def export(file: str) -> int:
    """Write all bookmarks with labels, notes, history and last answers as one JSON document.

    Without FILE, write to standard output. An existing file is replaced atomically, and only you can read the new one.
    Secrets are masked; endpoints, workspaces and configurations are not.

    \b
    Example:
      hottui export bookmarks.json
    """
    check_file(file)
    with wiring.opened_store() as store:
        count = len(store.tracked())
        document = store.export()
    if file == STDIN:
        emit(json_line(document))
    else:
        _write(Path(file), f"{write_json(document)}\n")
    print_error(f"Exported {_counted(count, 'bookmark')}.")
    return ExitCode.OK


@click.command("import")
@click.argument("file", metavar="FILE|-", shell_complete=complete_file)
def import_(file: str) -> int:
    """Merge an export into the store; `-` reads it from standard input.

    Existing bookmarks and history are kept and not duplicated. A label or note is added where there is none.

    \b
    Example:
      hottui import bookmarks.json
    """
    shown = 0

    def problem(message: str) -> None:
        nonlocal shown
        shown += 1
        if shown <= _MAX_SHOWN:
            print_error(message)

    with open_source(file) as source, wiring.opened_store(wiring.load_settings()) as store:
        done = store.import_(source, name=source_name(file), problem=problem)
    if done.skipped > _MAX_SHOWN:
        print_error(f"{done.skipped - _MAX_SHOWN:,} more entries are invalid.")
    print_error(
        f"Imported: {_counted(done.added, 'new bookmark')}, {done.known:,} existing, "
        f"{_counted(done.transitions, 'new transition')}."
    )
    return ExitCode.USAGE if done.skipped else ExitCode.OK


@click.command()
def vacuum() -> int:
    """Delete removed bookmarks and history beyond the limits, and compact the store file.

    The limits are `history_days` and `history_transitions` in config.toml: 90 days and 10,000 transitions per hot
    update by default. Bookmarks, labels and notes are kept.

    \b
    Example:
      hottui vacuum
    """
    with wiring.opened_store(wiring.load_settings()) as store:
        before, after = store.vacuum()
    print_error(f"Store size: {_bytes(after)} (before: {_bytes(before)}).")
    return ExitCode.OK


def _write(path: Path, text: str) -> None:
    """Write `text` to `path` atomically, readable by this user only. Raises CommandError."""
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            with open_output(path) as file:
                file.write(text.encode())
        else:
            write_private(path.resolve(), text)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.", exit_code=ExitCode.UNAVAILABLE) from None


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _bytes(size: int) -> str:
    if size < 1024:
        return f"{size} bytes"
    return f"{size / 1024:,.0f} KiB" if size < 10 * 1024**2 else f"{size / 1024**2:,.0f} MiB"
