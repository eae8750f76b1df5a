"""Errors of reading from the service.

    HottuiError
    └── ServiceError                     exit code 5 unless noted
        ├── CredentialsError             3
        │   ├── CredentialsMissing       no access key was found, or its source failed
        │   └── CredentialsRefused       the service does not accept the key or the token
        ├── SignatureRefused             3: the signature does not match the request
        │   └── ClockSkewed              the request was dated too far from the service's clock
        ├── PermissionDenied             3: the key is valid, but may not read this
        ├── NotFound                     4: the service has no such hot update (not yet, or no longer)
        ├── Throttled                    too many requests for the account; may give a wait
        ├── Unavailable                  the service reported an error of its own
        ├── Unreachable                  no answer from the service: network, TLS, proxy, gateway or redirect
        │   └── TimedOut                 no connection or no complete answer before the deadline
        ├── Unreadable                   6: not an answer: HTML, truncated, too large, or not the service's JSON
        │   └── OtherAnswer              a valid answer about another hot update than the requested one
        └── InternalError                1: a bug in hottui or in a library ended this read

A retry often helps after `Throttled`, `Unavailable`, `Unreachable` and `Unreadable`, and after `NotFound` for a while
once an ID was created. The credentials, signature and permission errors last until somebody changes something.
"""

from typing import Final

from hottui.errors import ExitCode, HottuiError

LONGEST_REQUEST_ID: Final = 80
"""Characters of a request ID that are kept; the service's own are UUIDs."""


class ServiceError(HottuiError):
    """Base of the tree. Every text is redacted and made visible: safe for a terminal, a log and a report.

    `message` says what happened, `hint` what to do next (may be empty), `request_id` is the service's name for the
    request and `code` its own word for the reason (both may be empty).
    """

    repeat = False
    """Whether the client has learnt from this refusal how to sign the next read, so that one more is worthwhile now."""

    def __init__(self, message: str, *, hint: str = "", request_id: str = "", code: str = "") -> None:
        from hottui.model.masking.messages import for_display  # noqa: PLC0415 - a start without errors compiles no patterns

        super().__init__(for_display(message), for_display(hint))
        self.request_id = for_display(request_id[:LONGEST_REQUEST_ID])
        self.code = for_display(code)

    def identify(self, request_id: str) -> None:
        """Set the request ID where the error has none yet."""
        if request_id and not self.request_id:
            self.request_id = ServiceError("", request_id=request_id).request_id


class CredentialsError(ServiceError):
    """The access key is missing or not accepted."""

    exit_code = ExitCode.DENIED


class CredentialsMissing(CredentialsError):
    """No credentials were found, or their source failed."""


class CredentialsRefused(CredentialsError):
    """The service does not know the access key, or the security token has expired."""


class SignatureRefused(ServiceError):
    """The signature does not fit: nearly always a wrong access key secret, or a proxy that rewrites requests."""

    exit_code = ExitCode.DENIED


class ClockSkewed(SignatureRefused):
    """The request's date is too far from the service's (more than 15 minutes).

    `offset` is the service's clock minus the local one in seconds, or None when the answer had no date.
    """

    def __init__(
        self, message: str, *, offset: float | None = None, hint: str = "", request_id: str = "", code: str = ""
    ) -> None:
        super().__init__(message, hint=hint, request_id=request_id, code=code)
        self.offset = offset


class PermissionDenied(ServiceError):
    """The key is good, but its user may not read hot updates here."""

    exit_code = ExitCode.DENIED


class NotFound(ServiceError):
    """The service does not know the ID at this workspace and namespace."""

    exit_code = ExitCode.NOT_FOUND


class Throttled(ServiceError):
    """Too many requests. `wait` is the pause in seconds that the service asked for, or None."""

    def __init__(
        self, message: str, *, wait: float | None = None, hint: str = "", request_id: str = "", code: str = ""
    ) -> None:
        super().__init__(message, hint=hint, request_id=request_id, code=code)
        self.wait = wait


class Unavailable(ServiceError):
    """The service answered that it cannot, for a reason that is none of the above."""


class Unreachable(ServiceError):
    """No word from the service: network, TLS, proxy, gateway, redirect or deadline."""


class TimedOut(Unreachable):
    """No connection, or no complete answer, within the time allowed."""


class Unreadable(ServiceError):
    """Something came that is no answer of the service."""

    exit_code = ExitCode.UNREADABLE


class OtherAnswer(Unreadable):
    """The answer is about another hot update than the one asked for."""


class InternalError(ServiceError):
    """An exception that nobody expected ended this read; it is the `__cause__`. Other reads go on."""

    exit_code = ExitCode.INTERNAL
