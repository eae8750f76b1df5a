"""A read leaves nothing that only a search for garbage would find: what is found late is memory until then."""

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hottui.service.errors import ServiceError
from tests.service.conftest import MakeClient, RefAt
from tests.service.raw import envelope, in_turn, raw_server, refusal, response

_TIMES = 20


@contextmanager
def littered() -> Iterator[Counter[str]]:
    """What was left behind meanwhile by hottui and its way to the network: kinds of objects and how many."""
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


async def test_a_good_read_leaves_nothing(make_client: MakeClient, ref_at: RefAt, example: bytes) -> None:
    client = make_client()
    async with raw_server(in_turn(response(example))) as server:
        await client.read(ref_at(server.url))
        with littered() as left:
            for _ in range(_TIMES):
                await client.read(ref_at(server.url))
    assert not left


@pytest.mark.parametrize(
    "answer",
    [refusal(404, "InvalidAction.NotFound"), envelope(success=False, errorCode="No", errorMessage="No."), b"HTTP/1.1 "],
    ids=["the gateway", "the service", "cut off"],
)
async def test_a_refused_read_leaves_nothing(answer: bytes, make_client: MakeClient, ref_at: RefAt) -> None:
    client = make_client(deadline=0.2) if answer == b"HTTP/1.1 " else make_client()
    async with raw_server(in_turn(answer)) as server:
        with littered() as left:
            for _ in range(3):
                with pytest.raises(ServiceError):
                    await client.read(ref_at(server.url))
    assert not left
