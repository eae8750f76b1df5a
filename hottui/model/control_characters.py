"""Text of the service is data: nothing in it may move a cursor, turn a line round or hide.

Every text that came from outside passes here before it reaches a terminal, a log or a title.
"""

import re

_HIDDEN = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: escape sequences, carriage returns, backspaces
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"  # soft hyphen, joiner, Arabic and Syriac marks
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # fillers, Mongolian selectors
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line separators, bidi
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"  # fillers, variation selectors, BOM
    "\ud800-\udfff"  # lone surrogates, which no encoder takes
    "\U000110bd\U000110cd\U00013430-\U0001345f"  # Kaithi number signs, hieroglyph joiners
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # shorthand, music, tags
    "]"
)


_HIDDEN_IN_JSON = re.compile(_HIDDEN.pattern.replace("\x00-\x1f", ""))
"""JSON itself has line ends and tabs between its parts alone; within them it escapes them."""


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")  # JSON writes what is beyond U+FFFF as two
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
    """`text` as one line in which every invisible or active character is a visible symbol.

    Control characters become their pictures (`␛`, `␊`), all others their code point (`⟨U+202E⟩`).
    """
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub(_symbol, text)


def visible_block(text: str) -> str:
    """`text` as `visible` has it, but for line ends and tabs, which stay: for what is copied, to be pasted."""
    return "\n".join("\t".join(map(visible, each.split("\t"))) for each in text.replace("\r\n", "\n").split("\n"))


def escaped(json_text: str) -> str:
    """`json_text` with `\\u…` for every invisible or active character in it: the same value, and nothing in it acts."""
    if json_text.isascii() and "\x7f" not in json_text:
        return json_text
    return _HIDDEN_IN_JSON.sub(_escape, json_text)


def visible_lines(text: str) -> list[str]:
    """`text` split at its line ends, each line made visible; tabs become four spaces."""
    lines = text.replace("\r\n", "\n").split("\n")
    return [visible(line.replace("\t", "    ")) for line in lines]


def shorten(text: str, width: int) -> str:
    """`text` with at most `width` characters, the last of them `…` when something was cut."""
    return text if len(text) <= width else (text[: width - 1] + "…" if width > 0 else "")
