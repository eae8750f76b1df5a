"""What can still be read in a damaged store, carried over into a new one."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from hottui.store.connection import Access, connect
from hottui.store.schema import Kind, kind_of

Row = dict[str, Any]

_KEYS: Final = {"bookmark": "id", "answer": "bookmark", "transition": "bookmark"}
"""The tables, and in each the column that names the bookmark; what others refer to comes first."""


def salvage(broken: Path, target: sqlite3.Connection) -> int:
    """Copy the readable rows of the file `broken` into the empty store `target`; returns the number of bookmarks.

    The caller holds the transaction in `target`. Raises sqlite3.Error for `target` alone.
    """
    found = _readable(broken, {table: _columns(target, table) for table in _KEYS})
    kept = {row["id"] for row in found["bookmark"]}
    for table, rows in found.items():
        for row in rows:
            if row[_KEYS[table]] in kept:
                names, marks = ", ".join(row), ", ".join("?" * len(row))
                target.execute(
                    f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 — names of our own tables
                    tuple(row.values()),
                )
    (count,) = target.execute("SELECT count(*) FROM bookmark").fetchone()
    return int(count)


def _readable(broken: Path, columns: dict[str, set[str]]) -> dict[str, list[Row]]:
    """The rows of each table that can be read; of the columns, those that both files know."""
    found: dict[str, list[Row]] = {table: [] for table in columns}
    try:
        with closing(connect(broken, Access.READ)) as source:
            source.execute("BEGIN")
            if kind_of(source) in (Kind.CURRENT, Kind.OLDER):
                for table, known in columns.items():
                    found[table] = _rows(source, table, sorted(known & _columns(source, table)))
    except sqlite3.Error:
        pass  # what was found until here is what there is
    return found


def _rows(source: sqlite3.Connection, table: str, columns: list[str]) -> list[Row]:
    """All rows up to the damaged place, and from the end back to it."""
    found: dict[int, Row] = {}
    for order in ("ASC", "DESC"):
        query = f"SELECT rowid, {', '.join(columns)} FROM {table} ORDER BY rowid {order}"  # noqa: S608 — as above
        try:
            for key, *values in source.execute(query):
                found[key] = dict(zip(columns, values, strict=True))
        except sqlite3.Error:
            continue
        break
    return list(found.values())


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
