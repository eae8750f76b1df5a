"""Exit codes, as the README lists them. With several IDs the largest that occurred is given."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from hottui.model.ref import Ref
from hottui.model.state import Freshness, is_final
from hottui.model.tracking import Tracked
from hottui.service import errors
from hottui.service.errors import ServiceError

if TYPE_CHECKING:
    from hottui.service.client import Client, Reading


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


class ReadOutcomes:
    """Hears of every read that fails. `asked` are the refs that the command line names.

    That the service no longer knows an old bookmark is no failure of a listing; of an ID that was asked for it is.
    """

    def __init__(self, asked: Collection[Ref]) -> None:
        self._asked = frozenset(asked)
        self._codes: dict[Ref, int] = {}

    def heard(self, client: "Client") -> "Client":
        """`client`, its failures noted from now on."""
        read = client.read

        async def noting(ref: Ref) -> "Reading":
            try:
                reading = await read(ref)
            except ServiceError as error:
                self._codes[ref] = code_of(error)
                raise
            self._codes.pop(ref, None)
            return reading

        client.read = noting  # type: ignore[method-assign] # whatever else the client can do stays as it is
        return client

    def code(self, tracked: Iterable[Tracked], began: float) -> int:
        """The largest exit code among the rows of a listing that began at `began`."""
        return max((self._code(one, began) for one in tracked), default=DONE)

    def _code(self, tracked: Tracked, began: float) -> int:
        match tracked.freshness:
            case Freshness.GONE:
                return NOT_FOUND if tracked.ref in self._asked else DONE
            case Freshness.DENIED:
                return REFUSED
        if not settled(tracked, began):
            return UNAVAILABLE
        if tracked.trouble is None or tracked.freshness is Freshness.LIVE:
            return DONE
        return self._codes.get(tracked.ref, UNREADABLE)  # an answer came, and is none


def settled(tracked: Tracked, began: float) -> bool:
    """Whether asking (again) would tell nothing more in a listing that began at `began`."""
    trouble = tracked.trouble
    failed = trouble is not None and trouble.at >= began and not trouble.interim
    return (
        (tracked.seen or 0.0) >= began
        or failed
        or is_final(tracked.state)
        or tracked.freshness in {Freshness.GONE, Freshness.DENIED}
    )
