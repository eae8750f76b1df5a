"""Quota, delay, random faults, and the counters of a client's requests."""

import asyncio
from collections import Counter
from random import Random

import httpx
import pytest

from hottui.demo.asgi import Reply, Request
from hottui.demo.fault_injection import FAULTS, Throttling, chaotic, rationed
from hottui.demo.in_process import credentials
from hottui.demo.service import DemoService
from hottui.demo.simulation import Simulation
from hottui.model.ref import Ref
from hottui.service.client import Client
from hottui.service.errors import ServiceError

from .conftest import ENDPOINT, Caller, Clock, code_of


@pytest.fixture
def ref(simulation: Simulation) -> Ref:
    return simulation.refs(ENDPOINT)[0]


async def fine(_request: Request) -> Reply:
    return Reply(200, b'{"success": true}')


def no_id() -> str:
    return "0"


REQUEST = Request("GET", "/x", "", {"accept": "application/json"})


async def test_a_quota_applies_to_any_one_second() -> None:
    clock = Clock(0.0)
    handle = rationed(fine, 3, Throttling(), no_id, clock)

    async def statuses(at: float, count: int) -> list[int]:
        clock.now = at
        return [(await handle(REQUEST)).status for _ in range(count)]

    assert await statuses(0.0, 2) == [200, 200]
    assert await statuses(0.9, 2) == [200, 429]
    assert await statuses(1.0, 3) == [200, 200, 429]
    assert await statuses(2.0, 4) == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("throttling", "status", "header"),
    [
        (Throttling(), 429, ("retry-after", "1")),
        (Throttling(400, "Throttling", ()), 400, None),
        (Throttling(400, "Throttling.Api", (("x-acs-retry-after", "1500"),)), 400, ("x-acs-retry-after", "1500")),
    ],
)
async def test_throttling_takes_each_of_the_vendors_forms(
    simulation: Simulation, ref: Ref, throttling: Throttling, status: int, header: tuple[str, str] | None
) -> None:
    caller = Caller(DemoService(simulation, quota=0, throttling=throttling))
    response = await caller.get(ref)
    assert (response.status_code, code_of(response)) == (status, throttling.code)
    hints = [(k, v) for k, v in response.headers.items() if "retry" in k]
    assert hints == ([header] if header else [])
    assert caller.service.counters.by_code == {throttling.code: 1}


async def test_chaos_produces_every_fault_determined_by_the_seed() -> None:
    async def draw(seed: int) -> list[tuple[int, bytes]]:
        handle = chaotic(fine, 0.9, Random(seed), no_id)
        return [(reply.status, reply.body) for reply in [await handle(REQUEST) for _ in range(300)]]

    drawn = await draw(1)
    assert drawn == await draw(1)
    assert drawn != await draw(2)
    statuses = Counter(status for status, _ in drawn)
    assert set(statuses) == {200, 302, 400, 429, 500, 502, 503, 504}
    bodies = {body for status, body in drawn if status == 200}
    assert b'{"succes' in bodies  # truncated
    assert any(body.startswith(b"<!DOCTYPE html>") for body in bodies)
    with pytest.raises(UnicodeDecodeError):
        b"".join(bodies).decode()
    assert len(set(drawn)) == len(FAULTS) + 1


async def test_chaos_has_the_given_probability(simulation: Simulation, ref: Ref) -> None:
    caller = Caller(DemoService(simulation, chaos=0.2, chaos_seed=3))
    good = 0
    for _ in range(200):
        response = await caller.get(ref)
        good += response.status_code == 200 and response.content.startswith(b'{"requestId"') and is_whole(response)
    assert 130 <= good <= 185


def is_whole(response: httpx.Response) -> bool:
    return response.content.endswith(b"}}")


async def test_counters_have_the_maximum_concurrency(simulation: Simulation) -> None:
    refs = simulation.refs(ENDPOINT)[:3]
    caller = Caller(DemoService(simulation, latency=0.2))
    await asyncio.gather(*(caller.get(each) for each in (*refs, refs[0])))
    counters = caller.service.counters
    assert counters.max_in_flight == 4
    assert counters.max_in_flight_of_one == 2
    assert counters.in_flight == 0
    assert counters.requests == 4
    assert [counters.requests_of(each.id) for each in refs] == [2, 1, 1]
    assert counters.by_status == {200: 4}


async def test_sequential_requests_are_not_concurrent(simulation: Simulation, ref: Ref) -> None:
    caller = Caller(DemoService(simulation))
    for _ in range(3):
        await caller.get(ref)
    counters = caller.service.counters
    assert (counters.max_in_flight, counters.max_in_flight_of_one, counters.max_in_a_second) == (1, 1, 3)


async def test_a_cancelled_request_is_no_longer_in_flight(simulation: Simulation, ref: Ref) -> None:
    caller = Caller(DemoService(simulation, latency=3600))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await caller.get(ref)
    assert (caller.service.counters.requests, caller.service.counters.in_flight) == (1, 0)


async def test_hottuis_client_raises_a_service_error_for_every_fault(
    simulation: Simulation, ref: Ref, clock: Clock
) -> None:
    source = credentials()
    way = httpx.ASGITransport(app=DemoService(simulation, chaos=0.9, chaos_seed=5))
    outcomes: Counter[str] = Counter()
    async with Client(lambda _ref: source, transport=way, clock=clock) as client:
        for _ in range(150):
            try:
                await client.read(ref)
                outcomes["read"] += 1
            except ServiceError as error:
                outcomes[type(error).__name__ if error.message else "nothing"] += 1
    assert set(outcomes) == {"read", "Throttled", "Unavailable", "Unreachable", "Unreadable"}
