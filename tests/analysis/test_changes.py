"""Requested changes, and the values in the target setting."""

from typing import Any

import pytest

from hottui.analysis.answer_summary import summarize
from hottui.analysis.changes import (
    ABSENT,
    PARALLELISM,
    Change,
    ChangeKind,
    changes,
    headline,
    value_text,
)
from hottui.model.answer import read_answer
from hottui.model.masking import MASK
from hottui.model.result import HotUpdateJobResult
from tests.model.answers import body, with_conf


def result(data: dict[str, Any]) -> HotUpdateJobResult:
    return read_answer(body(data)).result


def test_parallelism_precedes_conf_keys_in_their_order() -> None:
    found = changes(result(with_conf({"b": 1, "z": 0}, {"b": 2, "a": "x"}, asked_parallelism=10, target_parallelism=4)))
    assert found == (
        Change(PARALLELISM, 10, 4, ChangeKind.PARALLELISM),
        Change("b", 2, 1),
        Change("a", "x", ABSENT),
    )
    assert [change.arrow for change in found] == ["4 → 10", "1 → 2", "→ x"]


@pytest.mark.parametrize(
    ("target", "asked", "differs", "arrow"),
    [
        ("30s", "60s", True, "30s → 60s"),
        ("60s", "60s", False, "→ 60s"),
        (ABSENT, "60s", False, "→ 60s"),
        (1, "1", False, "→ 1"),
        (True, "true", False, "→ true"),
        (False, True, True, "false → true"),
        (None, "x", True, "null → x"),
        ({"a": 1}, {"a": [2]}, True, '{"a":1} → {"a":[2]}'),
        ([], "", True, "[] → "),
        (1.5, 2, True, "1.5 → 2"),
        ("a\x1b[2J", "b\nc", True, "a␛[2J → b␊c"),
    ],
)
def test_an_arrow_shows_the_old_value_if_it_differs(target: Any, asked: Any, differs: bool, arrow: str) -> None:
    change = Change("key", asked, target)
    assert (change.differs, change.arrow) == (differs, arrow)


def test_secrets_are_masked_by_key_and_within_values() -> None:
    assert Change("s3.password", "geheim2", "geheim1").arrow == f"{MASK} → {MASK}"
    assert Change("db", {"password": "geheim"}).arrow == f'→ {{"password":"{MASK}"}}'
    assert Change("url", "jdbc:x://u:geheim@h").arrow == f"→ jdbc:x://u:{MASK}@h"
    summary = summarize(read_answer(body(with_conf({}, {"opts": "token=geheim"}))))
    assert summary.change == f"opts → token={MASK}"


@pytest.mark.parametrize(
    ("asked", "parallelism", "expected"),
    [
        ({}, None, ""),
        (None, None, ""),
        (None, 10, "parallelism 4 → 10"),
        (None, 4, "parallelism → 4"),
        ({"a.b": "60s"}, None, "a.b → 60s"),
        ({"a": 1, "b": 2}, None, "2 conf keys"),
        ({"a": 1, "b": 2}, 10, "parallelism 4 → 10, 2 conf keys"),
        ({"a": "x" * 99}, None, "a → " + "x" * 37 + "…"),
        ({"k" * 1000: 1}, None, "k" * 79 + "… → 1"),
        ({"a\nb": 1}, None, "a␊b → 1"),
    ],
)
def test_headline(asked: Any, parallelism: Any, expected: str) -> None:
    data = with_conf({}, asked, asked_parallelism=parallelism, target_parallelism=4)
    assert headline(changes(result(data))) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [(ABSENT, ""), (None, "null"), (True, "true"), (1.0, "1.0"), ("订", "订"), ({"订": []}, '{"订":[]}')],
)
def test_conf_values_are_formatted_as_in_flink(value: Any, text: str) -> None:
    assert value_text(value) == text


VERTEX = "717c7b8afebbfb7137f6f0f99beb2a94"


def vertices(asked: Any, job: Any = None) -> HotUpdateJobResult:
    return result({"hotUpdateParams": {"rescaleJobParam": {"jobParallelism": job, "vertexParallelism": asked}}})


def test_vertex_parallelism_is_a_change() -> None:
    assert changes(vertices({VERTEX: 8})) == (Change(VERTEX, 8, kind=ChangeKind.VERTEX),)
    assert headline(changes(vertices({VERTEX: 8}))) == f"vertex {VERTEX} → 8"
    both = changes(vertices({VERTEX: "8", "b": 4.0, "c": "many", "d": None}, 10))
    assert [(change.name, change.asked) for change in both] == [
        ("parallelism", 10), (f"vertex {VERTEX}", 8), ("vertex b", 4),
    ]  # fmt: skip
    assert headline(both) == "parallelism → 10, 2 vertices"
    nothings: tuple[Any, ...] = ({}, None, [], "x", {"a": None})
    for nothing in nothings:
        assert changes(vertices(nothing)) == ()
