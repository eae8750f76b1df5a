"""The network as the environment asks for it: certificates and proxies."""

import errno
import os
import ssl
import sys
from functools import partial
from importlib.util import find_spec
from typing import Any, Final
from urllib.request import getproxies, proxy_bypass

import httpx

from hottui.service import network_errors
from hottui.service.connection_pool import KEEPALIVE_EXPIRY, ConnectionPool
from hottui.service.endpoints import LOOPBACK
from hottui.service.errors import Unreachable

CONNECT_WITHIN: Final = 8.0
"""Seconds for DNS, TCP and TLS together; less than the deadline of a read. The deadline would do, but httpcore closes a
socket whose TLS handshake timed out, and leaves open one whose handshake was cancelled."""

_ONE = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEPALIVE_EXPIRY)


def network_pool() -> ConnectionPool:
    """Connections as the environment asks for them. Reading the certificates takes some 30 ms. Raises Unreachable."""
    _remember_that_it_is_absent("sniffio")
    return ConnectionPool(partial(_transport, _tls_context()))


def timeouts() -> dict[str, Any]:
    """What a request says of timeouts: none but for connecting.

    httpx's others are for each chunk that comes, and the deadline covers the whole read.
    """
    return {"timeout": httpx.Timeout(None, connect=CONNECT_WITHIN).as_dict()}


def _transport(context: ssl.SSLContext, url: httpx.URL) -> httpx.AsyncBaseTransport:
    """A transport for one connection to `url`. A bare one: a client would follow, keep and add what is not wanted."""
    try:
        proxy = proxy_for(url)
        return httpx.AsyncHTTPTransport(verify=context, limits=_ONE, proxy=httpx.Proxy(proxy) if proxy else None)
    except (ImportError, ValueError, httpx.InvalidURL):
        raise network_errors.proxy_error() from None


def proxy_for(url: httpx.URL) -> str:
    """The proxy that the environment names for `url`; empty for none."""
    if url.host in LOOPBACK and url.scheme == "http":
        return ""  # plain http never leaves the machine, not even to a proxy
    named = getproxies()
    proxy = named.get(url.scheme) or named.get("all") or ""
    if not proxy or proxy_bypass(f"{url.host}:{url.port}" if url.port else url.host):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def named_proxy(url: httpx.URL) -> network_errors.Proxy | None:
    """The proxy for `url` as errors name it: its address without a password, and the variable that names it."""
    try:
        address = httpx.URL(proxy_for(url)).netloc.decode("ascii")
    except httpx.InvalidURL:
        return None
    names = [name for base in (url.scheme, "all") for name in (f"{base}_proxy", f"{base}_proxy".upper())]
    variable = next((name for name in names if os.environ.get(name)), "")
    return network_errors.Proxy(address, variable) if address else None


def _remember_that_it_is_absent(module: str) -> None:
    """Make importing `module`, which is not installed, fail quickly.

    httpcore tries to import sniffio for each lock it makes, several times a request, and Python looks through the whole
    path each time: a fifth of a read's CPU.
    """
    # None is Python's own sign for a module that is not there.
    if module not in sys.modules and find_spec(module) is None:
        sys.modules[module] = None  # type: ignore[assignment]


def _check_key_log() -> None:
    """Open `SSLKEYLOGFILE` for writing as Python's TLS will, but without waiting for the reader of a named pipe.

    Raises Unreachable, so that no other file is blamed. The TLS keys that it will hold are for this user alone.
    """
    path = os.environ.get(network_errors.KEY_LOG)
    if not path:
        return
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o600))
    except (OSError, ValueError) as error:
        raise network_errors.no_key_log(error, path) from error


def _tls_context() -> ssl.SSLContext:
    """Verification by `SSL_CERT_FILE` or `SSL_CERT_DIR` alone where set, else by certifi's and the system's stores."""
    _check_key_log()
    named = next((name for name in (network_errors.CERT_FILE, network_errors.CERT_DIR) if os.environ.get(name)), None)
    if (
        named == network_errors.CERT_FILE
        and not os.path.isfile(os.environ[named])
        and os.path.exists(os.environ[named])
    ):
        refused = OSError(errno.EINVAL, "it is not a regular file")  # OpenSSL would wait for ever at a named pipe
        raise network_errors.certificates_error(refused, named, os.environ[named])
    try:
        context = httpx.create_ssl_context()
    except (OSError, ssl.SSLError) as error:
        if named is None:
            raise Unreachable(
                f"Cannot read trusted certificates on this machine: {error}.",
                hint=f"Install the system's CA certificates, or set {network_errors.CERT_FILE}.",
            ) from error
        raise network_errors.certificates_error(error, named, os.environ[named]) from error
    if named is None:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    return context
