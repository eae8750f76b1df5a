"""Reads create no reference cycles, whose memory only the cyclic garbage collector would free, and later."""

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hottui.service.errors import ServiceError
from tests.service.conftest import MakeClient, RefAt
from tests.service.raw_server import envelope, gateway_reply, raw_server, response, sends_in_turn

_TIMES = 20


@contextmanager
def unreachable_objects() -> Iterator[Counter[str]]:
    """Yield the number of unreachable objects by type that hottui and the HTTP libraries leave meanwhile."""
    left: Counter[str] = Counter()
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield left
        gc.collect()
        ours = ("hottui", "httpx", "httpcore", "h11", "anyio")
        left.update(type(one).__name__ for one in gc.garbage if type(one).__module__.startswith(ours))
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


async def test_a_successful_read_leaves_no_cycles(make_client: MakeClient, ref_at: RefAt, example: bytes) -> None:
    client = make_client()
    async with raw_server(sends_in_turn(response(example))) as server:
        await client.read(ref_at(server.url))
        with unreachable_objects() as left:
            for _ in range(_TIMES):
                await client.read(ref_at(server.url))
    assert not left


@pytest.mark.parametrize(
    "answer",
    [
        gateway_reply(404, "InvalidAction.NotFound"),
        envelope(success=False, errorCode="No", errorMessage="No."),
        b"HTTP/1.1 ",
    ],
    ids=["the gateway", "the service", "cut off"],
)
async def test_a_failed_read_leaves_no_cycles(answer: bytes, make_client: MakeClient, ref_at: RefAt) -> None:
    client = make_client(deadline=0.2) if answer == b"HTTP/1.1 " else make_client()
    async with raw_server(sends_in_turn(answer)) as server:
        with unreachable_objects() as left:
            for _ in range(3):
                with pytest.raises(ServiceError):
                    await client.read(ref_at(server.url))
    assert not left
