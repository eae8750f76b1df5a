"""Explains errors of the vendor's credentials library without quoting them.

Its messages contain lines of files, URLs with tokens, and response bodies. Only what cannot be a secret is used: line
numbers, HTTP statuses, the operating system's error messages, and known error codes.
"""

import configparser
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hottui.runtime.process_group import ProcessFailed
from hottui.service.aliyun_config import ProfileUnusable

_STATUS: Final = re.compile(r"http_?code[:=] ?(\d{3})\b", re.IGNORECASE)
_CODE: Final = re.compile(
    r"\b(?:NoPermission|EntityNotExist\.Role|InvalidAccessKeyId\.(?:NotFound|Inactive)|SignatureDoesNotMatch"
    r"|InvalidSecurityToken\.(?:Expired|Malformed)|InvalidTimeStamp\.Expired|Throttling(?:\.User)?|MissingParameter"
    r"|InvalidParameter(?:\.(?:RoleArn|RoleSessionName|DurationSeconds|Policy))?|ServiceUnavailable|InternalError"
    r"|AuthenticationFail\.(?:NoPermission|OIDCToken\.(?:Expired|Invalid)))\b"
)
_MESSAGES: Final = (
    ("access key id is empty", "the access key ID is empty"),
    ("access key secret is empty", "the access key secret is empty"),
    ("security token is empty", "the security token is empty"),
    ("session duration", "the session duration must be at least 900 s"),
    ("role_arn or environment", "no role is set"),
    ("oidc_provider_arn or", "no OIDC provider is set"),
    ("oidc_token_file_path or", "no OIDC token file is set"),
    ("cli credentials file is disabled", "ALIBABA_CLOUD_CLI_PROFILE_DISABLED is set"),
    ("failed to get credential from credentials file", "it has no section with the profile's name"),
    ("unsupported credential type", "its `type` is unknown"),
    ("OAuth site type", "`oauth_site_type` must be CN or INTL"),
    ("external command output", "the credential process did not write JSON"),
    ("invalid credential response", "the credential process returned no access key"),
    ("invalid StsToken credential response", "the credential process returned no security token"),
    ("failed to execute external command", "the command line of the credential process is invalid"),
    ("No cached value was found", "the credentials it returned have expired"),
    ("expired", "the sign-in has expired"),
)
"""Parts of the library's messages, and what they mean."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a source has no credentials, as a clause, and whether the network or a server was the cause."""

    clause: str
    network: bool = False


def explain(error: BaseException) -> Reason:
    """Return the reason for an error raised by the library."""
    chain = tuple(_chain(error))
    text = str(getattr(error, "message", "")) or str(error)
    return _from_type(chain) or _from_network(chain, text) or _from_status(text) or Reason(_from_message(error, text))


def _from_type(chain: tuple[BaseException, ...]) -> Reason | None:
    for cause in chain:
        match cause:
            case ProcessFailed() | ProfileUnusable():
                return Reason(_clause(str(cause)))
            case configparser.Error():
                return Reason(_ini(cause))
            case UnicodeDecodeError():
                return Reason("it is not UTF-8")
    return None


def _from_network(chain: tuple[BaseException, ...], text: str) -> Reason | None:
    names = {kind.__name__ for cause in chain for kind in type(cause).__mro__}
    if not names & {"RetryError", "RequestException"}:
        return None
    timed_out = names & {"ConnectTimeout", "ReadTimeout"} or "timed out" in text
    problem = "timed out" if timed_out else "cannot be reached"
    return Reason(f"the credentials server {problem}", network=True)


def _from_status(text: str) -> Reason | None:
    status = _STATUS.search(text)
    if status is None:
        return None
    code = _CODE.search(text)
    number = int(status[1])
    answer = f"HTTP {number} {code[0]}" if code else f"HTTP {number}"
    unavailable = number >= 500 or number == 429 or (code is not None and code[0].startswith("Throttling"))
    return Reason(f"the credentials server returned {answer}", network=unavailable)


def _from_message(error: BaseException, text: str) -> str:
    if isinstance(error, OSError):
        return f"a file cannot be read ({error.strerror or type(error).__name__})"
    for part, meaning in _MESSAGES:
        if part in text:
            return meaning
    return f"its response or file is invalid ({type(error).__name__})"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield `error` and its causes."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def _clause(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")


def _ini(error: configparser.Error) -> str:
    match error:
        case configparser.MissingSectionHeaderError():
            return f"line {error.lineno} is outside of any [section]"
        case configparser.ParsingError():
            return f"line {error.errors[0][0]} is not `key = value`" if error.errors else "it is not an ini file"
        case configparser.DuplicateOptionError() | configparser.DuplicateSectionError():
            return f"line {error.lineno} is a duplicate"
        case configparser.InterpolationError():
            return "a value contains `%`; write it as `%%`"
    return "it is not an ini file"
