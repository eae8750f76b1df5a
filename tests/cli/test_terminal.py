"""hottui on a terminal: the dashboard opens whichever other stream is redirected."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from .conftest import PATIENCE, Home


class Terminal:
    """A pseudo-terminal of 100 by 30 cells, and the output written to it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.seen = b""

    def wait_for(self, marker: bytes) -> None:
        """Read output until `marker` was written."""
        end = time.monotonic() + PATIENCE
        while marker not in self.seen:
            assert time.monotonic() < end, self.seen[-2_000:]
            if select.select([self._descriptor], [], [], 0.2)[0]:
                self.seen += os.read(self._descriptor, 65_536)

    def code_of(self, running: "subprocess.Popen[bytes]") -> int:
        """Read output until the program ends; return its exit code."""
        end = time.monotonic() + PATIENCE
        while running.poll() is None or select.select([self._descriptor], [], [], 0)[0]:
            assert time.monotonic() < end, self.seen[-2_000:]
            if select.select([self._descriptor], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self._descriptor, 65_536)
                except OSError:  # Linux raises it when the other side is closed
                    break
        return running.wait(PATIENCE)

    def press(self, keys: bytes) -> None:
        """Type `keys`."""
        os.write(self._descriptor, keys)


@contextmanager
def at_terminal(*args: str, **redirected: Any) -> Iterator[tuple[Terminal, "subprocess.Popen[bytes]"]]:
    """Start hottui on a new terminal, except for the `redirected` streams."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs, **redirected}
    environment = {**os.environ, "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "hottui", *args]
    try:
        with subprocess.Popen(command, start_new_session=True, env=environment, **streams) as running:
            os.close(theirs)
            try:
                yield Terminal(ours), running
            finally:
                running.kill()
    finally:
        os.close(ours)


@pytest.mark.parametrize("redirected", [{}, {"stderr": subprocess.DEVNULL}], ids=["plain", "stderr-redirected"])
def test_the_dashboard_opens_on_the_terminal_of_standard_output(redirected: dict[str, Any]) -> None:
    with at_terminal("demo", **redirected) as (terminal, running):
        terminal.wait_for(b"orders-enrich")
        terminal.press(b"q")
        assert terminal.code_of(running) == 0


def test_an_unknown_theme_is_reported() -> None:
    with at_terminal("demo", "--theme", "nope") as (terminal, running):
        terminal.wait_for(b'No theme named "nope".')
        terminal.press(b"q")
        assert terminal.code_of(running) == 0


@pytest.mark.parametrize("redirected", [{"stdin": subprocess.DEVNULL}], ids=["no-keyboard"])
def test_without_a_keyboard_the_table_is_printed_with_the_reason(redirected: dict[str, Any]) -> None:
    with at_terminal("demo", **redirected) as (terminal, running):
        terminal.wait_for(b"Standard input is not a terminal, so the table is printed once.")
        terminal.wait_for(b"orders-enrich")
        assert terminal.code_of(running) == 0
    assert b"\x1b" not in terminal.seen


def test_ids_can_be_typed_at_a_prompt(home: Home) -> None:
    with at_terminal("add", "-", "-w", "w", "-r", "cn-hangzhou") as (terminal, running):
        terminal.wait_for(b"Reading IDs from standard input; press ctrl-d on an empty line to finish.")
        terminal.press(b"hu-1\n\x04")
        terminal.wait_for(b"Bookmarked hu-1.")
        assert terminal.code_of(running) == 0


def test_ctrl_c_at_the_prompt_is_130() -> None:
    with at_terminal("add", "-", "-w", "w", "-r", "cn-hangzhou") as (terminal, running):
        terminal.wait_for(b"Reading IDs")
        running.send_signal(2)
        assert terminal.code_of(running) == 130
