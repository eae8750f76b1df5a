"""Search long texts in pieces, with the same matches, so that other threads can run in between.

Python does not switch threads within one search, which takes up to 0.25 s for a text of 2 MB without a match.
"""

import re
from collections.abc import Callable
from typing import Final

_PIECE: Final = 64 * 1024
"""Characters searched at a time, in a few milliseconds at most."""
REACH: Final = 4_000
"""Maximum characters of a match of a pattern for `search`, with its lookaheads."""
_LINES: Final = 20
"""Lines after a piece that are tried as its end."""

_BLANK: Final = re.compile(r"\s")
_TWO_WORDS: Final = re.compile(r"\s\w{1,40}(?=\s\w)")


def search(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """Return `pattern.search(text, at)`. No match may be longer than `REACH`."""
    while len(text) - at > _PIECE + REACH:
        found = pattern.search(text, at, at + _PIECE + REACH)
        if found is not None and found.start() < at + _PIECE:
            return found
        at += _PIECE
    return pattern.search(text, at)


def search_pairs(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """Return `pattern.search(text, at)`, where `pattern` is that of `key=value` pairs.

    No match may extend from a word without `-` over whitespace to another word, or from a line without `-` to the next.
    """
    while len(text) - at > 2 * _PIECE:
        end = _end_between_pairs(text, at + _PIECE)
        if end is None:
            break
        found = pattern.search(text, at, end)
        if found is not None:
            return found
        at = end
    return pattern.search(text, at)


def masked_by_words(mask: Callable[[str], str], text: str) -> str:
    """Return `mask(text)`. `mask` must handle each word, without whitespace, by itself."""
    if len(text) <= 2 * _PIECE:
        return mask(text)
    parts: list[str] = []
    at = 0
    while at < len(text):
        blank = _BLANK.search(text, at + _PIECE)
        end = blank.start() if blank else len(text)
        parts.append(mask(text[at:end]))
        at = end
    return "".join(parts)


def _end_between_pairs(text: str, at: int) -> int | None:
    """Return where no match for `search_pairs` extends to what follows, soon after `at`; None if there is none."""
    words = _TWO_WORDS.search(text, at, at + REACH)
    if words is not None:
        return words.end()
    for _ in range(_LINES):
        end = text.find("\n", at)
        if end < 0:
            return None
        if "-" not in text[text.rfind("\n", 0, end) + 1 : end]:
            return end
        at = end + 1
    return None
