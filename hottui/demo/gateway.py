"""The gateway in front of the service: authentication, signature and replay checks, and its error replies."""

import hashlib
import hmac
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from hottui.demo.asgi import Reply, Request
from hottui.service.signing import ALGORITHM, DATE_FORMAT, canonical_query, canonical_request, is_signed, signature

TOLERANCE: Final = 900.0
"""Maximum difference between the date of a request and the gateway's clock, in seconds."""

_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Credential=(?P<key>[^,\s]+),\s*SignedHeaders=(?P<names>[^,\s]+),\s*"
    r"Signature=(?P<signature>[0-9a-f]+)"
)
_REQUIRED: Final = ("host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce")


@dataclass(frozen=True, slots=True)
class Account:
    """An access key known to the gateway.

    With a `security_token` it is temporary and valid until `expires` (seconds since the epoch). `permitted` is whether
    its RAM policy allows any call, `actions` are those that it allows (None: all).
    """

    access_key_id: str
    access_key_secret: str
    security_token: str = ""
    expires: float = float("inf")
    active: bool = True
    permitted: bool = True
    actions: frozenset[str] | None = None


class Refused(Exception):
    """A request rejected by the gateway: HTTP status, error code and message."""

    def __init__(self, status: int, code: str, message: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers


def not_permitted() -> Refused:
    """Return the error for a call that the key's RAM policy does not allow."""
    return Refused(
        403,
        "Forbidden.RAM",
        "User not authorized to operate on the specified resource, or this API does not support RAM.",
    )


def refusal(refused: Refused, request: Request, request_id: str) -> Reply:
    """Return the error reply: JSON if the request accepts it, otherwise XML, as the vendor's gateway does."""
    fields = {
        "RequestId": request_id,
        "HostId": request.headers.get("host", ""),
        "Code": refused.code,
        "Message": refused.message,
        "Recommend": f"https://api.example.invalid/troubleshoot?q={refused.code}",
    }
    if "json" in request.headers.get("accept", ""):
        return Reply(refused.status, json.dumps(fields).encode(), headers=refused.headers, code=refused.code)
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in fields.items())
    body = f'<?xml version="1.0" encoding="UTF-8"?><Error>{inner}</Error>'.encode()
    return Reply(refused.status, body, "text/xml;charset=utf-8", refused.headers, refused.code)


class Gateway:
    """Checks every request as the vendor's gateway does: key, token, date, digest, signature, nonce, permission.

    A nonce is recorded only after its signature was verified, so that nobody can use up another client's nonces.
    """

    def __init__(self, accounts: Iterable[Account], clock: Callable[[], float]) -> None:
        self._accounts = {account.access_key_id: account for account in accounts}
        self._clock = clock
        self._nonces: OrderedDict[str, float] = OrderedDict()

    def check(self, request: Request) -> None:
        """Check `request`. Raises Refused."""
        missing = [name for name in _REQUIRED if not request.headers.get(name)]
        if missing:
            raise Refused(400, "MissingParameter", f"The header {missing[0]} is mandatory for this action.")
        match = _AUTHORIZATION.fullmatch(request.headers.get("authorization", "").strip())
        if match is None:
            raise Refused(400, "IncompleteSignature", "The request signature does not conform to Aliyun standards.")
        account = self._account(match["key"], request.headers)
        self._check_date(request.headers["x-acs-date"])
        self._check_signature(request, account, match["names"].split(";"), match["signature"])
        self._record_nonce(request.headers["x-acs-signature-nonce"])
        allowed = account.actions is None or request.headers["x-acs-action"] in account.actions
        if not (account.permitted and allowed):
            raise not_permitted()

    def _account(self, access_key_id: str, headers: Mapping[str, str]) -> Account:
        account = self._accounts.get(access_key_id)
        if account is None:
            raise Refused(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        if not account.active:
            raise Refused(403, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.")
        token = headers.get("x-acs-security-token", "")
        if not hmac.compare_digest(token.encode(), account.security_token.encode()):
            raise Refused(400, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.")
        if self._clock() >= account.expires:
            raise Refused(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
        return account

    def _check_date(self, text: str) -> None:
        try:
            date = datetime.strptime(text, DATE_FORMAT).replace(tzinfo=UTC).timestamp()
        except ValueError:
            raise Refused(
                400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted."
            ) from None
        if abs(self._clock() - date) > TOLERANCE:
            raise Refused(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")

    def _check_signature(self, request: Request, account: Account, names: list[str], given: str) -> None:
        digest = hashlib.sha256(request.body).hexdigest()
        signed = {name: request.headers[name] for name in names if name in request.headers}
        canonical = canonical_request(
            request.method,
            request.path,
            canonical_query(parse_qsl(request.query, keep_blank_values=True)),
            signed,
            digest,
        )
        unsigned = [
            name for name in request.headers if is_signed(name) and name != "content-type" and name not in names
        ]
        wrong_digest = request.headers.get("x-acs-content-sha256", digest) != digest
        expected = signature(canonical, account.access_key_secret)
        if not hmac.compare_digest(given.encode(), expected.encode()) or unsigned or wrong_digest:
            # Like the vendor's gateway, echo the canonical request with the security token: clients must redact it.
            echo = canonical.replace("\n", "|")
            raise Refused(
                400,
                "SignatureDoesNotMatch",
                f"Specified signature is not matched with our calculation. server CanonicalRequest is:[{echo}]",
            )

    def _record_nonce(self, nonce: str) -> None:
        """Record `nonce` for as long as a request with it could pass the date check. Raises Refused if it was used."""
        now = self._clock()
        while self._nonces and next(iter(self._nonces.values())) < now - 2 * TOLERANCE:
            self._nonces.popitem(last=False)
        if nonce in self._nonces:
            raise Refused(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
        self._nonces[nonce] = now
