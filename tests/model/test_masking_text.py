"""Secrets in free text: what is a value, where it ends, and that no text takes long."""

import subprocess
import sys
from pathlib import Path

import pytest

from hottui.model.masking import MASK, mask_text
from hottui.model.text import visible

M = MASK


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("password=geheim", f"password={M}"),
        ("PASSWORD = geheim rest", f"PASSWORD = {M} rest"),
        ("my.db_password: geheim, user: u", f"my.db_password: {M}, user: u"),
        ("'password' = 'geheim', 'user' = 'u'", f"'password' = '{M}', 'user' = 'u'"),
        ("`password` = 'geheim'", f"`password` = '{M}'"),
        ("'password' = 'ge''heim' next", f"'password' = '{M}' next"),
        ('{"password":"ge\\"heim","user":"u"}', f'{{"password":"{M}","user":"u"}}'),
        (r"{\"password\":\"ge\\\"heim\",\"user\":\"u\"}", rf"{{\"password\":\"{M}\",\"user\":\"u\"}}"),
        ("{password=geheim, user=u}", f"{{password={M}, user=u}}"),
        ("?user=u&password=geheim&x=1", f"?user=u&password={M}&x=1"),
        ("tokens: [geheim, geheim] rest", f"tokens: {M} rest"),
        ('credentials: {"a": {"b": "geheim"}} rest', f"credentials: {M} rest"),
        ("access key: geheim", f"access key: {M}"),
        ("Authorization: Bearer geheim.x-y rest", f"Authorization: Bearer {M} rest"),
        ("Authorization: ACS3-HMAC-SHA256 Credential=AK", f"Authorization: {M} Credential={M}"),
        ("a=password=geheim", f"a=password={M}"),
        ("password=ge\\heim\\", f"password={M}"),
        ('password=geheim\\"', f'password={M}\\"'),
        ("password='geheim and all that follows", f"password='{M}"),
        ("password=[geheim, and all", f"password={M}"),
        ("secret=1234", f"secret={M}"),
        ("İ password=geheim İ", f"İ password={M} İ"),
        ("jdbc:mysql://root:geheim@db:3306/x", f"jdbc:mysql://root:{M}@db:3306/x"),
        ("redis://:geheim@db", f"redis://:{M}@db"),
        ("http://u:ge@heim@db/a@b", f"http://u:{M}@db/a@b"),
        ("mongodb://u:geheim@h1:1,h2:2/db", f"mongodb://u:{M}@h1:1,h2:2/db"),
    ],
)
def test_secrets_are_masked_and_the_rest_stays(text: str, masked: str) -> None:
    assert mask_text(text) == masked
    assert mask_text(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "password",
        "password=",
        "password=''",
        '"password":"","user":"u"',
        "the password was refused",
        "token.renewal=5s",
        "ssl.key-password.file=/etc/x",
        "fields=[token, secret_id, password_hash]",
        "TableSourceScan(table=[[c, d, tokens]], fields=[id, access_key])",
        "http://host:8081/path?a=b",
        "http://user@host/",
        "see http://host:80/ and mail a@b.c",
        f"password={M}",
    ],
)
def test_what_holds_no_secret_is_not_touched(text: str) -> None:
    assert mask_text(text) == text


HOSTILE = """
from hottui.model.masking import mask_answer, mask_text
from hottui.model.text import visible

LETTERS = 100_000
units = (
    ':', '"', "'", '\\\\', '[', ' ', '=', '@', 'a.', '://', '://a:', 'password', 'password ', 'password=', 'password="',
    "password='", 'password=[', 'password\\\\', 'token.', 'token= bearer ', 'access ', '{"password":"',
    '{\\\\"password\\\\":\\\\"x', 'password=\\'"\\\\\\' ', '"\\\\"', '\\\\u', "''", '\\x1b', '\\u202e',
)
starts = (
    '', 'password', 'password=', 'password="', "password='", "password=\\\\'", '://', '://a:', '{"password":"', '{\\\\"'
)
for unit in units:
    for start in starts:
        text = start + unit * (LETTERS // len(unit))
        print(repr((start, unit)), flush=True)
        for function in (mask_text, mask_answer, visible):
            function(text)
"""


def test_no_hostile_text_takes_long() -> None:
    """All of them take a few seconds together; with one quadratic expression a single text takes minutes."""
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-c", HOSTILE], cwd=root, timeout=120, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-200:] + done.stderr


def test_a_mask_is_visible_text() -> None:
    assert visible(MASK) == MASK
