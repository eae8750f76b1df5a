"""The tables and their migrations.

`PRAGMA application_id` identifies a file as hottui's, `PRAGMA user_version` is its schema version. A new file runs all
migrations, so the tables are defined only once. STRICT, RETURNING and VACUUM INTO are not used, since SQLite 3.26
(still found on older servers) lacks them.

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
    # Separate from the bookmarks, which are read at every start: an answer may have megabytes.
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
    # When a bookmark was removed. It is kept for a day, so that a removal can be undone.
    "ALTER TABLE bookmark ADD COLUMN removed REAL",
)

_VERSION_3: Final = (
    # What the table shows of the effect, since it is read at every start; `insight` has the whole.
    "ALTER TABLE bookmark ADD COLUMN verdict TEXT",
    "ALTER TABLE bookmark ADD COLUMN effect_reason TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE bookmark ADD COLUMN job_name TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE bookmark ADD COLUMN interruption TEXT NOT NULL DEFAULT ''",
    """
    CREATE TABLE insight (
        bookmark INTEGER PRIMARY KEY REFERENCES bookmark ON DELETE CASCADE,
        encoding TEXT NOT NULL,
        body BLOB NOT NULL
    )
    """,
    # Shared by the bookmarks of a job.
    """
    CREATE TABLE job_answer (
        endpoint TEXT NOT NULL,
        workspace TEXT NOT NULL,
        namespace TEXT NOT NULL,
        job_id TEXT NOT NULL,
        call TEXT NOT NULL,
        at REAL NOT NULL,
        encoding TEXT NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (endpoint, workspace, namespace, job_id, call)
    )
    """,
    "CREATE INDEX bookmark_of_job ON bookmark (job_id)",
    """
    CREATE TABLE permission (
        account TEXT NOT NULL,
        workspace TEXT NOT NULL,
        namespace TEXT NOT NULL,
        action TEXT NOT NULL,
        granted INTEGER NOT NULL,
        at REAL NOT NULL,
        PRIMARY KEY (account, workspace, namespace, action)
    )
    """,
)

_VERSION_4: Final = (
    # Times in which an update in progress was not read, for its timeline.
    """
    CREATE TABLE gap (
        bookmark INTEGER NOT NULL REFERENCES bookmark ON DELETE CASCADE,
        began REAL NOT NULL,
        ended REAL NOT NULL,
        PRIMARY KEY (bookmark, began)
    )
    """,
)

MIGRATIONS: Final = (_VERSION_1, _VERSION_2, _VERSION_3, _VERSION_4)
"""Step i migrates from version i to version i + 1."""

SCHEMA_VERSION: Final = len(MIGRATIONS)


class Kind(Enum):
    """The kind of a file, by its header and list of tables."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    FOREIGN = "foreign"


def kind_of(connection: sqlite3.Connection) -> Kind:
    """Return the kind of the open file. Raises sqlite3.DatabaseError if it is not a database.

    The caller holds a transaction, since another process may be creating the file at the same time.
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
    """Return the schema version of the open file; 0 for a file without one."""
    return _pragma(connection, "user_version")


def migrate(connection: sqlite3.Connection) -> None:
    """Migrate the open file to SCHEMA_VERSION. The caller holds the transaction."""
    for step in MIGRATIONS[version_of(connection) :]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
