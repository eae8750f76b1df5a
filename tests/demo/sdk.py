"""The vendor's SDK as an independent client of the served demo."""

from typing import Any

from alibabacloud_tea_openapi.models import Config
from alibabacloud_ververica20220718.client import Client as Sdk

from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET


def sdk(endpoint: str, key_id: str = ACCESS_KEY_ID, secret: str = ACCESS_KEY_SECRET) -> Sdk:
    """Return a client that signs with this key."""
    host = endpoint.removeprefix("http://")
    return Sdk(Config(access_key_id=key_id, access_key_secret=secret, endpoint=host, protocol="http"))


def without_absent(value: Any) -> Any:
    """Remove null and empty parts, which the SDK's types omit."""
    if isinstance(value, dict):
        parts = {key: without_absent(part) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part not in (None, {})}
    return value
