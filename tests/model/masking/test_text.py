"""Secrets in free text: the end of each value, and linear time."""

import json
import time

import pytest

from hottui.model.control_characters import visible
from hottui.model.masking import MASK, mask_answer, mask_text
from tests.model.masking.samples import ORDINARY, SECRET_JSON, SECRETS, pieces, plain

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
        ("Authorization: ACS3-HMAC-SHA256 Credential=AK", f"Authorization: {M}"),
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
def test_only_secrets_are_masked(text: str, masked: str) -> None:
    assert mask_text(text) == masked
    assert mask_text(masked) == masked


def test_sample_secrets_are_masked_in_any_context() -> None:
    for sample in SECRETS:
        text, left = plain(sample), pieces(sample)
        masked = mask_text(text)
        assert not [piece for piece in left if piece in masked], (text, masked)
        assert mask_text(masked) == masked, text
        plan = json.dumps({"nodes": [{"desc": text}]}, ensure_ascii=False)
        for answer in ({"desc": text}, {"a": [text]}, {"resourcePlan": plan}, {"resourcePlan": json.dumps(plan)[1:-1]}):
            written = mask_answer(json.dumps(answer, ensure_ascii=False))
            assert not [piece for piece in left if piece.isalnum() and piece in written], (answer, written)
            json.loads(written)


def test_secrets_in_json_structures_are_masked() -> None:
    for value in SECRET_JSON:
        sample = json.dumps(value, ensure_ascii=False)
        masked = mask_answer(plain(sample))
        assert not [piece for piece in pieces(sample) if piece in masked], (sample, masked)
        assert mask_answer(masked) == masked


def test_ordinary_texts_are_unchanged() -> None:
    for text in (*ORDINARY, f"password={M}"):
        assert mask_text(text) == text
        answer = json.dumps({"desc": text, "n": 1.50}, ensure_ascii=False)
        assert mask_answer(answer) == answer


UNITS = (
    *(":", '"', "'", "\\", "[", " ", "=", "@", "a.", "://", "://a:", "://a@", "password", "password "),
    *("password=", 'password="', "password='", "password=[", "password\\", "token.", "token= bearer ", "access "),
    *('{"password":"', '{\\"password\\":\\"x', "password='\"\\' ", '"\\"', "\\u", "''", "\u001b", "\u202e"),
    *("password=x ", "password=x;", "password=x\n", "password:\n", "password:\n\n", " password:\n", "a=", "a "),
    *("-a ", "--password ", "--password,", "<password>", "<a>", "<a ", "<name>", "<password1", "<name>a</name>"),
    *("-----BEGIN A-----", "eyJ", "eyJaaaaaaaa.", "AKIA", "gh", "bearer ", "basic ", "basic a", "%3A", "%25", "%3"),
    *("密码是", "密码：", "密", "jdbc:oracle:thin:a/", "&quot;", "&lt;a", "\\u0061", "('a',", "('password',"),
    *("<a name='password'", "<a name='password' value='x'>", "$1$", "a:b@", "a.", "//a:b@", "a:b@c.d", "-a\n"),
    *("password->", "x.password 1\n", "https://h/hook/", "https://h/a/", "?key=", "identified by "),
    *("identified with a ", "set password for a ", "password (", 'password "', "login a password ", "mysql -p"),
    *("curl -u ", "sqlplus a/", "\n", " \n", "\t", "- ", "secret key ", "cookie:", "authorization: digest "),
    *(";password=a ", "a,b;c&", "password=a}", "password=\\\n", "é"),
)
"""The parts of hostile texts: each is repeated, after each of `STARTS`."""
STARTS = ("", ";password=", "<password>", "%3A")


def seconds(text: str) -> float:
    """Return the processor time of masking `text`."""
    started = time.process_time()
    mask_text(text)
    return time.process_time() - started


@pytest.mark.slow
def test_masking_takes_linear_time() -> None:
    for unit in UNITS:
        for start in STARTS:
            text = start + unit * (50_000 // len(unit))
            if seconds(text) > 0.25:  # five times the slowest linear one
                long, short = (min(seconds(text[:size]) for _ in range(3)) for size in (len(text), len(text) // 4))
                assert long < 9 * short, (start, unit, long)  # linear: 4 times; quadratic: 16 times


def test_a_large_hostile_text_takes_seconds() -> None:
    text = "".join(start + unit * 10 for unit in UNITS for start in STARTS)
    text *= 2_000_000 // len(text)
    assert seconds(text) < 60
    assert visible(text[:100])


def test_the_mask_is_printable() -> None:
    assert visible(MASK) == MASK
