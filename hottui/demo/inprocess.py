"""The demo without a socket: an endpoint, its credentials, and the transport that leads to a world."""

from typing import Final

import httpx
from pydantic import SecretStr

from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.demo.world import World
from hottui.service.credentials import Credentials, StaticCredentials

ENDPOINT_IN_PROCESS: Final = "http://127.0.0.1"


def credentials() -> StaticCredentials:
    """The key the demo's gateway knows."""
    return StaticCredentials(Credentials(ACCESS_KEY_ID, SecretStr(ACCESS_KEY_SECRET)), name="demo")


def transport(world: World) -> httpx.ASGITransport:
    """The way to `world` for an httpx client, without quota or faults: those are DemoService's to give."""
    return httpx.ASGITransport(app=DemoService(world))
