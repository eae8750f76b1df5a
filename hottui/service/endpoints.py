"""Endpoints of the service: built from region and network, or validated if configured as a URL."""

import re
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import urlsplit

from hottui.errors import ExitCode, HottuiError

PUBLIC: Final = "public"
VPC: Final = "vpc"
NETWORKS: Final = (PUBLIC, VPC)

REGIONS: Final = (
    "cn-hangzhou",
    "cn-shanghai",
    "cn-beijing",
    "cn-shenzhen",
    "cn-zhangjiakou",
    "cn-qingdao",
    "cn-wulanchabu",
    "cn-chengdu",
    "cn-hongkong",
    "cn-shanghai-finance-1",
    "ap-southeast-1",
    "ap-southeast-3",
    "ap-southeast-5",
    "ap-northeast-1",
    "eu-central-1",
    "eu-west-1",
    "us-west-1",
    "us-east-1",
)
"""The regions listed in the vendor's SDK (`alibabacloud-ververica20220718` 1.14)."""

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts for which plain http is allowed, because requests to them stay on this machine."""

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\.?")
_DEFAULT_PORT = {"https": 443, "http": 80}


class InvalidEndpoint(HottuiError):
    """A region, network or endpoint is invalid."""

    exit_code = ExitCode.USAGE


def endpoint_for(region: str, network: str = PUBLIC) -> str:
    """Return the origin of the service in `region`, reached over `network` (`public`, or `vpc` from inside the VPC).

    Raises InvalidEndpoint.
    """
    if network not in NETWORKS:
        raise InvalidEndpoint(f"Unknown network {_shown(network)}. Use public or vpc.")
    if region not in REGIONS:
        raise InvalidEndpoint(f"Unknown region {_shown(region)}.{_nearest(region)}")
    return f"https://ververica{'-vpc' if network == VPC else ''}.{region}.aliyuncs.com"


def check_endpoint(url: str) -> str:
    """Return the normalised origin of `url`: scheme, host in lower case, and the port unless it is the default.

    The scheme defaults to https. Raises InvalidEndpoint for http to another machine, for a URL with a path, query or
    user name, and for an invalid address.
    """
    text = url.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = (parts.hostname or "").lower(), parts.port
        if ":" in host:
            host = IPv6Address(host).compressed
    except ValueError:
        raise InvalidEndpoint(f"The endpoint {_shown(text)} is not a valid address.") from None
    if parts.username is not None or parts.password is not None:
        raise InvalidEndpoint("The endpoint contains a user name. Remove it: credentials are configured separately.")
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORT:
        raise InvalidEndpoint(f"The endpoint {_shown(text)} must begin with https://.")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or text.endswith(("?", "#")):
        raise InvalidEndpoint(
            f"The endpoint {_shown(text)} must consist of scheme, host and port only: remove the path or query."
        )
    if not (":" in host or _HOST.fullmatch(host)) or port == 0:
        raise InvalidEndpoint(f"The endpoint {_shown(text)} is not a valid address.")
    if scheme == "http" and host not in LOOPBACK:
        raise InvalidEndpoint(f"The endpoint {_shown(text)} uses plain http to another machine. Use https.")
    origin = f"{scheme}://[{host}]" if ":" in host else f"{scheme}://{host}"
    return origin if port in {None, _DEFAULT_PORT[scheme]} else f"{origin}:{port}"


def host_of(endpoint: str) -> str:
    """Return the host and port of an endpoint, for messages."""
    return endpoint.partition("://")[2]


def _shown(text: str) -> str:
    from hottui.model.masking import mask_text  # noqa: PLC0415 — start-up time: needed for error messages only

    text = mask_text(text)  # a URL may contain a password
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _nearest(region: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 — start-up time: needed for error messages only

    near = get_close_matches(region.lower().replace("_", "-"), REGIONS, n=3, cutoff=0.5)
    if near:
        *others, last = near
        return f" Did you mean {', '.join(others)} or {last}?" if others else f" Did you mean {last}?"
    return f" Known regions: {', '.join(REGIONS)}. For another one, configure its endpoint."
