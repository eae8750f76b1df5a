"""Run a program on its own pseudo-terminal: its output, its cost, and keys sent to it."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

COLUMNS, ROWS = 120, 40
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class OnTerminal:
    """A running program. `output` is everything that it has written so far."""

    pid: int
    fd: int
    started: float
    output: bytearray = field(default_factory=bytearray)

    def read_for(self, seconds: float) -> int:
        """Read output for `seconds`; return the number of bytes."""
        before, end = len(self.output), time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._take(left)
        return len(self.output) - before

    def read_until(self, marker: bytes, patience: float = 60.0) -> float:
        """Read output until `marker` was written; return the seconds since the start. Raises TimeoutError."""
        end = time.monotonic() + patience
        while marker not in self.output:
            if time.monotonic() > end:
                raise TimeoutError(f"{marker!r} was not written within {patience} s")
            self._take(0.5)
        return time.monotonic() - self.started

    def read_until_quiet(self, quiet: float = 0.7, patience: float = 60.0) -> None:
        """Read output until nothing was written for `quiet` seconds."""
        end = time.monotonic() + patience
        while time.monotonic() < end and self._take(quiet):
            pass

    def answer_time(self, quiet: float) -> float:
        """Read output until nothing was written for `quiet` seconds; return the seconds until the last of it."""
        began, last = time.monotonic(), 0.0
        while self._take(quiet):
            last = time.monotonic() - began
        return last

    def send(self, keys: bytes) -> None:
        """Type."""
        os.write(self.fd, keys)

    def cpu(self) -> float:
        """Return the CPU seconds so far without children, in steps of 10 ms."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def kill(self) -> float:
        """Kill it; return the exact CPU seconds that it used."""
        os.kill(self.pid, signal.SIGKILL)
        _, _, usage = os.wait4(self.pid, 0)
        os.close(self.fd)
        return usage.ru_utime + usage.ru_stime

    def _take(self, patience: float) -> bool:
        ready, _, _ = select.select([self.fd], [], [], patience)
        if not ready:
            return False
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:  # the other side is closed
            return False
        self.output += data
        return bool(data)


def run(command: Sequence[str], environment: dict[str, str] | None = None) -> OnTerminal:
    """Start `command` on a new terminal of 120 by 40 cells, as an SSH session without COLORTERM would."""
    started = time.monotonic()
    pid, fd = pty.fork()
    if pid == 0:
        try:
            os.execvpe(command[0], list(command), {**os.environ, "TERM": "xterm-256color", **(environment or {})})
        finally:
            os._exit(127)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    return OnTerminal(pid, fd, started)
