"""The exit code of a table that is printed once: what went wrong with its rows."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from hottui.cli.exits import DONE, NOT_FOUND, REFUSED, UNAVAILABLE, UNREADABLE, code_of
from hottui.model.ref import Ref
from hottui.model.state import Freshness, is_final
from hottui.model.tracking import Tracked
from hottui.service.errors import ServiceError

if TYPE_CHECKING:
    from hottui.service.client import Client, Reading


class Outcomes:
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
