"""hottui with a fault put into it: `python -m tests.terminal.faulty PLACE [ARGUMENT]...`.

The product has no switch for this; the fault is patched in from outside.
"""

import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from hottui import cli
from hottui.demo.world import World
from hottui.monitor.monitor import Monitor
from hottui.tui import keys
from hottui.tui.dashboard import Dashboard
from hottui.tui.table import LiveTable

_PLACES: dict[str, tuple[Any, str]] = {
    "message": (Dashboard, "take"),
    "timer": (Dashboard, "_tick"),
    "drawing": (LiveTable, "render_line"),
    "monitor": (Monitor, "snapshot"),
    "keys": (keys, "read"),
    "start": (World, "bookmarks"),
}


def _break(place: str) -> None:
    owner, name = _PLACES[place]
    before: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def faulty(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        return before(*given, **named) if place in {"message", "drawing"} and calls < 3 else _fail()

    setattr(owner, name, faulty)


def _fail() -> NoReturn:
    local_value = "a-local-" + "value-never-told"
    raise RuntimeError(
        f"token={os.environ['FAULTY_TOKEN']} and {os.environ['FAULTY_TOKEN']} bare\nAuthorization: Bearer "
        f"eyJhbGciOiJIUzI1NiJ9.abcdef\x1b]0;pwned\x07{len(local_value)}"
    )


if __name__ == "__main__":
    _break(sys.argv[1])
    sys.argv[1:2] = []
    cli.main()
