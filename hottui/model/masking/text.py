"""Mask secrets in free text: descriptions, SQL, command lines, URLs, connection strings, XML, YAML and properties.

The text is searched for `key=value` pairs and for values recognized by their form. If the end of a value is ambiguous,
too much is masked rather than too little. Every regular expression here takes linear time: repeats are possessive or
bounded, and masked text is not searched again.
"""

import re
from html import escape, unescape
from typing import Final
from urllib.parse import quote, unquote

from hottui.model.control_characters import shorten, visible
from hottui.model.masking.keys import HINTS, looks_secret
from hottui.model.masking.long_text import masked_by_words, search
from hottui.model.masking.pairs import MASK, mask_pairs, value_at
from hottui.model.masking.shapes import SHAPE_HINTS, SHORTEST_SHAPE, mask_addresses, mask_pem, mask_schemes, mask_shapes

_HINTS: Final = (*HINTS, "sk=", "sk:", "sk'", 'sk"')

_PHRASE: Final = re.compile(
    r"""\b(?:identified[ ](?:with[ ][\w'"]{1,60}[ ])?(?:by|as)[ ](?:password[ ]|values[ ])?
    |set[ ]password[ ]for[ ][^\s=]{1,120}[ ]?=[ ]?(?:password\()?
    |(?:password|passwd|passphrase|secret|credentials)(?:[ ]?\([ ]?|[ ](?:is[ ]|as[ ])?)(?=\\{0,9}['"])
    |\blogin[ ][^\s]{1,80}[ ]password[ ]
    |(?:password|passphrase|pwd|secret|token)[ ]is:?[ ](?=[^\s]{0,60}\d)
    |(?:set|with|using)[ ](?:the[ ])?password[ ](?=[^\s]{0,60}\d)
    |(?:set|with)\w{0,40}(?:password|passwd|pwd|secret|token|credential)\w{0,40}\((?=\\{0,9}['"])
    |(?:requirepass|masterauth)[ ]
    |sshpass[ ]-p[ ]?
    |redis-cli[ ](?:[^\s]{1,60}[ ]){0,9}-a[ ]
    |mysql(?:dump|admin|import|show)?[ ](?:[^\s]{1,60}[ ]){0,9}-p(?=[^\s])
    |(?:curl|wget)[ ](?:[^\s]{1,200}[ ]){0,9}(?:-u|--user|--proxy-user)[ ]?['"]?[^\s:'"]{1,80}:
    |sqlplus[ ](?:-\w+[ ])?[^\s/@]{1,80}/(?=[^\s]))""",
    re.IGNORECASE | re.VERBOSE,
)
_PHRASE_HINTS: Final = (
    *("identified", "password", "passwd", "passphrase", "pwd", "secret", "credential", "token", "requirepass"),
    *("masterauth", "sshpass", "redis-cli", "mysql", "curl", "wget", "sqlplus"),
)
_CHINESE_PHRASE: Final = re.compile(r"(?:密码|密碼|口令|密钥|秘钥|令牌)(?:是|为|為)[ ]{0,99}(?=\S)")

_TAG: Final = re.compile(r"<(?P<tag>(?:\w{1,40}:)?[\w.\-]{1,200})(?P<attributes>\s[^<>]{0,1000})?(?P<self>(?<=/))?>")
_NAME: Final = re.compile(r"""\s(?:name|key|id)\s{0,9}=\s{0,9}["'](?P<key>[^"']{1,200})["']""")
_VALUE: Final = re.compile(
    r"""(?P<start>\svalue\s{0,9}=\s{0,9}(?P<quote>["']))(?:(?!(?P=quote)).)++""", re.DOTALL | re.IGNORECASE
)
_CALL: Final = re.compile(
    r"""\(\s{0,9}\\{0,9}(?P<quote>["'])(?P<key>[\w.\-]{1,200})\\{0,9}(?P=quote)\s{0,9},\s{0,9}(?=\\{0,9}["'])"""
)
_LINE: Final = re.compile(
    r"^(?P<start>[ \t]{0,40}(?P<key>[\w\-]{1,60}(?:\.[\w\-]{1,60}){1,20})[ \t]{1,100})"
    r"(?=\S{0,100}\d)\S{1,1000}(?=[ \t]{0,100}\r?$)",
    re.MULTILINE,
)
_CALL_ENDS: Final = re.compile(r"\s{0,99}\)")
_UNCLOSED: Final = re.compile(r"[^\s<]*+")
_ABSENT_TAGS: Final = 20
"""Missing end tags that are searched for in the whole text; searching for thousands would take minutes."""
_PROPERTY: Final = re.compile(r"<(name|key)>(?P<key>[^<>]{1,200})</\1>\s{0,200}<value>")


def _mask_phrases(text: str, phrases: re.Pattern[str]) -> str:
    """Mask the value after each match of `phrases`."""
    parts: list[str] = []
    done = 0
    while phrase := search(phrases, text, done):
        start, end, after = value_at(text, phrase.end(), phrase.start())
        parts += (text[done:start], MASK if end > start else "", text[end:after])
        done = max(after, phrase.end())
    parts.append(text[done:])
    return "".join(parts)


def _mask_calls(text: str) -> str:
    """Mask the values in `set("password", "…")` and other pairs in brackets."""
    parts: list[str] = []
    done = at = 0
    while call := search(_CALL, text, at):
        at = call.end()
        if not looks_secret(call["key"]):
            continue
        start, end, after = value_at(text, at, call.start())
        if _CALL_ENDS.match(text, after):
            parts += (text[done:start], MASK if end > start else "", text[end:after])
            done = at = after
    parts.append(text[done:])
    return "".join(parts)


def _end_of_element(text: str, start: int, closing: str, absent: set[str]) -> int:
    """Return the end of the text of an element; `absent` are end tags that were not found."""
    end = -1 if closing in absent else text.find(closing, start)
    if end >= 0:
        return end
    absent.add(closing)  # truncated, or a placeholder such as `<name>`
    return _UNCLOSED.match(text, start).end()  # type: ignore[union-attr] # it matches the empty text


def _mask_lines(text: str) -> str:
    """Mask values on lines with a key, spaces and a value, as in spark-defaults.conf."""
    return _LINE.sub(lambda line: f"{line['start']}{MASK}" if looks_secret(line["key"]) else line[0], text)


def _mask_markup(text: str) -> str:
    """Mask the text of XML elements if their tag, their `name` or a `<name>` next to them looks secret."""
    parts: list[str] = []
    done = at = 0
    absent: set[str] = set()
    while tag := _TAG.search(text, at):
        at = tag.end()
        element = _secret_element(text, tag)
        if element is None:
            continue
        at, closing = element
        parts += (text[done : tag.start()], _VALUE.sub(rf"\g<start>{MASK}", tag[0]), text[tag.end() : at])
        done = at
        if tag["self"] is None:
            end = _end_of_element(text, at, closing if len(absent) < _ABSENT_TAGS else "</", absent)
            parts.append(MASK if text[at:end].strip() else text[at:end])
            done = at = end
    parts.append(text[done:])
    return "".join(parts)


def _secret_element(text: str, tag: re.Match[str]) -> tuple[int, str] | None:
    """Return the start of the secret after `tag`, and its end tag; None if there is none."""
    property_ = _PROPERTY.match(text, tag.start()) if tag["tag"] in ("name", "key") else None
    if property_ and looks_secret(property_["key"].strip()):
        return property_.end(), "</value"
    name = _NAME.search(tag["attributes"]) if tag["attributes"] else None
    if looks_secret(tag["tag"].rpartition(":")[2]) or (name and looks_secret(name["key"].strip())):
        return tag.end(), f"</{tag['tag']}"
    return None


_ESCAPED_LETTER: Final = re.compile(r"\\u(00(?:[46][1-9A-Fa-f]|[57][0-9Aa]))")
_CHUNK: Final = re.compile(r"""[^\s"'<>]++""")


def mask_text(text: str, *, decodings: int = 2) -> str:
    """Return `text` with every secret masked, including those in encoded parts, up to `decodings` levels deep.

    Each kind is searched for only if a hint of it occurs: a plan has tens of thousands of texts.
    """
    if len(text) < SHORTEST_SHAPE and text.isascii() and not _contains(text, ("=", ":", " ", "<")):
        return text
    if "-----BEGIN" in text:
        text = mask_pem(text)
    if _contains(text, SHAPE_HINTS):
        text = masked_by_words(mask_shapes, text)
    if decodings:
        text = _mask_encodings(text, decodings - 1)
    lower = text.lower()
    if "bearer" in lower or "basic" in lower:
        text = mask_schemes(text)
    if "//" in lower or "@" in lower:
        text = masked_by_words(mask_addresses, text)
    if "<" in text and ">" in text:
        text = _mask_markup(text)
    if _contains(lower, _PHRASE_HINTS):
        text = _mask_phrases(text, _PHRASE)
    if not text.isascii():
        text = _mask_phrases(text, _CHINESE_PHRASE)
    if not text.isascii() or _contains(lower, _HINTS):
        text = _mask_lines(mask_pairs(_mask_calls(text)))
    return text


def _mask_encodings(text: str, decodings: int) -> str:
    """Mask percent-encoded text, and text with XML entities or JSON escapes."""
    if "%3" in text:
        text = _mask_encoded(text, decodings)
    if "&quot;" in text or "&lt;" in text:
        text = _mask_entities(text, decodings)
    return _mask_escaped(text, decodings) if "\\u00" in text else text


def _contains(text: str, hints: tuple[str, ...]) -> bool:
    for hint in hints:  # noqa: SIM110 - a generator would double the time
        if hint in text:
            return True
    return False


def _mask_encoded(text: str, decodings: int) -> str:
    """Mask percent-encoded parts that contain a secret when decoded."""

    def masked(found: re.Match[str]) -> str:
        chunk = found[0]
        if "%3" not in chunk:
            return chunk
        plain = unquote(chunk)
        safe = mask_text(plain, decodings=decodings) if plain != chunk else plain
        return chunk if safe == plain else quote(safe, safe="/:?#[]@!$&()*+,;=").replace(quote(MASK), MASK)

    return _CHUNK.sub(masked, text)


def _mask_entities(text: str, decodings: int) -> str:
    """Mask XML or JSON written with entities if it contains a secret when decoded."""
    bare = unescape(text)
    safe = mask_text(bare, decodings=decodings)
    return text if safe == bare else escape(safe, quote="&quot;" in text)


def _mask_escaped(text: str, decodings: int) -> str:
    """Mask text in which letters are escaped as `\\u0061`."""
    bare = _ESCAPED_LETTER.sub(lambda found: chr(int(found[1], 16)), text)
    safe = mask_text(bare, decodings=decodings)
    return text if safe == bare else safe


_LONGEST_LINE: Final = 100_000
"""Characters of a text that are masked for one line."""


def masked_line(text: str, longest: int = 500) -> str:
    """Return the beginning of `text` on one line, secrets masked and control characters visible."""
    return shorten(visible(mask_text(text[:_LONGEST_LINE]).strip()), longest)
