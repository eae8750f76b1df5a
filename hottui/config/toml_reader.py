"""Parse TOML in bounded time, and find the line of each key, which `tomllib` does not keep.

`tomllib` recurses into values, and its time grows with the square of the parts of a key; both are limited before a text
is passed to it.
"""

import re
import sys
from collections.abc import Callable
from typing import Any, Final

from hottui.errors import ExitCode, HottuiError

Path = tuple[str, ...]

MAX_DEPTH: Final = 32
"""Limit for the parts of a key, and for the levels of lists and inline tables in a value."""

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_QUOTED: Final = re.compile(r'"(?P<basic>(?:[^"\\\n]|\\.)*)"|\'(?P<literal>[^\'\n]*)\'')
_MULTILINE: Final = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")|\'\'\'.*?\'{3,5}(?!\')', re.DOTALL)
_PLAIN: Final = re.compile(r"[^,\]}#\n\r]+")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")


class TomlError(HottuiError):
    """Text that cannot be parsed: the reason, and the line where it is known."""

    exit_code = ExitCode.USAGE

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


def parse(text: str) -> dict[str, Any]:
    """Return the values in a TOML text. Raises TomlError."""
    import tomllib  # noqa: PLC0415 - start-up time: most users have no TOML file

    key_lines(text)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Until Python 3.14 the line is only in the message.
        reason = re.sub(r" \(at .*\)$", "", str(error))
        where = re.search(r"\(at line (\d+), column \d+\)$", str(error))
        line = int(where[1]) if where else text.rstrip("\n").count("\n") + 1
        raise TomlError(f"invalid TOML: {reason}", line) from None
    except RecursionError:
        raise TomlError("nested too deeply") from None
    except ValueError:  # an integer of more than 4,300 digits; the message is about Python
        raise TomlError("a number has too many digits", _line_of_digits(text)) from None


def _line_of_digits(text: str) -> int | None:
    digits = re.search(r"[0-9_]{1000}", text)
    return text.count("\n", 0, digits.start()) + 1 if digits else None


def key_lines(text: str) -> dict[Path, int]:
    """Return the line (from 1) at which each key path first occurs, tables and parts of dotted keys included.

    `text` must be valid TOML, otherwise the lines are meaningless. Tables of an array share one path. Raises TomlError
    for nesting beyond `MAX_DEPTH`.
    """
    return _Scanner(text).scan()


class _Scanner:
    """Scans a text once, recording keys and skipping values."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line, self._counted = 1, 0
        self._depth = 0
        self._lines: dict[Path, int] = {}

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip(_BLANK) < len(self._text):
            if self._text[self._at] == "[":
                self._at += 2 if self._text.startswith("[[", self._at) else 1
                table = self._key(())
                self._at = self._end_of_line()
            else:
                self._pair(table)
        return self._lines

    def _pair(self, table: Path) -> None:
        path = self._key(table)
        self._at = self._text.find("=", self._at) + 1 or len(self._text)
        self._value(path)

    def _key(self, table: Path) -> Path:
        """Read a dotted key below `table` and record each of its parts."""
        path = table
        while True:
            self._skip(_SPACE)
            line = self._line_here()
            path = (*path, self._name())
            if len(path) > MAX_DEPTH:
                raise TomlError(f"a key has more than {MAX_DEPTH} parts", line)
            self._lines.setdefault(path, line)
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return path
            self._at += 1

    def _name(self) -> str:
        if match := _BARE.match(self._text, self._at):
            self._at = match.end()
            return match[0]
        if match := _QUOTED.match(self._text, self._at):
            self._at = match.end()
            literal = match["literal"]
            return _ESCAPE.sub(_unescape, match["basic"]) if literal is None else literal
        self._at = len(self._text)
        return ""

    def _value(self, path: Path) -> None:
        self._skip(_SPACE)
        opening = self._text[self._at : self._at + 1]
        if opening == "{":
            self._list("}", lambda: self._pair(path))
        elif opening == "[":
            self._list("]", lambda: self._value(path))
        elif self._text.startswith(('"""', "'''"), self._at):
            match = _MULTILINE.match(self._text, self._at)
            self._at = match.end() if match else len(self._text)
        elif match := _QUOTED.match(self._text, self._at):
            self._at = match.end()
        else:
            self._skip(_PLAIN)

    def _list(self, closing: str, item: Callable[[], None]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise TomlError("a value is nested too deeply", self._line_here())
        self._items(closing, item)
        self._depth -= 1

    def _items(self, closing: str, item: Callable[[], None]) -> None:
        self._at += 1
        while self._skip(_BLANK) < len(self._text):
            if self._text[self._at] == closing:
                self._at += 1
                return
            if self._text[self._at] == ",":
                self._at += 1
            else:
                before = self._at
                item()
                self._at = max(self._at, before + 1)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._at

    def _line_here(self) -> int:
        """Return the current line; line ends are counted once."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _end_of_line(self) -> int:
        end = self._text.find("\n", self._at)
        return len(self._text) if end < 0 else end


_SHORT: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


def _unescape(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    if digits and int(digits, 16) > sys.maxunicode:
        return match[0]
    return chr(int(digits, 16)) if digits else _SHORT.get(match[3], match[3])
