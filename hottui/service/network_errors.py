"""Maps errors of httpx, TLS and the network to a ServiceError with a plain message."""

import asyncio
import errno
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import httpx

from hottui.service.errors import InternalError, TimedOut, Unreachable

PROXY_VARIABLES: Final = "HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY"
CERT_FILE: Final = "SSL_CERT_FILE"
CERT_DIR: Final = "SSL_CERT_DIR"
KEY_LOG: Final = "SSLKEYLOGFILE"

_SLOW = "The network is slow or drops packets: check endpoint and proxy; inside a VPC, use network vpc."
_NETWORK = {
    errno.ECONNREFUSED: "refused the connection",
    errno.EHOSTUNREACH: "cannot be reached from this network",
    errno.ENETUNREACH: "cannot be reached: this machine has no network",
    errno.ETIMEDOUT: "does not answer",
}


@dataclass(frozen=True, slots=True)
class Proxy:
    """The proxy used for a request: `host:port`, and the environment variable it comes from, if known."""

    address: str
    variable: str = ""

    def __str__(self) -> str:
        return f"The proxy {self.address}" + (f" (from {self.variable})" if self.variable else "")


def unreachable_error(error: Exception, host: str, proxy: Proxy | None = None) -> Unreachable:
    """Return the error for what httpx raised during a request to `host`, sent directly or through `proxy`."""
    causes = tuple(_causes(error))
    if isinstance(
        error, httpx.ConnectTimeout
    ):  # before _tls_error: a TLS handshake that times out also has a TLS error among its causes
        return _proxy_error(causes, host, proxy) or TimedOut(
            f"Cannot connect to {host}: connection timed out.", hint=_SLOW
        )
    return (
        _tls_error(causes, host, proxy)
        or _proxy_error(causes, host, proxy)
        or _name_error(causes, host)
        or _connection_error(causes, host)
        or Unreachable(
            f"The request to {host} failed ({type(error).__name__}: {error}).",
            hint=f"Usually temporary. If it persists, check endpoint and {PROXY_VARIABLES}.",
        )
    )


def report(error: BaseException, doing: str) -> None:
    """Pass an unexpected `error` to the exception handler of the running loop; hottui's writes a crash report."""
    asyncio.get_running_loop().call_exception_handler(
        {"message": f"Unexpected error while {doing}", "exception": error}
    )


def unexpected(error: BaseException) -> InternalError:
    """Return the error for an unexpected exception that has been reported."""
    return InternalError(
        f"Internal error in hottui or a library ({type(error).__name__}) during this read.",
        hint="Other reads continue. Send the crash report to hottui's maintainers.",
    )


def deadline_error(host: str, seconds: float, proxy: Proxy | None = None) -> TimedOut:
    """Return the error for a read without a complete answer before its deadline."""
    through = f" through the proxy {proxy.address}" if proxy else ""
    hint = (
        f"The proxy or the network is slow or drops packets: check endpoint and {PROXY_VARIABLES}." if proxy else _SLOW
    )
    return TimedOut(f"{host} did not answer completely within {seconds:g} s{through}.", hint=hint)


def key_log_error(error: Exception, path: str) -> Unreachable:
    """Return the error for a TLS key log file that cannot be written."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Unreachable(
        f"{KEY_LOG} names {path}, which cannot be written: {reason}.",
        hint=f"Unset {KEY_LOG}, or set it to a writable file. It is only for debugging TLS.",
    )


def certificates_error(error: Exception, variable: str, path: str) -> Unreachable:
    """Return the error for a configured certificate store that cannot be read."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "it contains no certificate"
    return Unreachable(
        f"{variable} names {path}, which cannot be used: {reason}.",
        hint=f"Set {variable} to certificates in PEM format, or unset it.",
    )


def proxy_error() -> Unreachable:
    """Return the error for invalid proxy variables, without their values, which may contain a password."""
    return Unreachable(
        "The proxy set in the environment cannot be used.",
        hint=f"Check {PROXY_VARIABLES}: http:// and https:// proxies are supported.",
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield `error` and its causes, breadth first."""
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        this = pending.pop(0)
        if id(this) in seen:
            continue
        seen.add(id(this))
        yield this
        if isinstance(this, BaseExceptionGroup):
            pending.extend(this.exceptions)
        pending.extend(cause for cause in (this.__cause__, this.__context__) if cause is not None)


def _tls_error(causes: tuple[BaseException, ...], host: str, proxy: Proxy | None) -> Unreachable | None:
    if proxy is not None:
        host += f" (by way of the proxy {proxy.address})"
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreachable(
                f"The certificate of {host} is not trusted: {cause.verify_message or 'verification failed'}.",
                hint=f"If your company uses a TLS proxy, set {CERT_FILE} to its CA certificate; hottui always verifies "
                "certificates.",
            )
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            reason = getattr(cause, "reason", None) or "TLS failed"  # set only by OpenSSL
            return Unreachable(
                f"No secure connection to {host}: {reason.replace('_', ' ').lower()}.",
                hint=f"The server there may not support TLS: check endpoint and {PROXY_VARIABLES}.",
            )
    return None


def _proxy_error(causes: tuple[BaseException, ...], host: str, proxy: Proxy | None) -> Unreachable | None:
    """Return the error of a connection through a proxy: before TLS, it is the connection to the proxy that fails."""
    if proxy is None:
        return None
    reasons = filter(None, (_proxy_reason(cause, host) for cause in causes))
    reason = next(reasons, "") or _proxy_reason_from_httpx(causes[0], host)
    return Unreachable(f"{proxy} {reason}.", hint=f"Check {PROXY_VARIABLES}.") if reason else None


def _proxy_reason(cause: BaseException, host: str) -> str:
    """Return what `cause` means for the proxy, as the predicate of a sentence; empty if nothing."""
    if isinstance(cause, httpx.ProxyError):
        return f"refused to connect to {host}: {cause}"
    if isinstance(cause, socket.gaierror):
        return "cannot be resolved: its name is not in DNS"
    return _NETWORK.get(cause.errno or 0, "") if isinstance(cause, OSError) else ""


def _proxy_reason_from_httpx(error: BaseException, host: str) -> str:
    """Return the same, from the type of an httpx error alone."""
    if isinstance(error, httpx.ConnectTimeout):
        return f"did not connect to {host} in time"
    if isinstance(error, httpx.ConnectError):
        return f"could not be used to connect to {host}"
    if isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError):
        return f"or {host} behind it closed the connection before the answer was complete"
    return ""


def _name_error(causes: tuple[BaseException, ...], host: str) -> Unreachable | None:
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return Unreachable(
                f"Cannot resolve {host}: the name is not in DNS.",
                hint="Check region and network: vpc endpoints resolve only inside the VPC.",
            )
    return None


def _connection_error(causes: tuple[BaseException, ...], host: str) -> Unreachable | None:
    for cause in causes:
        if isinstance(cause, OSError) and cause.errno in _NETWORK:
            return Unreachable(
                f"{host} {_NETWORK[cause.errno]}.",
                hint=f"Check endpoint and network; behind a proxy, {PROXY_VARIABLES}.",
            )
    if any(isinstance(cause, ConnectionResetError | BrokenPipeError) for cause in causes):
        return Unreachable(
            f"The connection to {host} was reset.", hint="Usually temporary; a firewall can also cause this."
        )
    if isinstance(causes[0], httpx.ConnectError):
        return Unreachable(f"Cannot connect to {host}.", hint=f"Check endpoint and {PROXY_VARIABLES}.")
    if isinstance(causes[0], httpx.RemoteProtocolError | httpx.ReadError):
        return Unreachable(f"{host} closed the connection before the answer was complete.", hint="Usually temporary.")
    return None
