"""Masking secrets in free text: descriptions, SQL, command lines, URLs, connection strings, XML, YAML and properties.

The text is scanned for `key=value` in all its spellings and for values that are recognised by their own shape. Where
it is not clear where a value ends, more is masked rather than less. Every expression here is linear in the text:
repeats are possessive or bounded, and what has been masked is not looked at again.
"""

import re
from typing import Final
from urllib.parse import quote, unquote

from hottui.model.secret_keys import looks_secret
from hottui.model.secret_pairs import MASK, mask_pairs, value_at
from hottui.model.secret_shapes import (
    SHAPE_HINTS,
    SHORTEST_SHAPE,
    mask_addresses,
    mask_pem,
    mask_schemes,
    mask_shapes,
)

_HINTS: Final = (
    *("key", "user", "pass", "token", "secret", "auth", "pw", "sk", "cred", "sig", "sas", "cookie", "session", "hook"),
    *("header", "connection", "jaas", "jwt", "otp", "psw", "bearer", "mdp", "senha", "clave", "parola", "pword"),
    *("kennwort", "contrasena", "wachtwoord"),
)
"""Lower-case texts of which every secret key in ASCII holds one."""

_PHRASE: Final = re.compile(
    r"""\b(?:identified[ ](?:with[ ][\w'"]{1,60}[ ])?(?:by|as)[ ](?:password[ ]|values[ ])?
    |set[ ]password[ ]for[ ][^\s=]{1,120}[ ]?=[ ]?(?:password\()?
    |(?:password|passwd|passphrase|secret|credentials)(?:[ ]?\([ ]?|[ ](?:is[ ]|as[ ])?)(?=\\{0,9}['"])
    |\blogin[ ][^\s]{1,80}[ ]password[ ]
    |(?:requirepass|masterauth)[ ]
    |sshpass[ ]-p[ ]?
    |redis-cli[ ](?:[^\s]{1,60}[ ]){0,9}-a[ ]
    |mysql(?:dump|admin|import|show)?[ ](?:[^\s]{1,60}[ ]){0,9}-p(?=[^\s])
    |(?:curl|wget)[ ](?:[^\s]{1,200}[ ]){0,9}(?:-u|--user|--proxy-user)[ ]?['"]?[^\s:'"]{1,80}:
    |sqlplus[ ](?:-\w+[ ])?[^\s/@]{1,80}/(?=[^\s]))""",
    re.IGNORECASE | re.VERBOSE,
)
_PHRASE_HINTS: Final = (
    *("identified", "set password", "password", "passwd", "passphrase", "secret", "credentials", "requirepass"),
    *("masterauth", "sshpass", "redis-cli", "mysql", "curl", "wget", "sqlplus"),
)
_SAID_OF: Final = re.compile(r"(?:密码|密碼|口令|密钥|秘钥|令牌)(?:是|为|為)[ ]*(?=\S)")

_TAG: Final = re.compile(r"<(?P<tag>(?:\w{1,40}:)?[\w.\-]{1,200})(?:\s[^<>]{0,500})?(?<!/)>(?=[^<]|<!\[CDATA\[)")
_UNCLOSED: Final = re.compile(r"[^\s<]*+")
_ABSENT_TAGS: Final = 20
"""Tags without an end that are looked for in the whole text; looking for thousands would take minutes."""
_PROPERTY: Final = re.compile(r"<(name|key)>(?P<key>[^<>]{1,200})</\1>\s{0,200}<value>")


def _mask_phrases(text: str, phrases: re.Pattern[str]) -> str:
    """The value behind each of `phrases`."""
    parts: list[str] = []
    done = 0
    while phrase := phrases.search(text, done):
        start, end, after = value_at(text, phrase.end(), phrase.start())
        parts += (text[done:start], MASK if end > start else "", text[end:after])
        done = max(after, phrase.end())
    parts.append(text[done:])
    return "".join(parts)


def _mask_markup(text: str) -> str:
    """The text of XML elements whose tag, or whose `<name>` beside them, looks secret."""
    parts: list[str] = []
    done = at = 0
    absent: set[str] = set()
    while tag := _TAG.search(text, at):
        at = tag.end()
        named = _PROPERTY.match(text, tag.start()) if tag["tag"] in ("name", "key") else None
        key = named["key"].strip() if named else tag["tag"].rpartition(":")[2]
        if not looks_secret(key):
            continue
        at = named.end() if named else at
        closing = "</value" if named else f"</{tag['tag']}" if len(absent) < _ABSENT_TAGS else "</"
        end = -1 if closing in absent else text.find(closing, at)
        if end < 0:  # cut off, or a placeholder in a sentence
            absent.add(closing)
            end = _UNCLOSED.match(text, at).end()  # type: ignore[union-attr] # it matches the empty text
        parts += (text[done:at], MASK if text[at:end].strip() else text[at:end])
        done = at = end
    parts.append(text[done:])
    return "".join(parts)


_CHUNK: Final = re.compile(r"""[^\s"'<>]++""")


def mask_text(text: str, *, decodings: int = 2) -> str:
    """`text` with every secret in it masked; percent-encoded parts are followed `decodings` deep.

    Each kind is looked for only where a text that belongs to it occurs: a plan has tens of thousands of texts.
    """
    if len(text) < SHORTEST_SHAPE and text.isascii() and not _holds(text, ("=", ":", " ", "<")):
        return text
    if "-----BEGIN" in text:
        text = mask_pem(text)
    if _holds(text, SHAPE_HINTS):
        text = mask_shapes(text)
    if decodings and "%3" in text:
        text = _mask_encoded(text, decodings - 1)
    lower = text.lower()
    if "bearer" in lower or "basic" in lower:
        text = mask_schemes(text)
    if "://" in lower or "jdbc:oracle" in lower:
        text = mask_addresses(text)
    if "<" in text and ">" in text:
        text = _mask_markup(text)
    if _holds(lower, _PHRASE_HINTS):
        text = _mask_phrases(text, _PHRASE)
    if not text.isascii():
        text = _mask_phrases(text, _SAID_OF)
    if not text.isascii() or _holds(lower, _HINTS):
        text = mask_pairs(text)
    return text


def _holds(text: str, hints: tuple[str, ...]) -> bool:
    for hint in hints:  # noqa: SIM110 — a generator would double the time
        if hint in text:
            return True
    return False


def _mask_encoded(text: str, decodings: int) -> str:
    """Percent-encoded parts that hold a secret once they are decoded."""

    def masked(found: re.Match[str]) -> str:
        chunk = found[0]
        if "%3" not in chunk:
            return chunk
        plain = unquote(chunk)
        safe = mask_text(plain, decodings=decodings) if plain != chunk else plain
        return chunk if safe == plain else quote(safe, safe="/:?#[]@!$&()*+,;=").replace(quote(MASK), MASK)

    return _CHUNK.sub(masked, text)
