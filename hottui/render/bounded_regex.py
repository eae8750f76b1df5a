"""Regular expressions that users type: compiled without raising anything unexpected, and stopped when they are slow."""

import time
from typing import Final

import regex

_MAX_PATTERN: Final = 200
"""Maximum characters of a pattern."""
_ORDINARY: Final = 0.0005
"""Seconds of processor time for one text that do not count as slow; most expressions take microseconds."""
_TIMEOUT: Final = 0.1
"""Seconds beyond that, for all texts together, after which nothing more is searched."""


class RegexError(ValueError):
    """An invalid pattern; the message is for users."""


class BoundedRegex:
    """A compiled pattern that ignores case. Raises RegexError.

    Python's `re` cannot be interrupted, and takes exponential time for a pattern such as `(a+)+$`.
    """

    def __init__(self, pattern: str) -> None:
        if len(pattern) > _MAX_PATTERN:
            raise RegexError(f"longer than {_MAX_PATTERN} characters")
        try:
            self._pattern = regex.compile(pattern, regex.IGNORECASE)
        except (regex.error, OverflowError, RecursionError) as error:
            raise RegexError(str(error).partition(" at position")[0] or "nested too deeply") from None
        self._left = _TIMEOUT

    @property
    def too_slow(self) -> bool:
        """Whether the time was used up; then nothing matches any more."""
        return self._left <= 0

    def search(self, text: str) -> bool:
        """Return whether the pattern matches anywhere in `text`."""
        if self.too_slow:
            return False
        began = time.thread_time()
        try:
            return self._pattern.search(text, timeout=_TIMEOUT) is not None
        except TimeoutError:
            self._left = 0.0
            return False
        finally:
            self._left -= max(time.thread_time() - began - _ORDINARY, 0.0)
