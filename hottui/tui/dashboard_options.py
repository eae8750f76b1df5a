"""What the dashboard is started with. Imports neither the service client nor Textual, so that start-up stays fast."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hottui.model.notify_settings import QUIET, NotifySettings
from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.monitor.interface import Connection
from hottui.tui.layout import Layout

if TYPE_CHECKING:
    from hottui.monitor.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Location:
    """The endpoint, workspace and namespace in which added IDs are looked up."""

    endpoint: str
    workspace: str
    namespace: str

    def ref(self, id: str) -> Ref:  # noqa: A002
        """Return the ref of `id` in this location."""
        return Ref(self.endpoint, self.workspace, self.namespace, id)

    def has(self, ref: Ref) -> bool:
        """Return whether `ref` is in this location."""
        return (self.endpoint, self.workspace, self.namespace) == (ref.endpoint, ref.workspace, ref.namespace)


@dataclass(frozen=True, slots=True)
class Place:
    """A profile with a location; `context` is its text in the header."""

    name: str
    context: str
    location: Location


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Descriptions of changes that could not be saved, and the reason; `message` and `hint` may be empty."""

    changes: tuple[str, ...]
    message: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionProfile:
    """The values of the form for a profile, as text. `region` may be an endpoint's address instead."""

    name: str
    region: str
    network: str
    workspace: str
    namespace: str
    credentials: str


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What is offered while no location is configured.

    The form begins with `profile` and completes `regions`. `check` tries a profile and `save` writes it; both raise
    HottuiError. `restart` takes the arguments of the command to run when the dashboard has ended. `readme` is the
    README's address.
    """

    profile: ConnectionProfile
    regions: tuple[str, ...]
    check: Callable[[ConnectionProfile], Coroutine[Any, Any, None]]
    save: Callable[[ConnectionProfile], None]
    restart: Callable[[tuple[str, ...]], None]
    readme: str


@dataclass(frozen=True, slots=True)
class DashboardOptions:
    """Everything the dashboard is started with.

    `tracked` is shown in the first frame; `connect` is called in a thread after it, because it imports the client.
    `location` is None when region or workspace is not set; `location_hint` is then the message that says what to set,
    and `first_run` what to offer.
    The cursor starts on `cursor`, which is opened if it is the only row. `greeting` is shown first, in one line.
    `save_layout` saves the layout, and raises OSError; without it, nothing is remembered.
    `columns` are the titles of the table's columns, from left to right; empty for the default.
    `shown` returns what is shown of a snapshot. `profiles` returns the names of the profiles of a ref's location.
    Of `places`, only the hot updates of `shown_place` are shown; all if it is empty. `place_of` returns the text of a
    ref's place.
    `notify` is what the user is notified of, and how. `record` writes a line to the log. `keys` are the keys that the
    user has chosen by command ID, unchecked.
    """

    tracked: tuple[Tracked, ...]
    context: str
    connect: Callable[[], Connection]
    location: Location | None
    location_hint: str = ""
    first_run: FirstRun | None = None
    theme_folders: tuple[Path, ...] = ()
    theme: str = ""
    layout: Layout = Layout()  # noqa: RUF009 - immutable
    save_layout: Callable[[Layout], None] | None = None
    notices: tuple[str, ...] = ()
    ascii: bool = False
    cursor: Ref | None = None
    greeting: str = ""
    notify: NotifySettings = QUIET
    record: Callable[[str], None] = lambda _: None
    shown: "Callable[[Snapshot], Snapshot]" = lambda snapshot: snapshot
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    profiles: Callable[[Ref], tuple[str, ...]] = lambda _: ()
    places: tuple[Place, ...] = ()
    shown_place: str = ""
    place_of: Callable[[Ref], str] = lambda _: ""
