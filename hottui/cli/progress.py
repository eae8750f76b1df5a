"""Progress of long reads, on standard error."""

import sys
import time
from collections.abc import Awaitable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self, TypeVar

T = TypeVar("T")

_SHOWN_AFTER: Final = 2.0
"""Seconds until progress is shown; quicker reads show none."""
_LINE_EVERY: Final = 5.0
"""Seconds between two lines where standard error is not a terminal."""
_REDRAWN_EVERY: Final = 0.2
_CLEAR: Final = "\r\x1b[K"


class Progress:
    """Shows `120 of 400 read`: one line that is redrawn on a terminal, else a line every few seconds."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._terminal = sys.stderr.isatty()
        self._next = time.monotonic() + _SHOWN_AFTER
        self._drawn = False

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Clear the line."""
        if self._drawn and self._terminal:
            _write(_CLEAR)

    async def counting(self, read: Awaitable[T]) -> T:
        """Return the result of `read` and count it."""
        result = await read
        self.update(self._done + 1)
        return result

    def update(self, done: int) -> None:
        """Show that `done` have been read, if it is time to."""
        self._done = done
        now = time.monotonic()
        if now < self._next or done >= self._total:
            return
        self._next = now + (_REDRAWN_EVERY if self._terminal else _LINE_EVERY)
        self._drawn = True
        text = f"hottui: {done:,} of {self._total:,} read"
        _write(f"{_CLEAR}{text}" if self._terminal else f"{text}\n")


def _write(text: str) -> None:
    with suppress(OSError):  # standard error is closed
        sys.stderr.write(text)
        sys.stderr.flush()
