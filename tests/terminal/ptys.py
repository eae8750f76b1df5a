"""hottui on a pseudo-terminal, and what a terminal shows of the bytes it writes."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyte
from rich.cells import cell_len

HOTTUI = (sys.executable, "-m", "hottui")
PATIENCE = 120.0
"""Timeout in seconds of every wait, generous for slow machines."""
_TICK = os.sysconf("SC_CLK_TCK")

ON = {
    "alternate screen": (b"\x1b[?1049h", b"\x1b[?1049l"),
    "mouse reporting": (b"\x1b[?1000h", b"\x1b[?1000l"),
    "mouse moves": (b"\x1b[?1003h", b"\x1b[?1003l"),
    "mouse in decimals": (b"\x1b[?1006h", b"\x1b[?1006l"),
    "hidden cursor": (b"\x1b[?25l", b"\x1b[?25h"),
    "focus reporting": (b"\x1b[?1004h", b"\x1b[?1004l"),
    "bracketed paste": (b"\x1b[?2004h", b"\x1b[?2004l"),
    "no line wrap": (b"\x1b[?7l", b"\x1b[?7h"),
    "key protocol": (b"\x1b[>", b"\x1b[<u"),
    "synchronised output": (b"\x1b[?2026h", b"\x1b[?2026l"),
    "resize reports": (b"\x1b[?2048h", b"\x1b[?2048l"),
    "mouse in pixels": (b"\x1b[?1016h", b"\x1b[?1016l"),
    "window title": (b"\x1b[22;2t", b"\x1b[23;2t"),
}
"""Terminal modes, with the sequences for on and off."""


def left_on(output: bytes) -> list[str]:
    """Return the modes that were turned on in `output` and not off again."""
    return [name for name, (on, off) in ON.items() if output.rfind(on) > output.rfind(off)]


class Terminal(pyte.Screen):
    """A terminal emulator with the attributes of each cell."""

    def rows(self) -> list[str]:
        """The text of each row.

        Half of a wide letter whose other half was overwritten is a blank, as terminals have it; pyte's own `display`
        fails there.
        """
        return ["".join(self._letters(y)).rstrip() for y in range(self.lines)]

    def _letters(self, y: int) -> Iterator[str]:
        x = 0
        while x < self.columns:
            letter = self.buffer[y][x].data or " "
            yield letter
            x += max(cell_len(letter), 1)

    def looks(self) -> list[list[tuple[Any, ...]]]:
        """Return the text, colours and attributes of each cell."""
        return [[tuple(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)]


def shown(output: bytes, columns: int, rows: int) -> Terminal:
    """Return a terminal of this size after `output`."""
    screen = Terminal(columns, rows)
    pyte.ByteStream(screen).feed(_known(output))
    return screen


def _known(output: bytes) -> bytes:
    """Return `output` without the one sequence whose last letter pyte would print."""
    return output.replace(b"\x1b[<u", b"")


@dataclass
class Session:
    """A program with its own pty as its controlling terminal. `output` is everything read from it so far."""

    process: "subprocess.Popen[bytes]"
    fd: int
    size: tuple[int, int]
    before: list[Any]
    """The terminal's settings before the program had it."""
    output: bytearray = field(default_factory=bytearray)
    status: int | None = None
    ended_after: float = 0.0
    """Seconds that `ends` waited."""
    used: float = 0.0
    """Total CPU seconds, known after the end."""
    _screen: Terminal | None = None
    _stream: Any = None
    _fed: int = 0

    @property
    def pid(self) -> int:
        """The process."""
        return self.process.pid

    def take(self, patience: float) -> bool:
        """Read output within `patience` seconds, once; return whether there was any."""
        if not select.select([self.fd], [], [], patience)[0]:
            return False
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:  # the other side is closed
            return False
        self.output += data
        return bool(data)

    def until(self, true: Callable[[], bool], what: str = "") -> None:
        """Read output until `true()`. Raises AssertionError on timeout."""
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, f"never: {what}\n{bytes(self.output[-2000:])!r}"
            if not self.take(0.05):
                time.sleep(0.01)

    def sees(self, text: str | bytes, since: int = 0) -> None:
        """Read output until `text` was written after position `since`."""
        wanted = text.encode() if isinstance(text, str) else text
        self.until(lambda: wanted in self.output[since:], repr(wanted))

    def shows(self, text: str) -> None:
        """Read output until `text` is on the screen."""
        self.until(lambda: any(text in row for row in self.screen().rows()), f"{text!r} on screen")

    def quiet(self, seconds: float = 0.5) -> None:
        """Read output until nothing was written for `seconds`."""
        end = time.monotonic() + PATIENCE
        while self.take(seconds):
            assert time.monotonic() < end, "it never rests"

    def live(self) -> "Session":
        """Wait for the dashboard, connected."""
        self.shows("live, every")
        return self

    def watch(self, seconds: float) -> None:
        """Read output for `seconds`."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.take(left)

    def screen(self) -> Terminal:
        """Return the terminal after everything that was written."""
        if self._screen is None:
            self._screen = Terminal(*self.size)
            self._stream = pyte.ByteStream(self._screen)
        if (self._screen.columns, self._screen.lines) != self.size:
            self._screen.resize(lines=self.size[1], columns=self.size[0])
        self._stream.feed(_known(bytes(self.output[self._fed :])))
        self._fed = len(self.output)
        return self._screen

    def overwrite(self, text: str) -> None:
        """Write to the terminal like another program."""
        self.screen()
        self._stream.feed(text.encode())

    def type(self, keys: bytes) -> None:
        """Type."""
        os.write(self.fd, keys)

    def resize(self, columns: int, rows: int) -> None:
        """Resize the terminal, which signals the program."""
        self.size = columns, rows
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def kill(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def settings(self) -> list[Any]:
        """Return the terminal's current settings."""
        return termios.tcgetattr(self.fd)

    def hang_up(self) -> None:
        """Close the terminal, like a terminal emulator that is closed."""
        os.close(self.fd)
        self.fd = -1

    def ends(self) -> int:
        """Wait for the end, reading output; return the exit code, or the negative number of a killing signal."""
        started = time.monotonic()
        while self.status is None:
            assert time.monotonic() - started < PATIENCE, f"it never ends\n{bytes(self.output[-2000:])!r}"
            if self.fd < 0 or not self.take(0.02):
                time.sleep(0.01)
            self._look()
        self.ended_after = time.monotonic() - started
        while self.fd >= 0 and self.take(0.05):
            pass
        return self.status

    def cpu(self) -> float:
        """Return the CPU seconds of the running program so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def memory(self) -> int:
        """Bytes resident."""
        pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def close(self) -> None:
        """Kill the program and close the terminal."""
        if self.status is None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self.process.kill()
            self.process.wait()
        if self.fd >= 0:
            os.close(self.fd)

    def _look(self) -> None:
        pid, status, usage = os.wait4(self.pid, os.WNOHANG)
        if pid:
            self.status = self.process.returncode = os.waitstatus_to_exitcode(status)
            self.used = usage.ru_utime + usage.ru_stime


_LAUNCHER = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
"""Make the pty the controlling terminal of a new session, like a terminal emulator, and execute a program."""


def start(
    command: Sequence[str], environment: dict[str, str], size: tuple[int, int] = (120, 40), folder: str | None = None
) -> Session:
    """Start `command` on a new pty with exactly this environment, in `folder` or the current one."""
    fd, terminal = pty.openpty()
    before = termios.tcgetattr(fd)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-E", "-S", "-c", _LAUNCHER, *command],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environment,
        cwd=folder,
        start_new_session=True,
    )
    os.close(terminal)
    return Session(process, fd, size, before)


def alive(pid: int) -> bool:
    """Whether a process runs or is stopped; false for a zombie."""
    try:
        return state(pid) != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def state(pid: int) -> str:
    """Return `R`, `S`, `T` (stopped) or `Z` (zombie)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def in_parallel(acts: Sequence[Callable[[], None]]) -> None:
    """Run all concurrently, and raise the first failure."""
    failures: list[BaseException] = []

    def run(act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as failure:  # noqa: BLE001 - raised below
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
