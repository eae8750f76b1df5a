"""The reader that the monitor polls with, a wrapper that records outcomes, and what a failed read means."""

from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, Protocol

from hottui.model.ref import Ref
from hottui.model.state import Freshness
from hottui.model.tracking import Observation, Trouble
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
    from hottui.service.call import Place
    from hottui.service.reading import Reading, Repeated


class Reader(Protocol):
    """Reads one hot update at a time. `hottui.service.client.Client` is one."""

    async def read(self, ref: Ref) -> "Reading":
        """Return the service's answer about `ref`. Raises only ServiceError."""
        ...

    async def read_again(self, ref: Ref, digest: bytes) -> "Reading | Repeated":  # noqa: ARG002 - a default
        """Return the service's answer about `ref`, unparsed if it has this digest. Raises only ServiceError."""
        return await self.read(ref)

    def account_of(self, place: "Place") -> str:
        """Return the account and region whose quota a read at `place` uses."""
        ...

    def credentials_changed(self, ref: Ref) -> bool:  # noqa: ARG002 - a default for readers without credentials
        """Whether the credentials for `ref` differ from those used last, so that a rejected read may now succeed."""
        return False

    def clock_offset(self, endpoint: str) -> float:  # noqa: ARG002 - a default for readers that do not sign
        """Return the seconds by which the clock of `endpoint` is ahead of this machine's; 0 if unknown."""
        return 0.0


class RecordingReader(Reader):
    """Passes every outcome of `reader` to `record`: the answer, or the error before it is raised."""

    def __init__(self, reader: Reader, record: "Callable[[Ref, Reading | ServiceError], None]") -> None:
        self._reader = reader
        self._record = record

    async def read(self, ref: Ref) -> "Reading":
        """Return the service's answer about `ref`. Raises only ServiceError."""
        try:
            reading = await self._reader.read(ref)
        except ServiceError as error:
            self._record(ref, error)
            raise
        self._record(ref, reading)
        return reading

    def account_of(self, place: "Place") -> str:
        """Return the account and region whose quota a read at `place` uses."""
        return self._reader.account_of(place)

    def credentials_changed(self, ref: Ref) -> bool:
        """Whether the credentials for `ref` differ from those used last."""
        return self._reader.credentials_changed(ref)

    def clock_offset(self, endpoint: str) -> float:
        """Return the seconds by which the clock of `endpoint` is ahead of this machine's."""
        return self._reader.clock_offset(endpoint)


class Consequence(Enum):
    """What a failed read means for the schedule."""

    MISSING = auto()
    """The ID was not found."""
    THROTTLED = auto()
    """The account exceeded its quota."""
    REJECTED = auto()
    """The key, token or signature of the account was rejected."""
    FORBIDDEN = auto()
    """The account lacks a permission."""
    FAILED = auto()
    """Only this read failed."""


def consequence_of(error: ServiceError) -> Consequence:
    """Return what `error` means for the schedule."""
    match error:
        case NotFound():
            return Consequence.MISSING
        case Throttled():
            return Consequence.THROTTLED
        case CredentialsError() | SignatureRefused():
            return Consequence.REJECTED
        case PermissionDenied():
            return Consequence.FORBIDDEN
    return Consequence.FAILED


FRESHNESS_AFTER: Final = {
    Consequence.MISSING: Freshness.GONE,
    Consequence.THROTTLED: Freshness.STALE,
    Consequence.REJECTED: Freshness.DENIED,
    Consequence.FORBIDDEN: Freshness.DENIED,
    Consequence.FAILED: Freshness.STALE,
}
"""The freshness of a row whose last read failed."""


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
    """Return the cause of `error` in a word or two."""
    return next((cause for kind, cause in _CAUSES if isinstance(error, kind)), "service error")


def trouble_of(error: ServiceError, at: float) -> Trouble:
    """Return what to show of `error`, which came at `at`."""
    return Trouble(at, error.message, error.hint, error.request_id, cause_of(error))


def no_state(request_id: str, at: float) -> Trouble:
    """Return what to show of an answer without a state, which came at `at`."""
    return Trouble(at, "The answer has no state.", "See the Answer tab.", request_id, "no state")


def observation_of(ref: Ref, reading: "Reading") -> Observation:
    """Return the answer with its summary. Slow for large answers."""
    from hottui.analysis.answer_summary import summarize  # noqa: PLC0415 - pydantic is not needed for the first frame

    answer = reading.answer
    return Observation(ref, reading.at, summarize(answer), reading.request_id, answer.text, reading.digest)


def reported(error: Exception, doing: str) -> ServiceError:
    """Report an unexpected `error` of `doing` something; returns the error to show."""
    from hottui.service.network_errors import report, unexpected  # noqa: PLC0415 - imports httpx

    report(error, doing)
    return unexpected(error)


REPORTED_FROM: Final = 60.0
"""Seconds of clock skew from which it is reported."""


class ClockSkew:
    """The clock offset last measured for each endpoint."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._offsets: dict[str, float] = {}

    def update(self, endpoint: str) -> bool:
        """Update the offset of `endpoint`; whether the reported value has changed."""
        measured = self._reader.clock_offset(endpoint)
        reported = measured if abs(measured) >= REPORTED_FROM else 0.0
        if reported == self._offsets.get(endpoint, 0.0):
            return False
        self._offsets[endpoint] = reported
        return True

    @property
    def worst(self) -> float:
        """The largest reported offset, in seconds that the service is ahead; else 0."""
        return max(self._offsets.values(), key=abs, default=0.0)
