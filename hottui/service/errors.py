"""Errors of reading from the service.

    HottuiError
    └── ServiceError                     exit code 5 unless noted
        ├── CredentialsError             3
        │   ├── CredentialsMissing       no access key was found, or its source failed
        │   └── CredentialsRefused       the service does not accept the key or the token
        ├── SignatureRefused             3: the signature does not match the request
        │   └── ClockSkewed              the request was dated too far from the service's clock
        ├── PermissionDenied             3: the key is valid, but may not read this
        ├── NotFound                     4: no such hot update, job or deployment (not yet, or no longer)
        ├── Throttled                    too many requests for the account; may give a wait
        ├── Unavailable                  the service reported an error of its own
        ├── Unreachable                  no answer from the service: network, TLS, proxy, gateway or redirect
        │   └── TimedOut                 no connection or no complete answer before the deadline
        ├── Unreadable                   6: not an answer: HTML, truncated, too large, or not the service's JSON
        │   └── OtherAnswer              a valid answer about another hot update or job than the requested one
        └── InternalError                1: a bug in hottui or in a library ended this read

A retry often helps after `Throttled`, `Unavailable`, `Unreachable` and `Unreadable`, and after `NotFound` for a while
once an ID was created. Errors of credentials, signature and permission persist until the user changes something.
"""

from typing import Final

from hottui.errors import ExitCode, HottuiError

LONGEST_REQUEST_ID: Final = 80
"""Maximum number of characters of a request ID; the service's are UUIDs."""


class ServiceError(HottuiError):
    """Base class. Secrets in its texts are masked and control characters made visible: safe for terminals and logs.

    `message` is what is wrong and `hint` what to do about it; `request_id` and `code` are the service's. All but
    `message` may be empty.
    """

    repeat = False
    """Whether to read again at once: the next request will have other credentials or a corrected date."""

    def __init__(self, message: str, *, hint: str = "", request_id: str = "", code: str = "") -> None:
        from hottui.model.masking.messages import for_display  # noqa: PLC0415 - start-up time: compiles patterns, needed for errors only

        super().__init__(for_display(message), for_display(hint))
        self.request_id = for_display(request_id[:LONGEST_REQUEST_ID])
        self.code = for_display(code)

    def identify(self, request_id: str) -> None:
        """Set the request ID if the error has none."""
        if request_id and not self.request_id:
            self.request_id = ServiceError("", request_id=request_id).request_id


class CredentialsError(ServiceError):
    """The access key is missing or was rejected."""

    exit_code = ExitCode.DENIED


class CredentialsMissing(CredentialsError):
    """No credentials were found, or their source failed."""


class CredentialsRefused(CredentialsError):
    """The access key is unknown or disabled, or the security token is invalid or has expired."""


class SignatureRefused(ServiceError):
    """The signature does not match: usually a wrong access key secret, or a proxy that modifies requests."""

    exit_code = ExitCode.DENIED


class ClockSkewed(SignatureRefused):
    """The date of the request differs by more than 15 minutes from the service's clock.

    `offset` is the service's clock minus the local one in seconds, or None if the response had no date.
    """

    def __init__(
        self, message: str, *, offset: float | None = None, hint: str = "", request_id: str = "", code: str = ""
    ) -> None:
        super().__init__(message, hint=hint, request_id=request_id, code=code)
        self.offset = offset


class PermissionDenied(ServiceError):
    """The key is valid, but is not allowed to make this call in this namespace."""

    exit_code = ExitCode.DENIED


class NotFound(ServiceError):
    """There is no hot update, job or deployment with this ID in the workspace and namespace."""

    exit_code = ExitCode.NOT_FOUND


class Throttled(ServiceError):
    """Too many requests. `wait` is the waiting time in seconds that the service requested, or None."""

    def __init__(
        self, message: str, *, wait: float | None = None, hint: str = "", request_id: str = "", code: str = ""
    ) -> None:
        super().__init__(message, hint=hint, request_id=request_id, code=code)
        self.wait = wait


class Unavailable(ServiceError):
    """The service reported an error that is none of the above."""


class Unreachable(ServiceError):
    """No answer from the service: network, TLS, proxy, gateway, redirect or deadline."""


class TimedOut(Unreachable):
    """No connection or no complete answer before the deadline."""


class Unreadable(ServiceError):
    """The response is not an answer of the service."""

    exit_code = ExitCode.UNREADABLE


class OtherAnswer(Unreadable):
    """The answer is about another hot update, job or deployment than the requested one."""


class InternalError(ServiceError):
    """An unexpected exception, the `__cause__`, ended this read. Other reads continue."""

    exit_code = ExitCode.INTERNAL
