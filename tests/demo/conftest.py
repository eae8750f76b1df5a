"""A simulation with a manual clock, and signed requests to it."""

from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.demo.simulation import Simulation
from hottui.model.ref import Ref
from hottui.service.credentials import Credentials
from hottui.service.operations import GET_RESULT
from hottui.service.signing import Acs3Auth

START = 1_790_000_000.0
ENDPOINT = "http://127.0.0.1"


@dataclass
class Clock:
    """Seconds since the epoch, advanced by tests."""

    now: float = START

    def __call__(self) -> float:
        return self.now


@dataclass
class Caller:
    """Sends signed requests to a service, in process."""

    service: DemoService
    key: Credentials = field(default_factory=lambda: Credentials(ACCESS_KEY_ID, SecretStr(ACCESS_KEY_SECRET)))

    async def get(
        self, ref: Ref, *, key: Credentials | None = None, ahead: float = 0.0, **headers: str
    ) -> httpx.Response:
        """Read `ref` with a request signed by `key` and a clock `ahead` of the service's; `headers` are added."""
        return await self.send(self.signed(ref, key=key, ahead=ahead, **headers))

    def signed(self, ref: Ref, *, key: Credentials | None = None, ahead: float = 0.0, **headers: str) -> httpx.Request:
        """Return the signed request for `ref`; parameters as for `get`."""
        auth = Acs3Auth(key or self.key, clock=self.service.simulation.clock, clock_offset=ahead)
        return next(auth.sync_auth_flow(self.request(ref, **headers)))

    def request(self, ref: Ref, **headers: str) -> httpx.Request:
        """Return the unsigned request for `ref`; underscores in header names stand for `-`."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        path = GET_RESULT.target({"namespace": ref.namespace, "id": ref.id})
        common = {
            "accept": "application/json",
            "x-acs-action": GET_RESULT.action,
            "x-acs-version": GET_RESULT.version,
        }
        return httpx.Request("GET", ENDPOINT + path, headers={**common, "workspace": ref.workspace, **given})

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Send `request` unchanged."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self.service)) as client:
            return await client.send(request)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def simulation(clock: Clock) -> Simulation:
    return Simulation(clock=clock)


@pytest.fixture
def caller(simulation: Simulation) -> Caller:
    return Caller(DemoService(simulation))


def signed_by(key_id: str, secret: str, token: str | None = None) -> Credentials:
    return Credentials(key_id, SecretStr(secret), SecretStr(token) if token else None)


def code_of(response: httpx.Response) -> str:
    """Return the error code in a JSON response; empty if there is none."""
    body: dict[str, Any] = response.json()
    code: str = body.get("Code") or body.get("errorCode") or ""
    return "" if code == '""' else code
