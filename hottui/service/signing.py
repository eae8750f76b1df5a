"""`ACS3-HMAC-SHA256`, the request signature of Alibaba Cloud's gateway: pure functions, and an `httpx.Auth`.

Source: the vendor's description of request signature V3, and its published SDK, which the tests compare this with.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

import httpx

from hottui.service.credentials import Credentials

ALGORITHM: Final = "ACS3-HMAC-SHA256"
EMPTY_SHA256: Final = hashlib.sha256(b"").hexdigest()
DATE_FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"


def percent_encode(text: str) -> str:
    """Return `text` encoded as one part of a path or query (RFC 3986): all but letters, digits and `-._~` as `%XX`."""
    return quote(text, safe="")


def canonical_query(query: Iterable[tuple[str, str]]) -> str:
    """Return the pairs of a query, encoded and sorted."""
    return "&".join(f"{percent_encode(name)}={percent_encode(value)}" for name, value in sorted(query))


def signed_names(headers: Mapping[str, str]) -> str:
    """Return the names of `headers` in lower case, sorted and joined by `;`."""
    return ";".join(sorted(name.lower() for name in headers))


def canonical_request(method: str, path: str, query: str, headers: Mapping[str, str], body_sha256: str) -> str:
    """Return the text that is signed.

    `path` is the path as it is sent, `query` a canonical query, `headers` only those to sign, and `body_sha256` the hex
    digest of the body.
    """
    lines = sorted((name.lower(), value.strip()) for name, value in headers.items())
    canonical_headers = "".join(f"{name}:{value}\n" for name, value in lines)
    return "\n".join((method, path or "/", query, canonical_headers, signed_names(headers), body_sha256))


def signature(canonical: str, secret: str) -> str:
    """Return the signature of a canonical request, in hex."""
    string_to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(secret.encode(), string_to_sign.encode(), hashlib.sha256).hexdigest()


def authorization(
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    body_sha256: str,
    *,
    access_key_id: str,
    access_key_secret: str,
) -> str:
    """Return the value of the `Authorization` header; parameters as for `canonical_request`."""
    signed = signature(canonical_request(method, path, query, headers, body_sha256), access_key_secret)
    return f"{ALGORITHM} Credential={access_key_id},SignedHeaders={signed_names(headers)},Signature={signed}"


def is_signed(name: str) -> bool:
    """Return whether the header `name` (in lower case) is part of the signature."""
    return name in {"host", "content-type"} or name.startswith("x-acs-")


class Acs3Auth(httpx.Auth):
    """Signs requests with `credentials`; each request gets its own date and nonce.

    Usable with any httpx client: `httpx.Client(auth=Acs3Auth(credentials))`. hottui's own client passes it to
    `connection_pool.stream`, because its connection pool needs less CPU than `httpx.AsyncClient`.

    `clock` returns seconds since the epoch; `clock_offset` is how far the service's clock is ahead of it, in seconds.
    """

    requires_request_body = True

    def __init__(
        self, credentials: Credentials, *, clock: Callable[[], float] = time.time, clock_offset: float = 0.0
    ) -> None:
        self._credentials = credentials
        self._clock = clock
        self._clock_offset = clock_offset

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Yield `request` with its date, nonce, body digest, security token and `Authorization` set."""
        credentials = self._credentials
        body = request.content
        digest = hashlib.sha256(body).hexdigest() if body else EMPTY_SHA256
        now = datetime.fromtimestamp(self._clock() + self._clock_offset, UTC)
        # a plain dict: setting the headers of a request one by one takes longer than everything else here
        headers = {name.decode("ascii").lower(): value.decode("latin-1") for name, value in request.headers.raw}
        headers["x-acs-date"] = now.strftime(DATE_FORMAT)
        headers["x-acs-signature-nonce"] = secrets.token_hex(16)
        headers["x-acs-content-sha256"] = digest
        if credentials.security_token is not None:
            headers["x-acs-security-token"] = credentials.security_token.get_secret_value()
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        headers["authorization"] = authorization(
            request.method,
            path,
            canonical_query(request.url.params.multi_items()) if query else "",
            {name: value for name, value in headers.items() if is_signed(name)},
            digest,
            access_key_id=credentials.access_key_id,
            access_key_secret=credentials.access_key_secret.get_secret_value(),
        )
        request.headers = httpx.Headers(headers)
        yield request
