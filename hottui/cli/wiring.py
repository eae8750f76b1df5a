"""Putting the parts together: settings, the store, credentials, the client, the monitor."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hottui import paths
from hottui.cli.output import print_error
from hottui.config.settings import Context, Flags, PlaceMissing, Settings, credentials_for, quoted, resolve
from hottui.model.control_characters import shorten
from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.service.errors import CredentialsMissing
from hottui.store.connection import BUSY_TIMEOUT
from hottui.store.errors import StoreError
from hottui.store.history import HistoryBounds
from hottui.store.store import Store

if TYPE_CHECKING:
    from hottui.service.client import Client
    from hottui.service.credentials import Credentials, CredentialsSource
    from hottui.tui.dashboard_options import Connection


_LAZY_TIMEOUT = 0.5
"""Seconds that each use waits for a store that could not be opened at the start."""


def settings() -> Settings:
    """What `config.toml` says. Raises SettingsError."""
    path = paths.config_path()
    with suppress(OSError):  # a file that is there and cannot be seen is told by who reads it
        if not path.exists():
            return Settings(path)
    from hottui.config import config_file  # noqa: PLC0415 - most have no config.toml

    return config_file.load(path)


def open_store(known: Settings | None = None, *, lazy: bool = False) -> Store:
    """The user's store, its history bounded as the settings say; opened now or, with `lazy`, when it is first used.

    One that is opened later is not waited for again: the detail of a hot update is shown without its history then.
    Raises StoreError.
    """
    bounds = HistoryBounds(known.history_days, known.history_transitions) if known else None
    timeout = _LAZY_TIMEOUT if lazy else BUSY_TIMEOUT
    return Store.open(paths.store_path(), bounds=bounds, timeout=timeout, lazy=lazy)


@contextmanager
def opened_store(known: Settings | None = None) -> Iterator[Store]:
    """The store for one command; what was found and mended in it is said at the end. Raises StoreError.

    Where it can only be read, a change raises that; a command that makes none has all it needs.
    """
    store = open_store(known)
    try:
        yield store
    finally:
        store.close()
        for notice in store.repairs:
            print_error(notice)


def bookmarks_or_reason(known: Settings) -> tuple[Store, tuple[Tracked, ...], str]:
    """The store and the bookmarks in it; or a store that each use tries to open, no bookmarks and a sentence.

    The dashboard works without: what is changed there waits for the store.
    """
    try:
        store = open_store(known)
        return store, store.tracked(), ""
    except StoreError as error:
        return open_store(known, lazy=True), (), f"{error.sentence} {error.hint}".strip()


def context_or_reason(known: Settings, flags: Flags) -> tuple[Context | None, str]:
    """Where IDs are looked for; or None and a sentence that says what to set. Raises SettingsError for a mistake."""
    try:
        return resolve(known, flags), ""
    except PlaceMissing as missing:
        return None, f"{missing.sentence} {missing.hint}".strip()


def client(known: Settings, context: Context | None, flags: Flags) -> "Client":
    """A client that reads each ref with the credentials of the profile that leads to it."""
    from hottui.service.client import Client  # noqa: PLC0415 - httpx comes with it

    return Client(_sources(known, context, flags.endpoint))


def _sources(known: Settings, context: Context | None, named: str) -> "Callable[[Ref], CredentialsSource]":
    from hottui.service.credentials import source_for  # noqa: PLC0415 - pydantic comes with it

    made: dict[str, CredentialsSource] = {}

    def source_of(ref: Ref) -> "CredentialsSource":
        spec = credentials_for(ref, known, context, named)
        if spec is None:
            return NoProfile(ref.endpoint)
        if spec not in made:
            made[spec] = source_for(spec)
        return made[spec]

    return source_of


class NoProfile:
    """Stands where no profile leads to a ref's endpoint: no key is ever sent to a place the user did not name."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    @property
    def name(self) -> str:
        """A word for the source."""
        return "no profile"

    async def get(self) -> "Credentials":
        """There are none. Raises CredentialsMissing."""
        raise CredentialsMissing(
            f"No profile leads to {self._endpoint}, so no key is sent there.",
            hint="Add a profile with this endpoint and workspace to config.toml.",
        )

    def forget(self) -> None:
        """There is nothing to read anew."""

    def changed(self) -> bool:
        """Settings are read at the start only."""
        return False


def connection(tracked: tuple[Tracked, ...], reader: "Client", store: Store | None, interval: float) -> "Connection":
    """A monitor over `reader` and `store`, and the way to let go of both."""
    from hottui.monitor.monitor import Monitor  # noqa: PLC0415 - the client comes with it
    from hottui.tui.dashboard_options import Connection  # noqa: PLC0415

    async def close() -> None:
        await reader.aclose()
        if store is not None:
            store.close()

    monitor = Monitor(tracked, reader, store, interval=interval)
    return Connection(monitor, monitor.run, close)


def theme_folders() -> tuple[Path, ...]:
    """Where theme files lie: the shipped ones, then the user's, which win."""
    return paths.bundled_themes_dir(), paths.user_themes_dir()


def no_such_theme(name: str) -> str:
    """A sentence that names the themes there are when `name` is none of them; else empty."""
    if not name or any(os.path.isfile(folder / f"{name}.toml") for folder in theme_folders()):
        return ""  # the dashboard looks into the file
    from hottui.tui import themes  # noqa: PLC0415 - Textual comes with it, which a listing does without

    known = sorted(theme.name for theme in themes.load(theme_folders()).themes)
    return "" if name in known else f"There is no theme {quoted(name)}. Themes: {shorten(', '.join(known), 100)}."
