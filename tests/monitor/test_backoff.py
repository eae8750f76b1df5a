"""Backoff after failed reads."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from hottui.monitor.schedule import full_jitter


@given(st.integers(1, 10_000), st.integers())
def test_waits_are_between_two_seconds_and_a_minute(failures: int, seed: int) -> None:
    assert 2.0 <= full_jitter(failures, Random(seed)) <= 60.0


def test_the_ceiling_doubles_with_each_failure() -> None:
    rng = Random(1)
    highest = [max(full_jitter(failures, rng) for _ in range(2000)) for failures in range(1, 7)]
    for found, ceiling in zip(highest, (4, 8, 16, 32, 60, 60), strict=True):
        assert 0.95 * ceiling < found <= ceiling


def test_the_whole_range_is_used() -> None:
    rng = Random(1)
    assert min(full_jitter(6, rng) for _ in range(2000)) < 3.0
