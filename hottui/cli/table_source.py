"""What the table that is printed instead of the dashboard is read with. Imports no monitor: few starts need it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hottui.model.ref import Ref

if TYPE_CHECKING:
    from hottui.service.client import Client
    from hottui.store.store import Store


@dataclass(frozen=True, slots=True)
class TableSource:
    """What the table is read with. The answers about bookmarks are saved in `store`, which is closed at the end.

    `requested` are the refs named on the command line: a 404 is a failure for these, but not for a bookmark whose hot
    update no longer exists. None if failed reads do not count.
    """

    connect: "Callable[[], Client]"
    store: "Store"
    requested: frozenset[Ref] | None = None
