"""A rejected account resumes when its credentials change, with the real client and the demo's gateway."""

import asyncio
from random import Random

import httpx
import pytest

from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.demo.simulation import Simulation
from hottui.model.state import Freshness
from hottui.monitor.monitor import Monitor
from hottui.service.client import Client
from hottui.service.credentials import ACCESS_KEY_ID as ID
from hottui.service.credentials import ACCESS_KEY_SECRET as SECRET
from hottui.service.credentials import EnvironmentCredentials
from tests.monitor.bench import Network, until
from tests.monitor.virtual import virtual, virtual_loop


@pytest.mark.parametrize("wrong", ["not-the-secret", None])
@virtual
async def test_changed_credentials_end_a_hold_within_seconds(wrong: str | None) -> None:
    loop = virtual_loop()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ID, ACCESS_KEY_ID)
        if wrong:
            patch.setenv(SECRET, wrong)
        else:
            patch.delenv(SECRET, raising=False)
        world = Simulation(clock=loop.wall)
        network = Network(httpx.ASGITransport(app=DemoService(world)))
        source = EnvironmentCredentials()
        async with Client(lambda ref: source, transport=network, clock=loop.wall) as client:
            monitor = Monitor((), client, None, clock=loop.wall, monotonic=loop.time, rng=Random(1))
            monitor.track(world.refs("http://127.0.0.1")[:5])
            running = asyncio.create_task(monitor.run())
            await asyncio.sleep(300)
            (hold,) = monitor.snapshot().loop.holds
            assert hold.message
            assert {each.freshness for each in monitor.snapshot().tracked} == {Freshness.DENIED}
            patch.setenv(SECRET, ACCESS_KEY_SECRET)
            changed = loop.time()
            await until(lambda: not monitor.snapshot().loop.holds)
            assert loop.time() - changed < 3.0
            await until(lambda: all(each.freshness is Freshness.LIVE for each in monitor.snapshot().tracked))
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
