"""The store busy, full, read-only, corrupt or removed under a running dashboard."""

import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from hottui.model.state import HOT_UPDATED, HOT_UPDATING
from tests.faults.stand import ENDED, MOVES, OTHER, Stand, row_of
from tests.tui.stage import AppPilot, screen_text

PATIENCE = 60.0


@contextmanager
def busy(stand: Stand) -> Iterator[None]:
    """Hold a write lock in another connection."""
    with closing(sqlite3.connect(stand.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(stand: Stand) -> Iterator[None]:
    """Limit the database to its current number of pages."""
    database = stand.store._database
    with closing(sqlite3.connect(stand.path)) as other:
        (pages,) = other.execute("PRAGMA page_count").fetchone()
    database.run(lambda raw: raw.execute(f"PRAGMA max_page_count = {pages}"))
    yield
    database.run(lambda raw: raw.execute("PRAGMA max_page_count = 1000000"))


@contextmanager
def read_only(stand: Stand) -> Iterator[None]:
    """Make the database read-only, within SQLite, because root may write to any file."""
    database = stand.store._database
    database.run(lambda raw: raw.execute("PRAGMA query_only = 1"))
    yield
    database.run(lambda raw: raw.execute("PRAGMA query_only = 0"))


async def save(stand: Stand, pilot: AppPilot, condition: Callable[[], bool]) -> None:
    """Wait, in real time, for the thread that writes to the store."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, screen_text(pilot)
        stand.clock.now += 0.1
        stand.pulse.now += 0.1
        await stand._beat(pilot)
    await stand.shown(pilot)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (busy, "is locked by another process"),
        (full, "No space left to write the store"),
        (read_only, "cannot be written"),
    ],
)
async def test_a_store_that_rejects_writes_is_reported_and_nothing_is_lost(
    fault: Callable[[Stand], Iterator[None]], words: str, stand: Stand
) -> None:
    async with stand.open() as pilot:
        await save(stand, pilot, lambda: stand.kept()[MOVES] == HOT_UPDATING)
        with fault(stand):  # type: ignore[attr-defined]
            stand.running_monitor.annotate(stand.ref(MOVES), f"label of {MOVES}", "a note" * 20_000)
            stand.backend.states[MOVES] = HOT_UPDATED
            await stand.wait(pilot, lambda: stand.of(MOVES).state == HOT_UPDATED)
            await save(stand, pilot, lambda: stand.loop.trouble is not None and stand.loop.unsaved > 0)
            screen = screen_text(pilot)
            assert words in screen
            assert "not saved yet" in screen
            assert stand.loop.trouble is None or stand.loop.trouble.hint, "there is a hint"
            assert "UPDATED" in row_of(pilot, MOVES), "the dashboard continues"
            assert "database is locked" not in screen
        await save(stand, pilot, lambda: stand.loop.trouble is None and not stand.loop.unsaved)
        assert words not in screen_text(pilot)
        assert stand.kept() == {MOVES: HOT_UPDATED, OTHER: HOT_UPDATING, ENDED: HOT_UPDATED}


async def remove(stand: Stand) -> None:
    """Delete the files of the store."""
    for file in stand.path.parent.glob("hottui.db*"):
        file.unlink()


async def overwrite(stand: Stand) -> None:
    """Overwrite the file with something else."""
    stand.path.write_bytes(b"this was a database once" * 1000)


@pytest.mark.parametrize("harm", [remove, overwrite])
async def test_a_store_removed_while_open_is_recreated_with_its_content(
    harm: Callable[[Stand], Awaitable[None]], stand: Stand
) -> None:
    async with stand.open() as pilot:
        await save(stand, pilot, lambda: stand.kept()[MOVES] == HOT_UPDATING)
        await harm(stand)
        stand.backend.states[MOVES] = HOT_UPDATED
        await stand.wait(pilot, lambda: stand.of(MOVES).state == HOT_UPDATED)
        await save(stand, pilot, lambda: set(stand.store_labels()) == {MOVES, OTHER, ENDED})
        assert stand.store_labels()[MOVES] == f"label of {MOVES}"
        for name in (MOVES, OTHER, ENDED):
            assert row_of(pilot, name), "no row is lost"
        await save(stand, pilot, lambda: stand.kept()[MOVES] == HOT_UPDATED and stand.loop.trouble is None)
