"""What goes wrong in the vendor's credentials library, in words that quote nothing.

Its messages hold lines of files, addresses with their tokens, and bodies of servers. Of all that only what cannot be a
secret is kept: a line number, an HTTP status, the reason of an error of the system, an error code of a known list.
"""

import configparser
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hottui.service.aliyun_config import ProfileUnusable
from hottui.service.credential_process import ProcessFailed

_STATUS: Final = re.compile(r"http_?code[:=] ?(\d{3})\b", re.IGNORECASE)
_CODE: Final = re.compile(
    r"\b(?:NoPermission|EntityNotExist\.Role|InvalidAccessKeyId\.(?:NotFound|Inactive)|SignatureDoesNotMatch"
    r"|InvalidSecurityToken\.(?:Expired|Malformed)|InvalidTimeStamp\.Expired|Throttling(?:\.User)?|MissingParameter"
    r"|InvalidParameter(?:\.(?:RoleArn|RoleSessionName|DurationSeconds|Policy))?|ServiceUnavailable|InternalError"
    r"|AuthenticationFail\.(?:NoPermission|OIDCToken\.(?:Expired|Invalid)))\b"
)
_KNOWN: Final = (
    ("access key id is empty", "the access key ID is empty"),
    ("access key secret is empty", "the access key secret is empty"),
    ("security token is empty", "the security token is empty"),
    ("session duration", "the duration of the session must be 900 s or more"),
    ("role_arn or environment", "no role is named"),
    ("oidc_provider_arn or", "no OIDC provider is named"),
    ("oidc_token_file_path or", "no OIDC token file is named"),
    ("cli credentials file is disabled", "ALIBABA_CLOUD_CLI_PROFILE_DISABLED is set"),
    ("failed to get credential from credentials file", "it has no section of the profile's name"),
    ("unsupported credential type", "its `type` is not known"),
    ("OAuth site type", "`oauth_site_type` must be CN or INTL"),
    ("external command output", "the credential process wrote no JSON"),
    ("invalid credential response", "the credential process gave no access key"),
    ("invalid StsToken credential response", "the credential process gave no security token"),
    ("failed to execute external command", "the command line of the credential process cannot be used"),
    ("No cached value was found", "the credentials that came have expired"),
    ("expired", "the sign-in has expired"),
)
"""Texts of the library's messages, and what they mean."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a source gives no credentials: a clause, and whether the network or the other side was the cause."""

    clause: str
    network: bool = False


def explain(error: BaseException) -> Reason:
    """The reason of what the library raised."""
    chain = tuple(_chain(error))
    text = str(getattr(error, "message", "")) or str(error)
    return _of_kind(chain) or _of_network(chain, text) or _of_status(text) or Reason(_of_message(error, text))


def _of_kind(chain: tuple[BaseException, ...]) -> Reason | None:
    for one in chain:
        match one:
            case ProcessFailed() | ProfileUnusable():
                return Reason(_clause(str(one)))
            case configparser.Error():
                return Reason(_ini(one))
            case UnicodeDecodeError():
                return Reason("it is not UTF-8")
    return None


def _of_network(chain: tuple[BaseException, ...], text: str) -> Reason | None:
    names = {kind.__name__ for one in chain for kind in type(one).__mro__}
    if not names & {"RetryError", "RequestException"}:
        return None
    timed_out = names & {"ConnectTimeout", "ReadTimeout"} or "timed out" in text
    how = "did not answer in time" if timed_out else "could not be reached"
    return Reason(f"the server that gives credentials {how}", network=True)


def _of_status(text: str) -> Reason | None:
    status = _STATUS.search(text)
    if status is None:
        return None
    code = _CODE.search(text)
    number = int(status[1])
    answered = f"HTTP {number} {code[0]}" if code else f"HTTP {number}"
    unavailable = number >= 500 or number == 429 or (code is not None and code[0].startswith("Throttling"))
    return Reason(f"the server that gives credentials answered {answered}", network=unavailable)


def _of_message(error: BaseException, text: str) -> str:
    if isinstance(error, OSError):
        return f"a file cannot be read ({error.strerror or type(error).__name__})"
    for part, meaning in _KNOWN:
        if part in text:
            return meaning
    return f"its answer or its file holds something unexpected ({type(error).__name__})"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, and those that it came from."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__


def _clause(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")


def _ini(error: configparser.Error) -> str:
    match error:
        case configparser.MissingSectionHeaderError():
            return f"line {error.lineno} stands before the first [section]"
        case configparser.ParsingError():
            return f"line {error.errors[0][0]} is not `key = value`" if error.errors else "it is not an ini file"
        case configparser.DuplicateOptionError() | configparser.DuplicateSectionError():
            return f"line {error.lineno} repeats what was given before"
        case configparser.InterpolationError():
            return "a value holds a `%`, which has to be written `%%`"
    return "it is not an ini file"
