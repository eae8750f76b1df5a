"""Running a credential process: the command that a profile of the aliyun CLI names in mode External.

It runs in a session of its own, without a terminal and without standard input, so that it can neither ask nor read
keys that are meant for hottui. It has a time limit, and whatever it has started ends with it: also when hottui itself
is killed meanwhile, because a watchdog waits on a pipe that only hottui holds open.
"""

import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from typing import IO, Any, Final

from hottui.errors import HottuiError

TIME_LIMIT: Final = 30.0
"""Seconds that the process has."""
_MOST_OUTPUT: Final = 1_000_000
_LOOKED_AT_EVERY: Final = 0.05
_GATE: Final = 'read -r _ && exec "$@" < /dev/null'
"""Waits for a line and becomes the command: by then the watchdog knows the group. Where hottui is killed before, the
line never comes."""
_WATCHDOG: Final = 'read -r group && read -r _; [ -n "$group" ] && kill -s KILL -- "-$group"'


class ProcessFailed(HottuiError):
    """Why a credential process gave nothing, as a message without anything that it wrote."""


def run(command: Sequence[str], time_limit: float = TIME_LIMIT) -> str:
    """What `command` writes to standard output. Blocks. Raises ProcessFailed."""
    with ExitStack() as stack:
        watchdog = stack.enter_context(_watchdog())
        process = _start(command)
        stack.callback(process.wait)
        stack.callback(watchdog.kill)  # before the process is reaped, whose ID could then be another's
        stack.callback(_end, process.pid)
        assert process.stdout is not None  # noqa: S101 — a pipe was asked for
        stack.enter_context(process.stdout)
        stack.callback(_close, process)
        _tell(watchdog, f"{process.pid}\n")
        _tell(process, "\n")
        output = _read(process, process.stdout, time_limit)
    if process.returncode:
        how = f"exit code {process.returncode}" if process.returncode > 0 else f"signal {-process.returncode}"
        raise ProcessFailed(f"The credential process failed with {how}.")
    return output.decode("utf-8", errors="replace")


def _start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    if not command or shutil.which(command[0]) is None:
        raise ProcessFailed("The credential process could not be started: its program is not there, or not executable.")
    try:
        return subprocess.Popen(  # noqa: S603 — the command is the user's own
            ["/bin/sh", "-c", _GATE, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its command line cannot be used"
        raise ProcessFailed(f"The credential process could not be started: {reason}.") from None


def _tell(process: "subprocess.Popen[bytes]", line: str) -> None:
    assert process.stdin is not None  # noqa: S101 — a pipe was asked for
    with suppress(OSError):
        process.stdin.write(line.encode())
        process.stdin.flush()


def _close(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin is not None  # noqa: S101 — a pipe was asked for
    with suppress(OSError):
        process.stdin.close()


def _watchdog() -> "subprocess.Popen[bytes]":
    """A process that kills the group whose ID it is told once standard input ends, which it does with hottui."""
    return subprocess.Popen(  # noqa: S603
        ["/bin/sh", "-c", _WATCHDOG],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _read(process: "subprocess.Popen[bytes]", stream: IO[bytes], time_limit: float) -> bytes:
    """The output up to the end of the process; a child of it that lives on may keep the pipe open. Raises
    ProcessFailed at the time limit."""
    os.set_blocking(stream.fileno(), False)
    output = bytearray()
    ends = time.monotonic() + time_limit
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            ended = _has_ended(process.pid)
            part = stream.read(65_536) if selector.select(0 if ended else _LOOKED_AT_EVERY) else None
            output += part or b""
            if len(output) > _MOST_OUTPUT:
                raise ProcessFailed("The credential process writes too much.")
            if ended and not part:
                return bytes(output)
            if part == b"":
                time.sleep(_LOOKED_AT_EVERY)  # standard output was closed before the end
            if time.monotonic() > ends:
                raise ProcessFailed(f"The credential process gave no answer within {time_limit:g} s and was ended.")


def _has_ended(pid: int) -> bool:
    """Whether the process has ended. It is not reaped yet: until then its ID and that of its group are its own."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _end(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


class Subprocess:
    """What the vendor's library uses of the module `subprocess`, run by `run`."""

    PIPE: Final = subprocess.PIPE
    TimeoutExpired: Final = subprocess.TimeoutExpired

    @staticmethod
    def run(command: Sequence[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        """Run `command` as `subprocess.run` would. Raises ProcessFailed."""
        return subprocess.CompletedProcess(command, 0, run(command), "")
