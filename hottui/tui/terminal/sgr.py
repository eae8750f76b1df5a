"""The shortest escape sequence from one text style to another. A style is the parameters of an SGR sequence."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
"""The parameter that turns each attribute off; bold and dim share one."""


class _Style(NamedTuple):
    attributes: frozenset[str]
    foreground: str
    background: str


@lru_cache(4096)
def change(old: str, new: str) -> str:
    """Return the sequence that changes the style from `old` to `new`; the default style is empty."""
    if old == new:
        return ""
    if not new:
        return "\x1b[m"
    whole = f"\x1b[0;{new}m" if old else f"\x1b[{new}m"
    before, after = _parsed(old), _parsed(new)
    if before is None or after is None:
        return whole
    partial = f"\x1b[{';'.join(_steps(before, after))}m"
    return min(whole, partial, key=len) if partial != "\x1b[m" else ""


def _steps(before: _Style, after: _Style) -> Iterator[str]:
    ended = sorted({_OFF[name] for name in before.attributes - after.attributes})
    yield from ended
    kept = {name for name in before.attributes if _OFF[name] not in ended}
    yield from sorted(after.attributes - kept)
    if before.foreground != after.foreground:
        yield after.foreground or "39"
    if before.background != after.background:
        yield after.background or "49"


@lru_cache(1024)
def _parsed(style: str) -> _Style | None:
    """Return None for anything but common attributes and colors."""
    attributes, foreground, background = set(), "", ""
    rest = style.split(";") if style else []
    while rest:
        code = rest[0]
        if code in ("38", "48"):
            size = {"5": 3, "2": 5}.get(rest[1] if len(rest) > 1 else "", 0)
            if not size or len(rest) < size:
                return None
        else:
            size = 1
        value, rest = ";".join(rest[:size]), rest[size:]
        if code in _OFF:
            attributes.add(code)
        elif code == "38" or (len(code) == 2 and code[0] in "39" and code[1] in "01234567"):
            foreground = value
        elif code == "48" or (code[:-1] in ("4", "10") and code[-1] in "01234567"):
            background = value
        elif code == "39":
            foreground = ""
        elif code == "49":
            background = ""
        else:
            return None
    return _Style(frozenset(attributes), foreground, background)
