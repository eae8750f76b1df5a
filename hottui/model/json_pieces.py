"""Decode and encode large JSON in pieces, so that other threads can run in between.

Python runs one thread at a time, and does not switch within one call into C: `json.loads` of 5 MB keeps the event loop
waiting for 0.1 s. Here each such call decodes at most `PIECE` characters: as many members of a large object or list as
fit. Where a piece ends is guessed, and decoding it with brackets around it proves the guess: that fails in the middle
of a text or below the level of the members.
"""

import json
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

PIECE: Final = 64 * 1024
"""Maximum characters decoded at a time, apart from one long text: about a millisecond."""
_WRONG_GUESSES: Final = 8
"""Wrong guesses in one object or list after which its members are decoded one at a time."""

_TOKENS: Final = 10_000
"""Tokens that are joined at a time."""

_BLANKS: Final = re.compile(r"[ \t\n\r]*")
_CLOSING: Final = {"{": "}", "[": "]"}


class _NotDecoded(Exception):
    """The text is not JSON, or exceeds a limit."""


def decode(text: str, decoder: json.JSONDecoder, on_repeated_key: Callable[[], None] | None = None) -> Any:
    """Return what `decoder.decode(text)` returns, or raise what it raises.

    A hook of `decoder` for objects must return the members as a dict. It is called for each piece of a large object;
    `on_repeated_key` is called if two pieces have the same key.
    """
    if len(text) > 2 * PIECE:
        pieces = _Pieces(text, decoder, on_repeated_key)
        try:
            return pieces.document()
        except (_NotDecoded, ValueError, RecursionError):
            pass  # decoding it as a whole gives the error with the right position
    return decoder.decode(text)


def encode(value: Any, encoder: json.JSONEncoder) -> Iterator[str]:
    """Yield what `encoder.encode(value)` returns, in parts. Several times slower where that does not indent."""
    tokens = iter(encoder.iterencode(value))
    while part := "".join(islice(tokens, _TOKENS)):
        yield part


class _Pieces:
    """Each method returns the index after what it decoded. An index out of range is the end of the text."""

    def __init__(self, text: str, decoder: json.JSONDecoder, on_repeated_key: Callable[[], None] | None) -> None:
        self._text = text
        self._scan: Callable[[str, int], tuple[Any, int]] = decoder.raw_decode
        self._on_repeated_key = on_repeated_key
        self._window, self._window_at = "", 0
        """A part of the text, and where it begins."""

    def document(self) -> Any:
        value, end = self._value(self._next(0))
        if self._next(end) != len(self._text):
            raise _NotDecoded
        return value

    def _value(self, at: int) -> tuple[Any, int]:
        """Decode the value at `at`: as a whole if it is short or not an object or list."""
        if self._text[at : at + 1] not in _CLOSING:
            return self._scan(self._text, at)
        if self._window_at <= at < self._window_at + len(self._window):
            try:
                value, end = self._scan(self._window, at - self._window_at)
            except ValueError:
                pass  # it does not end within the window
            else:
                return value, self._window_at + end
        self._window, self._window_at = self._text[at : at + PIECE], at
        try:
            value, end = self._scan(self._window, 0)
        except ValueError:
            return self._members(at)
        return value, at + end

    def _members(self, at: int) -> tuple[Any, int]:
        """Decode the object or list at `at` by members, several at a time where possible."""
        opening, closing = self._text[at], _CLOSING[self._text[at]]
        members: Any = {} if opening == "{" else []
        separator, wrong = "", 0
        at = self._next(at + 1)
        while True:
            some, end = None, at
            if separator and wrong < _WRONG_GUESSES:
                some, end = self._group(at, opening, closing, separator)
                wrong += some is None
            if some is None:
                some, end = self._member(at) if opening == "{" else self._item(at)
            self._add(members, some)
            at = self._next(end)
            if self._text[at : at + 1] == closing:
                return members, at + 1
            if self._text[at : at + 1] != ",":
                raise _NotDecoded
            at = self._next(at + 1)
            separator = separator or self._separator(end, at)

    def _group(self, at: int, opening: str, closing: str, separator: str) -> tuple[Any, int]:
        """Decode the members from `at` that fit into a piece; None if the guess where they end is wrong."""
        cut = self._text.rfind(separator, at, at + PIECE)
        if cut <= at:
            return None, at
        cut += separator.index(",")
        piece = f"{opening}{self._text[at:cut]}{closing}"
        try:
            some, end = self._scan(piece, 0)
        except ValueError:
            return None, at
        return (some, cut) if end == len(piece) else (None, at)

    def _item(self, at: int) -> tuple[list[Any], int]:
        value, end = self._value(at)
        return [value], end

    def _member(self, at: int) -> tuple[dict[str, Any], int]:
        if self._text[at : at + 1] != '"':
            raise _NotDecoded
        key, end = self._scan(self._text, at)
        colon = self._next(end)
        if self._text[colon : colon + 1] != ":":
            raise _NotDecoded
        value, end = self._value(self._next(colon + 1))
        return {key: value}, end

    def _add(self, members: Any, some: Any) -> None:
        if isinstance(members, list):
            members += some
            return
        expected = len(members) + len(some)
        members.update(some)
        if len(members) < expected and self._on_repeated_key is not None:
            self._on_repeated_key()

    def _separator(self, end: int, at: int) -> str:
        """Return what is between the member that ended at `end` and the next at `at`, with the brackets around it."""
        first = end - 1 if self._text[end - 1] in "}]" else end
        return self._text[first : at + 1 if self._text[at : at + 1] in ('"', "{", "[") else at]

    def _next(self, at: int) -> int:
        """Return the index of the next character that is not whitespace."""
        blanks = _BLANKS.match(self._text, at)
        return blanks.end() if blanks else at
