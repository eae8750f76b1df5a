"""A document on its way in: read twice, and written a few entries at a time, so that other processes get their turn."""

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
"""Bytes of a copy that needs no file."""
_CHARACTERS: Final = 8 * 1024**2
"""Of the answers of one batch."""


def batches(entries: Iterator[Entry | str]) -> Iterator[list[Entry]]:
    """The entries that are none of the sentences, as many at a time as are merged in one transaction."""
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
def readable_twice(source: BinaryIO) -> Iterator[tuple[Readable, Callable[[], Readable]]]:
    """`source` for the first reading, and a function that gives what was read for the second.

    What cannot be rewound, such as a pipe, is copied into an unnamed file meanwhile, which raises StoreError where
    there is no room for it.
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

        yield _Copying(source, copy), copied


class _Copying:
    """A file whose bytes are copied to another as they are read."""

    def __init__(self, source: BinaryIO, copy: IO[bytes]) -> None:
        self._source = source
        self._copy = copy

    def read(self, size: int, /) -> bytes:
        """The next bytes of the source."""
        chunk = self._source.read(size)
        try:
            self._copy.write(chunk)
        except OSError as error:
            raise StoreError(
                f"What is imported cannot be copied to {visible(tempfile.gettempdir())}: {error.strerror}.",
                "Give the name of a file, or free space there.",
            ) from None
        return chunk
