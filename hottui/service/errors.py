"""What can go wrong between hottui and the service, as one tree.

    ServiceError
    ├── CredentialsError
    │   ├── CredentialsMissing   no access key was found, or its source failed
    │   └── CredentialsRefused   the service does not accept the key or the token
    ├── SignatureRefused         the signature does not fit the request
    │   └── ClockSkewed          the date it was signed with is too far from the service's
    ├── PermissionDenied         the key is good, but may not read this
    ├── NotFound                 the service does not know this hot update (yet, or any more)
    ├── Throttled                too many requests for the account; may name a wait
    ├── Unavailable              the service itself said no, or is out of order
    ├── Unreachable              network, TLS, proxy, gateway, redirect or deadline: no word from the service
    │   └── TimedOut             no connection or no complete answer in time
    ├── Unreadable               an answer came that is none: HTML, cut off, too large, not the service's JSON
    │   └── OtherAnswer          a good answer, but about another hot update than the one asked for
    └── InternalError            a fault in hottui, or in a library it uses, ended this one read

What asking again can mend: `Throttled`, `Unavailable`, `Unreachable` and `Unreadable` often; `NotFound` for a while
after an ID was made; the credentials, signature and permission errors not until somebody changes something.
"""

from typing import Final

LONGEST_REQUEST_ID: Final = 80
"""Characters of a request ID that are kept; the service's own are UUIDs."""


class ServiceError(Exception):
    """Base of the tree. Every text is redacted and made visible: safe for a terminal, a log and a report.

    `sentence` says what happened, `hint` what to do next (may be empty), `request_id` is the service's name for the
    request and `code` its own word for the reason (both may be empty).
    """

    repeat = False
    """Whether the client has learnt from this refusal how to sign the next read, so that one more is worthwhile now."""

    def __init__(self, sentence: str, *, hint: str = "", request_id: str = "", code: str = "") -> None:
        from hottui.model.masking.messages import for_display  # noqa: PLC0415 - a start without errors compiles no patterns

        self.sentence = for_display(sentence)
        self.hint = for_display(hint)
        self.request_id = for_display(request_id[:LONGEST_REQUEST_ID])
        self.code = for_display(code)
        super().__init__(self.sentence)

    def identify(self, request_id: str) -> None:
        """Set the request ID where the error has none yet."""
        if request_id and not self.request_id:
            self.request_id = ServiceError("", request_id=request_id).request_id


class CredentialsError(ServiceError):
    """The access key is missing or not accepted."""


class CredentialsMissing(CredentialsError):
    """No credentials were found, or their source failed."""


class CredentialsRefused(CredentialsError):
    """The service does not know the access key, or the security token has expired."""


class SignatureRefused(ServiceError):
    """The signature does not fit: nearly always a wrong access key secret, or a proxy that rewrites requests."""


class ClockSkewed(SignatureRefused):
    """The request's date is too far from the service's (more than 15 minutes).

    `offset` is the service's clock minus the local one in seconds, or None when the answer had no date.
    """

    def __init__(
        self, sentence: str, *, offset: float | None = None, hint: str = "", request_id: str = "", code: str = ""
    ) -> None:
        super().__init__(sentence, hint=hint, request_id=request_id, code=code)
        self.offset = offset


class PermissionDenied(ServiceError):
    """The key is good, but its user may not read hot updates here."""


class NotFound(ServiceError):
    """The service does not know the ID at this workspace and namespace."""


class Throttled(ServiceError):
    """Too many requests. `wait` is the pause in seconds that the service asked for, or None."""

    def __init__(
        self, sentence: str, *, wait: float | None = None, hint: str = "", request_id: str = "", code: str = ""
    ) -> None:
        super().__init__(sentence, hint=hint, request_id=request_id, code=code)
        self.wait = wait


class Unavailable(ServiceError):
    """The service answered that it cannot, for a reason that is none of the above."""


class Unreachable(ServiceError):
    """No word from the service: network, TLS, proxy, gateway, redirect or deadline."""


class TimedOut(Unreachable):
    """No connection, or no complete answer, within the time allowed."""


class Unreadable(ServiceError):
    """Something came that is no answer of the service."""


class OtherAnswer(Unreadable):
    """The answer is about another hot update than the one asked for."""


class InternalError(ServiceError):
    """An exception that nobody expected ended this read; it is the `__cause__`. Other reads go on."""
