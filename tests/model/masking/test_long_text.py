"""Long texts are searched in pieces with the same result as at once."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hottui.model.masking import long_text, mask_text
from hottui.model.masking.long_text import search
from hottui.model.masking.text import _CALL, _PHRASE

_WORDS = (
    *(
        "password",
        "secret",
        "key",
        "a",
        "-p",
        "--password",
        "token",
        "identified by",
        "Bearer",
        "basic",
        "curl -u me:x",
    ),
    *("access.key", "str", "user", "http://me:word@host/a?key=12345678", "AKIA0123456789ABCDEF", "密码是", "value1"),
    *(
        "mysql -pword1",
        "redis-cli -h x -a word1",
        "set password for me = 'x1'",
        'set("password", "x1")',
        "-----BEGIN K-----",
    ),
    *("jdbc:oracle:thin:me/word@h", "<password>x</password>", "{", "}", "- "),
)
_BETWEEN = (" ", "  ", "\n", "\r\n", "\t", "=", ": ", " = ", ":", "->", " -> ", "'", '"', ",", ", ", "\\\n", "", "\n  ")
texts = st.lists(st.sampled_from(_WORDS + _BETWEEN * 2), max_size=60).map("".join)


@contextmanager
def pieces_of(size: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_text, "_PIECE", size)
        patch.setattr(long_text, "REACH", 700)
        yield


@given(texts)
def test_any_text_is_masked_the_same_in_pieces(text: str) -> None:
    whole = mask_text(text)
    for size in (1, 9, 40):
        with pieces_of(size):
            assert mask_text(text) == whole


@given(texts, st.integers(0, 50))
def test_a_bounded_search_finds_the_same(text: str, at: int) -> None:
    text += " " * 900
    for pattern in (_PHRASE, _CALL):
        whole = pattern.search(text, at)
        for size in (1, 9, 40):
            with pieces_of(size):
                found = search(pattern, text, at)
                assert (found and found.span()) == (whole and whole.span())


def test_secrets_are_masked_wherever_a_piece_ends() -> None:
    for between in ("word ", "word\n", "a=b\n", "x", "订单 ", "-v 1 "):
        for secret in ("password=hunter2", "--password hunter2", "http://me:hunter2@host/", "identified by 'hunter2'"):
            for length in range(100 - len(secret), 101):
                text = f"{between * 100}"[:length] + f" {secret} {between * 100}"
                with pieces_of(50):
                    assert "hunter2" not in mask_text(text), (between, secret, length)
