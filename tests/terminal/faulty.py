"""hottui with an injected fault: `python -m tests.terminal.faulty PLACE [ARGUMENT]...`.

The product has no option for this; the fault is patched in.
"""

import asyncio
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn

from hottui import cli
from hottui.demo.simulation import Simulation
from hottui.monitor.interface import MonitorCommands
from hottui.monitor.monitor import Monitor
from hottui.monitor.store_journal import StoreJournal
from hottui.service.client import Client
from hottui.store.store import Store
from hottui.tui.alarm import Alarm
from hottui.tui.detail.loader import DetailLoader
from hottui.tui.screens.dashboard import Dashboard
from hottui.tui.terminal import input_reader
from hottui.tui.terminal.driver import TerminalDriver
from hottui.tui.terminal.writer import TerminalWriter
from hottui.tui.widgets.live_table import LiveTable

_PLACES: dict[str, tuple[Any, str]] = {
    "message": (Dashboard, "on_snapshot_changed"),
    "timer": (Alarm, "_rung"),
    "drawing": (LiveTable, "render_line"),
    "monitor": (Monitor, "snapshot"),
    "keys": (input_reader, "read"),
    "start": (Simulation, "bookmarks"),
    "writing": (TerminalWriter, "_put"),
}
"""Places where a fault ends hottui."""


def _in_a_task() -> None:
    async def fail() -> NoReturn:
        _fail()

    asyncio.get_running_loop().create_task(fail())


class _Fails:
    def __del__(self) -> None:
        _fail()


_UNHANDLED: dict[str, Callable[[], Any]] = {
    "task": _in_a_task,
    "callback": lambda: asyncio.get_running_loop().call_soon(_fail),
    "thread": lambda: threading.Thread(target=_fail).start(),
    "finaliser": _Fails,
}
"""Unhandled errors after which hottui continues."""


def _break(place: str) -> None:
    if place in _UNHANDLED:
        _meet(_UNHANDLED[place])
        return
    if place == "late":
        threading.Thread(target=_fail_at_the_end).start()
        return
    if place == "mute":
        TerminalDriver.restore_at_once = _fail_at_once  # type: ignore[method-assign, assignment]
    if place == "pressed":
        Dashboard.action_next_attention = _fail_at_once  # type: ignore[assignment]
        return
    if place == "busy":
        _meet(lambda: time.sleep(3600))
        return
    if place in {"stuck", "mute"}:
        StoreJournal.close = _never  # type: ignore[method-assign]
        return
    if place == "hanging-store":  # a network file system whose server is unreachable
        Store.add_all = _hang  # type: ignore[method-assign, assignment]
        Store.close = _hang  # type: ignore[method-assign]
        return
    if place.startswith("tidying-"):
        number = int(place.removeprefix("tidying-"))
        tidy = shutil.rmtree

        def interrupted(*given: Any, **named: Any) -> None:
            os.kill(os.getpid(), number)
            tidy(*given, **named)

        shutil.rmtree = interrupted  # type: ignore[assignment]
        return
    if place == "palette":
        end = TerminalDriver._end

        def open_and_end(self: TerminalDriver, code: int) -> None:
            self._app.action_command_palette()
            self._loop.call_soon(end, self, code)

        TerminalDriver._end = open_and_end  # type: ignore[method-assign]
        return
    if place == "looking-up":
        Client.read = _look_up  # type: ignore[method-assign, assignment]
        return
    if place == "slow":
        load = DetailLoader.load

        async def slow(*given: Any, **named: Any) -> Any:
            await asyncio.sleep(1.0)
            return await load(*given, **named)

        DetailLoader.load = slow  # type: ignore[method-assign]
        return
    if place == "detail":
        DetailLoader.load = _fail_late  # type: ignore[method-assign]
        return
    owner, name = _PLACES[place]
    before: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def faulty(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        return before(*given, **named) if place in {"message", "drawing", "writing"} and calls < 3 else _fail()

    setattr(owner, name, faulty)


def _meet(fault: Callable[[], Any]) -> None:
    """Raise the fault repeatedly once the dashboard is connected."""
    attach, ring = Dashboard.attach, Alarm._rung
    live = False

    def attach_then(self: Dashboard, monitor: MonitorCommands) -> None:
        nonlocal live
        attach(self, monitor)
        live = True

    def ring_then(self: Alarm) -> None:
        ring(self)
        if live:
            fault()

    Dashboard.attach = attach_then  # type: ignore[method-assign]
    Alarm._rung = ring_then  # type: ignore[method-assign]


async def _never(*_: Any, **__: Any) -> None:
    time.sleep(3600)  # noqa: ASYNC251 - that the event loop stands still is the point


def _hang(*_: Any, **__: Any) -> None:
    if threading.current_thread().name == "hottui-journal" or _asyncio_is_running():
        time.sleep(3600)


def _asyncio_is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def _look_up(*_: Any) -> None:
    await asyncio.to_thread(time.sleep, 3600)


def _fail_at_the_end() -> NoReturn:
    threading.main_thread().join()
    _fail()


def _fail_at_once(*_: Any) -> NoReturn:
    _fail()


async def _fail_late(*_: Any, **__: Any) -> NoReturn:
    _fail()


def _fail() -> NoReturn:
    local_value = "a-local-" + "value-never-shown"
    raise RuntimeError(
        f"token={os.environ['FAULTY_TOKEN']} and {os.environ['FAULTY_TOKEN']} bare\nAuthorization: Bearer "
        f"eyJhbGciOiJIUzI1NiJ9.abcdef\x1b]0;pwned\x07{len(local_value)}"
    )


if __name__ == "__main__":
    _break(sys.argv[1])
    sys.argv[1:2] = []
    cli.main()
