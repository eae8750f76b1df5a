"""JSON text: numbers, surrogates, nesting and embedded JSON."""

import json
from typing import Any

import pytest

from hottui.model.json_text import (
    MAX_DEPTH,
    Encoding,
    UnreadableJson,
    read_embedded,
    read_json,
    replace_surrogates,
    write_json,
)


def nested(levels: int, opening: str = "[", closing: str = "]") -> str:
    return opening * levels + closing * levels


@pytest.mark.parametrize("text", ["null", "true", "1", "-0.5", '"a"', "[]", '{"a":[1,{"b":null}]}', ' {"a" : 1}\n'])
def test_ordinary_json(text: str) -> None:
    assert read_json(text) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not JSON"),
        ("{", "line 1 column 2"),
        ('{"a":1}}', "Extra data"),
        ("{'a':1}", "not JSON"),
        ("[NaN]", "NaN"),
        ("[Infinity]", "Infinity"),
        ("[-Infinity]", "-Infinity"),
        ("[" * 1_000_000, "nested too deeply"),
        (nested(MAX_DEPTH + 1), "nested too deeply"),
        ('{"a":' * 101 + "0" + "}" * 101, "nested too deeply"),
        ("[[]," + nested(MAX_DEPTH + 1) + "]", "nested too deeply"),
    ],
)
def test_unreadable_json_has_a_reason(text: str, why: str) -> None:
    with pytest.raises(UnreadableJson, match=why):
        read_json(text)


def test_the_deepest_nesting_can_be_written_again() -> None:
    text = nested(MAX_DEPTH)
    assert write_json(read_json(text)) == text


def test_only_long_integers_are_kept_as_text() -> None:
    digits = "7" * 5000
    assert read_json(f"[{digits},-{digits},7]") == [digits, "-" + digits, 7]
    assert read_json("7" * 300) == int("7" * 300)


def test_infinite_numbers_are_kept_as_text() -> None:
    value = read_json("[1e999,-1e999,1e308]")
    assert value == ["1e999", "-1e999", 1e308]
    assert json.loads(write_json(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"\\ud800"', "\N{REPLACEMENT CHARACTER}"),
        ('"\\uDFFFx"', "\N{REPLACEMENT CHARACTER}x"),
        ('"\udc80"', "\N{REPLACEMENT CHARACTER}"),
        ('{"\\ud800":["\\udc00"]}', {"\N{REPLACEMENT CHARACTER}": ["\N{REPLACEMENT CHARACTER}"]}),
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\\\ud800"', "\\ud800"),
    ],
)
def test_surrogates(text: str, value: Any) -> None:
    assert read_json(text) == value
    write_json(read_json(text)).encode()


def test_replacing_surrogates_keeps_ordinary_text() -> None:
    text = "订单 é 😀"
    assert replace_surrogates(text) is text


def test_non_ascii_letters_are_not_escaped() -> None:
    assert write_json({"订单": "é"}) == '{"订单":"é"}'
    assert write_json({"a": [1]}, indent=2) == '{\n  "a": [\n    1\n  ]\n}'


def test_infinity_is_never_written() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        write_json(float("inf"))


@pytest.mark.parametrize(
    ("text", "value", "encoding"),
    [
        ('{"a":1}', {"a": 1}, Encoding.NONE),
        (r'"{\"a\":1}"', {"a": 1}, Encoding.QUOTED),
        (r"{\"a\":1}", {"a": 1}, Encoding.ESCAPED),
        (r"[{\"a\":1}]", [{"a": 1}], Encoding.ESCAPED),
        (r"{\n  \"a\": 1\n}", {"a": 1}, Encoding.ESCAPED),
        (r"{ \"a\":\"\\u8ba2\"}", {"a": "订"}, Encoding.ESCAPED),
        (' \ufeff{"a":1} ', {"a": 1}, Encoding.NONE),
        ("7", 7, Encoding.NONE),
        ("null", None, Encoding.NONE),
    ],
)
def test_embedded_json(text: str, value: Any, encoding: Encoding) -> None:
    embedded = read_embedded(text)
    assert (embedded.value, embedded.encoding) == (value, encoding)


@pytest.mark.parametrize("text", ['{"a":"x\\"y\\\\"}', r'"{\"a\":\"é\"}"', r"{\"a\":\"x\\\"y\"}"])
def test_embedded_json_is_written_in_its_encoding(text: str) -> None:
    embedded = read_embedded(text)
    assert embedded.write(embedded.value) == text


@pytest.mark.parametrize("text", ["", "x", '{\\"a', '{\\"a\\":1', r"{\"a\":}", '"abc"', '{\\"a\\":1}\\'])
def test_unreadable_embedded_json(text: str) -> None:
    with pytest.raises(UnreadableJson):
        read_embedded(text)
