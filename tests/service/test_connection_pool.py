"""The connection pool: reuse, limit and expiry of connections; and the choice of a proxy."""

import asyncio
from collections.abc import Generator

import httpx
import pytest

from hottui.service.connection_pool import KEEPALIVE_EXPIRY, MAX_CONNECTIONS, ConnectionPool, SingleTransport, stream
from hottui.service.transport import proxy_for


class Counted(httpx.AsyncBaseTransport):
    """A transport that records whether it was closed."""

    def __init__(self, url: httpx.URL) -> None:
        self.host = url.host
        self.closed = False

    async def aclose(self) -> None:
        await asyncio.sleep(0)  # as closing a socket does
        self.closed = True


class RecordedPool:
    """A pool with recorded transports, and a clock set by the test."""

    def __init__(self) -> None:
        self.created: list[Counted] = []
        self.now = 0.0
        self.pool = ConnectionPool(self._make, lambda: self.now)

    def _make(self, url: httpx.URL) -> Counted:
        self.created.append(Counted(url))
        return self.created[-1]

    @property
    def open(self) -> list[Counted]:
        return [each for each in self.created if not each.closed]

    async def use(self, *urls: str) -> list[httpx.AsyncBaseTransport]:
        """Send a request to each URL at the same time; return the transports used."""
        all_there = asyncio.Barrier(len(urls))

        async def request(url: str) -> httpx.AsyncBaseTransport:
            async with self.pool.transport_for(httpx.URL(url)) as transport:
                await all_there.wait()
                return transport

        used = await asyncio.gather(*map(request, urls))
        for _ in range(5):  # lets the tasks that close connections finish
            await asyncio.sleep(0)
        return used


async def test_the_most_recently_used_connection_is_used_next() -> None:
    recorded = RecordedPool()
    await recorded.use(*["https://a/"] * 3)
    first = await recorded.use("https://a/x")
    for _ in range(5):
        assert await recorded.use("https://a/y") == first
    assert len(recorded.created) == 3


async def test_idle_connections_expire_and_used_ones_do_not() -> None:
    recorded = RecordedPool()
    await recorded.use(*["https://a/"] * 3)
    for _ in range(4):
        recorded.now += KEEPALIVE_EXPIRY / 3
        (used,) = await recorded.use("https://a/")
    assert recorded.open == [used]


async def test_connections_are_per_origin() -> None:
    recorded = RecordedPool()
    used = await recorded.use("https://a/", "https://b/", "https://a:444/", "https://a/")
    assert len(set(used)) == 4
    (again,) = await recorded.use("https://b/")
    assert again is used[1]


async def test_the_limit_on_connections_applies_to_all_origins_together() -> None:
    recorded = RecordedPool()
    for n in range(30):
        await recorded.use(*[f"https://host{n}/"] * 3)
        assert len(recorded.open) <= MAX_CONNECTIONS
    assert {each.host for each in recorded.open} >= {"host29", "host28", "host27"}, "the oldest are closed first"


async def test_requests_wait_while_all_connections_are_busy() -> None:
    recorded = RecordedPool()
    inside, most, go_on = 0, 0, asyncio.Event()

    async def request() -> None:
        nonlocal inside, most
        async with recorded.pool.transport_for(httpx.URL("https://a/")):
            inside += 1
            most = max(most, inside)
            await go_on.wait()
            inside -= 1

    requests = [asyncio.create_task(request()) for _ in range(25)]
    for _ in range(100):
        await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(*requests)
    assert most == MAX_CONNECTIONS


async def test_closing_the_pool_closes_busy_connections() -> None:
    recorded = RecordedPool()
    async with recorded.pool.transport_for(httpx.URL("https://a/")):
        await recorded.pool.aclose()
        assert recorded.open == []
    await recorded.use("https://a/")
    assert len(recorded.open) == 1


async def test_concurrent_requests_after_all_connections_expired() -> None:
    recorded = RecordedPool()
    await recorded.use(*["https://a/"] * 4, *["https://b/"] * 3)
    recorded.now = 2 * KEEPALIVE_EXPIRY
    used = await recorded.use(*["https://a/"] * 3, *["https://b/"] * 2)
    assert {id(each) for each in recorded.open} == {id(each) for each in used}
    assert len(recorded.open) == 5


async def test_closing_a_connection_neither_delays_nor_fails_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded, go_on = RecordedPool(), asyncio.Event()
    await recorded.use("https://a/", "https://b/")
    recorded.now = 2 * KEEPALIVE_EXPIRY

    async def slow_and_lost(_: Counted) -> None:
        await go_on.wait()
        raise OSError("gone")

    monkeypatch.setattr(Counted, "aclose", slow_and_lost)
    assert (await recorded.use("https://b/"))[0] is recorded.created[1]
    go_on.set()
    await recorded.pool.aclose()


async def test_a_failed_request_releases_its_connection() -> None:
    recorded = RecordedPool()
    for _ in range(2 * MAX_CONNECTIONS):
        with pytest.raises(OSError, match="gone"):
            async with recorded.pool.transport_for(httpx.URL("https://a/")):
                raise OSError("gone")
    assert len(recorded.created) == 1


async def test_any_httpx_auth_can_sign_a_request() -> None:
    def echo(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=request.headers.get("authorization", ""))

    pool = SingleTransport(httpx.MockTransport(echo))
    request = httpx.Request("GET", "https://h.invalid/")
    async with stream(pool, request, httpx.BasicAuth("user", "password")) as response:
        assert response.text == "Basic dXNlcjpwYXNzd29yZA=="
    assert response.is_closed


async def test_a_request_is_signed_once_a_connection_is_available() -> None:
    recorded, signed = RecordedPool(), False

    class Noting(httpx.Auth):
        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
            nonlocal signed
            signed = True
            yield request

    url, release = httpx.URL("https://a/"), asyncio.Event()

    async def occupy() -> None:
        async with recorded.pool.transport_for(url):
            await release.wait()

    async def send() -> None:
        async with stream(recorded.pool, httpx.Request("GET", url), Noting()):
            pass

    busy = [asyncio.create_task(occupy()) for _ in range(MAX_CONNECTIONS)]
    await asyncio.sleep(0)
    waiting = asyncio.create_task(send())
    for _ in range(20):
        await asyncio.sleep(0)
    assert not signed
    release.set()
    await asyncio.gather(*busy)
    with pytest.raises(NotImplementedError):  # the counted transports cannot send
        await waiting
    assert signed


@pytest.mark.parametrize(
    ("variables", "url", "proxy"),
    [
        ({}, "https://h.example/", ""),
        ({"HTTPS_PROXY": "http://p:1"}, "https://h.example/", "http://p:1"),
        ({"https_proxy": "p:1"}, "https://h.example/", "http://p:1"),
        ({"ALL_PROXY": "http://p:1"}, "https://h.example/", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "ALL_PROXY": "http://q:2"}, "https://h.example/", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "https://h.example/", ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, "https://h.example/", ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "other, .example"}, "https://h.example/", ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "h.example:8443"}, "https://h.example:8443/", ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "mple"}, "https://h.example/", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.0.0.1"}, "https://10.0.0.1/", ""),
        ({"HTTPS_PROXY": "http://p:1"}, "https://127.0.0.1/", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1", "ALL_PROXY": "http://q:2"}, "http://127.0.0.1:9/", ""),
        ({"HTTP_PROXY": "http://p:1", "ALL_PROXY": "http://q:2"}, "http://[::1]:9/", ""),
        ({"HTTP_PROXY": "http://p:1", "ALL_PROXY": "http://q:2"}, "http://localhost:9/", ""),
    ],
)
def test_the_proxy_comes_from_the_environment(
    variables: dict[str, str], url: str, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(httpx.URL(url)) == proxy
