"""Fixtures: a ref, credentials, the vendor's example answer, and clients that are closed after the test."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from hottui.model.ref import Ref
from hottui.service.client import Client
from hottui.service.credentials import Credentials, StaticCredentials
from tests.service.raw_server import SECRET, TOKEN

EXAMPLE = Path(__file__).parents[1] / "fixtures" / "vendor_example.json"

MakeClient = Callable[..., Client]
RefAt = Callable[[str], Ref]


@pytest.fixture(scope="session")
def example() -> bytes:
    """Return the vendor's example without its ID, so that it is a valid answer about any ID."""
    return EXAMPLE.read_bytes().replace(b"123hashd****", b"")


@pytest.fixture(scope="session")
def source() -> StaticCredentials:
    return StaticCredentials(Credentials("an-access-key", SecretStr(SECRET), SecretStr(TOKEN)))


@pytest.fixture
def ref_at() -> RefAt:
    return lambda endpoint: Ref(endpoint, "a-workspace", "a-namespace", "an-id")


@pytest.fixture
async def make_client(source: StaticCredentials) -> AsyncIterator[MakeClient]:
    clients: list[Client] = []

    def make(**options: Any) -> Client:
        given = options.pop("source", source)
        clients.append(Client(lambda _: given, **options))
        return clients[-1]

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture(autouse=True)
def no_proxy_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
