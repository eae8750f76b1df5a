"""Stages that run a dashboard for a test: `StubStage` with a stub monitor, `Stage` over a real
monitor, store and client.

The clocks stand still until a test moves them.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from textual._wait import wait_for_idle
from textual.pilot import Pilot

from hottui import paths
from hottui.demo.in_process import credentials, observations
from hottui.demo.service import DemoService
from hottui.demo.simulation import ENDPOINT_IN_PROCESS, Simulation
from hottui.model.ref import Ref
from hottui.model.state import is_final
from hottui.model.tracking import Tracked
from hottui.monitor.interface import Connection
from hottui.monitor.monitor import Monitor
from hottui.service.client import Client
from hottui.store.store import Store
from hottui.tui.app import Hottui
from hottui.tui.dashboard_options import DashboardOptions, Location
from hottui.tui.screens.dashboard import Dashboard
from hottui.tui.widgets.live_table import LiveTable
from tests.tui.stub_monitor import StubMonitor, World, world_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

START = 1_790_000_000.0
"""2026-09-21 14:13:20 UTC."""
PATIENCE = 60.0
"""Seconds to wait for a condition, far more than the slowest machine needs."""
_STEP = 0.1
"""Seconds between two reads of one account, by the monitor's budget."""
_NOBODY = Ref("", "", "", "")
"""Refreshing what is not tracked only wakes the monitor."""

AppPilot = Pilot[int]


@dataclass
class Clock:
    """Seconds, moved by hand."""

    now: float

    def __call__(self) -> float:
        return self.now


class BaseStage:
    """A dashboard to test, and a wall clock that stands still until a test moves it."""

    def __init__(self, tracked: tuple[Tracked, ...]) -> None:
        self.tracked = tracked
        self.written: list[str] = []
        """What the app itself sends to the terminal."""

    def app(self, *, tracked: Iterable[Tracked] | None = None, **options: Any) -> Hottui:
        """Return the dashboard, not yet running; `options` replaces some of its options."""
        first = (
            self.tracked[0].ref if self.tracked else Ref(ENDPOINT_IN_PROCESS, "a14bd0f3c95e47", "default-namespace", "")
        )
        default = DashboardOptions(
            tracked=self.tracked if tracked is None else tuple(tracked),
            context=f"demo · {first.namespace}",
            connect=self.connect,
            location=Location(first.endpoint, first.workspace, first.namespace),
            theme_folders=(paths.bundled_themes_dir(), paths.user_themes_dir()),
        )
        return Hottui(replace(default, **options), clock=self.clock)

    @property
    def clock(self) -> Clock:
        """The wall clock."""
        raise NotImplementedError

    def connect(self) -> Connection:
        """Return the monitor of the dashboard."""
        raise NotImplementedError

    async def settle(self, pilot: AppPilot) -> None:
        """Wait until the dashboard shows everything read once."""
        raise NotImplementedError

    async def shown(self, pilot: AppPilot) -> None:
        """Wait until the dashboard shows the monitor's state."""
        raise NotImplementedError

    @asynccontextmanager
    async def running(
        self, size: tuple[int, int] = (80, 24), *, settled: bool = True, **options: Any
    ) -> "AsyncIterator[AppPilot]":
        """Run the dashboard in an imaginary terminal of `size`; if `settled`, everything is read already."""
        app = self.app(**options)
        async with app.run_test(size=size) as pilot:
            self.record_written(app)
            if settled:
                await self.settle(pilot)
            yield pilot

    def record_written(self, app: Hottui) -> None:
        """Append to `written` what the app itself sends to the terminal."""
        driver = app._driver
        assert driver is not None
        driver.write = self.written.append  # type: ignore[method-assign, assignment]


class StubStage(BaseStage):
    """A dashboard with a stub monitor, which has read every hot update of `world` once.

    `size` is the number of hot updates (None: the demo's), `bookmarked` False starts without any, and `denied` False
    leaves out what the demo's key may not read.
    """

    def __init__(
        self,
        *,
        size: int | None = 12,
        world: Callable[[Clock], Simulation] | None = None,
        bookmarked: bool = True,
        denied: bool = True,
    ) -> None:
        self._clock = Clock(START)
        if not bookmarked:
            found = World()
        elif world is None:
            found = _demo_world(size, denied)
        else:
            found = world_of(world(self._clock), denied=denied)
        super().__init__(found.tracked)
        self.monitor = StubMonitor(found, self._clock)

    @property
    def clock(self) -> Clock:
        """The wall clock."""
        return self._clock

    def connect(self) -> Connection:
        """Return a connection to the stub monitor, which publishes its first snapshot when it is run."""

        async def run() -> None:
            self.monitor.publish()
            await asyncio.Event().wait()

        async def close() -> None:
            return

        return Connection(self.monitor, run, close)

    async def settle(self, pilot: AppPilot) -> None:
        """Wait until the first snapshot is shown."""
        await until(pilot, lambda: dashboard(pilot).snapshot is not None)
        await self.shown(pilot)
        await compared(pilot)

    async def shown(self, pilot: AppPilot) -> None:
        """Wait until everything published is drawn."""
        await drawn(pilot)

    def tick(self, pilot: AppPilot, seconds: float) -> None:
        """Move the clock, and let the dashboard refresh its ages."""
        self.clock.now += seconds
        dashboard(pilot)._tick()


@lru_cache
def _demo_world(size: int | None, denied: bool) -> World:
    return world_of(Simulation(1, Clock(START), size=size), denied=denied)


class Stage(BaseStage):
    """A dashboard over a real store, monitor and client, and the demo's service in process.

    The monitor's loop runs on a second clock (`pulse`), so that what is read when is the same on every machine.
    `size` is the number of hot updates (None: the demo's); `world` replaces the default simulation; `bookmarked` False
    leaves the store empty, `denied` False leaves out what the demo's key may not read; `insight` reads jobs too;
    `service` are options of the service.
    """

    def __init__(
        self,
        folder: Path,
        *,
        size: int | None = 12,
        world: Callable[[Clock], Simulation] | None = None,
        bookmarked: bool = True,
        denied: bool = True,
        insight: bool = False,
        **service: Any,
    ) -> None:
        self._insight = insight
        self._clock, self.pulse = Clock(START), Clock(1_000.0)
        self.world = world(self.clock) if world else Simulation(1, self.clock, size=size)
        self.service = DemoService(self.world, **service)
        self.store = Store.open(folder / "hottui.db", clock=self.clock)
        if bookmarked:
            furnish(self.world, self.store)
        for ref in () if denied else self.world.refs(ENDPOINT_IN_PROCESS):
            if self.world.denies(ref.workspace, ref.namespace, ref.id):
                self.store.remove(ref)
        super().__init__(self.store.tracked())
        self.monitor: Monitor | None = None

    @property
    def clock(self) -> Clock:
        """The wall clock."""
        return self._clock

    def connect(self) -> Connection:
        """Return the real monitor and client, composed as the command line does."""
        key = credentials()
        client = Client(lambda _: key, transport=httpx.ASGITransport(app=self.service), clock=self.clock)
        monitor = Monitor(
            self.tracked,
            client,
            self.store,
            jobs=client if self._insight else None,
            clock=self.clock,
            monotonic=self.pulse,
            rng=Random(1),
            interval=2.0,
        )
        self.monitor = monitor

        async def close() -> None:
            await client.aclose()
            self.store.close()

        return Connection(monitor, monitor.run, close)

    async def settle(self, pilot: AppPilot) -> None:
        """Wait until everything that is due was read and is shown. The wall clock does not move."""
        await until(pilot, lambda: self.monitor is not None and dashboard(pilot).snapshot is not None)
        await self._beats(pilot, lambda: all(map(self._settled, self.running_monitor.snapshot().tracked)))
        self.running_monitor.pause(True)  # the polling rate measured so far is that of the stage
        self.running_monitor.pause(False)
        await self.shown(pilot)
        await compared(pilot)

    def _settled(self, tracked: Tracked) -> bool:
        return tracked.trouble is not None or is_final(tracked.state) or (tracked.seen or 0.0) >= START

    async def shown(self, pilot: AppPilot) -> None:
        """Wait until the dashboard shows the monitor's state."""
        for _ in range(1_000):
            self.pulse.now += 0.3  # changes are published every quarter of a second
            await self._beat(pilot)
            await drawn(pilot)
            if dashboard(pilot).tracked == self.running_monitor.snapshot().tracked:
                return
        raise AssertionError("the dashboard does not show the monitor's state")

    async def pass_time(self, pilot: AppPilot, seconds: float) -> None:
        """Move both clocks in small steps, and let the monitor read what becomes due."""
        steps = max(round(seconds / _STEP), 1)
        for _ in range(steps):
            self.clock.now += seconds / steps
            self.pulse.now += seconds / steps
            await self._beat(pilot)
        dashboard(pilot)._tick()
        await self.shown(pilot)

    async def _beats(self, pilot: AppPilot, done: Callable[[], bool]) -> None:
        for _ in range(10_000):
            await self._beat(pilot)
            if done():
                return
            self.pulse.now += _STEP
        raise AssertionError("the monitor never finished reading")

    async def _beat(self, pilot: AppPilot) -> None:
        """Run one turn of the monitor's loop, and finish the reads that it begins."""
        loop, turns = self.running_monitor._loop, list[float]()
        begin = loop._check_suspend

        def counted() -> float:
            turns.append(begin())
            return turns[-1]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(loop, "_check_suspend", counted)
            self.running_monitor.refresh(_NOBODY)
            await until(pilot, lambda: bool(turns), pause=False)
        await until(pilot, lambda: not self.running_monitor.snapshot().loop.in_flight, pause=False)

    @property
    def running_monitor(self) -> Monitor:
        """The monitor of the running dashboard."""
        assert self.monitor is not None
        return self.monitor


def furnish(world: Simulation, store: Store) -> None:
    """Bookmark every hot update of `world`, with the history of a monitor that was running all the time."""
    store.add_all(world.bookmarks(ENDPOINT_IN_PROCESS))
    for observation, transition in observations(world, ENDPOINT_IN_PROCESS):
        store.record(observation, transition)
    for tracked in store.tracked():
        if is_final(tracked.state) and tracked.since is not None:
            store.mark_seen(tracked.ref, tracked.since + 10)  # the read that confirmed the final state


async def until(pilot: AppPilot, condition: Callable[[], bool], *, pause: bool = True) -> None:
    """Wait until `condition` holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "the condition never became true"
        if pause:
            await pilot.pause(0)
        await asyncio.sleep(0 if not pause else 0.001)


async def resize(pilot: AppPilot, width: int, height: int) -> None:
    """Resize the terminal and wait for the layout, which Textual does on a timer."""
    await pilot.resize_terminal(width, height)
    await until(pilot, lambda: pilot.app.screen.size == (width, height))
    await wait_for_idle()
    await drawn(pilot)


async def compared(pilot: AppPilot) -> None:
    """Wait until the updates in progress were compared with the usual duration, and the slow ones are marked."""
    dashboard(pilot)._tick()
    for worker in [each for each in pilot.app.workers if each.group == "usual"]:
        await worker.wait()
    dashboard(pilot)._tick()
    await drawn(pilot)


async def drawn(pilot: AppPilot) -> None:
    """Wait until messages are handled and the screen is drawn: each round is one step of message passing."""
    for _ in range(6):
        await pilot.pause(0)


def dashboard(pilot: AppPilot) -> Dashboard:
    """The dashboard of the app in front of `pilot`."""
    app = pilot.app
    assert isinstance(app, Hottui)
    return app.dashboard


def table(pilot: AppPilot) -> LiveTable:
    """Its table."""
    return dashboard(pilot).table


def screen_lines(pilot: AppPilot) -> list[str]:
    """Return the text of every line on the screen."""
    return [strip.text for strip in pilot.app.screen._compositor.render_strips()]


def screen_text(pilot: AppPilot) -> str:
    """Return the text on the screen."""
    return "\n".join(screen_lines(pilot))


def foot(pilot: AppPilot) -> str:
    """Return the text of the footer."""
    from hottui.tui.widgets.header_footer import Bar

    return dashboard(pilot).query_one("#foot", Bar).text.strip()
