"""The thread that reads the terminal, on a pty whose input another process reads too."""

import os
import pty
import select
import threading
from typing import Any

import pytest
from textual import events
from textual.message import Message

from hottui.tui.terminal import input_reader
from tests.terminal.ptys import PATIENCE


def test_input_that_another_process_took_does_not_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """After SIGSTOP the shell may read what was reported as readable before."""
    controller, terminal = pty.openpty()
    stop, delivered = threading.Event(), threading.Event()
    read: list[Message] = []

    def deliver(batch: list[Message]) -> None:
        read.extend(batch)
        delivered.set()

    select_input = select.select

    def readable(*given: Any) -> Any:
        select_input(*given)
        return given[0], [], []  # although there may be nothing left

    monkeypatch.setattr(select, "select", readable)
    there: list[bool] = []
    thread = threading.Thread(target=lambda: there.append(input_reader.read(terminal, stop, deliver)), daemon=True)
    thread.start()
    os.write(controller, b"j\n")
    assert delivered.wait(PATIENCE)
    stop.set()
    thread.join(PATIENCE)
    assert there == [True]
    assert isinstance(read[0], events.Key)
    assert os.get_blocking(terminal), "the shell shares this open file"
    os.close(controller)
    os.close(terminal)
