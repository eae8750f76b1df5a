"""Which connections are kept, how many, and how long; and by which proxy they go."""

import asyncio
from collections.abc import Generator

import httpx
import pytest

from hottui.service.connection_pool import KEEPALIVE_EXPIRY, MAX_CONNECTIONS, ConnectionPool, SingleTransport, stream
from hottui.service.transport import proxy_for


class Counted(httpx.AsyncBaseTransport):
    """A transport that knows whether it was closed."""

    def __init__(self, url: httpx.URL) -> None:
        self.host = url.host
        self.closed = False

    async def aclose(self) -> None:
        await asyncio.sleep(0)  # as a socket's does
        self.closed = True


class Workshop:
    """Lines whose transports are known, and a clock."""

    def __init__(self) -> None:
        self.made: list[Counted] = []
        self.now = 0.0
        self.lines = ConnectionPool(self._make, lambda: self.now)

    def _make(self, url: httpx.URL) -> Counted:
        self.made.append(Counted(url))
        return self.made[-1]

    @property
    def open(self) -> list[Counted]:
        return [each for each in self.made if not each.closed]

    async def use(self, *urls: str) -> list[httpx.AsyncBaseTransport]:
        """A request to each at the same time; gives what carried them."""
        all_there = asyncio.Barrier(len(urls))

        async def request(url: str) -> httpx.AsyncBaseTransport:
            async with self.lines.transport_for(httpx.URL(url)) as transport:
                await all_there.wait()
                return transport

        carried = await asyncio.gather(*map(request, urls))
        for _ in range(5):  # what is closed beside requests is closed by then
            await asyncio.sleep(0)
        return carried


async def test_the_line_used_last_is_used_next() -> None:
    shop = Workshop()
    await shop.use(*["https://a/"] * 3)
    first = await shop.use("https://a/x")
    for _ in range(5):
        assert await shop.use("https://a/y") == first
    assert len(shop.made) == 3


async def test_what_nobody_needs_for_long_is_closed_and_what_is_needed_is_not() -> None:
    shop = Workshop()
    await shop.use(*["https://a/"] * 3)
    for _ in range(4):
        shop.now += KEEPALIVE_EXPIRY / 3
        (used,) = await shop.use("https://a/")
    assert shop.open == [used]


async def test_an_origin_has_lines_of_its_own() -> None:
    shop = Workshop()
    carried = await shop.use("https://a/", "https://b/", "https://a:444/", "https://a/")
    assert len(set(carried)) == 4
    (again,) = await shop.use("https://b/")
    assert again is carried[1]


async def test_never_more_connections_than_allowed_whatever_the_origins() -> None:
    shop = Workshop()
    for n in range(30):
        await shop.use(*[f"https://host{n}/"] * 3)
        assert len(shop.open) <= MAX_CONNECTIONS
    assert {each.host for each in shop.open} >= {"host29", "host28", "host27"}, "the oldest go first"


async def test_who_comes_when_all_are_busy_waits() -> None:
    shop = Workshop()
    inside, most, go_on = 0, 0, asyncio.Event()

    async def request() -> None:
        nonlocal inside, most
        async with shop.lines.transport_for(httpx.URL("https://a/")):
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


async def test_closing_closes_busy_lines_too_and_keeps_none() -> None:
    shop = Workshop()
    async with shop.lines.transport_for(httpx.URL("https://a/")):
        await shop.lines.aclose()
        assert shop.open == []
    await shop.use("https://a/")
    assert len(shop.open) == 1


async def test_requests_that_begin_together_when_all_have_grown_old() -> None:
    shop = Workshop()
    await shop.use(*["https://a/"] * 4, *["https://b/"] * 3)
    shop.now = 2 * KEEPALIVE_EXPIRY
    carried = await shop.use(*["https://a/"] * 3, *["https://b/"] * 2)
    assert {id(each) for each in shop.open} == {id(each) for each in carried}
    assert len(shop.open) == 5


async def test_nobody_waits_for_what_is_closed_or_fails_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, go_on = Workshop(), asyncio.Event()
    await shop.use("https://a/", "https://b/")
    shop.now = 2 * KEEPALIVE_EXPIRY

    async def slow_and_lost(_: Counted) -> None:
        await go_on.wait()
        raise OSError("gone")

    monkeypatch.setattr(Counted, "aclose", slow_and_lost)
    assert (await shop.use("https://b/"))[0] is shop.made[1]
    go_on.set()
    await shop.lines.aclose()


async def test_a_failed_request_gives_its_line_back() -> None:
    shop = Workshop()
    for _ in range(2 * MAX_CONNECTIONS):
        with pytest.raises(OSError, match="gone"):
            async with shop.lines.transport_for(httpx.URL("https://a/")):
                raise OSError("gone")
    assert len(shop.made) == 1


async def test_any_httpx_auth_can_sign_a_request() -> None:
    def echo(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=request.headers.get("authorization", ""))

    pool = SingleTransport(httpx.MockTransport(echo))
    request = httpx.Request("GET", "https://h.invalid/")
    async with stream(pool, request, httpx.BasicAuth("user", "password")) as response:
        assert response.text == "Basic dXNlcjpwYXNzd29yZA=="
    assert response.is_closed


async def test_a_request_is_signed_once_a_connection_is_available() -> None:
    shop, signed = Workshop(), False

    class Noting(httpx.Auth):
        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
            nonlocal signed
            signed = True
            yield request

    url, release = httpx.URL("https://a/"), asyncio.Event()

    async def occupy() -> None:
        async with shop.lines.transport_for(url):
            await release.wait()

    async def send() -> None:
        async with stream(shop.lines, httpx.Request("GET", url), Noting()):
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
def test_the_proxy_is_the_one_the_environment_names(
    variables: dict[str, str], url: str, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(httpx.URL(url)) == proxy
