"""What a failed exchange means: the errors of httpx and of the network below it, as plain sentences."""

import errno
import socket
import ssl
from collections.abc import Iterator
from typing import Final

import httpx

from hottui.service.errors import Unreachable

PROXY_VARIABLES: Final = "HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY"
CERT_FILE: Final = "SSL_CERT_FILE"
CERT_DIR: Final = "SSL_CERT_DIR"

_SLOW = "The network is slow or drops packets: check endpoint and proxy; inside a VPC, use network vpc."
_NETWORK = {
    errno.ECONNREFUSED: "refuses connections",
    errno.EHOSTUNREACH: "cannot be reached from this network",
    errno.ENETUNREACH: "cannot be reached: this machine has no network",
    errno.ETIMEDOUT: "does not answer",
}


def unreachable(error: Exception, host: str) -> Unreachable:
    """The error of the tree for what httpx raised while asking `host`."""
    if isinstance(error, httpx.ConnectTimeout):
        return Unreachable(f"{host} does not accept connections in time.", hint=_SLOW)
    causes = tuple(_causes(error))
    return (
        _tls(causes, host)
        or _proxy(causes)
        or _name(causes, host)
        or _connection(causes, host)
        or Unreachable(
            f"The exchange with {host} failed ({type(error).__name__}: {error}).",
            hint=f"Usually this passes; if it stays, check endpoint and {PROXY_VARIABLES}.",
        )
    )


def too_slow(host: str, seconds: float) -> Unreachable:
    """No complete answer within the deadline."""
    return Unreachable(
        f"{host} did not answer completely within {seconds:g} s.",
        hint=_SLOW,
    )


def no_certificates(error: Exception, variable: str, path: str) -> Unreachable:
    """A certificate store that was asked for and cannot be read."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "it holds no certificate"
    return Unreachable(
        f"{variable} names {path}, which cannot be used: {reason}.",
        hint=f"Let {variable} name certificates in PEM form, or unset it.",
    )


def bad_proxy() -> Unreachable:
    """Proxy variables that cannot be used. Their values are not told: they may hold a password."""
    return Unreachable(
        "The proxy that the environment names cannot be used.",
        hint=f"Check {PROXY_VARIABLES}: http:// and https:// proxies are supported.",
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it stands for, nearest first."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        this = waiting.pop(0)
        if id(this) in seen:
            continue
        seen.add(id(this))
        yield this
        if isinstance(this, BaseExceptionGroup):
            waiting.extend(this.exceptions)
        waiting.extend(cause for cause in (this.__cause__, this.__context__) if cause is not None)


def _tls(causes: tuple[BaseException, ...], host: str) -> Unreachable | None:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreachable(
                f"The certificate of {host} is not trusted: {cause.verify_message or 'verification failed'}.",
                hint=f"If a proxy of your company stands in between, let {CERT_FILE} name its CA; hottui never goes "
                "on without verification.",
            )
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            reason = getattr(cause, "reason", None) or "TLS failed"  # OpenSSL's own errors alone have one
            return Unreachable(
                f"No secure connection to {host}: {reason.replace('_', ' ').lower()}.",
                hint=f"Something that does not speak TLS may answer there: check endpoint and {PROXY_VARIABLES}.",
            )
    return None


def _proxy(causes: tuple[BaseException, ...]) -> Unreachable | None:
    for cause in causes:
        if isinstance(cause, httpx.ProxyError):
            return Unreachable(f"The proxy refuses to connect: {cause}.", hint=f"Check {PROXY_VARIABLES}.")
    return None


def _name(causes: tuple[BaseException, ...], host: str) -> Unreachable | None:
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return Unreachable(
                f"The name of {host} (or of the proxy) is not known to DNS.",
                hint="Check region and network: a vpc endpoint has a name inside the VPC alone.",
            )
    return None


def _connection(causes: tuple[BaseException, ...], host: str) -> Unreachable | None:
    for cause in causes:
        if isinstance(cause, OSError) and cause.errno in _NETWORK:
            return Unreachable(
                f"{host} {_NETWORK[cause.errno]}.",
                hint=f"Check endpoint and network; behind a proxy, {PROXY_VARIABLES}.",
            )
    if any(isinstance(cause, ConnectionResetError | BrokenPipeError) for cause in causes):
        return Unreachable(
            f"The connection to {host} was reset.", hint="Usually this passes; a firewall may do it too."
        )
    if isinstance(causes[0], httpx.ConnectError):
        return Unreachable(f"No connection to {host} could be made.", hint=f"Check endpoint and {PROXY_VARIABLES}.")
    if isinstance(causes[0], httpx.RemoteProtocolError | httpx.ReadError):
        return Unreachable(f"{host} ended the connection before the answer was complete.", hint="Usually this passes.")
    return None
