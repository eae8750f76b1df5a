"""The vendor's SDK as an independent client of the served demo."""

from alibabacloud_tea_openapi.models import Config
from alibabacloud_ververica20220718.client import Client as Sdk

from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET


def sdk(endpoint: str, key_id: str = ACCESS_KEY_ID, secret: str = ACCESS_KEY_SECRET) -> Sdk:
    """A client that signs with this key."""
    host = endpoint.removeprefix("http://")
    return Sdk(Config(access_key_id=key_id, access_key_secret=secret, endpoint=host, protocol="http"))
