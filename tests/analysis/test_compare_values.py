"""Values of a Flink configuration are compared by what they mean."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hottui.analysis.compare_values import parse_duration, same_value
from tests.model.json_values import any_json

GROUPS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    (
        "taskmanager.memory.process.size",
        ("4 GiB", "4096m", "4g", "4Gi", 4294967296, "4294967296", "4194304 kb"),
    ),
    ("execution.checkpointing.interval", ("60 s", "1 min", "60000", 60000, "60000 ms", "1min", "60s", 60000.0)),
    ("execution.checkpointing.unaligned", (True, "true", "True")),
    ("parallelism.default", (4, "4", "4.0", " 4 ")),
    ("some.option", ("1 h", "60 min")),
    ("some.option", ("1 g", "1024 mb")),
    ("some.option", (None, None)),
)


def test_values_of_one_meaning_are_the_same() -> None:
    for key, values in GROUPS:
        for one in values:
            for other in values:
                assert same_value(key, one, other), (key, one, other)


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        ("taskmanager.memory.process.size", "1m", "60000"),
        ("execution.checkpointing.interval", "1m", "1048576"),
        ("execution.checkpointing.interval", "60 s", "61 s"),
        ("execution.checkpointing.interval", None, "60 s"),
        ("state.backend.type", "rocksdb", "hashmap"),
        ("some.flag", True, 1),
        ("some.flag", True, False),
    ],
)
def test_values_of_another_meaning_differ(key: str, one: Any, other: Any) -> None:
    assert not same_value(key, one, other)


@given(st.integers(0, 10**9), st.sampled_from(["ms", "s", "min", "h", "d"]))
def test_a_duration_is_the_same_in_milliseconds(count: int, unit: str) -> None:
    factor = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}[unit]
    read = parse_duration(f"{count} {unit}")
    assert read is not None
    assert Fraction(read) == count * factor
    assert same_value("a.timeout", f"{count}{unit}", str(count * factor))


@given(st.text(max_size=8), any_json(), any_json())
def test_comparing_any_json_raises_nothing_and_is_symmetric(key: str, one: Any, other: Any) -> None:
    assert same_value(key, one, other) == same_value(key, other, one)
    assert same_value(key, one, one)
