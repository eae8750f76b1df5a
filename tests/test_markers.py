"""Every path that marks its tests as slow exists: one that was renamed would run on each version of Python."""

from pathlib import Path

from tests.conftest import SLOW_PATHS


def test_paths_of_slow_tests_exist() -> None:
    assert [each for each in SLOW_PATHS if not (Path(__file__).parent / each).exists()] == []
