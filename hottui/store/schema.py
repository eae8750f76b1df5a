"""The tables, version by version.

`PRAGMA application_id` says that a file is ours and `PRAGMA user_version` which version it has. A new file runs through
all steps, so there is one description of the tables and no second one to keep in step. What is not used here on
purpose, because SQLite 3.26 (still found on long-lived servers) lacks it: STRICT, RETURNING, VACUUM INTO.

Times are seconds since the epoch.
"""

import sqlite3
from enum import Enum
from typing import Final

APPLICATION_ID: Final = 0x686F7475
"""`hotu` in ASCII."""

_VERSION_1: Final = (
    """
    CREATE TABLE bookmark (
        id INTEGER PRIMARY KEY,
        endpoint TEXT NOT NULL,
        workspace TEXT NOT NULL,
        namespace TEXT NOT NULL,
        hot_update TEXT NOT NULL,
        label TEXT NOT NULL,
        note TEXT NOT NULL,
        added REAL NOT NULL,
        state TEXT,
        job_id TEXT NOT NULL DEFAULT '',
        change TEXT NOT NULL DEFAULT '',
        severity TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        mode TEXT NOT NULL DEFAULT '',
        seen REAL,
        since REAL,
        looked_at REAL,
        UNIQUE (endpoint, workspace, namespace, hot_update)
    )
    """,
    # Apart from the bookmarks, which are read at every start: an answer may be megabytes.
    """
    CREATE TABLE answer (
        bookmark INTEGER PRIMARY KEY REFERENCES bookmark ON DELETE CASCADE,
        at REAL NOT NULL,
        request_id TEXT NOT NULL,
        encoding TEXT NOT NULL,
        body BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE transition (
        id INTEGER PRIMARY KEY,
        bookmark INTEGER NOT NULL REFERENCES bookmark ON DELETE CASCADE,
        at REAL NOT NULL,
        state TEXT NOT NULL,
        previous TEXT NOT NULL
    )
    """,
    "CREATE INDEX transition_in_time ON transition (bookmark, at)",
)

_VERSION_2: Final = (
    # When a bookmark was removed: it is kept a while, so that a slip of the finger does not cost its history.
    "ALTER TABLE bookmark ADD COLUMN removed REAL",
)

MIGRATIONS: Final = (_VERSION_1, _VERSION_2)
"""Step i leads from version i to version i + 1."""

SCHEMA_VERSION: Final = len(MIGRATIONS)


class Kind(Enum):
    """What a file is, judged by its header and its table of contents."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    FOREIGN = "foreign"


def kind_of(connection: sqlite3.Connection) -> Kind:
    """What the open file is. Raises sqlite3.DatabaseError when it is no database.

    The caller holds a transaction: another process may be making the file this very moment.
    """
    application = _pragma(connection, "application_id")
    version = version_of(connection)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if application == APPLICATION_ID and version > SCHEMA_VERSION:
        return Kind.NEWER
    if application == APPLICATION_ID and version > 0 and "bookmark" in tables:
        return Kind.CURRENT if version == SCHEMA_VERSION else Kind.OLDER
    return Kind.EMPTY if application == version == len(tables) == 0 else Kind.FOREIGN


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version of the open file; 0 for a file without one."""
    return _pragma(connection, "user_version")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the open file to SCHEMA_VERSION. The caller holds the transaction that makes it one step."""
    for step in MIGRATIONS[version_of(connection) :]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
