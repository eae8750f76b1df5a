"""Importing in batches: the document is read twice, and small transactions let other processes write in between."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, Final

from hottui.model.control_characters import visible
from hottui.model.json_stream import Readable
from hottui.store.errors import StoreError
from hottui.store.export_import import Entry

_ENTRIES: Final = 500
_IN_MEMORY: Final = 4 * 1024**2
"""Bytes up to which a copy stays in memory."""
_CHARACTERS: Final = 8 * 1024**2
"""Characters of all answers in one batch."""


def batches(entries: Iterator[Entry | str]) -> Iterator[list[Entry]]:
    """Yield the valid entries (not the messages), as many at a time as are merged in one transaction."""
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        if isinstance(entry, str):
            continue
        batch.append(entry)
        size += len(entry.observation.answer) if entry.observation else 0
        if len(batch) >= _ENTRIES or size >= _CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@contextmanager
def two_passes(source: BinaryIO) -> Iterator[tuple[Readable, Callable[[], Readable]]]:
    """Yield `source` for the first pass, and a function that returns the same content for the second.

    A source that is not seekable, such as a pipe, is copied to a temporary file. Raises StoreError if there is no
    space for it.
    """
    if source.seekable():
        start = source.tell()

        def rewound() -> Readable:
            source.seek(start)
            return source

        yield source, rewound
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:

        def copied() -> Readable:
            copy.seek(0)
            return copy

        yield _CopyingReader(source, copy), copied


class _CopyingReader:
    """A reader that copies what it reads to another file."""

    def __init__(self, source: BinaryIO, copy: IO[bytes]) -> None:
        self._source = source
        self._copy = copy

    def read(self, size: int, /) -> bytes:
        """Return the next bytes of the source."""
        chunk = self._source.read(size)
        try:
            self._copy.write(chunk)
        except OSError as error:
            raise StoreError(
                f"Cannot copy the import to {visible(tempfile.gettempdir())}: {error.strerror}.",
                "Pass a file name instead of standard input, or free space there.",
            ) from None
        return chunk
