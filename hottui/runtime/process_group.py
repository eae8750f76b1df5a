"""Run a command in a session of its own, without a terminal, so that it can neither prompt nor read key presses.

It has a time limit, and its whole process group is killed when it ends; also when hottui itself is killed, because a
watchdog process waits on a pipe that only hottui holds open.
"""

import os
import selectors
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from typing import IO, Final

from hottui.errors import HottuiError

_MAX_OUTPUT: Final = 1_000_000
_POLL_INTERVAL: Final = 0.05
_GATE: Final = 'read -r _ && exec "$@"'
"""Waits for a line, then becomes the command: by then the watchdog has the group ID. If hottui is killed first, the
line is never written. `read` takes nothing after the line, so the command reads the rest."""
_WATCHDOG: Final = 'read -r group && read -r _; [ -n "$group" ] && kill -s KILL -- "-$group"'


class ProcessFailed(HottuiError):
    """A process failed. The message contains nothing of its `output`."""

    def __init__(self, message: str, output: bytes = b"") -> None:
        super().__init__(message)
        self.output = output


def run_in_group(
    command: Sequence[str],
    name: str,
    time_limit: float,
    *,
    input: bytes = b"",  # noqa: A002 - as in `subprocess.run`
    environment: Mapping[str, str] | None = None,
    with_errors: bool = False,
    stop: threading.Event | None = None,
) -> bytes:
    """Return what `command` writes to standard output, and `with_errors` to standard error. Blocks.

    `name` is what messages call it. It is killed after `time_limit` seconds and when `stop` is set. Raises
    ProcessFailed.
    """
    with ExitStack() as stack:
        watchdog = stack.enter_context(_watchdog())
        process = _start(command, name, environment, subprocess.STDOUT if with_errors else subprocess.DEVNULL)
        stack.callback(process.wait)
        stack.callback(watchdog.kill)  # before the process is reaped, after which its ID could be reused
        stack.callback(_kill_group, process.pid)
        assert process.stdout is not None  # noqa: S101 — requested with PIPE
        stack.enter_context(process.stdout)
        _write(watchdog, f"{process.pid}\n".encode())
        # In a thread: a command that does not read more than a pipe holds would block this one.
        threading.Thread(target=_feed, args=(process, b"\n" + input), daemon=True).start()
        output = _read(process, process.stdout, name, time_limit, stop or threading.Event())
    if process.returncode:
        status = f"exit code {process.returncode}" if process.returncode > 0 else f"signal {-process.returncode}"
        raise ProcessFailed(f"The {name} failed with {status}.", output)
    return output


def _start(
    command: Sequence[str], name: str, environment: Mapping[str, str] | None, errors: int
) -> "subprocess.Popen[bytes]":
    if not command or shutil.which(command[0]) is None:
        raise ProcessFailed(f"Cannot start the {name}: its program does not exist or is not executable.")
    try:
        return subprocess.Popen(  # noqa: S603 — the command is the user's own
            ["/bin/sh", "-c", _GATE, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its command line is invalid"
        raise ProcessFailed(f"Cannot start the {name}: {reason}.") from None


def _write(process: "subprocess.Popen[bytes]", data: bytes) -> None:
    assert process.stdin is not None  # noqa: S101 — requested with PIPE
    with suppress(OSError):
        process.stdin.write(data)
        process.stdin.flush()


def _feed(process: "subprocess.Popen[bytes]", data: bytes) -> None:
    _write(process, data)
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


def _read(
    process: "subprocess.Popen[bytes]", stream: IO[bytes], name: str, time_limit: float, stop: threading.Event
) -> bytes:
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
                raise ProcessFailed(f"The {name} wrote more than {_MAX_OUTPUT:,} bytes.", bytes(output))
            if ended and not part:
                return bytes(output)
            if part == b"":
                time.sleep(_POLL_INTERVAL)  # standard output was closed, but the process still runs
            if time.monotonic() > deadline:
                raise ProcessFailed(f"The {name} took longer than {time_limit:g} s and was killed.", bytes(output))
            if stop.is_set():
                raise ProcessFailed(f"The {name} was stopped.", bytes(output))


def _has_ended(pid: int) -> bool:
    """Return whether the process has ended, without reaping it: until then its ID is not reused."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
