"""Exit codes, as the README lists them. With several IDs the largest that occurred is given."""

from typing import Final

from hottui.service import errors

DONE: Final = 0
FAULT: Final = 1
"""A fault in hottui itself, one that ended a single read included; there should be none."""
USAGE: Final = 2
REFUSED: Final = 3
NOT_FOUND: Final = 4
UNAVAILABLE: Final = 5
UNREADABLE: Final = 6
INTERRUPTED: Final = 130

_CODES = (
    (errors.CredentialsError, REFUSED),
    (errors.SignatureRefused, REFUSED),
    (errors.PermissionDenied, REFUSED),
    (errors.NotFound, NOT_FOUND),
    (errors.Unreadable, UNREADABLE),
    (errors.InternalError, FAULT),
)


def code_of(error: errors.ServiceError) -> int:
    """The exit code for what the service, or the way to it, said."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), UNAVAILABLE)
