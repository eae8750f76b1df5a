"""The load that the monitor puts on the service, in real time, with a quota and random faults."""

import asyncio
import time
from random import Random

import httpx
import pytest

from hottui.demo.in_process import credentials
from hottui.demo.service import DemoService
from hottui.demo.simulation import Simulation
from hottui.monitor.monitor import Monitor
from hottui.service.client import Client
from tests.monitor.bench import until


@pytest.mark.parametrize("chaos", [0.0, 0.3])
async def test_every_ref_is_read_within_the_budget_with_unique_nonces(chaos: float) -> None:
    world = Simulation(1, size=40)
    service = DemoService(world, quota=20, latency=0.05, chaos=chaos)
    source = credentials()
    async with Client(lambda ref: source, transport=httpx.ASGITransport(app=service)) as client:
        monitor = Monitor((), client, None, interval=0.5, rng=Random(1))
        refs = [
            ref for ref in world.refs("http://127.0.0.1") if not world.denies(*(ref.workspace, ref.namespace, ref.id))
        ]
        monitor.track(refs)
        running = asyncio.create_task(monitor.run())
        started = time.monotonic()
        await until(lambda: all(each.seen or each.trouble for each in monitor.snapshot().tracked), 120)
        await asyncio.sleep(max(5.0 - (time.monotonic() - started), 0.0))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    counters = service.counters
    assert counters.max_in_a_second <= 12  # ten, and a tolerance for busy machines
    assert counters.max_in_flight <= 8
    assert counters.max_in_flight_of_one == 1
    assert "SignatureNonceUsed" not in counters.by_code
    assert all(counters.requests_of(ref.id) for ref in refs)
