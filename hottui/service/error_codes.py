"""What a refusal means: the codes of the gateway and of the service, as one error of the tree.

The gateway in front of the service answers 4xx and 5xx with `{RequestId, HostId, Code, Message, Recommend}`; the
service itself answers 200 with `success` false, and codes that are documented nowhere.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

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

PERMISSION: Final = "stream:GetHotUpdateJobResult"
"""The RAM action behind the call."""

_LONGEST_MESSAGE = 300

_PERMISSION_WORDS = re.compile(
    r"\b(?:no|not have|without|lacks?|missing|insufficient) (?:the )?(?:required )?(?:permissions?|privileges?)\b"
    r"|\bnopermission\b"
    r"|\bpermission denied\b|\baccess denied\b|\bnot authorized\b|\bunauthorized\b|无权限|没有权限|权限不足|未授权",
    re.IGNORECASE,
)
_ABSENCE_WORDS = re.compile(
    r"\b(?:job|hot ?update\w*|jobhotupdate\w*|workspace|namespace|resource|entity)\b.{0,120}?"
    r"\b(?:not found|(?:doesn't|doesnt|does not|not) exist|(?:cannot|could not) be found)\b"
    r"|不存在|未找到|找不到",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Rejection:
    """A refusal with everything that tells what it means."""

    words: ErrorBody
    status: int
    headers: Mapping[str, str]
    now: float
    said: str

    @property
    def common(self) -> dict[str, str]:
        return {"request_id": self.words.request_id, "code": self.words.code}


def gateway_error(
    status: int, headers: Mapping[str, str], body: bytes, *, now: float, secrets: Iterable[str] = ()
) -> ServiceError:
    """The error that an answer of HTTP `status` stands for.

    `now` is the local time in seconds since the epoch, which the `Date` header is held against; `secrets` are taken out
    of the words.
    """
    words = read_error_body(body)
    if not words:
        return _without_words(status, headers, body, tuple(secrets), now)
    return _meaning(words, status, headers, now, secrets)


def service_error(
    envelope: Envelope, headers: Mapping[str, str], *, now: float, secrets: Iterable[str] = ()
) -> ServiceError:
    """The error that an envelope with `success` false stands for."""
    words = ErrorBody(envelope.error_code, envelope.error_message, envelope.request_id)
    return _meaning(words, envelope.http_code or 0, headers, now, secrets)


def _meaning(
    words: ErrorBody, status: int, headers: Mapping[str, str], now: float, secrets: Iterable[str]
) -> ServiceError:
    words = replace(words, request_id=words.request_id or headers.get(REQUEST_ID, ""))
    refusal = _Rejection(words, status, headers, now, _message(words, tuple(secrets)))
    code = _SEPARATORS.sub("", words.code)
    rule = next((build for pattern, build in _BY_CODE if pattern.search(code)), None) or _by_status(refusal)
    return rule(refusal)


def _clock(refusal: _Rejection) -> ServiceError:
    offset = clock_offset(refusal.headers, refusal.now)
    return ClockSkewed(
        f"This machine's clock {_off_by(offset)}, so the service rejected the request{refusal.said}.",
        offset=offset,
        hint="Set the clock. Until then, hottui corrects for the difference where it can be measured.",
        **refusal.common,
    )


def _repeated(refusal: _Rejection) -> ServiceError:
    """Every attempt has a nonce of its own, so somebody else sent this one again: not a matter of credentials."""
    return Unreachable(
        f"The service received the same request twice{refusal.said}.",
        hint="A proxy probably resends requests. The next read has a new signature.",
        **refusal.common,
    )


def _token(refusal: _Rejection) -> ServiceError:
    return CredentialsRefused(
        f"Security token rejected{refusal.said}.",
        hint="The temporary credentials have expired or were truncated: sign in again, or set new ones.",
        **refusal.common,
    )


def _key(refusal: _Rejection) -> ServiceError:
    off = re.search("inactive|disabled", refusal.words.code, re.IGNORECASE)
    return CredentialsRefused(
        f"Access key rejected{refusal.said}.",
        hint="The access key is disabled: enable it in the RAM console, or use another one."
        if off
        else "Check the access key ID, which was deleted, never existed, or belongs to another Alibaba Cloud site.",
        **refusal.common,
    )


def _signature(refusal: _Rejection) -> ServiceError:
    return SignatureRefused(
        f"Signature rejected{refusal.said}.",
        hint="Check the access key secret, which may belong to another key or have been truncated when copied.",
        **refusal.common,
    )


def _throttled(refusal: _Rejection) -> ServiceError:
    wait = retry_after(refusal.headers, refusal.now)
    pause = f"; retry after {_pause(wait)}" if wait else ""
    return Throttled(
        f"Too many requests for this account{pause}{refusal.said}.",
        wait=wait,
        hint="Everyone who uses the account shares its quota. hottui polls more slowly for a while.",
        **refusal.common,
    )


def _wrong_place(refusal: _Rejection) -> ServiceError:
    return Unavailable(
        f"The endpoint does not support this API call{refusal.said}.",
        hint="Check region and endpoint.",
        **refusal.common,
    )


def _denied(refusal: _Rejection) -> ServiceError:
    return PermissionDenied(
        f"Access denied: this key isn't allowed to read hot updates in this namespace{refusal.said}.",
        hint=f"Request the RAM permission {PERMISSION} (included in the system policy AliyunStreamReadOnlyAccess), "
        "and check workspace and namespace.",
        **refusal.common,
    )


def _absent(refusal: _Rejection) -> ServiceError:
    return NotFound(
        f"Hot update not found{refusal.said}.",
        hint="Check ID, workspace, namespace and region; a new ID can take a moment to appear.",
        **refusal.common,
    )


def _unavailable(refusal: _Rejection) -> ServiceError:
    request_id = refusal.words.request_id[:LONGEST_REQUEST_ID]
    with_id = f" with request ID {request_id}" if request_id else ""
    return Unavailable(
        f"The service reported an error{refusal.said}.",
        hint=f"Usually temporary. If it persists, contact support{with_id}.",
        **refusal.common,
    )


_Rule = Callable[[_Rejection], ServiceError]


def _code(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SEPARATORS: Final = re.compile(r"[\s_-]+")
"""What is taken out of a code before it is compared: `NO_PERMISSION`, `no-permission` and `NoPermission` are one."""

_BY_CODE: Final[tuple[tuple[re.Pattern[str], _Rule], ...]] = (
    (_code(r"InvalidTimeStamp|RequestTimeTooSkewed|TimestampExpired"), _clock),
    (_code(r"SignatureNonceUsed"), _repeated),
    (_code(r"(?:Invalid|Missing|Expired)SecurityToken|SecurityToken(?:Expired|Invalid)"), _token),
    (_code(r"(?:Invalid|Missing)(?:AccessKey|Credential)|AccessKey.*(?:Disabled|Inactive|NotFound)"), _key),
    (_code(r"SignatureDoesNotMatch|IncompleteSignature|(?:Invalid|Missing)Signature"), _signature),
    (_code(r"^Throttl|TooManyRequests|RequestLimitExceeded|RateLimit|FlowControl"), _throttled),
    (_code(r"^Invalid(?:Action|Api|Version|Product)|^UnsupportedOperation"), _wrong_place),
    (
        _code(
            r"Forbidden|(?:Access|Authori[sz]ation)(?:Denied|Failed|Refused)|(?:Not|Un)(?:Authori[sz]ed|Permitted)"
            r"|(?:Permission|Privilege)(?!\w*(?:Service|Unavailable|Timeout))|^NoAuth"
        ),
        _denied,
    ),
    (_code(r"^990301$"), _absent),  # the vendor's Terraform provider takes this number for "does not exist"
    (_code(r"NotFound|NotExist(?:s|ed)?\b|NoSuch"), _absent),
)
"""The first pattern found in the code decides: `InvalidAccessKeyId.NotFound` is about the key."""


def _by_status(refusal: _Rejection) -> _Rule:
    """What a code that is not known means: by the status, then by what the message says to people."""
    status, message = refusal.status, _SEPARATORS.sub(" ", refusal.words.message)
    if status >= 500:
        return _unavailable
    by_status: dict[int, _Rule] = {401: _denied, 403: _denied, 404: _absent, 429: _throttled}
    if status in by_status:
        return by_status[status]
    if _PERMISSION_WORDS.search(message):
        return _denied
    return _absent if _ABSENCE_WORDS.search(message) else _unavailable


def _without_words(
    status: int, headers: Mapping[str, str], body: bytes, secrets: tuple[str, ...], now: float
) -> ServiceError:
    """A status that nobody explained comes from something between here and the service."""
    if 300 <= status < 400:
        return _redirected(status, redact(_target_of(headers.get("location", "")), secrets))
    if status == 429:
        return Throttled(
            "Too many requests: a proxy or gateway limits the rate (HTTP 429).",
            wait=retry_after(headers, now),
            hint="hottui polls more slowly for a while.",
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
    """Where a redirect points, without what it carries: no user, no query."""
    bare = re.split(r"[?#;]", location, maxsplit=1)[0]
    return shorten(re.sub(r"(?<=//)[^/\s]*@", "", bare), 120)


def _message(words: ErrorBody, secrets: tuple[str, ...]) -> str:
    """The service's own words, to close a sentence with."""
    message = shorten(redact(words.message, secrets).strip(), _LONGEST_MESSAGE).rstrip(".。")
    code = shorten(redact(words.code, secrets).strip(), 80)
    # No colon: what follows `…SecurityToken.Expired:` would be masked as its value.
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
