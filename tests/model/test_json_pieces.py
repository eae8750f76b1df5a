"""JSON decoded and encoded in pieces has the same values and errors as in one call."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hottui.model import json_pieces, json_text
from hottui.model.json_text import MAX_DEPTH, UnreadableJson, json_lines, read_json, write_json
from tests.model.json_values import any_json

_FORMATS: tuple[dict[str, Any], ...] = ({}, {"separators": (",", ":")}, {"indent": 2}, {"ensure_ascii": False})
_EDGES = st.sampled_from(
    ['"', ", ", ',"', "[", "]", "{", "}", ":", "\\", '"a":1,', "1,", " ", "NaN", "-", "e5", "\x00"]
)
formats = st.sampled_from(_FORMATS)
texts = st.text(st.sampled_from('",[]{}:\\ ab1'), max_size=12)
values = any_json(keys=texts, texts=texts) | st.lists(texts, max_size=40) | st.dictionaries(texts, texts, max_size=40)


@contextmanager
def pieces_of(size: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_pieces, "PIECE", size)
        patch.setattr(json_pieces, "_TOKENS", size)
        patch.setattr(json_text, "_MANY", 0)
        yield


def outcome(decode: Any, text: str) -> tuple[str, ...]:
    try:
        return (json.dumps(decode(text)),)
    except json.JSONDecodeError as error:
        return (error.msg, str(error.pos))
    except (UnreadableJson, RecursionError) as error:
        return (str(error),)


def check(text: str) -> None:
    """Compare decoding in pieces of several sizes, some of which end within tokens, with the standard library."""
    expected = outcome(json.JSONDecoder().decode, text)
    known = outcome(read_json, text)
    for size in (1, 7, 30, 200):
        with pieces_of(size):
            assert outcome(lambda text: json_pieces.decode(text, json.JSONDecoder()), text) == expected
            assert outcome(read_json, text) == known


@given(values, formats)
def test_any_value_is_the_same_in_pieces(value: Any, form: dict[str, Any]) -> None:
    check(json.dumps(value, **form))


@given(values, formats, st.data())
def test_any_text_similar_to_json_has_the_same_value_or_error(
    value: Any, form: dict[str, Any], draw: st.DataObject
) -> None:
    text = json.dumps({"a": value, "b": [value, value]}, **form)
    at = draw.draw(st.integers(0, len(text)))
    until = draw.draw(st.integers(at, min(at + 3, len(text))))
    check(text[:at] + draw.draw(_EDGES) + text[until:])


def test_repeated_keys_numbers_and_nesting() -> None:
    for text in (
        '{"a":1,"b":2,"a":3,"c":4,"b":5}',
        '[{"a":1,"a":2},{"a":1}]',
        "[" + ",".join(map(str, range(1000))) + "]",
        "[1e999, -0, 1.5e3, " + "7" * 5000 + "]",
        "[" * MAX_DEPTH + "]" * MAX_DEPTH,
        "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        "[" * 100_000,
        '{"a":' * 5_000 + "1" + "}" * 5_000,
        "[1,2,NaN]",
        '["a", NaN, }',
        '{"a":1} x',
        "\ufeff[1,2,3]",
        " ",
        "[1,]",
        '{"a":1,}',
        '{"a" 1}',
    ):
        known = outcome(read_json, text)
        for size in (1, 7, 30):
            with pieces_of(size):
                assert outcome(read_json, text) == known, text[:50]


@pytest.mark.parametrize(
    ("text", "lossless"),
    [
        ('{"a":1,"b":2}', True),
        ('{"a":1,"b":2,"a":1}', False),
        ('[{"a":1,"b":{"c":1,"c":2}}]', False),
        ('[{"a":1},{"a":1}]', True),
        ("[" + "7" * 5000 + "]", False),
    ],
)
def test_a_repeated_key_is_reported_whatever_the_pieces(text: str, lossless: bool) -> None:
    for size in (1, 7, 30, 10_000):
        with pieces_of(size):
            losses: list[str] = []
            read_json(text, lambda: losses.append(text))  # noqa: B023
            assert (not losses) == lossless


class _Counting(json.JSONDecoder):
    def __init__(self) -> None:
        super().__init__()
        self.ends: list[tuple[bool, int]] = []

    def raw_decode(self, s: str, idx: int = 0) -> tuple[Any, int]:
        value, end = super().raw_decode(s, idx)
        self.ends.append((isinstance(value, dict | list), end - idx))
        return value, end


@pytest.mark.parametrize(
    "value",
    [
        {f"option-{n}": str(n) for n in range(20_000)},
        {"data": {"asked": {"a": 1}, "conf": {f"option-{n}": f"{n}, " for n in range(20_000)}, "b": [1]}},
        [{"id": n, "profile": {"group": "a", "parallelism": 4}, "list": [{"a": 1}, {"b": 2}]} for n in range(4_000)],
        {f"{n:032x}": [n] for n in range(10_000)},
        list(range(50_000)),
    ],
)
def test_no_call_decodes_more_than_a_piece_and_few_are_needed(value: Any) -> None:
    for form in _FORMATS:
        text, decoder = json.dumps(value, **form), _Counting()
        assert json_pieces.decode(text, decoder) == value
        assert max(length for nested, length in decoder.ends if nested) <= json_pieces.PIECE + 2
        assert len(decoder.ends) < 20 * len(text) / json_pieces.PIECE + 6_000


@given(values, st.sampled_from([None, 2]))
def test_any_value_is_written_the_same_in_parts(value: Any, indent: int | None) -> None:
    whole = write_json(value, indent=indent)
    lines = write_json(value, indent=2).split("\n")
    for size in (1, 7):
        with pieces_of(size):
            assert write_json(value, indent=indent) == whole
            assert json_lines(value) == lines
