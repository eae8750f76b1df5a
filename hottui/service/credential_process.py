"""Runs a credential process: the command of an aliyun CLI profile with mode External.

It runs in its own session, without a terminal and without standard input, so that it can neither prompt nor read key
presses meant for hottui. It has a time limit, and its whole process group is killed when it ends; also when hottui
itself is killed, because a watchdog process waits on a pipe that only hottui holds open.
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
"""Seconds that the process may take."""
_MAX_OUTPUT: Final = 1_000_000
_POLL_INTERVAL: Final = 0.05
_GATE: Final = 'read -r _ && exec "$@" < /dev/null'
"""Waits for a line, then becomes the command: by then the watchdog has the group ID. If hottui is killed first, the
line is never written."""
_WATCHDOG: Final = 'read -r group && read -r _; [ -n "$group" ] && kill -s KILL -- "-$group"'


class ProcessFailed(HottuiError):
    """A credential process failed. The message contains nothing of its output."""


def run(command: Sequence[str], time_limit: float = TIME_LIMIT) -> str:
    """Return what `command` writes to standard output. Blocks. Raises ProcessFailed."""
    with ExitStack() as stack:
        watchdog = stack.enter_context(_watchdog())
        process = _start(command)
        stack.callback(process.wait)
        stack.callback(watchdog.kill)  # before the process is reaped, after which its ID could be reused
        stack.callback(_kill_group, process.pid)
        assert process.stdout is not None  # noqa: S101 — requested with PIPE
        stack.enter_context(process.stdout)
        stack.callback(_close_stdin, process)
        _write_line(watchdog, str(process.pid))
        _write_line(process)
        output = _read(process, process.stdout, time_limit)
    if process.returncode:
        status = f"exit code {process.returncode}" if process.returncode > 0 else f"signal {-process.returncode}"
        raise ProcessFailed(f"The credential process failed with {status}.")
    return output.decode("utf-8", errors="replace")


def _start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    if not command or shutil.which(command[0]) is None:
        raise ProcessFailed("Cannot start the credential process: its program does not exist or is not executable.")
    try:
        return subprocess.Popen(  # noqa: S603 — the command is the user's own
            ["/bin/sh", "-c", _GATE, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its command line is invalid"
        raise ProcessFailed(f"Cannot start the credential process: {reason}.") from None


def _write_line(process: "subprocess.Popen[bytes]", line: str = "") -> None:
    assert process.stdin is not None  # noqa: S101 — requested with PIPE
    with suppress(OSError):
        process.stdin.write(f"{line}\n".encode())
        process.stdin.flush()


def _close_stdin(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin is not None  # noqa: S101 — requested with PIPE
    with suppress(OSError):
        process.stdin.close()


def _watchdog() -> "subprocess.Popen[bytes]":
    """Start a process that reads a process group ID, and kills that group when its standard input is closed."""
    return subprocess.Popen(  # noqa: S603
        ["/bin/sh", "-c", _WATCHDOG],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _read(process: "subprocess.Popen[bytes]", stream: IO[bytes], time_limit: float) -> bytes:
    """Return the output up to the end of the process, whose children may keep the pipe open after that.

    Raises ProcessFailed at the time limit.
    """
    os.set_blocking(stream.fileno(), False)
    output = bytearray()
    deadline = time.monotonic() + time_limit
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            ended = _has_ended(process.pid)
            part = stream.read(65_536) if selector.select(0 if ended else _POLL_INTERVAL) else None
            output += part or b""
            if len(output) > _MAX_OUTPUT:
                raise ProcessFailed(f"The credential process wrote more than {_MAX_OUTPUT:,} bytes.")
            if ended and not part:
                return bytes(output)
            if part == b"":
                time.sleep(_POLL_INTERVAL)  # standard output was closed, but the process still runs
            if time.monotonic() > deadline:
                raise ProcessFailed(f"The credential process took longer than {time_limit:g} s and was killed.")


def _has_ended(pid: int) -> bool:
    """Return whether the process has ended, without reaping it: until then its ID is not reused."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


class Subprocess:
    """Replaces the module `subprocess` in the vendor's library; commands are run by `run`."""

    PIPE: Final = subprocess.PIPE
    TimeoutExpired: Final = subprocess.TimeoutExpired

    @staticmethod
    def run(command: Sequence[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        """Run `command` like `subprocess.run`. Raises ProcessFailed."""
        return subprocess.CompletedProcess(command, 0, run(command), "")
