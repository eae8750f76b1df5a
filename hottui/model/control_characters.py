"""Make control characters and other invisible characters in text visible, so that terminals do not interpret them.

Every text from outside passes through this module before it reaches a terminal, a log or a window title.
"""

import re

_HIDDEN = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: escape sequences, carriage returns, backspaces
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"  # soft hyphen, joiner, Arabic and Syriac marks
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # fillers, Mongolian selectors
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line separators, bidi
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"  # fillers, variation selectors, BOM
    "\ud800-\udfff"  # lone surrogates, which cannot be encoded
    "\U000110bd\U000110cd\U00013430-\U0001345f"  # Kaithi number signs, hieroglyph joiners
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # shorthand, music, tags
    "]"
)


_HIDDEN_IN_JSON = re.compile(_HIDDEN.pattern.replace("\x00-\x1f", ""))
"""In JSON, unescaped line ends and tabs occur only between tokens."""
_PIECE = 64 * 1024
"""Characters searched at a time: other threads cannot run meanwhile."""


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")  # JSON escapes a character beyond U+FFFF as two units
    return "".join(f"\\u{units[n : n + 2].hex()}" for n in range(0, len(units), 2))


def _symbol(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if 0xD800 <= code <= 0xDFFF:
        return "\N{REPLACEMENT CHARACTER}"
    return f"⟨U+{code:04X}⟩"


def visible(text: str) -> str:
    """Return `text` as one line in which every invisible or control character is a visible symbol.

    Control characters become control pictures (`␛`, `␊`), all others their code point (`⟨U+202E⟩`).
    """
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub(_symbol, text)


def visible_block(text: str) -> str:
    """Return `text` like `visible`, but keep line ends and tabs: for text that is copied to the clipboard."""
    return "\n".join("\t".join(map(visible, each.split("\t"))) for each in text.replace("\r\n", "\n").split("\n"))


def escaped(json_text: str) -> str:
    """Return `json_text` with every invisible or control character escaped as `\\u…`; its value stays the same."""
    if json_text.isascii() and "\x7f" not in json_text:
        return json_text
    pieces = [json_text[at : at + _PIECE] for at in range(0, len(json_text), _PIECE)]
    return "".join(_HIDDEN_IN_JSON.sub(_escape, piece) for piece in pieces)


def visible_lines(text: str) -> list[str]:
    """Return the lines of `text`, each made visible; tabs become four spaces."""
    lines = text.replace("\r\n", "\n").split("\n")
    return [visible(line.replace("\t", "    ")) for line in lines]


def shorten(text: str, width: int) -> str:
    """Return at most `width` characters of `text`; truncated text ends with `…`."""
    return text if len(text) <= width else (text[: width - 1] + "…" if width > 0 else "")
