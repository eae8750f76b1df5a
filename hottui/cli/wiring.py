"""Connect the parts for one command: settings, store, credentials, client and monitor."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hottui import paths
from hottui.cli.output import print_error
from hottui.config.resolve import location_of, resolve
from hottui.config.settings import DEFAULT_CREDENTIALS, Config, Context, Flags, LocationMissing, Settings, quoted
from hottui.model.control_characters import shorten
from hottui.model.tracking import Bookmark, Tracked
from hottui.monitor.interface import Connection
from hottui.service.endpoints import check_endpoint
from hottui.store.connection import BUSY_TIMEOUT
from hottui.store.errors import StoreError
from hottui.store.history import HistoryBounds
from hottui.store.store import Store

if TYPE_CHECKING:
    from hottui.model.ref import Ref
    from hottui.service.client import Client
    from hottui.service.credentials_policy import CredentialsPolicy
    from hottui.service.errors import ServiceError
    from hottui.service.reading import Reading


T = TypeVar("T")

_NO_FLAGS = Flags()
_LAZY_TIMEOUT = 0.5
"""Seconds that each use waits for a store that could not be opened at start-up."""


def load_settings(flags: Flags = _NO_FLAGS, *, default_profile: bool = True) -> Settings:
    """Return the settings in effect, from `flags` and `config.toml`. Raises SettingsError."""
    return resolve(_config(), flags, default_profile=default_profile)


def _config() -> Config:
    path = paths.config_path()
    with suppress(OSError):  # config_file.load reports a file that is not accessible
        if not path.exists():
            return Config(path)
    from hottui.config import config_file  # noqa: PLC0415 - start-up time: most users have no config.toml

    return config_file.load(path)


def profiles_of(config: Config) -> Callable[["Ref"], tuple[str, ...]]:
    """Return a function that returns the names of the profiles of a ref's location."""
    places = [(name, location_of(profile)[:3]) for name, profile in config.profiles.items()]

    def names(ref: "Ref") -> tuple[str, ...]:
        place = ref.endpoint, ref.workspace, ref.namespace
        return tuple(name for name, location in places if location == place)

    return names


def open_store(settings: Settings | None = None, *, lazy: bool = False) -> Store:
    """Open the user's store, its history bounded by `settings`, now or, with `lazy`, on first use.

    A store opened later uses a short timeout: details are then shown without history. Raises StoreError.
    """
    bounds = HistoryBounds(settings.history_days.value, settings.history_transitions.value) if settings else None
    timeout = _LAZY_TIMEOUT if lazy else BUSY_TIMEOUT
    return Store.open(paths.store_path(), bounds=bounds, timeout=timeout, lazy=lazy)


@contextmanager
def opened_store(settings: Settings | None = None) -> Iterator[Store]:
    """Yield the store for one command, then print what was repaired in it.

    Raises StoreError; for a read-only store only when it is written to.
    """
    store = open_store(settings)
    try:
        yield store
    finally:
        store.close()
        for notice in store.repairs:
            print_error(notice)


def read_saved(read: Callable[[Store], T], default: T) -> T:
    """Return what `read` returns of the store; `default` where there is none, or it cannot be read."""
    with suppress(StoreError, OSError):
        if paths.store_path().exists():
            with opened_store() as store:
                return read(store)
    return default


def saved_bookmarks() -> "dict[Ref, Bookmark]":
    """Return the bookmarks for their labels; none where the store does not exist or cannot be read."""
    return read_saved(lambda store: {row.ref: row.bookmark for row in store.tracked() if row.bookmark}, {})


def bookmarks_or_reason(settings: Settings) -> tuple[Store, tuple[Tracked, ...], str]:
    """Return the store and its bookmarks; or a store that each use tries to open, no bookmarks and a message.

    The dashboard works without a store: its changes remain unsaved until the store can be opened.
    """
    try:
        store = open_store(settings)
        return store, store.tracked(), ""
    except StoreError as error:
        return open_store(settings, lazy=True), (), f"{error.message} {error.hint}".strip()


def context_or_reason(settings: Settings) -> tuple[Context | None, str]:
    """Return where IDs are looked for; or None and a message on what to set. Raises SettingsError."""
    try:
        return settings.context(), ""
    except LocationMissing as missing:
        return None, f"{missing.message} {missing.hint}".strip()


def client(settings: Settings, context: Context | None) -> "Client":
    """Return a client that reads each ref with the credentials of the profile for it."""
    from hottui.service.client import Client  # noqa: PLC0415 - start-up time: httpx, loaded after the first frame

    return Client(_credentials_policy(settings, context).source_for)


def _credentials_policy(settings: Settings, context: Context | None) -> "CredentialsPolicy":
    from hottui.service.credentials_policy import (  # noqa: PLC0415 - start-up time: pydantic, loaded after the first frame
        CredentialsPolicy,
        CredentialsScope,
    )

    profiles = settings.config.profiles.values()
    scopes = [CredentialsScope(*location_of(profile)) for profile in profiles]
    current = None
    if context is not None:
        current = CredentialsScope(context.endpoint, context.workspace, context.namespace, context.credentials)
    endpoint = check_endpoint(settings.endpoint.value) if settings.endpoint.explicit else ""
    return CredentialsPolicy(scopes, current, endpoint, DEFAULT_CREDENTIALS)


def connection(
    tracked: tuple[Tracked, ...],
    client: "Client",
    store: Store | None,
    interval: float,
    record: "Callable[[Ref, Reading | ServiceError], None] | None" = None,
    *,
    insight: bool = True,
) -> Connection:
    """Return a monitor over `client` and `store`, with functions to run it and to close both.

    `record` is called with the outcome of every read of a hot update. With `insight`, their jobs are read too.
    """
    from hottui.monitor.monitor import Monitor  # noqa: PLC0415 - start-up time: the client, loaded after the first frame
    from hottui.monitor.reader import RecordingReader  # noqa: PLC0415 - start-up time: as above

    async def close() -> None:
        await client.aclose()
        if store is not None:
            store.close()

    reader = RecordingReader(client, record) if record else client
    monitor = Monitor(tracked, reader, store, jobs=client if insight else None, interval=interval)
    return Connection(monitor, monitor.run, close)


def connection_for(
    rows: Iterable[Tracked],
    settings: Settings,
    context: Context | None,
    store: Store | None,
    record: "Callable[[Ref, Reading | ServiceError], None] | None" = None,
    *,
    insight: bool,
) -> Connection:
    """Return a monitor of `rows` by the user's settings; without a store, nothing is saved. See `connection`."""
    return connection(tuple(rows), client(settings, context), store, settings.interval.value, record, insight=insight)


def theme_folders() -> tuple[Path, ...]:
    """Return the folders of theme files: the bundled ones, then the user's, which take precedence."""
    return paths.bundled_themes_dir(), paths.user_themes_dir()


def key_problems(config: Config) -> tuple[str, ...]:
    """Return what is wrong with `[keys]`, for which the dashboard has the usual keys."""
    if not config.keys:
        return ()
    from hottui.tui.keymap import read_keymap  # noqa: PLC0415 - start-up time: Textual, not needed for a listing

    return read_keymap(config.keys).problems


def command_descriptions() -> dict[str, str]:
    """Return what each command of the dashboard does, by its ID, and its usual keys."""
    from hottui.tui.commands import COMMANDS  # noqa: PLC0415 - as above

    return {command.id: f"{command.help} Usual keys: {command.shown_keys}" for command in COMMANDS}


def unknown_theme(name: str) -> str:
    """Return a message with the available themes when `name` is not one of them; else empty text."""
    if not name or any(os.path.isfile(folder / f"{name}.toml") for folder in theme_folders()):
        return ""  # the dashboard reports an invalid file
    from hottui.tui import themes  # noqa: PLC0415 - start-up time: Textual, not needed for a listing

    known = sorted(theme.name for theme in themes.load(theme_folders()).themes)
    return "" if name in known else f"No theme named {quoted(name)}. Available: {shorten(', '.join(known), 200)}."
