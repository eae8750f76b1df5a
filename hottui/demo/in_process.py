"""The demo without a socket: endpoint, credentials, and an in-process transport."""

from typing import Final

import httpx
from pydantic import SecretStr

from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.demo.simulation import Simulation
from hottui.service.credentials import Credentials, StaticCredentials

ENDPOINT_IN_PROCESS: Final = "http://127.0.0.1"


def credentials() -> StaticCredentials:
    """Return the credentials that the demo's gateway accepts."""
    return StaticCredentials(Credentials(ACCESS_KEY_ID, SecretStr(ACCESS_KEY_SECRET)), name="demo")


def transport(simulation: Simulation) -> httpx.ASGITransport:
    """Return an httpx transport to a DemoService for `simulation`, without quota or fault injection."""
    return httpx.ASGITransport(app=DemoService(simulation))
