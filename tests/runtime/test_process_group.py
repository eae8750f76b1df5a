"""Commands in a process group of their own: input, environment, and an end before the time limit.

`tests/service/test_credential_process.py` has what credential processes need besides.
"""

import os
import threading
import time
from pathlib import Path

import pytest

from hottui.runtime.process_group import ProcessFailed, run_in_group
from tests.terminal.ptys import alive

_LONG = 600.0
"""Seconds that no test waits."""


def test_a_command_gets_input_and_environment_and_both_outputs_are_kept() -> None:
    script = 'cat; echo "$HOTTUI_MESSAGE" >&2; exit 3'
    with pytest.raises(ProcessFailed, match="The hook failed with exit code 3") as raised:
        run_in_group(
            ["sh", "-c", script], "hook", _LONG,
            input=b"one\ntwo\n", environment={"PATH": os.environ["PATH"], "HOTTUI_MESSAGE": "a; b"}, with_errors=True,
        )  # fmt: skip
    assert raised.value.output == b"one\ntwo\na; b\n"
    assert "two" not in raised.value.message


def test_a_command_that_does_not_read_its_input_ends() -> None:
    assert run_in_group(["echo", "done"], "hook", _LONG, input=b"x" * 10_000_000) == b"done\n"


def test_a_command_is_killed_with_its_children_when_it_is_stopped(tmp_path: Path) -> None:
    pids, stop = tmp_path / "pids", threading.Event()

    def stop_when_started() -> None:
        while not pids.exists() or len(pids.read_text().split()) < 2:
            time.sleep(0.01)
        stop.set()

    threading.Thread(target=stop_when_started, daemon=True).start()
    with pytest.raises(ProcessFailed, match="was stopped"):
        run_in_group(["sh", "-c", f"sleep {_LONG:g} & echo $! $$ >{pids}; wait"], "hook", _LONG, stop=stop)
    end = time.monotonic() + _LONG
    while any(alive(int(pid)) for pid in pids.read_text().split()):
        assert time.monotonic() < end, "not killed"
        time.sleep(0.01)
