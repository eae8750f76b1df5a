"""Mask secrets without a key: PEM blocks, tokens with a known prefix, and passwords in URLs."""

import base64
import binascii
import re
from typing import Final

from hottui.model.masking.pairs import MASK

_PEM: Final = re.compile(r"-----BEGIN (?P<what>[A-Z0-9 ]{1,40})-----")
_SHAPES: Final = re.compile(
    r"""(?<![\w\-])(?:
    eyJ[\w\-]{8,}+(?:\.[\w\-]*+){1,4}+                                # JWT and JWE
    |(?:AKIA|ASIA|AGPA|AROA|AIDA|ANPA|ABIA|ACCA)[A-Z0-9]{12,}+        # AWS
    |LTAI[A-Za-z0-9]{8,}+|STS\.[A-Za-z0-9]{8,}+|AKID[A-Za-z0-9]{12,}+|TMP\.[A-Za-z0-9]{16,}+  # Alibaba, Tencent
    |gh[opusr]_[A-Za-z0-9]{16,}+|github_pat_\w{16,}+|glpat-[\w\-]{16,}+
    |xox[abeoprs]-[\w\-]{8,}+|xapp-[\w\-]{8,}+
    |AIza[\w\-]{30,}+|ya29\.[\w\-.]{16,}+|GOCSPX-[\w\-]{16,}+
    |[sr]k_(?:live|test)_[A-Za-z0-9]{12,}+|sk-[\w\-]{20,}+|SG\.[\w\-]{12,}+\.[\w\-]{12,}+
    |npm_[A-Za-z0-9]{30,}+|pypi-[\w\-]{30,}+|dop_v1_[a-f0-9]{30,}+|hv[bs]\.[\w\-]{16,}+|SK[a-f0-9]{32}
    |\$(?:apr1|2[aby]|1|5|6|argon2\w{1,3}|scrypt)\$[^\s"'<>,;\\]{8,}+
    |AGE-SECRET-KEY-[A-Z0-9]{20,}+
    )(?![\w])""",
    re.VERBOSE,
)
SHORTEST_SHAPE: Final = 12
SHAPE_HINTS: Final = (
    *("eyJ", "AKIA", "ASIA", "AGPA", "AROA", "AIDA", "ANPA", "ABIA", "ACCA", "LTAI", "STS.", "AKID", "TMP.", "gh"),
    *(
        "glpat",
        "xox",
        "xapp",
        "AIza",
        "ya29",
        "GOCSPX",
        "k_",
        "sk-",
        "SG.",
        "npm_",
        "pypi-",
        "dop_",
        "hv",
        "SK",
        "AGE-",
        "$",
    ),
)
_BEARER: Final = re.compile(r"(?<![\w\-])(?P<scheme>bearer\s{1,9})(?P<value>[^\s,;\"'<>)\]}\\]++)", re.IGNORECASE)
_NO_BEARER: Final = re.compile(
    r"(?:tokens?|auth\w*|of|scheme|headers?|was|is|has|and|or|for|from|in|required|credentials?|type|realm=.*|the)\.?:?\Z",
    re.IGNORECASE,
)
_BASIC: Final = re.compile(r"(?<![\w\-])(?P<scheme>basic\s{1,9})(?P<value>[A-Za-z0-9+/_\-]{6,}+={0,2})", re.IGNORECASE)

_AUTHORITY: Final = re.compile(r"""(?::|(?<![:/\w]))//(?P<user>[^\s/:@"'\\<>?#]*+)(?P<rest>[:@][^\s"'\\<>]*+)""")
_ORACLE: Final = re.compile(
    r"""(jdbc:oracle:\w{1,10}:)[^\s/@"'\\:]{1,200}/(?P<word>(?:\\?"[^"\s]{1,200}")?[^\s"'\\]++)""", re.IGNORECASE
)
_LOGIN: Final = re.compile(
    r"""(?<![\w.\-/])(?P<user>[\w.\-]{1,60}:)(?!\d{1,5}@)[^\s:@/"'<>]{1,200}"""
    r"""(?=@(?:tcp\(|unix\(|[\w.\-]{1,255}:\d{2,5}\b))"""
)
"""`user:password@host:port` without a scheme."""
_HOOK: Final = re.compile(
    r"""(?P<way>://(?:hooks\.slack\.com/\w{1,20}"""
    r"""|[^\s/"'<>]{1,255}/(?:[\w\-.@]{1,60}/){0,5}?(?:hooks?|webhooks?|webhookb2))/"""
    r"""|://[^\s/"'<>]{1,255}/bot(?=\d))(?P<word>(?=[^\s"'<>?#]{0,200}\d)[^\s"'<>?#]{6,})""",
    re.IGNORECASE,
)
_QUERY: Final = re.compile(
    r"""(?P<key>[?&](?:key|code|sign|auth|sk|ticket|pass|t|k|st|hmac)=)(?P<word>[^\s&#"'<>\\]{8,}+)"""
)


def mask_pem(text: str) -> str:
    """Mask the body of every PEM block, up to its end or the end of the text."""
    parts: list[str] = []
    done = 0
    while begin := _PEM.search(text, done):
        end = text.find("-----END", begin.end())
        end = len(text) if end < 0 else end
        parts += (text[done : begin.end()], MASK if end > begin.end() else "")
        done = end
    parts.append(text[done:])
    return "".join(parts)


def _masked_bearer(found: re.Match[str]) -> str:
    return found[0] if _NO_BEARER.match(found["value"]) else f"{found['scheme']}{MASK}"


def _masked_basic(found: re.Match[str]) -> str:
    """Mask the word after `Basic` if it decodes to `user:password`."""
    value = found["value"].rstrip("=")
    try:
        plain = base64.urlsafe_b64decode(value.replace("+", "-").replace("/", "_") + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError):
        return found[0]
    return f"{found['scheme']}{MASK}" if b":" in plain else found[0]


def mask_addresses(text: str) -> str:
    text = _AUTHORITY.sub(_masked_user_info, text)
    text = _LOGIN.sub(rf"\g<user>{MASK}", _ORACLE.sub(_masked_oracle, text))
    return _QUERY.sub(_masked_query, _HOOK.sub(rf"\g<way>{MASK}", text))


def _masked_user_info(found: re.Match[str]) -> str:
    """Mask the password in `://user:password@host`, which extends to the last `@` of the authority.

    If it contains a `/`, the authority does not end in a port: then it extends to the last `@` of the match.
    """
    user, rest = found["user"], found["rest"]
    start = found[0][: found.start("user") - found.start()]
    authority, slash, _ = rest.partition("/")
    at = authority.rfind("@")
    if at < 0 and slash and not re.fullmatch(r":\d{1,5}", authority):
        at = rest.rfind("@")
    if at < 0:
        return found[0]
    if rest[0] == ":":
        return f"{start}{user}:{MASK if at > 1 else ''}{rest[at:]}"
    lone = len(user) >= 20 and any(letter.isdigit() for letter in user)
    return f"{start}{MASK if lone else user}{rest}" if at == 0 else f"{start}{MASK}{rest[at:]}"


def _masked_oracle(found: re.Match[str]) -> str:
    at = found["word"].rfind("@")
    if at < 1:
        return found[0]
    return f"{found[0][: found.start('word') - found.start()]}{MASK}{found['word'][at:]}"


def _masked_query(found: re.Match[str]) -> str:
    word = found["word"]
    return f"{found['key']}{MASK}" if any(letter.isdigit() for letter in word) or len(word) >= 20 else found[0]


def mask_shapes(text: str) -> str:
    """Mask tokens with a known prefix."""
    return _SHAPES.sub(MASK, text)


def mask_schemes(text: str) -> str:
    """Mask the words after `Bearer` and `Basic`, as in a header."""
    return _BASIC.sub(_masked_basic, _BEARER.sub(_masked_bearer, text))
