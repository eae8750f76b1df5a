"""Maps error codes and HTTP statuses of the gateway and the service to a ServiceError.

The gateway in front of the service answers 4xx and 5xx with `{RequestId, HostId, Code, Message, Recommend}`; the
service itself answers 200 with `success` false and undocumented codes.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from hottui.model.control_characters import shorten
from hottui.model.masking.messages import redact
from hottui.model.result import Envelope
from hottui.service.error_body import REQUEST_ID, ErrorBody, clock_offset, looks_like_html, read_error_body, retry_after
from hottui.service.errors import (
    LONGEST_REQUEST_ID,
    ClockSkewed,
    CredentialsRefused,
    NotFound,
    PermissionDenied,
    ServiceError,
    SignatureRefused,
    Throttled,
    Unavailable,
    Unreachable,
)
from hottui.service.operations import GET_RESULT, Operation

_LONGEST_MESSAGE = 300

_NO_PERMISSION = re.compile(
    r"\b(?:no|not have|without|lacks?|missing|insufficient) (?:the )?(?:required )?(?:permissions?|privileges?)\b"
    r"|\bnopermission\b"
    r"|\bpermission denied\b|\baccess denied\b|\bnot authorized\b|\bunauthorized\b|无权限|没有权限|权限不足|未授权",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(
    r"\b(?:job|deployment|hot ?update\w*|jobhotupdate\w*|workspace|namespace|resource|entity)\b.{0,120}?"
    r"\b(?:not found|(?:doesn't|doesnt|does not|not) exist|(?:cannot|could not) be found)\b"
    r"|不存在|未找到|找不到",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Rejection:
    """An error response: its parsed body, HTTP status and headers, and the local time when it was received."""

    body: ErrorBody
    status: int
    headers: Mapping[str, str]
    now: float
    operation: Operation
    detail: str
    """The service's code and message in parentheses, to append to a message; empty if it gave none."""

    @property
    def identity(self) -> dict[str, str]:
        """The request ID and the code, as every ServiceError takes them."""
        return {"request_id": self.request_id, "code": self.body.code}

    @property
    def request_id(self) -> str:
        """The request ID from the body, else from the headers."""
        return self.body.request_id or self.headers.get(REQUEST_ID, "")


def gateway_error(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: float,
    secrets: Iterable[str] = (),
    operation: Operation = GET_RESULT,
) -> ServiceError:
    """Return the error for a response with HTTP `status` to a call of `operation`.

    `now` is the local time in seconds since the epoch, which is compared with the `Date` header; `secrets` are masked
    in the message.
    """
    parsed = read_error_body(body)
    if not parsed:
        return _by_status_alone(status, headers, body, tuple(secrets), now, operation=operation)
    return _error_for(_Rejection(parsed, status, headers, now, operation, _detail(parsed, tuple(secrets))))


def service_error(
    envelope: Envelope,
    headers: Mapping[str, str],
    *,
    now: float,
    secrets: Iterable[str] = (),
    operation: Operation = GET_RESULT,
) -> ServiceError:
    """Return the error for an envelope with `success` false; parameters as for `gateway_error`."""
    body = ErrorBody(envelope.error_code, envelope.error_message, envelope.request_id)
    status = envelope.http_code or 0
    return _error_for(_Rejection(body, status, headers, now, operation, _detail(body, tuple(secrets))))


def _error_for(rejection: _Rejection) -> ServiceError:
    code = _SEPARATORS.sub("", rejection.body.code)
    build = next((build for pattern, build in _BY_CODE if pattern.search(code)), None) or _by_status(rejection)
    return build(rejection)


_Builder: TypeAlias = Callable[[_Rejection], ServiceError]


def _builder(kind: type[ServiceError], message: str, hint: str) -> _Builder:
    """Return a function that creates an error of `kind` from a rejection, whose detail is appended to `message`."""

    def build(rejection: _Rejection) -> ServiceError:
        return kind(f"{message}{rejection.detail}.", hint=hint, **rejection.identity)

    return build


_duplicate = _builder(  # each request has its own nonce, so this one was sent again by something else
    Unreachable,
    "The service received the same request twice",
    "A proxy probably resends requests. The next read has a new signature.",
)
_token = _builder(
    CredentialsRefused,
    "Security token rejected",
    "The temporary credentials have expired or were truncated: sign in again, or set new ones.",
)
_unknown_key = _builder(
    CredentialsRefused,
    "Access key rejected",
    "Check the access key ID, which was deleted, never existed, or belongs to another Alibaba Cloud site.",
)
_disabled_key = _builder(
    CredentialsRefused,
    "Access key rejected",
    "The access key is disabled: enable it in the RAM console, or use another one.",
)
_signature = _builder(
    SignatureRefused,
    "Signature rejected",
    "Check the access key secret, which may belong to another key or have been truncated when copied.",
)
_unsupported_call = _builder(Unavailable, "The endpoint does not support this API call", "Check region and endpoint.")


def _denied(rejection: _Rejection) -> ServiceError:
    operation = rejection.operation
    return PermissionDenied(
        f"Access denied: this key isn't allowed to read {operation.reads} in this namespace{rejection.detail}.",
        hint=f"Request the RAM permission {operation.permission} (included in the system policy "
        "AliyunStreamReadOnlyAccess), and check workspace and namespace.",
        **rejection.identity,
    )


def _not_found(rejection: _Rejection) -> ServiceError:
    operation = rejection.operation
    later = "; a new ID can take a moment to appear" if operation is GET_RESULT else ""
    return NotFound(
        f"{operation.subject} not found{rejection.detail}.",
        hint=f"Check ID, workspace, namespace and region{later}.",
        **rejection.identity,
    )


def _clock(rejection: _Rejection) -> ServiceError:
    offset = clock_offset(rejection.headers, rejection.now)
    return ClockSkewed(
        f"This machine's clock {_off_by(offset)}, so the service rejected the request{rejection.detail}.",
        offset=offset,
        hint="Set the clock. Until then, hottui corrects for the difference where it can be measured.",
        **rejection.identity,
    )


def _throttled(rejection: _Rejection) -> ServiceError:
    wait = retry_after(rejection.headers, rejection.now)
    pause = f"; retry after {_pause(wait)}" if wait else ""
    return Throttled(
        f"Too many requests for this account{pause}{rejection.detail}.",
        wait=wait,
        hint=f"Everyone who uses the account shares its quota. {_after_throttling(rejection.operation)}",
        **rejection.identity,
    )


def _after_throttling(operation: Operation) -> str:
    return "hottui polls more slowly for a while." if operation is GET_RESULT else "hottui pauses requests about jobs."


def _unavailable(rejection: _Rejection) -> ServiceError:
    request_id = rejection.request_id[:LONGEST_REQUEST_ID]
    with_id = f" with request ID {request_id}" if request_id else ""
    return Unavailable(
        f"The service reported an error{rejection.detail}.",
        hint=f"Usually temporary. If it persists, contact support{with_id}.",
        **rejection.identity,
    )


def _code(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SEPARATORS: Final = re.compile(r"[\s_-]+")
"""Removed from a code before it is matched: `NO_PERMISSION`, `no-permission` and `NoPermission` are the same."""

_BY_CODE: Final[tuple[tuple[re.Pattern[str], _Builder], ...]] = (
    (_code(r"InvalidTimeStamp|RequestTimeTooSkewed|TimestampExpired"), _clock),
    (_code(r"SignatureNonceUsed"), _duplicate),
    (_code(r"(?:Invalid|Missing|Expired)SecurityToken|SecurityToken(?:Expired|Invalid)"), _token),
    (_code(r"(?:AccessKey|(?:Invalid|Missing)Credential).*(?:Disabled|Inactive)"), _disabled_key),
    (_code(r"(?:Invalid|Missing)(?:AccessKey|Credential)|AccessKey.*NotFound"), _unknown_key),
    (_code(r"SignatureDoesNotMatch|IncompleteSignature|(?:Invalid|Missing)Signature"), _signature),
    (_code(r"^Throttl|TooManyRequests|RequestLimitExceeded|RateLimit|FlowControl"), _throttled),
    (_code(r"^Invalid(?:Action|Api|Version|Product)|^UnsupportedOperation"), _unsupported_call),
    (
        _code(
            r"Forbidden|(?:Access|Authori[sz]ation)(?:Denied|Failed|Refused)|(?:Not|Un)(?:Authori[sz]ed|Permitted)"
            r"|(?:Permission|Privilege)(?!\w*(?:Service|Unavailable|Timeout))|^NoAuth"
        ),
        _denied,
    ),
    (_code(r"^990301$"), _not_found),  # "does not exist" according to the vendor's Terraform provider
    (_code(r"NotFound|NotExist(?:s|ed)?\b|NoSuch"), _not_found),
)
"""The first matching pattern is used, so `InvalidAccessKeyId.NotFound` is about the key."""


def _by_status(rejection: _Rejection) -> _Builder:
    """Return the builder for an unknown code: by the status, then by the text of the message."""
    status, message = rejection.status, _SEPARATORS.sub(" ", rejection.body.message)
    if status >= 500:
        return _unavailable
    by_status: dict[int, _Builder] = {401: _denied, 403: _denied, 404: _not_found, 429: _throttled}
    if status in by_status:
        return by_status[status]
    if _NO_PERMISSION.search(message):
        return _denied
    return _not_found if _NOT_FOUND.search(message) else _unavailable


def _by_status_alone(
    status: int, headers: Mapping[str, str], body: bytes, secrets: tuple[str, ...], now: float, *, operation: Operation
) -> ServiceError:
    """Return the error for a response without an error body, which comes from a proxy or gateway."""
    if 300 <= status < 400:
        return _redirected(status, redact(_target_of(headers.get("location", "")), secrets))
    if status == 429:
        return Throttled(
            "Too many requests: a proxy or gateway limits the rate (HTTP 429).",
            wait=retry_after(headers, now),
            hint=_after_throttling(operation),
        )
    if status == 407:
        return Unreachable(
            "The proxy requires a user name and password (HTTP 407).", hint="Add them to HTTPS_PROXY, or set NO_PROXY."
        )
    page = " with an HTML page" if looks_like_html(body) else ""
    if status >= 500:
        return Unreachable(
            f"A gateway or proxy returned HTTP {status}{page}; the service did not answer.",
            hint="Usually temporary. If it persists, check endpoint and proxy.",
        )
    return Unreachable(
        f"Received HTTP {status}{page}, not from the service.",
        hint="Another server answers at this address: check region, network, endpoint and proxy.",
    )


def _redirected(status: int, target: str) -> ServiceError:
    return Unreachable(
        f"Redirected{f' to {target}' if target else ''} (HTTP {status}); "
        "hottui does not follow redirects, because requests carry credentials.",
        hint="A proxy or login page answers instead of the service: sign in to the network, or check the endpoint.",
    )


def _target_of(location: str) -> str:
    """Return the target of a redirect without user name and query, which may contain secrets."""
    bare = re.split(r"[?#;]", location, maxsplit=1)[0]
    return shorten(re.sub(r"(?<=//)[^/\s]*@", "", bare), 120)


def _detail(body: ErrorBody, secrets: tuple[str, ...]) -> str:
    """Return the service's code and message in parentheses, with `secrets` masked; empty if there are none."""
    message = shorten(redact(body.message, secrets).strip(), _LONGEST_MESSAGE).rstrip(".。")
    code = shorten(redact(body.code, secrets).strip(), 80)
    # No colon: the masking would take the text after `…SecurityToken.Expired:` for a secret value.
    parts = " – ".join(part for part in (code, message) if part)
    return f" ({parts})" if parts else ""


def _pause(seconds: float) -> str:
    if seconds < 1_000:
        return f"{seconds:g} s"
    hours = seconds / 3600
    return f"{hours:,.1f} h" if hours < 1_000 else "over 1,000 h"


def _off_by(offset: float | None) -> str:
    if offset is None:
        return "differs from the service's"
    seconds = abs(offset)
    amount = f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
    return f"is {amount if seconds < 7200 else f'{seconds / 3600:.1f} h'} {'behind' if offset > 0 else 'ahead'}"
