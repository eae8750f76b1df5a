"""Copying the readable rows of a damaged or removed store into another one."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from hottui.store.connection import Access, connect
from hottui.store.schema import Kind, kind_of
from hottui.store.serialization import is_valid_ref

Row = dict[str, Any]
Tables = dict[str, list[Row]]

_KEYS: Final = {
    "bookmark": "id",
    "answer": "bookmark",
    "transition": "bookmark",
    "insight": "bookmark",
    "gap": "bookmark",
}
"""The column that identifies the bookmark in each table; referenced tables come first. Others can be read again."""


def salvage(broken: Path, target: sqlite3.Connection) -> int:
    """Copy the readable rows of the file `broken` into the empty store `target`; returns the number of bookmarks.

    The caller holds the transaction in `target`. Raises sqlite3.Error only for errors in `target`.
    """
    try:
        with closing(connect(broken, Access.READ)) as source:
            source.execute("BEGIN")
            found = readable_rows(source)
    except sqlite3.Error:
        return 0
    return restore(found, target)


def readable_rows(source: sqlite3.Connection) -> Tables:
    """Return the readable rows of each table. Raises sqlite3.Error if none can be read."""
    found: Tables = {}
    if kind_of(source) in (Kind.CURRENT, Kind.OLDER):
        for table in _KEYS:
            with suppress(sqlite3.Error):  # the other tables may still be readable
                found[table] = _rows(source, table, sorted(_columns(source, table)))
    return found


def restore(found: Tables, target: sqlite3.Connection) -> int:
    """Insert into the store `target` the bookmarks it lacks, with their history; returns their number.

    The caller holds the transaction. Raises sqlite3.Error.
    """
    keys: dict[Any, int] = {}
    for table, own in _KEYS.items():
        known = _columns(target, table)
        for row in found.get(table, ()):
            values = {name: value for name, value in row.items() if name in known and name != "id"}
            if table == "bookmark":
                # Text that is not UTF-8 was decoded with replacement characters, and would become an extra row.
                if not is_valid_ref(row.get(part) for part in ("endpoint", "workspace", "namespace", "hot_update")):
                    continue
            else:
                if row.get(own) not in keys:
                    continue
                values[own] = keys[row[own]]
            names, marks = ", ".join(values), ", ".join("?" * len(values))
            cursor = target.execute(
                f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names of our own tables
                tuple(values.values()),
            )
            if table == "bookmark" and cursor.rowcount > 0 and cursor.lastrowid is not None:
                keys[row.get(own)] = cursor.lastrowid
    return len(keys)


def _rows(source: sqlite3.Connection, table: str, columns: list[str]) -> list[Row]:
    """Return all rows before the damaged page and, read from the end, all rows after it."""
    found: dict[int, Row] = {}
    for order in ("ASC", "DESC"):
        query = f"SELECT rowid, {', '.join(columns)} FROM {table} ORDER BY rowid {order}"  # noqa: S608 — as above
        try:
            for key, *values in source.execute(query):
                found[key] = dict(zip(columns, values, strict=True))
        except sqlite3.Error:
            continue
        break
    return [found[key] for key in sorted(found)]


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
