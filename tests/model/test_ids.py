"""IDs from arguments, pipes and the clipboard."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hottui.model.ids import read_ids
from hottui.model.ref import InvalidName
from tests.model.answers import VENDOR_PAGE
from tests.model.json_values import any_json

ONE = {"success": True, "data": {"jobHotUpdateId": "a1"}}
OTHER = {"body": {"data": {"jobHotUpdateId": "b2"}}}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", ()),
        (" \n", ()),
        ("a1", ("a1",)),
        ("a1 b2\nc3,d4\r\n", ("a1", "b2", "c3", "d4")),
        ("a1 # the first\n# nothing\nb2", ("a1", "b2")),
        ("a1 b2 a1", ("a1", "b2")),
        ("\ufeffa1", ("a1",)),
        (VENDOR_PAGE, ("123hashd****",)),
        ("\ufeff" + json.dumps(ONE), ("a1",)),
        (json.dumps([ONE, OTHER, ONE]), ("a1", "b2")),
        (json.dumps(ONE) + "\n" + json.dumps(OTHER, indent=2) + "\n", ("a1", "b2")),
        (json.dumps(ONE) + json.dumps(OTHER), ("a1", "b2")),
        ('{"jobHotUpdateId": 17}', ("17",)),
        ('"a1"\n', ("a1",)),
        ('"a1"\n"b2"\n', ("a1", "b2")),
        ('["a1", "b2"]', ("a1", "b2")),
        ('["a1", {"jobHotUpdateId": "b2"}]', ("a1", "b2")),
        ("e0c0:1=x aGk=", ("e0c0:1=x", "aGk=")),
        ('[{"jobHotUpdateId": null}, {"jobHotUpdateId": "a1"}]', ("a1",)),
    ],
)
def test_accepted_input(text: str, ids: tuple[str, ...]) -> None:
    assert read_ids(text) == ids


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a/b", "a slash"),
        ("ok 订单", "non-ASCII"),
        ("{", "Cannot read the JSON"),
        ('{"a":1} {', "Cannot read the JSON"),
        ("[" * 100_000, "Cannot read the JSON"),
        ("{}", "No jobHotUpdateId in the JSON"),
        ("[]", "No jobHotUpdateId in the JSON"),
        ('{"jobHotUpdateId": null}', "No jobHotUpdateId in the JSON"),
        ('{"jobHotUpdateId": true}', "No jobHotUpdateId in the JSON"),
        ('{"jobHotUpdateId": {"a": 1}}', "No jobHotUpdateId in the JSON"),
        ('{"success": false, "data": null}', "No jobHotUpdateId in the JSON"),
        ('{"jobHotUpdateId": "a b"}', "a space"),
        ('{"jobHotUpdateId": ""}', "is empty"),
        ('""', "is empty"),
        ('"a1', "Cannot read the JSON"),
        ('{"data": "a1"}', "No jobHotUpdateId in the JSON"),
        ("jobHotUpdateId: 9999", "'jobHotUpdateId:' is not an ID. Pass IDs"),
        ("jobHotUpdateId=9999", "is not an ID"),
        ("id = 9999", "is not an ID"),
        ('a1 "b2"', "is not an ID"),
        ("id: 'a1'", "'id:' is not an ID"),
    ],
)
def test_rejected_input(text: str, why: str) -> None:
    with pytest.raises(InvalidName, match=why):
        read_ids(text)


def test_many_answers_take_linear_time() -> None:
    text = "\n".join(json.dumps({"data": {"jobHotUpdateId": f"id-{i}"}}) for i in range(5_000))
    assert len(read_ids(text)) == 5_000


@given(any_json() | st.text(st.characters(exclude_categories=())))
def test_any_text_is_ids_or_an_error(value: Any) -> None:
    text = value if isinstance(value, str) else json.dumps(value)
    try:
        ids = read_ids(text)
    except InvalidName:
        return
    assert all(found.isascii() and found.isprintable() for found in ids)


def test_output_of_other_tools_for_no_value_is_rejected() -> None:
    nothings = (
        "null", "NULL", "nil", "None", "undefined", "NaN", "true", "false", "<nil>", "<no value>", "<none>", "(null)",
        "%!s(<nil>)", "<html>", "|", "||", "---", "+----+", "=====", "- -", "***", "null,", "'null'",
        "null null", "|  |", "-", "~", "?",
    )  # fmt: skip
    for text in nothings:
        with pytest.raises(InvalidName, match=r"no ID|not an ID"):
            read_ids(text)
    for document in ('"null"', '["<nil>"]', '{"data": {"jobHotUpdateId": "null"}}', '"---"', '{"jobHotUpdateId": "|"}'):
        with pytest.raises(InvalidName, match="not an ID but another tool's output"):
            read_ids(document)
    for word in ("nullable1", "123hashd****", "none-1", "0", "a<b", "~x", "true1"):
        assert read_ids(word) == (word,)
