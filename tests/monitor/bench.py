"""A monitor on the real client and the demo's service, with a network that can fail."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from hottui.demo.in_process import credentials
from hottui.demo.service import DemoService
from hottui.demo.simulation import ENDPOINT_IN_PROCESS, Simulation
from hottui.model.ref import Ref
from hottui.model.tracking import Tracked, Transition
from hottui.monitor.monitor import Monitor
from hottui.monitor.snapshot import Snapshot
from hottui.service.client import Client
from hottui.store.store import Store


class ScriptedWorld(Simulation):
    """The demo's simulation with states by ID set by the test; other hot updates are unchanged or missing."""

    def __init__(self, clock: Callable[[], float], **options: Any) -> None:
        super().__init__(1, clock, **options)
        self.states: dict[str, str] = {}
        self.closed: set[str] = set()
        self.parts: dict[str, dict[str, Any]] = {}
        """Further parts of the results of scripted states."""

    def result(self, workspace: str, namespace: str, hot_update_id: str) -> dict[str, Any] | None:
        state = self.states.get(hot_update_id)
        if state is None:
            return super().result(workspace, namespace, hot_update_id)
        return {
            "jobHotUpdateId": hot_update_id,
            "jobId": "job",
            "status": {"status": state},
            **self.parts.get(hot_update_id, {}),
        }

    def denies(self, workspace: str, namespace: str, hot_update_id: str) -> bool:
        return namespace in self.closed or super().denies(workspace, namespace, hot_update_id)


@dataclass
class Network(httpx.AsyncBaseTransport):
    """A transport to the service that records requests, and can be down, slow, or reply itself."""

    service: httpx.AsyncBaseTransport
    up: bool = True
    hangs: bool = False
    hanging: set[str] = field(default_factory=set)
    """IDs whose requests never return."""
    instead: Callable[[httpx.Request], httpx.Response | None] = lambda request: None
    delay: Callable[[httpx.Request], float] = lambda request: 0.02
    times: list[float] = field(default_factory=list)
    log: list[tuple[float, str]] = field(default_factory=list)
    """When each request began, and its action with what it is about."""
    by_id: Counter[str] = field(default_factory=Counter)
    under_way: Counter[str] = field(default_factory=Counter)
    most_at_once: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.params.get("flinkApiPath") or request.url.path.rpartition("/")[2]
        self.times.append(asyncio.get_running_loop().time())
        self.log.append((self.times[-1], f"{request.headers['x-acs-action']} {name}"))
        self.by_id[name] += 1
        self.under_way[name] += 1
        self.most_at_once = max(self.most_at_once, self.under_way.total())
        assert self.under_way[name] == 1, "read twice at once"
        try:
            if self.hangs or name in self.hanging:
                await asyncio.sleep(3600)
            await asyncio.sleep(self.delay(request))
            if not self.up:
                raise httpx.ConnectError("no route to host", request=request)
            return self.instead(request) or await self.service.handle_async_request(request)
        finally:
            self.under_way[name] -= 1

    def between(self, start: float, end: float) -> int:
        """Return the requests that began in this period."""
        return len([at for at in self.times if start <= at < end])

    @property
    def most_in_a_second(self) -> int:
        return max((self.between(at, at + 0.999) for at in self.times), default=0)


@dataclass
class Bench:
    """The monitor, its parts, and what it published."""

    world: ScriptedWorld
    network: Network
    monitor: Monitor
    snapshots: list[Snapshot] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)

    def ref(self, name: str, namespace: str = "team") -> Ref:
        return Ref(ENDPOINT_IN_PROCESS, "workspace", namespace, name)

    def script(self, state: str, *names: str) -> list[Ref]:
        """Set the state of these IDs, and return their refs."""
        self.world.states.update(dict.fromkeys(names, state))
        return [self.ref(name) for name in names]

    def of(self, name: str) -> Tracked:
        """Return the Tracked of `name`."""
        return next(each for each in self.monitor.snapshot().tracked if each.ref.id == name)

    @property
    def last(self) -> Snapshot:
        return self.snapshots[-1]


@contextlib.asynccontextmanager
async def bench(
    store: Store | None = None,
    *,
    clock: Callable[[], float],
    interval: float = 2.0,
    size: int | None = None,
    seed: int = 1,
    behind: float = 0.0,
    insight: bool = False,
) -> AsyncIterator[Bench]:
    """Run a monitor with the content of `store`; cancel it at the end and check that no task is left.

    This machine's clock is `behind` that of the service, in seconds.
    """

    def local() -> float:
        return clock() - behind

    world = ScriptedWorld(clock, size=size)
    network = Network(httpx.ASGITransport(app=DemoService(world)))
    loop = asyncio.get_running_loop()
    source = credentials()
    async with Client(lambda ref: source, transport=network, clock=local) as client:
        monitor = Monitor(
            store.tracked() if store else (),
            client,
            store,
            jobs=client if insight else None,
            interval=interval,
            clock=local,
            monotonic=loop.time,
            rng=Random(seed),
        )
        made = Bench(world, network, monitor)
        monitor.listen(made.snapshots.append, made.transitions.append)
        running = asyncio.create_task(monitor.run())
        try:
            yield made
        finally:
            running.cancel()
            ended = (await asyncio.gather(running, return_exceptions=True))[0]
        if not isinstance(ended, asyncio.CancelledError):
            raise AssertionError("the monitor ended by itself") from ended
        assert not network.under_way.total(), "reads are left behind"


async def until(condition: Callable[[], object], patience: float = 30.0) -> None:
    """Wait, in the loop's time, until `condition` is true."""
    loop = asyncio.get_running_loop()
    end = loop.time() + patience
    while not condition():
        assert loop.time() < end, "waited in vain"
        await asyncio.sleep(0.01)
