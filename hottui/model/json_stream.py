"""Parse a JSON object incrementally, because one of its lists may not fit into memory."""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from hottui.model.json_text import Json, UnreadableJson, read_part

LONGEST_VALUE: Final = 64 * 1024**2
"""Maximum characters of one member or list item: an answer of 32 MiB in which every second character is escaped."""
_MOST_STRUCTURE: Final = LONGEST_VALUE // 8
"""Maximum characters of it outside of strings: each may become an object of sixty bytes."""
_CHUNK: Final = 1024**2
_TOKEN: Final = 16
"""Characters within which a token that is cut off is reported as an error; the longest token is `"\\ud83d\\ude00"`."""
_BLANKS: Final = re.compile(r"[ \t\n\r]*")
_STRINGS: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)


class Readable(Protocol):
    """A source of bytes."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, at most `size`; empty at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Member:
    """A key of the object and its value; an empty list if its items follow."""

    key: str
    value: Json


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the streamed list; the first has number 1."""

    number: int
    value: Json


def read_members(source: Readable, streamed: str, *, most: int) -> Iterator[Member | Item]:
    """Yield the members of the JSON object in `source`, and after the member `streamed` each item of its list.

    At most `most` bytes are read, and at most `LONGEST_VALUE` characters are kept in memory. Raises UnreadableJson,
    possibly after valid members, and OSError.
    """
    text = _Window(source, most)
    if text.next() != "{":
        text.value()
        raise UnreadableJson("it is not a JSON object")
    text.take("{")
    if text.next() != "}":
        while True:
            key = text.key()
            if key == streamed and text.next() == "[":
                yield Member(key, [])
                for number, value in enumerate(_items(text), 1):
                    yield Item(number, value)
            else:
                yield Member(key, text.value())
            if text.next() != ",":
                break
            text.take(",")
    text.take("}")
    if text.next():
        raise text.error("Extra data")


def _items(text: "_Window") -> Iterator[Json]:
    text.take("[")
    if text.next() != "]":
        while True:
            yield text.value()
            if text.next() != ",":
                break
            text.take(",")
    text.take("]")


class _Window:
    """The part of the text that is in memory. Its methods raise UnreadableJson and OSError."""

    def __init__(self, source: Readable, most: int) -> None:
        self._source = source
        self._most = most
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._read = 0
        self._lines = 0
        self._text = ""
        self._at = 0
        self._ended = False

    def next(self) -> str:
        """Return the next character that is not whitespace, without consuming it; empty at the end."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._more(_CHUNK)

    def take(self, character: str) -> None:
        """Consume `character`, which must be next."""
        if self.next() != character:
            raise self.error(f"Expecting '{character}'")
        self._at += 1

    def key(self) -> str:
        """Consume a key and the colon after it; return the key."""
        key = self.value() if self.next() == '"' else None
        if not isinstance(key, str):
            raise self.error("Expecting property name enclosed in double quotes")
        self.take(":")
        return key

    def value(self) -> Json:
        """Consume and return the next value."""
        self.next()
        while True:
            try:
                value, end = read_part(self._text, self._at)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated string") or error.pos > len(self._text) - _TOKEN
                if self._ended or not cut:
                    raise self.error(error.msg.removesuffix(" at"), error.pos) from None
            else:
                if end + 2 < len(self._text) or self._ended:  # otherwise a number may continue, after a `.` or an `e+`
                    self._at = end
                    return value
            self._grow()

    def error(self, problem: str, at: int | None = None) -> UnreadableJson:
        """Return the error `problem` with its position, by default the current one."""
        where = self._at if at is None else at
        line = self._lines + self._text.count("\n", 0, where) + 1
        return UnreadableJson(f"it is not JSON: {problem} at line {line:,}")

    def _grow(self) -> None:
        """Read as much again as there is of a value. Raises UnreadableJson if it exceeds the limits."""
        length = len(self._text) - self._at
        if length >= LONGEST_VALUE:
            raise UnreadableJson(f"a value at line {self._line():,} is longer than {LONGEST_VALUE:,} characters")
        self._more(max(length, _CHUNK))
        if len(self._text) > _MOST_STRUCTURE and len(_STRINGS.sub("", self._text)) > _MOST_STRUCTURE:
            raise UnreadableJson(f"a value at line {self._line():,} has too many parts")

    def _line(self) -> int:
        return self._lines + self._text.count("\n", 0, self._at) + 1

    def _more(self, size: int) -> None:
        chunk = self._source.read(size)
        self._read += len(chunk)
        if self._read > self._most:
            raise UnreadableJson(f"it is longer than {self._most:,} bytes")
        pending = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            byte = self._read - len(chunk) - pending + error.start + 1
            raise UnreadableJson(f"it is not UTF-8 text: byte {byte:,} cannot be read") from None
        self._ended = not chunk
        self._lines += self._text.count("\n", 0, self._at)
        self._text = self._text[self._at :] + text
        self._at = 0
