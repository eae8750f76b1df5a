"""Transports configured by the environment: certificates and proxies."""

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

CONNECT_TIMEOUT: Final = 8.0
"""Seconds for DNS, TCP and TLS together; less than the deadline of a read. The deadline alone would leak sockets:
httpcore closes one whose TLS handshake timed out, but not one whose handshake was cancelled."""

_LIMITS = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEPALIVE_EXPIRY)


def network_pool() -> ConnectionPool:
    """Return a pool that uses the certificates and proxies of the environment. Raises Unreachable.

    Blocks for about 30 ms, to read the certificates.
    """
    _cache_failed_import("sniffio")
    return ConnectionPool(partial(_transport, _tls_context()))


def timeouts() -> dict[str, Any]:
    """Return the request extension that sets a connect timeout only.

    httpx's other timeouts apply to each chunk; the deadline of a read covers all of them.
    """
    return {"timeout": httpx.Timeout(None, connect=CONNECT_TIMEOUT).as_dict()}


def _transport(context: ssl.SSLContext, url: httpx.URL) -> httpx.AsyncBaseTransport:
    """Return a transport for one connection to `url`.

    Not a client, which would add headers, handle redirects and store cookies.
    """
    try:
        proxy = proxy_for(url)
        return httpx.AsyncHTTPTransport(verify=context, limits=_LIMITS, proxy=httpx.Proxy(proxy) if proxy else None)
    except (ImportError, ValueError, httpx.InvalidURL):
        raise network_errors.proxy_error() from None


def proxy_for(url: httpx.URL) -> str:
    """Return the proxy that the environment sets for `url`; empty if none."""
    if url.host in LOOPBACK and url.scheme == "http":
        return ""  # plain http stays on this machine, so it is not sent to a proxy either
    named = getproxies()
    proxy = named.get(url.scheme) or named.get("all") or ""
    if not proxy or proxy_bypass(f"{url.host}:{url.port}" if url.port else url.host):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def named_proxy(url: httpx.URL) -> network_errors.Proxy | None:
    """Return the proxy for `url` without its password, and the variable that sets it, for use in messages."""
    try:
        address = httpx.URL(proxy_for(url)).netloc.decode("ascii")
    except httpx.InvalidURL:
        return None
    names = [name for base in (url.scheme, "all") for name in (f"{base}_proxy", f"{base}_proxy".upper())]
    variable = next((name for name in names if os.environ.get(name)), "")
    return network_errors.Proxy(address, variable) if address else None


def _cache_failed_import(module: str) -> None:
    """Make importing `module` fail quickly if it is not installed.

    httpcore tries to import sniffio for each lock it creates, several times per request, and Python searches the whole
    path each time: a fifth of a read's CPU time.
    """
    # None in sys.modules makes Python raise ModuleNotFoundError without a search.
    if module not in sys.modules and find_spec(module) is None:
        sys.modules[module] = None  # type: ignore[assignment]


def _check_key_log() -> None:
    """Open `SSLKEYLOGFILE` for writing as the ssl module will, but without waiting for the reader of a named pipe.

    Raises Unreachable, so that the message names this file. A new file is readable by its owner only: it will contain
    TLS keys.
    """
    path = os.environ.get(network_errors.KEY_LOG)
    if not path:
        return
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o600))
    except (OSError, ValueError) as error:
        raise network_errors.key_log_error(error, path) from error


def _tls_context() -> ssl.SSLContext:
    """Return a context that uses `SSL_CERT_FILE` or `SSL_CERT_DIR` if set, else certifi's and the system's stores.

    Raises Unreachable.
    """
    _check_key_log()
    named = next((name for name in (network_errors.CERT_FILE, network_errors.CERT_DIR) if os.environ.get(name)), None)
    if (
        named == network_errors.CERT_FILE
        and not os.path.isfile(os.environ[named])
        and os.path.exists(os.environ[named])
    ):
        refused = OSError(errno.EINVAL, "it is not a regular file")  # OpenSSL would block on a named pipe
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
