"""Valid and invalid IDs, workspaces and namespaces."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hottui.model.ref import MAX_NAME, InvalidName, Ref, check_name

BAD = re.compile(r"[ /\\]|^\.{1,2}$")


@pytest.mark.parametrize(
    "name",
    [
        "123hashd****",
        "5af678c0-7db0-4650-94c2-d2604f0a****",
        "a",
        "...",
        ".a",
        "a~b",
        "%2e",
        "a:b@c?d#e",
        "x" * MAX_NAME,
    ],
)
def test_valid_names(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "is empty"),
        (" ", "a space"),
        ("a b", "a space"),
        ("a\n", "a control character"),
        ("\ta", "a control character"),
        ("a\x1b[31m", "a control character"),
        ("a\x00", "a control character"),
        ("a\x7f", "a control character"),
        ("订单", "non-ASCII"),
        ("é", "non-ASCII"),
        ("a\u202eb", "non-ASCII"),
        ("\ud800", "non-ASCII"),
        ("a/b", "a slash"),
        ("a\\b", "a slash"),
        ("/", "a slash"),
        ("https://host/api/v2/x", "a slash"),
        (".", "HTTP clients remove it"),
        ("..", "HTTP clients remove it"),
        ("x" * 10_000, "10,000 characters; at most 256"),
        ("x" * (MAX_NAME + 1), "257 characters"),
    ],
)
def test_invalid_names_have_a_reason(name: str, why: str) -> None:
    with pytest.raises(InvalidName, match=why) as caught:
        check_name(name)
    assert len(str(caught.value)) < 200


def test_the_message_contains_the_name() -> None:
    with pytest.raises(InvalidName, match="The namespace 'a b'"):
        check_name("a b", "namespace")


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_accepted_or_rejected_with_a_visible_message(name: str) -> None:
    refusal = ""
    try:
        assert check_name(name) == name
    except InvalidName as error:
        refusal = str(error)
    assert bool(refusal) != (name.isascii() and name.isprintable() and bool(set(name)) and not BAD.search(name))
    assert not {unicodedata.category(char) for char in refusal} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_refs_are_ordered_and_hashable() -> None:
    one, other = Ref("https://a", "w", "n", "1"), Ref("https://a", "w", "n", "2")
    assert one < other
    assert {one: 1}[Ref("https://a", "w", "n", "1")] == 1
