"""The HTTP client as the environment asks for it: certificates, proxies, and how many connections are kept."""

import os
import ssl
import sys
from http.cookiejar import CookieJar
from importlib.util import find_spec
from typing import Final

import httpx

from hottui.service import faults
from hottui.service.endpoints import LOOPBACK
from hottui.service.errors import Unreachable

CONNECTIONS: Final = 10
"""httpx looks through its whole pool for each request: more connections cost more than they bring."""

CONNECT_WITHIN: Final = 8.0
"""Seconds for DNS, TCP and TLS together; less than the deadline of a read. The deadline would do, but httpcore closes a
socket whose TLS handshake timed out, and leaves open one whose handshake was cancelled."""

_KEPT_IDLE = 30.0  # seconds; longer than the poll interval, shorter than what load balancers and NATs forget


class NoCookies(CookieJar):
    """Keeps no cookie: the service needs none, a login page's would travel with every later read.

    Looking for them would also cost a twentieth of each read's CPU.
    """

    def extract_cookies(self, response: object, request: object) -> None:
        """Take none."""

    def add_cookie_header(self, request: object) -> None:
        """Send none."""


def _remember_that_it_is_absent(module: str) -> None:
    """Make importing `module`, which is not installed, fail quickly.

    httpcore tries to import sniffio for each lock it makes, several times a request, and Python looks through the whole
    path each time: a fifth of a read's CPU.
    """
    # None is Python's own sign for a module that is not there.
    if module not in sys.modules and find_spec(module) is None:
        sys.modules[module] = None  # type: ignore[assignment]


def over_the_network() -> httpx.AsyncClient:
    """An HTTP client as the environment asks for it. Reading the certificates takes some 30 ms."""
    _remember_that_it_is_absent("sniffio")
    context = _tls_context()
    try:
        return httpx.AsyncClient(
            verify=context,
            timeout=_timeouts(),
            limits=httpx.Limits(
                max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS, keepalive_expiry=_KEPT_IDLE
            ),
            cookies=NoCookies(),
            # Plain http never leaves the machine, not even to a proxy.
            mounts={f"http://[{host}]" if ":" in host else f"http://{host}": None for host in LOOPBACK},
        )
    except (ImportError, ValueError, httpx.InvalidURL):
        raise faults.bad_proxy() from None


def _tls_context() -> ssl.SSLContext:
    """Verification by `SSL_CERT_FILE` or `SSL_CERT_DIR` alone where set, else by certifi's and the system's stores."""
    named = next((name for name in (faults.CERT_FILE, faults.CERT_DIR) if os.environ.get(name)), None)
    try:
        context = httpx.create_ssl_context()
    except (OSError, ssl.SSLError) as error:
        if named is None:
            raise Unreachable(
                f"No trusted certificates can be read on this machine: {error}.",
                hint=f"Install the system's CA certificates, or let {faults.CERT_FILE} name some.",
            ) from error
        raise faults.no_certificates(error, named, os.environ[named]) from error
    if named is None:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    return context


def through(transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    """An HTTP client on a given transport, whatever the environment says."""
    return httpx.AsyncClient(transport=transport, trust_env=False, timeout=_timeouts(), cookies=NoCookies())


def _timeouts() -> httpx.Timeout:
    """None but for connecting: httpx's others are for each chunk that comes, and the deadline covers the whole read."""
    return httpx.Timeout(None, connect=CONNECT_WITHIN)
