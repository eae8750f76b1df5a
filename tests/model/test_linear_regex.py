"""Regular expressions in linear time, with `re` as the peer."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hottui.model.linear_regex import LinearRegex
from hottui.model.regex_syntax import RegexError

_ATOM = st.sampled_from(
    ["a", "b", "B", ".", "[ab]", "[^a]", "[a-c_]", r"\w", r"\d", r"\s", r"\b", "^", "$", "-", r"\."]
)
_PATTERN = st.recursive(
    _ATOM,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner).map("|".join),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,}", "*?"])).map(
            lambda p: f"(?:{p[0]}){p[1]}"
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=300)
@given(_PATTERN, st.lists(st.text("abC.- 1_", max_size=8), min_size=1, max_size=4))
def test_it_finds_what_re_finds(pattern: str, texts: list[str]) -> None:
    regex, peer = LinearRegex(pattern), re.compile(pattern.replace("$", r"\Z"), re.IGNORECASE)
    for text in texts:
        assert regex.search(text) == bool(peer.search(text)), (pattern, text)


def test_patterns_that_backtrack_take_linear_time() -> None:
    for pattern in ("(a+)+$", "^(a|aa)*$", "(.*)(.*)(.*)(.*)x", "(a*)*b"):
        assert not LinearRegex(pattern).search("a" * 20_000 + "!")


def test_what_it_does_not_support_is_refused_with_a_reason() -> None:
    for pattern, reason in (
        ("(a", "a ( is not closed"), ("a)", "unexpected )"), ("[a", "a [ is not closed"), ("*a", "nothing to repeat"),
        ("a\\", "nothing after"), ("(?=a)", "not supported"), (r"(a)\1", "not supported"), ("a{3,1}", "wrong order"),
        ("[z-a]", "wrong order"), ("x" * 201, "longer"), ("(a{99}){99}", "too many repetitions"),
        ("(" * 21 + ")" * 21, "too many groups"),
    ):  # fmt: skip
        with pytest.raises(RegexError, match=re.escape(reason)):
            LinearRegex(pattern)
    assert LinearRegex("a{x}").search("a{x}")
