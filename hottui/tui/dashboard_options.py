"""What the dashboard opens with: light enough to be at hand before the service's client is loaded."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked

if TYPE_CHECKING:
    from hottui.monitor.monitor import Monitor


@dataclass(frozen=True, slots=True)
class Location:
    """Where an ID that is added is looked for."""

    endpoint: str
    workspace: str
    namespace: str

    def ref(self, id: str) -> Ref:  # noqa: A002
        """The ref of `id` at this place."""
        return Ref(self.endpoint, self.workspace, self.namespace, id)


@dataclass(frozen=True, slots=True)
class Connection:
    """The live engine, what runs as long as it is watched, and how to let go of what it holds."""

    monitor: "Monitor"
    run: Callable[[], Awaitable[None]]
    close: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Changes that the store did not take, in words, and why: `message` and `hint` may be empty."""

    changes: tuple[str, ...]
    message: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class DashboardOptions:
    """Everything the dashboard is given.

    `tracked` paints the first frame; `connect` is called in a thread after it, because it imports the client.
    `place` is None when region or workspace are not set: `place_missing` then says what to set.
    """

    tracked: tuple[Tracked, ...]
    context: str
    connect: Callable[[], Connection]
    place: Location | None
    place_missing: str = ""
    theme_folders: tuple[Path, ...] = ()
    theme: str = ""
    notices: tuple[str, ...] = ()
    ascii: bool = False
