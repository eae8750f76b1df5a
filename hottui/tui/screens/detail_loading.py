"""Loads the hot update under the cursor into the detail pane, again and again while it changes, one load at a time."""

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hottui.model.ref import Ref
from hottui.tui.detail.loader import DetailLoader

if TYPE_CHECKING:
    from hottui.monitor.interface import MonitorCommands
    from hottui.tui.screens.dashboard import Dashboard

_QUICK, _PAUSE = 0.25, 5.0
"""Seconds that loading may take without a pause after it, and the longest pause."""


@dataclass
class _Load:
    """A hot update being loaded, with or without its secrets, and whether to load it again."""

    what: tuple[Ref, bool]
    again: bool = True


class DetailLoading:
    """The worker of the dashboard that fills its detail pane."""

    def __init__(self, screen: "Dashboard", monitor: "MonitorCommands") -> None:
        self._screen = screen
        self._monitor = monitor
        self._loader = DetailLoader(monitor, screen.appearance)
        self._load: _Load | None = None

    def request(self) -> None:
        """Load the hot update under the cursor.

        If it is being loaded already, it is loaded again after that instead of being cancelled: a large answer that
        changes often would otherwise never be shown.
        """
        current, load = self._screen.current, self._load
        if load is not None and current is not None and load.what == (current.ref, self._screen.secrets_shown):
            load.again = True
        else:
            self._screen.run_worker(self._run(), group="subject", exclusive=True, exit_on_error=False)

    async def _run(self) -> None:
        if self._screen.current is None:
            return
        load = self._load = _Load((self._screen.current.ref, self._screen.secrets_shown))
        try:
            while load.again:
                load.again = False
                began = time.monotonic()
                await self._load_once()
                took = time.monotonic() - began
                if took > _QUICK:  # leave as much time for everything else
                    await asyncio.sleep(min(took, _PAUSE))
        finally:
            if self._load is load:
                self._load = None

    async def _load_once(self) -> None:
        screen = self._screen
        tracked, pane = screen.current, screen.detail
        if tracked is None or pane is None:
            return
        pane.show(await self._loader.load(tracked, screen.tracked, reveal=screen.secrets_shown))
        if not tracked.viewed:  # this may move its row: only after the table has its new size
            screen.call_after_refresh(self._monitor.mark_viewed, tracked.ref)
        screen.refresh_footer()
