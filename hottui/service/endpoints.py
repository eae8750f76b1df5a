"""Where the service answers: from a region and a network, or an address that was given."""

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
"""The regions named by the vendor's SDK (`alibabacloud-ververica20220718` 1.14)."""

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
"""The hosts that plain http may speak to: nothing sent there leaves the machine."""

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\.?")
_DEFAULT_PORT = {"https": 443, "http": 80}


class InvalidEndpoint(HottuiError):
    """A region, network or address that cannot be used; the message is for the user."""

    exit_code = ExitCode.USAGE


def endpoint_for(region: str, network: str = PUBLIC) -> str:
    """The origin of the service in `region`, reached over `network` (`public`, or `vpc` from inside the VPC).

    Raises InvalidEndpoint.
    """
    if network not in NETWORKS:
        raise InvalidEndpoint(f"The network {_shown(network)} is not known: it is public or vpc.")
    if region not in REGIONS:
        raise InvalidEndpoint(f"The region {_shown(region)} is not known.{_nearest(region)}")
    return f"https://ververica{'-vpc' if network == VPC else ''}.{region}.aliyuncs.com"


def check_endpoint(url: str) -> str:
    """The normalised origin of `url`: scheme, host in lower case, and the port where it is not the usual one.

    A bare host means https. Raises InvalidEndpoint: for http to another machine, for anything beside the origin
    (a path, a query, a user name), and for what is no address at all.
    """
    text = url.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = (parts.hostname or "").lower(), parts.port
        if ":" in host:
            host = IPv6Address(host).compressed
    except ValueError:
        raise InvalidEndpoint(f"The endpoint {_shown(text)} is not an address.") from None
    if parts.username is not None or parts.password is not None:
        raise InvalidEndpoint("The endpoint names a user: give the address alone; credentials are taken elsewhere.")
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORT:
        raise InvalidEndpoint(f"The endpoint {_shown(text)} must begin with https://.")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or text.endswith(("?", "#")):
        raise InvalidEndpoint(f"The endpoint {_shown(text)} must be scheme, host and port alone, without a path.")
    if not (":" in host or _HOST.fullmatch(host)) or port == 0:
        raise InvalidEndpoint(f"The endpoint {_shown(text)} is not an address.")
    if scheme == "http" and host not in LOOPBACK:
        raise InvalidEndpoint(f"The endpoint {_shown(text)} is plain http to another machine: use https.")
    origin = f"{scheme}://[{host}]" if ":" in host else f"{scheme}://{host}"
    return origin if port in {None, _DEFAULT_PORT[scheme]} else f"{origin}:{port}"


def host_of(endpoint: str) -> str:
    """The host and port of an endpoint, as people name it."""
    return endpoint.partition("://")[2]


def _shown(text: str) -> str:
    from hottui.model.masking import mask_text  # noqa: PLC0415 — needed for a mistake alone

    text = mask_text(text)  # an address may hold a password
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _nearest(region: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 — needed for a mistake alone

    near = get_close_matches(region.lower().replace("_", "-"), REGIONS, n=3, cutoff=0.5)
    if near:
        return f" Nearest: {', '.join(near)}."
    return f" Known: {', '.join(REGIONS)}; another one needs its endpoint given in full."
