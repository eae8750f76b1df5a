"""Recognize keys of secrets: conf keys, JSON keys, command-line flags, HTTP headers, XML tags and variables.

A key is split into words (`fs.oss.accessKeySecret` → fs, oss, access, key, secret). Some words mark a secret anywhere,
some only next to another word, and some last words mark an ordinary setting (`password.file`, `token.interval`).
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_ANYWHERE: Final = (
    "password",
    "passwd",
    "passwort",
    "passphrase",
    "passcode",
    "pwd",
    "pswd",
    "secret",
    "token",
    "credential",
    "authorization",
    "kennwort",
    "contrasena",
    "motdepasse",
    "wachtwoord",
)
"""Mark a secret even within a word: `dbpassword`, `tokens`."""

_OTHER_SCRIPTS: Final = (
    *("密码", "密碼", "口令", "密钥", "密鑰", "秘钥", "私钥", "令牌", "凭证", "凭据", "憑證"),
    *("パスワード", "暗証", "秘密鍵", "비밀번호", "암호", "пароль", "contraseña", "hasło", "heslo"),
    *("şifre", "lösenord", "jelszó", "mật khẩu", "รหัสผ่าน", "पासवर्ड", "كلمة المرور", "كلمة السر", "סיסמה", "סיסמא"),
)

_WORDS: Final = frozenset(
    (
        *("pass", "pw", "psw", "creds", "cred", "cookie", "cookies", "sig", "signature", "sas", "jwt", "otp", "bearer"),
        *("hmac", "sandi", "geheimnis", "jelszo", "matkhau"),
        *(
            "senha",
            "clave",
            "mdp",
            "parola",
            "passe",
            "passw",
            "pword",
            "webhook",
            "webhooks",
            "authkey",
            "requirepass",
        ),
        *("masterauth", "secretkey", "sessionid", "jsessionid"),
    )
)
"""Mark a secret as a whole word."""

_BEFORE_KEY: Final = frozenset(
    (
        *("access", "account", "api", "private", "service", "shared", "signing", "encryption", "encrypt", "decryption"),
        *("encryptor", "master", "storage", "auth", "subscription", "license", "session", "crypto", "cipher", "aes"),
        *("des", "rsa", "hmac", "ssh", "sse", "customer", "app", "security", "sign", "hash", "root", "ak", "sk"),
    )
)
"""Words before `key` that mark a secret: `encryption.key`, but not `primary.key` or `message.key`."""

_PAIRS: Final = frozenset(
    (
        *(("auth", "params"), ("basic", "auth"), ("http", "headers"), ("jaas", "config"), ("pass", "word")),
        *(("pass", "phrase"), ("pass", "code"), ("session", "id"), ("connection", "string"), ("user", "info")),
        *(("access", "code"), ("auth", "code"), ("client", "assertion"), ("saml", "response"), ("keytab", "base")),
    )
)

_ORDINARY_PASS: Final = ("bypass", "compass", "surpass", "trespass", "overpass", "underpass", "encompass", "multipass")
_ORDINARY_WORDS: Final = re.compile(r"token(?=i[sz])|secret(?=ar)")
_PASSES: Final = frozenset(("one", "two", "multi", "single", "first", "second", "by", "low", "high", "band", "per"))

_ABOUT_A_SECRET: Final = frozenset(
    (
        *("renew", "renewal", "interval", "validity", "lifetime", "refresh", "expiry", "expiration", "expires", "ttl"),
        *("endpoint", "retry", "backoff", "ratio"),
    )
)
"""Words after another one that mark an ordinary setting: `token.renewal.retry.backoff`, `token.endpoint.url`."""

_ORDINARY_LAST: Final = frozenset(
    (
        *(
            "file",
            "files",
            "path",
            "dir",
            "directory",
            "location",
            "enabled",
            "enable",
            "disabled",
            "required",
            "stdin",
        ),
        *("provider", "providers", "class", "type", "interval", "timeout", "ttl", "lifetime", "expiry", "expiration"),
        *("validity", "length", "size", "count", "limit", "algorithm", "encoding", "format", "strategy", "policy"),
        *("ini", "toml", "json", "yaml", "yml", "xml", "conf", "java", "scala", "kt", "py"),
        *("exception", "error", "failure", "failed", "found", "expired", "invalid"),
        *("missing", "mismatch", "match", "denied"),
    )
)
_ERROR_CODES: Final = frozenset(("invalid", "missing", "incomplete", "illegal", "unsupported", "mismatched"))
"""First words of the service's error codes: `InvalidAccessKeyId.NotFound: …`."""
_AMOUNTS: Final = frozenset(("max", "min", "num", "total", "prompt", "completion", "input", "output", "count"))

HINTS: Final = (
    *("key", "pass", "token", "secret", "auth", "pw", "cred", "sig", "sas", "info", "cookie", "session", "hook"),
    *("header", "connection", "jaas", "jwt", "otp", "psw", "bearer", "mdp", "senha", "clave"),
    *("parola", "pword", "kennwort", "contrasena", "wachtwoord", "hmac", "sandi", "geheimnis", "jelszo", "matkhau"),
    *("saml", "assertion", "access", "keytab", "pswd"),
)
"""Every ASCII key of a secret contains one of these in lower case, except those that end in `sk`."""
_HINT: Final = re.compile("|".join(HINTS) + r"|sk\Z")

_WORD: Final = re.compile(r"[A-Z]++(?![a-z])|[A-Z]?[a-z]++|[A-Z]+(?=[A-Z][a-z])|[^\W\dA-Za-z_]++")
_LONGEST: Final = 400
"""Characters of a key that are examined, at its start and at its end. The longest real keys have about 120."""


@lru_cache(maxsize=4_000)
def _looks_secret(key: str) -> bool:
    if not key.isascii():  # normalize full-width letters, remove invisible characters
        key = "".join(mark for mark in unicodedata.normalize("NFKC", key) if unicodedata.category(mark) != "Cf")
    lower = key.replace("İ", "i").lower()
    if not key.isascii() and any(word in lower for word in _OTHER_SCRIPTS):
        return True
    words = [word.lower() for word in _WORD.findall(key.replace("İ", "i"))]
    if lower.strip("_-") == "auth":
        return True
    if not words or words[-1] in _ORDINARY_LAST or words[0] in _ERROR_CODES:
        return False
    return words[-1] == "sk" or any(_secret_at(words, place) for place in range(len(words)))


def looks_secret(key: str) -> bool:
    """Whether the value of `key` must be masked."""
    if len(key) > _LONGEST:
        key = f"{key[: _LONGEST // 2]} {key[-_LONGEST // 2 :]}"
    if key.isascii() and not _HINT.search(key.lower()):
        return False
    return _looks_secret(key)


def _secret_at(words: list[str], place: int) -> bool:
    """Whether the word at index `place` marks a secret, given its neighbours."""
    word = words[place]
    before = words[place - 1] if place else ""
    after = words[place + 1] if place + 1 < len(words) else ""
    if (before, word) in _PAIRS:
        return True
    if word in ("key", "keys"):
        return before in _BEFORE_KEY or before.endswith(("access", "account", "encryption", "private"))
    if after in _ABOUT_A_SECRET or (word == "tokens" and before in _AMOUNTS):
        return False
    if word in ("pass", "passes"):
        return word == "pass" and before not in _PASSES and after not in ("through", "thru", "rate", "count", "over")
    return word in _WORDS or _contains_secret(word)


def _contains_secret(word: str) -> bool:
    """Whether a word without separators marks a secret: `dbpassword`, `userpass`, `apikey`."""
    bare = _ORDINARY_WORDS.sub("", word)
    if any(part in bare for part in _ANYWHERE):
        return True
    if word.endswith("pass"):
        return not word.endswith(_ORDINARY_PASS)
    at = word.find("key")
    return at > 0 and any(word.startswith(f"{first}key", at - len(first)) for first in _BEFORE_KEY if len(first) <= at)
