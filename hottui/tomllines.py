"""On which line of a TOML text each key stands: `tomllib` reads the values and forgets where they were."""

import re
from collections.abc import Callable
from typing import Final

Path = tuple[str, ...]

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_QUOTED: Final = re.compile(r'"(?P<basic>(?:[^"\\\n]|\\.)*)"|\'(?P<literal>[^\'\n]*)\'')
_MULTILINE: Final = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")|\'\'\'.*?\'{3,5}(?!\')', re.DOTALL)
_PLAIN: Final = re.compile(r"[^,\]}#\n\r]+")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")


def key_lines(text: str) -> dict[Path, int]:
    """The line (from 1) at which each key path first stands, tables and parts of dotted keys included.

    `text` must be valid TOML: what is not gives lines that mean nothing. Tables of an array share one path.
    """
    return _Scanner(text).scan()


class _Scanner:
    """Walks over a text once, remembering keys and stepping over values."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
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
        """Read a dotted key below `table`, remembering each of its parts."""
        path = table
        while True:
            self._skip(_SPACE)
            line = self._text.count("\n", 0, self._at) + 1
            path = (*path, self._name())
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
        elif match := _MULTILINE.match(self._text, self._at) or _QUOTED.match(self._text, self._at):
            self._at = match.end()
        else:
            self._skip(_PLAIN)

    def _list(self, closing: str, item: Callable[[], None]) -> None:
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

    def _end_of_line(self) -> int:
        end = self._text.find("\n", self._at)
        return len(self._text) if end < 0 else end


_SHORT: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


def _unescape(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    return chr(int(digits, 16)) if digits else _SHORT.get(match[3], match[3])
