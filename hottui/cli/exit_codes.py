"""The exit code of a plain listing: the largest of its rows' exit codes."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from hottui.errors import ExitCode
from hottui.model.ref import Ref
from hottui.model.state import Freshness, is_final
from hottui.model.tracking import Tracked
from hottui.service.errors import ServiceError

if TYPE_CHECKING:
    from hottui.service.client import Reading


class ReadOutcomes:
    """Record the exit code of every failed read. `requested` are the refs named on the command line.

    A 404 is a failure for a requested ID, but not for a bookmark whose hot update no longer exists.
    """

    def __init__(self, requested: Collection[Ref]) -> None:
        self._requested = frozenset(requested)
        self._codes: dict[Ref, int] = {}

    def record(self, ref: Ref, outcome: "Reading | ServiceError") -> None:
        """Record the outcome of one read; a `RecordingReader` calls this."""
        if isinstance(outcome, ServiceError):
            self._codes[ref] = outcome.exit_code
        else:
            self._codes.pop(ref, None)

    def code(self, tracked: Iterable[Tracked], began: float) -> int:
        """Return the largest exit code among the rows of a listing that began at `began`."""
        return max((self._code(one, began) for one in tracked), default=ExitCode.OK)

    def _code(self, tracked: Tracked, began: float) -> int:
        match tracked.freshness:
            case Freshness.GONE:
                return ExitCode.NOT_FOUND if tracked.ref in self._requested else ExitCode.OK
            case Freshness.DENIED:
                return ExitCode.DENIED
        if not settled(tracked, began):
            return ExitCode.UNAVAILABLE
        if tracked.trouble is None or tracked.freshness is Freshness.LIVE:
            return ExitCode.OK
        return self._codes.get(tracked.ref, ExitCode.UNREADABLE)  # an answer came, but it cannot be read


def settled(tracked: Tracked, began: float) -> bool:
    """Whether another read would add nothing to a listing that began at `began`."""
    trouble = tracked.trouble
    failed = trouble is not None and trouble.at >= began and not trouble.interim
    return (
        (tracked.seen or 0.0) >= began
        or failed
        or is_final(tracked.state)
        or tracked.freshness in {Freshness.GONE, Freshness.DENIED}
    )
