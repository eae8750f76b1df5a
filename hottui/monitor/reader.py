"""Who reads for the monitor, and what the reader's refusals mean to it."""

from enum import Enum, auto
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from hottui.model.ref import Ref
from hottui.service.errors import (
    CredentialsError,
    NotFound,
    PermissionDenied,
    ServiceError,
    SignatureRefused,
    Throttled,
    TimedOut,
    Unreachable,
    Unreadable,
)

if TYPE_CHECKING:
    from hottui.service.client import Reading


class Reader(Protocol):
    """Reads one hot update at a time; `hottui.service.client.Client` is one."""

    async def read(self, ref: Ref) -> "Reading":
        """The service's answer about `ref`. Raises ServiceError and nothing else."""
        ...

    def account_of(self, ref: Ref) -> str:
        """The account and region whose quota a read of `ref` uses."""
        ...


@runtime_checkable
class KnowsCredentials(Protocol):
    """A reader that can tell whether a refused read is worth repeating."""

    def credentials_changed(self, ref: Ref) -> bool:
        """Whether the credentials for `ref` differ from those used last."""
        ...


@runtime_checkable
class KnowsClock(Protocol):
    """A reader that has measured how far this machine's clock is off."""

    def clock_offset(self, endpoint: str) -> float:
        """By how many seconds the clock of the service at `endpoint` is ahead; 0 where nothing is known."""
        ...


class Consequence(Enum):
    """What an error says, and about whom."""

    MISSING = auto()
    """The ref is not known."""
    THROTTLED = auto()
    """The account asked too much."""
    REFUSED = auto()
    """The account is not accepted."""
    FORBIDDEN = auto()
    """The account may not read here."""
    FAILED = auto()
    """This read brought nothing."""


def consequence_of(error: ServiceError) -> Consequence:
    """What `error` means for the schedule."""
    match error:
        case NotFound():
            return Consequence.MISSING
        case Throttled():
            return Consequence.THROTTLED
        case CredentialsError() | SignatureRefused():
            return Consequence.REFUSED
        case PermissionDenied():
            return Consequence.FORBIDDEN
    return Consequence.FAILED


_CAUSES: Final = (
    (TimedOut, "timeout"),
    (Unreachable, "network"),
    (Unreadable, "unreadable answer"),
    (NotFound, "not found"),
    (Throttled, "throttled"),
    (CredentialsError, "credentials"),
    (SignatureRefused, "signature"),
    (PermissionDenied, "permission"),
)


def cause_of(error: ServiceError) -> str:
    """What went wrong in a word or two."""
    return next((cause for kind, cause in _CAUSES if isinstance(error, kind)), "service error")


REPORTED_FROM: Final = 60.0
"""Seconds."""


class ClockSkew:
    """The last known offset of each endpoint's clock."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader if isinstance(reader, KnowsClock) else None
        self._offsets: dict[str, float] = {}

    def note(self, endpoint: str) -> bool:
        """Take over what was measured of `endpoint`; whether that is another offset to tell of than before."""
        measured = self._reader.clock_offset(endpoint) if self._reader else 0.0
        worth_telling = measured if abs(measured) >= REPORTED_FROM else 0.0
        if worth_telling == self._offsets.get(endpoint, 0.0):
            return False
        self._offsets[endpoint] = worth_telling
        return True

    @property
    def worst(self) -> float:
        """The largest offset worth telling, in seconds that the service is ahead; else 0."""
        return max(self._offsets.values(), key=abs, default=0.0)
