"""The complete dashboard over real HTTP: app, monitor, client, store, and a service that can have any fault.

Only the clocks are simulated, so that an hour without network passes quickly.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from pydantic import SecretStr

from hottui.model.ref import Ref
from hottui.model.state import HOT_UPDATED, HOT_UPDATING, Freshness
from hottui.model.tracking import Bookmark, Observation, Summary, Tracked, Transition
from hottui.monitor.interface import Connection
from hottui.monitor.monitor import Monitor
from hottui.monitor.snapshot import LoopStatus
from hottui.service.client import Client
from hottui.service.credentials import Credentials, CredentialsSource, StaticCredentials
from hottui.store.errors import StoreError
from hottui.store.store import Store
from hottui.tui.dashboard_options import Location
from tests.faults.backend import Backend, running
from tests.service.raw_server import SECRET, TOKEN
from tests.tui.stage import PATIENCE, START, AppPilot, Clock, Stage, dashboard, screen_lines, screen_text, until

MOVES, OTHER, ENDED = "moves-on", "moves-too", "ended-before"
WIDE = (200, 24)
_PATIENCE = 0.05  # seconds to wait for a locked store
_DEADLINE = 30.0  # seconds for one read; reached only by faults without an answer


def keys() -> CredentialsSource:
    """Return credentials whose secret and token must never be shown."""
    return StaticCredentials(Credentials("an-access-key", SecretStr(SECRET), SecretStr(TOKEN)))


class Stand(Stage):
    """A dashboard with three bookmarks: two in progress, and one that finished long ago."""

    def __init__(
        self, folder: Path, *, source: CredentialsSource | None = None, deadline: float = _DEADLINE, behind: float = 0.0
    ) -> None:
        super().__init__(folder, bookmarked=False)
        self.backend = Backend(self.clock, {MOVES: HOT_UPDATING, OTHER: HOT_UPDATING, ENDED: HOT_UPDATED})
        self.store.close()
        self.path = self.store.path
        self.store = Store.open(self.path, timeout=_PATIENCE)
        self._source = source or keys()
        self._deadline = deadline
        self._local = Clock(START - behind)
        self._closed = asyncio.Event()

    def ref(self, name: str) -> Ref:
        """Return the ref of an ID at the backend."""
        return Ref(self.backend.url, "a-workspace", "a-namespace", name)

    def connect(self) -> Connection:
        """Return the monitor with a client for the network, connected as by the command line."""
        client = Client(lambda _: self._source, deadline=self._deadline, clock=self._signing_clock)
        monitor = Monitor(
            self.tracked, client, self.store, clock=self.clock, monotonic=self.pulse, rng=Random(1), interval=2.0
        )
        self.monitor = monitor

        async def close() -> None:
            await client.aclose()
            self.store.close()
            self._closed.set()

        return Connection(monitor, monitor.run, close)

    def _signing_clock(self) -> float:
        return self.clock.now + self._local.now - START

    @asynccontextmanager
    async def open(self, size: tuple[int, int] = WIDE, *names: str, held: bool = False) -> AsyncIterator[AppPilot]:
        """Run the dashboard until everything was read once, or the account is paused if `held`.

        Further `names` are tracked without being bookmarked.
        """
        async with running(self.backend):
            self.furnish()
            location = Location(self.backend.url, "a-workspace", "a-namespace")
            self.tracked = (*self.store.tracked(), *(Tracked(self.ref(name)) for name in names))
            async with self.running(size, location=location, settled=False) as pilot:
                await until(pilot, lambda: self.monitor is not None and dashboard(pilot).snapshot is not None)
                await self.wait(pilot, lambda: bool(self.loop.holds) if held else self._read_once())
                yield pilot
            await asyncio.wait_for(self._closed.wait(), PATIENCE)

    def furnish(self) -> None:
        """Store the three bookmarks, the last one with the history of an earlier run."""
        self.store.add_all(Bookmark(self.ref(name), f"label of {name}", "", 1.0) for name in (MOVES, OTHER, ENDED))
        ended = self.ref(ENDED)
        seen = Observation(ended, START - 900, Summary(HOT_UPDATED), "", "{}")
        self.store.record(seen, Transition(ended, START - 900, HOT_UPDATED))
        self.store.mark_seen(ended, START - 600)

    def _read_once(self) -> bool:
        return all(self.of(name).seen is not None for name in (MOVES, OTHER))

    # State of the monitor, the store and the screen

    def of(self, name: str) -> Tracked:
        """Return the monitor's entry for an ID."""
        return next(one for one in self.running_monitor.snapshot().tracked if one.ref.id == name)

    @property
    def loop(self) -> LoopStatus:
        """The status of the polling loop."""
        return self.running_monitor.snapshot().loop

    def kept(self) -> dict[str, str]:
        """Return every bookmark in the store with its state, as another process would read them."""
        with Store.open(self.path) as other:
            return {one.ref.id: one.state for one in other.tracked()}

    def store_labels(self) -> dict[str, str]:
        """Return the labels in the store; none while it cannot be read."""
        try:
            return {one.ref.id: one.bookmark.label for one in self.store.tracked() if one.bookmark}
        except StoreError:
            return {}

    async def wait(self, pilot: AppPilot, condition: Callable[[], bool], seconds: float = 70.0) -> None:
        """Advance the clocks until `condition` is true, by at most `seconds`; then wait for the screen."""
        for _ in range(int(seconds / 0.5)):
            if condition():
                break
            self.clock.now += 0.5
            self.pulse.now += 0.5
            await self._beat(pilot)
        assert condition(), screen_text(pilot)
        await self.shown(pilot)

    def all_is_well(self) -> bool:
        """Return whether no fault or its consequence is left."""
        snapshot = self.running_monitor.snapshot()
        fresh = all(one.freshness is Freshness.LIVE and one.trouble is None for one in snapshot.tracked)
        loop = snapshot.loop
        return fresh and not (loop.holds or loop.slowed or loop.trouble or loop.unsaved)


def row_of(pilot: AppPilot, name: str) -> str:
    """Return the row of the table for an ID."""
    return next(line for line in screen_lines(pilot) if f"label of {name}" in line)
