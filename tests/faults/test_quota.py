"""Rate limits over real HTTP: the served demo with a quota, throttling and faults."""

import asyncio
import time
from random import Random
from typing import Any

import pytest

from hottui.demo.asgi import Receive, Scope, Send
from hottui.demo.in_process import credentials
from hottui.demo.server import serving
from hottui.demo.service import DemoService
from hottui.demo.simulation import Simulation
from hottui.model.ref import Ref
from hottui.monitor.monitor import Monitor
from hottui.monitor.rate_budget import IN_FLIGHT, RATE
from hottui.service.client import Client

_LONGEST = 120.0
_LATE = IN_FLIGHT
"""Requests that may arrive in a later second than the one in which they were sent: no more are ever under way."""


class Timed(DemoService):
    """A demo service that records when requests arrive."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.times: list[float] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.times.append(time.monotonic())
        await super().__call__(scope, receive, send)


async def read_all(service: DemoService) -> list[Ref]:
    """Monitor every hot update of the served demo until each was read; return the refs."""
    source = credentials()
    with serving(service) as endpoint:
        world = service.simulation
        refs = [ref for ref in world.refs(endpoint) if not world.denies(ref.workspace, ref.namespace, ref.id)]
        async with Client(lambda _: source) as client:
            monitor = Monitor((), client, None, interval=0.5, rng=Random(1))
            monitor.track(refs)
            running = asyncio.create_task(monitor.run())
            end = time.monotonic() + _LONGEST
            while not all(one.seen or one.trouble for one in monitor.snapshot().tracked):
                assert time.monotonic() < end, "a ref was not served"
                await asyncio.sleep(0.05)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    return refs


@pytest.mark.parametrize("chaos", [0.0, 0.2])
async def test_every_ref_is_read_within_a_quota_of_twenty_per_second(chaos: float) -> None:
    service = Timed(Simulation(1, size=30), quota=20, latency=0.02, chaos=chaos, chaos_seed=3)
    refs = await read_all(service)
    counters = service.counters
    times = service.times
    assert max(sum(begin <= at < begin + 1.0 for at in times) for begin in times) <= RATE + _LATE
    assert counters.max_in_flight <= IN_FLIGHT
    assert counters.max_in_flight_of_one == 1, "no ref has two concurrent reads"
    assert "SignatureNonceUsed" not in counters.by_code, "no nonce is used twice"
    assert all(counters.requests_of(ref.id) for ref in refs)
    if not chaos:
        assert 429 not in counters.by_status


async def test_a_quota_below_the_budget_slows_polling_of_every_ref() -> None:
    service = DemoService(Simulation(1, size=15), quota=5, latency=0.02)
    await read_all(service)
    assert service.counters.by_status[429], "the budget of ten per second exceeds the quota"
    throttled = service.counters.by_status[429] / service.counters.requests
    assert throttled < 0.5, "most requests are served"
