"""Runs a credential process: the command of an aliyun CLI profile with mode External."""

import subprocess
from collections.abc import Sequence
from typing import Any, Final

from hottui.runtime.process_group import run_in_group

TIME_LIMIT: Final = 30.0
"""Seconds that the process may take."""


def run(command: Sequence[str], time_limit: float = TIME_LIMIT) -> str:
    """Return what `command` writes to standard output. Blocks. Raises ProcessFailed."""
    return run_in_group(command, "credential process", time_limit).decode("utf-8", errors="replace")


class Subprocess:
    """Replaces the module `subprocess` in the vendor's library; commands are run by `run`."""

    PIPE: Final = subprocess.PIPE
    TimeoutExpired: Final = subprocess.TimeoutExpired

    @staticmethod
    def run(command: Sequence[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        """Run `command` like `subprocess.run`. Raises ProcessFailed."""
        return subprocess.CompletedProcess(command, 0, run(command), "")
