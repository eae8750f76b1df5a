"""Mask `key=value` pairs in free text: SQL, URLs, command lines, YAML, properties and headers.

If the end of a value is ambiguous, too much is masked rather than too little.
"""

import re
from functools import lru_cache
from typing import Final

from hottui.model.masking.keys import looks_secret
from hottui.model.masking.long_text import search_pairs

MASK: Final = "••••••"

_PAIR: Final = re.compile(
    r"""(?<![\w.\-\u200b-\u200d\u2060])(?P<key>(?P<dash>-)?+[\w.\-\u200b-\u200d\u2060]++)(?P<close>\\*+["'`]?+\]?+)
    (?:[ \t]*+(?:=>|->|(?<=-)>|→|:=|==|[=：＝]|:(?!:|//)(?:[ ]?(?:str|string|String|text|bytes|char\[\])[ ]?=)?)[ \t]*+
      |(?(dash)(?P<flag>[ \t]*+,\s*+|[ \t]++(?:\\\r?\n[ \t]*+)?|[ \t]*+\r?\n[ \t]*+(?:-[ \t]++)?)|(?!)))""",
    re.VERBOSE,
)
"""A key and the separator before its value. If that is only whitespace or a comma, the key must be a flag."""
_WORDS_BEFORE: Final = re.compile(r"(?:[A-Za-z]{1,12} ){1,2}\Z")
_NEXT_LINE: Final = re.compile(r"\r?\n[ \t]*+(?=[\"'\[{])")
_SCHEME: Final = re.compile(r"(?:bearer|basic|digest|negotiate|token|apikey)[ \t]++(?=[^\s,;])", re.IGNORECASE)
_OPENING: Final = re.compile(r"""(?P<escape>\\{0,255}+)(?P<quote>["'])|(?P<bracket>[\[{(])""")
_BRACKET: Final = re.compile(r"[\[\](){}]")
_STOP: Final = re.compile(r"""[\s,;&}\])<"'`]|\\++(?:["'`]|\r?\n)?+""")
_PAIR_FOLLOWS: Final = re.compile(r"""[,;&][ \t]{0,8}[\\"'`]{0,8}[\w.\-%]{1,80}[\\"'`]{0,8}[ \t]{0,8}[=:]""")
_AFTER_VALUE: Final = re.compile(r"""\Z|[\s,;:=&})\]>"'`/\\]""")
_LINE_START: Final = re.compile(r"""(?:^|\n)[ \t]*(?:- |export |set )?["'`]?\Z""")
_YAML_BLOCK: Final = re.compile(r"[|>]?[+-]?\d?[ \t]*+(?:#[^\n]*+)?\r?\n")
_HEADERS: Final = ("authorization", "cookie")


def mask_pairs(text: str) -> str:
    """Mask the value of every key that looks secret."""
    parts: list[str] = []
    done = at = 0
    while pair := search_pairs(_PAIR, text, at):
        at = pair.end()
        key = pair["key"]
        if pair["flag"] and text[at : at + 1] in ("", "-"):
            at = pair.end("close")
            continue
        if not (looks_secret(key) or _is_last_of_several_words(text, pair)) or _is_parser_message(text, pair):
            at = pair.end("close")
            continue
        start, end, after = _value_after(text, pair)
        parts += (text[done:start], MASK if end > start else "", text[end:after])
        done = at = max(after, at)
    parts.append(text[done:])
    return "".join(parts)


def _is_last_of_several_words(text: str, pair: re.Match[str]) -> bool:
    """Whether the key is the last word of one of two or three words: `Secret Access Key: …`."""
    if pair["key"].lower() not in ("key", "keys", "id", "passe", "header", "headers"):
        return False
    start = pair.start("key")
    words = _WORDS_BEFORE.search(text[max(start - 30, 0) : start])
    return words is not None and looks_secret(f"{words[0]}{pair['key']}")


def _is_parser_message(text: str, pair: re.Match[str]) -> bool:
    """Whether this is a parser's message about a token: `Unexpected token: WITH`."""
    start = pair.start("key")
    return pair["key"] == "token" and text[max(start - 11, 0) : start].lower() == "unexpected "


def _value_after(text: str, pair: re.Match[str]) -> tuple[int, int, int]:
    """Return the start of the value of `pair`, the end of the part to mask, and the end of its closing quote."""
    start = pair.end()
    if text.startswith(f"{MASK}@", start) and text.startswith("://", pair.start("key") - 3):
        return start, start + len(MASK), start + len(MASK)  # the user in a URL, whose password is already masked
    if not pair["flag"]:
        if text.startswith(("\n", "\r\n", "|", ">"), start) or text.startswith("#", start):
            if block := _yaml_block(text, pair.start("key"), start):
                return block
            if line := _NEXT_LINE.match(text, start):
                start = line.end()
            elif text.startswith(("\n", "\r"), start):
                return start, start, start
        key = pair["key"].lower()
        if any(word in key for word in _HEADERS):
            return _header_value(text, start, pair)
    return value_at(text, start, pair.start("key"))


def _header_value(text: str, start: int, pair: re.Match[str]) -> tuple[int, int, int]:
    """Return the same for a header with a value in several parts; after `Bearer` or `Basic` there is only one part."""
    scheme = _SCHEME.match(text, start)
    if scheme and not scheme[0].lower().startswith("digest"):
        return value_at(text, scheme.end(), pair.start("key"))
    opening = _OPENING.match(text, start)
    if pair["close"] or opening or text[pair.end("close")] != ":":
        inside = _SCHEME.match(text, opening.end()) if opening and opening["quote"] else None
        found = value_at(text, start, pair.start("key"))
        return (inside.end(), found[1], found[2]) if inside and inside.end() < found[1] else found
    quoted = text[pair.start("key") - 1 : pair.start("key")]
    closing = re.compile(rf"[\n{quoted}]" if quoted in ("'", '"') and quoted else r"\n").search(text, start)
    end = closing.start() if closing else len(text)
    while end > start and text[end - 1] == "\\":
        end -= 1
    return start, end, end


def _yaml_block(text: str, key: int, start: int) -> tuple[int, int, int] | None:
    """Return the range of the indented lines below a YAML key without a value on its line; None if there are none."""
    head = _YAML_BLOCK.match(text, start)
    if head is None:
        return None
    line = text.rfind("\n", max(key - 400, 0), key) + 1
    before = text[line:key]
    indent = len(before) - len(before.lstrip(" \t"))
    at = end = head.end()
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        row = text[at:stop]
        bare = row.lstrip(" \t")
        depth = len(row) - len(bare)
        if bare.strip() and not (depth > indent or (depth == indent and bare.startswith(("- ", "-\r")))):
            break
        if bare.strip():
            end = stop
        at = stop + 1
    begin = head.end()
    begin += len(text[begin:end]) - len(text[begin:end].lstrip(" \t\r\n"))
    return (begin, end, end) if end > begin else None


def value_at(text: str, start: int, key: int) -> tuple[int, int, int]:
    """Return the start of the value at `start` without its quote, and its end without and with the quote."""
    opening = _OPENING.match(text, start)
    if opening is None:
        end = _bare_end(text, start, key)
        return start, end, end
    if opening["bracket"]:
        end = _bare_end(text, _after_bracket(text, start), key)
        return start, end, end
    mark, inside = opening["quote"], opening.end()
    if not opening["escape"] and text.startswith(mark, inside) and not text.startswith(mark, inside + 1):
        return inside, inside, inside + 1
    closing = _closing(opening["escape"], mark).search(text, inside)
    return (inside, closing.start(), closing.end()) if closing else (inside, len(text), len(text))


def _bare_end(text: str, start: int, key: int) -> int:  # noqa: PLR0911 - one for each kind of end
    """Return the end of a value without quotes, which depends on the characters before its key."""
    before = text[max(key - 3, 0) : key].rstrip(" ")[-1:]
    begun = _LINE_START.search(text[max(key - 40, 0) : key])
    whole_line = begun is not None and (begun[0].startswith("\n") or "\n" in text)
    whole_line = whole_line or text.startswith(("!", "&"), start)  # a YAML tag or anchor before the value
    for stop in _STOP.finditer(text, start):
        at, mark = stop.start(), stop[0][0]
        if mark == "\\":
            if stop[0][-1] in "\"'`":
                return at
            continue  # part of the value, which continues on the next line of a properties file
        if mark.isspace():
            if mark in "\n\r" or not (before == ";" or whole_line):
                return at
        elif mark in ",;&":
            if mark == ";" and before == ";":
                return at
            if before == ";" or (before in ("&", "?") and mark == ","):
                continue
            if _PAIR_FOLLOWS.match(text, at) or _AFTER_VALUE.match(text, at + 1):
                return at
        elif mark == "<":
            if text.startswith(("</", "<br"), at):
                return at
        elif _AFTER_VALUE.match(text, at + 1) and not (mark in "'\"`" and text.startswith(mark, at + 1)):
            return at
    return len(text)


@lru_cache(maxsize=32)
def _closing(escape: str, mark: str) -> re.Pattern[str]:
    """Return a pattern for the closing quote: not a doubled one (SQL) or one with more backslashes than the first."""
    if escape:
        return re.compile(rf"(?<!\\){re.escape(escape)}{mark}")
    return re.compile(rf"(?<![\\{mark}])(?:{mark}{mark})*+{mark}(?!{mark})")


def _after_bracket(text: str, start: int) -> int:
    depth = 0
    for bracket in _BRACKET.finditer(text, start):
        depth += 1 if bracket[0] in "[({" else -1
        if depth == 0:
            return bracket.end()
    return len(text)
