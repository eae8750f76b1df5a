"""A short run of the fuzzer that `python -m tests.benchmarks.fuzz_input` runs for minutes."""

from pathlib import Path

import pytest

from tests.terminal import fuzz


@pytest.mark.parametrize("inert", [True, False], ids=["what must not act", "anything"])
def test_any_input_is_survived_without_errors(tmp_path: Path, inert: bool) -> None:
    with fuzz.place(tmp_path, 20) as home:
        outcome = fuzz.run(home, "suite", 60.0, inert=inert, pieces=40)
    assert outcome.faults == ()
