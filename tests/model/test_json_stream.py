"""Incremental parsing gives the same result as json_text, and keeps only one part in memory."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hottui.model import json_stream
from hottui.model.json_stream import Item, Member, read_members
from hottui.model.json_text import Json, UnreadableJson, read_json
from tests.model.json_values import any_json

MIB = 1024**2


class Source:
    """A source that returns few bytes at a time, and counts them."""

    def __init__(self, pieces: Iterator[bytes], most: int = MIB) -> None:
        self._pieces = pieces
        self._most = most
        self._left = b""
        self.read_so_far = 0

    def read(self, size: int, /) -> bytes:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._left = piece
        count = min(size, self._most)
        given, self._left = self._left[:count], self._left[count:]
        self.read_so_far += len(given)
        return given


def gathered(source: json_stream.Readable, most: int = MIB) -> dict[str, Json]:
    """Return the object assembled from its members."""
    found: dict[str, Any] = {}
    for part in read_members(source, "list", most=most):
        match part:
            case Member(key, value):
                found[key] = value
            case Item(number, value):
                found["list"].append(value)
                assert number == len(found["list"])
    return found


@given(
    st.dictionaries(st.text(max_size=3), any_json(), max_size=4),
    st.lists(any_json(), max_size=5),
    st.booleans(),
    st.sampled_from([None, 1]),
    st.integers(1, 9),
)
def test_the_result_does_not_depend_on_chunk_sizes(
    members: dict[str, Any], items: list[Any], ascii_only: bool, indent: int | None, size: int
) -> None:
    text = json.dumps({**members, "list": items, "last": 12}, ensure_ascii=ascii_only, indent=indent)
    raw = text.encode("utf-8", "surrogatepass") if ascii_only else text.encode("utf-8", "replace")
    whole = read_json(raw.decode("utf-8"))
    assert gathered(Source(iter([raw]), size)) == whole


def test_truncated_text_is_an_error() -> None:
    raw = '{"a": [1, {"b": "\\ud83d\\ude00 \\u00e9"}], "list": [null, true, -1.5e3, "更新"], "n": 12}'.encode()
    for end in range(len(raw)):
        with pytest.raises(UnreadableJson):
            gathered(io.BytesIO(raw[:end]))
    with pytest.raises(UnreadableJson, match="Extra data at line 2"):
        gathered(io.BytesIO(raw + b"\n1"))


@pytest.mark.parametrize(
    ("head", "body", "reason"),
    [
        (b'{"a": "', b"x" * MIB, "a value at line 1 is longer than"),
        (b'{"a": [', b"[]," * (MIB // 3), "a value at line 1 has too many parts"),
        (b'{"list": [{"a": [', b'"",' * (MIB // 3), "a value at line 1 has too many parts"),
        (b'{"list": [', b"1" * MIB, "a value at line 1 "),
        (b'{"a": [1, 2, x, 3, 4, 5, 6, 7, 8, ', b"1, " * (MIB // 3), "it is not JSON: Expecting value at line 1"),
        (b"{\n", b" \n" * (MIB // 2), "it is longer than 268,435,456 bytes"),
        (b'{"a": ', b"[" * MIB, "it is nested too deeply|has too many parts"),
        (b'{"list": [', b'{"a":' * (MIB // 5), "it is nested too deeply"),
    ],
)
def test_values_beyond_the_limits_are_rejected(
    head: bytes, body: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless() -> Iterator[bytes]:
        yield head
        while True:
            yield body

    monkeypatch.setattr(json_stream, "LONGEST_VALUE", 8 * MIB)
    monkeypatch.setattr(json_stream, "_MOST_STRUCTURE", MIB)
    source = Source(endless())
    with pytest.raises(UnreadableJson, match=reason):
        gathered(source, most=256 * MIB)
    assert source.read_so_far <= 257 * MIB
    if "bytes" not in reason:
        assert source.read_so_far <= 18 * MIB


def test_a_syntax_error_is_reported_at_its_position() -> None:
    source = Source(iter([b'{"list": [1, 2, nonsense, ', *[b'"text", ' * 100_000] * 50]))
    with pytest.raises(UnreadableJson, match="not JSON: Expecting value at line 1"):
        gathered(source, most=1024 * MIB)
    assert source.read_so_far <= 2 * MIB


def test_invalid_numbers_and_surrogates_are_treated_as_in_json_text() -> None:
    raw = b'\xef\xbb\xbf{"list": [' + b"9" * 5_000 + b', 1e400, "\\ud800"]}'
    assert gathered(io.BytesIO(raw)) == {"list": ["9" * 5_000, "1e400", "\ufffd"]}
    for nothing in (b"NaN", b"Infinity"):
        with pytest.raises(UnreadableJson, match="which is not JSON"):
            gathered(io.BytesIO(b'{"list": [' + nothing + b"]}"))
