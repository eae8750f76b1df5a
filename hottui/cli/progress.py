"""Progress on standard error, for reads that take longer than a moment."""

import sys
import time
from collections.abc import Awaitable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self, TypeVar

T = TypeVar("T")

_SHOWN_AFTER: Final = 2.0
"""Seconds until something is said: what is quicker needs no word."""
_LINE_EVERY: Final = 5.0
"""Seconds between two lines where standard error is no terminal."""
_REDRAWN_EVERY: Final = 0.2
_CLEAR: Final = "\r\x1b[K"


class Progress:
    """`120 of 400 read`: one line that is drawn anew on a terminal, else a line now and then."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._terminal = sys.stderr.isatty()
        self._next = time.monotonic() + _SHOWN_AFTER
        self._drawn = False

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Clear the line."""
        if self._drawn and self._terminal:
            _write(_CLEAR)

    async def counting(self, read: Awaitable[T]) -> T:
        """The result of `read`, counted when it is there."""
        result = await read
        self.update(self._done + 1)
        return result

    def update(self, done: int) -> None:
        """Note that so many have been read."""
        self._done = done
        now = time.monotonic()
        if now < self._next or done >= self._total:
            return
        self._next = now + (_REDRAWN_EVERY if self._terminal else _LINE_EVERY)
        self._drawn = True
        text = f"hottui: {done:,} of {self._total:,} read"
        _write(f"{_CLEAR}{text}" if self._terminal else f"{text}\n")


def _write(text: str) -> None:
    with suppress(OSError):  # nobody reads it
        sys.stderr.write(text)
        sys.stderr.flush()
