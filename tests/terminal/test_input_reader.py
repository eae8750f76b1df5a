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
    stop, delivered = input_reader.StopEvent(), threading.Event()
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


def test_without_input_the_thread_sleeps_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    controller, terminal = pty.openpty()
    stop, asleep, read = input_reader.StopEvent(), threading.Event(), list[Message]()
    select_input = select.select

    def noted(ready: Any, writable: Any, failed: Any, timeout: float | None) -> Any:
        if timeout is None:
            asleep.set()
        return select_input(ready, writable, failed, timeout)

    monkeypatch.setattr(select, "select", noted)
    there: list[bool] = []
    thread = threading.Thread(target=lambda: there.append(input_reader.read(terminal, stop, read.extend)), daemon=True)
    thread.start()
    for _ in range(2):  # after a key, it is woken for the pause, and sleeps again
        assert asleep.wait(PATIENCE)
        asleep.clear()
        os.write(controller, b"j\n")
    assert asleep.wait(PATIENCE)
    stop.set()
    thread.join(PATIENCE)
    assert there == [True]
    assert [event.key for event in read if isinstance(event, events.Key)][::2] == ["j", "j"]
    stop.clear()
    assert not select_input((stop,), (), (), 0)[0]
    os.close(controller)
    os.close(terminal)
