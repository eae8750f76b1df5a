"""Unsaved changes are not lost silently, on real terminals with a real store."""

import os
import re
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hottui.store.store import Store
from tests.terminal.conftest import Open
from tests.terminal.ptys import HOTTUI, Session, left_on
from tests.terminal.served import Restless, store_path, watched
from tests.terminal.test_input_order import ids


@contextmanager
def locked(path: Path) -> Iterator[sqlite3.Connection]:
    """Lock the store by an unfinished write of another process, until a rollback."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    finally:
        connection.close()


def words(session: Session) -> str:
    """Return what was written after the terminal was restored, as text."""
    end = bytes(session.output).rpartition(b"\x1b[?1049l")[2].decode()
    return re.sub(r"\x1b\[[^A-Za-z]*[A-Za-z]", "", end)


def test_quitting_lists_unsaved_changes(open_on_terminal: Open, environment: dict[str, str]) -> None:
    with watched(Restless(3), environment) as home:
        path = store_path(environment)
        before = ids(path)
        for end, code in ((b"q", 5), (signal.SIGTERM, 143)):
            session = open_on_terminal(*HOTTUI, env={**home}).live()
            with locked(path):
                session.type(b"axbu-1\r")
                session.shows("Added xbu-1, not saved yet")
                session.type(b"x")
                session.shows("xbu-1 and its bookmark removed, not saved yet (u: undo)")
                if isinstance(end, bytes):
                    session.type(end)
                    session.shows("2 changes not saved yet; retrying.")
                else:
                    session.kill(end)
                assert session.ends() == code
            assert "Not saved: bookmark xbu-1; removed bookmark xbu-1." in words(session)
            assert not left_on(bytes(session.output))
            assert ids(path) == before


def test_quitting_retries_the_save(open_on_terminal: Open, environment: dict[str, str]) -> None:
    with watched(Restless(3), environment) as home:
        path = store_path(environment)
        before = ids(path)
        session = open_on_terminal(*HOTTUI, env={**home}).live()
        with locked(path) as other:
            session.type(b"axbu-1\r")
            session.shows("Added xbu-1, not saved yet")
            session.type(b"q")
            session.shows("1 change not saved yet; retrying.")
            other.execute("ROLLBACK")
        assert session.ends() == 0
        assert "Not saved" not in words(session)
        assert ids(path) == before | {"xbu-1"}


def test_a_hanging_store_does_not_block_quitting_and_losses_are_reported(
    open_on_terminal: Open, environment: dict[str, str]
) -> None:
    with watched(Restless(3), environment) as home:
        for end, code in ((b"q", 5), (signal.SIGTERM, 143)):
            session = open_on_terminal(
                sys.executable, "-m", "tests.terminal.faulty", "hanging-store", env={**home, "PYTHONPATH": os.getcwd()}
            ).live()
            session.type(b"axbu-1\r")
            session.shows("Added xbu-1, not saved yet")
            session.type(end) if isinstance(end, bytes) else session.kill(end)
            assert session.ends() == code
            assert "Not saved: bookmark xbu-1." in words(session)
            assert "The store did not respond in time." in words(session)
            assert not left_on(bytes(session.output))


def test_changes_are_saved_when_the_store_can_be_opened_again(
    open_on_terminal: Open, environment: dict[str, str]
) -> None:
    with watched(Restless(3), environment) as home:
        path = store_path(environment)
        kept = path.rename(path.with_name("kept"))
        path.mkdir()
        for mended in (True, False):
            session = open_on_terminal(*HOTTUI, env={**home})
            session.shows("nothing to poll")
            session.type(b"axbu-1\r")
            session.shows("Added xbu-1, not saved yet")
            if mended:
                path.rmdir()
                kept.rename(path)
                session.until(lambda: "xbu-1" in ids(path), "saved after all")
                assert len(ids(path)) == 4
            session.type(b"q")
            assert session.ends() == (0 if mended else 5)
            assert ("Not saved: bookmark xbu-1." in words(session)) != mended
            if mended:
                path.rename(path.with_name("saved"))
                path.mkdir()


def test_undo_restores_a_removal_after_a_restart(open_on_terminal: Open, environment: dict[str, str]) -> None:
    with watched(Restless(3), environment) as home:
        path = store_path(environment)
        with Store.open(path) as store:
            before = {one.bookmark for one in store.tracked()}
            moves = {one.ref: store.transitions(one.ref) for one in store.tracked()}
        session = open_on_terminal(*HOTTUI, env={**home}).live()
        session.type(b"x")
        session.shows(" and its bookmark removed (u: undo)")
        session.type(b"b")
        session.shows("Bookmark of ")
        session.type(b"q")
        assert session.ends() == 0
        assert len(ids(path)) == 1
        session = open_on_terminal(*HOTTUI, env={**home}).live()
        session.type(b"uu")
        session.until(lambda: len(ids(path)) == 3, "both are back")
        session.type(b"u")
        session.shows("Nothing to undo: nothing was removed in the last 24 hours.")
        session.type(b"q")
        assert session.ends() == 0
        with Store.open(path) as store:
            assert {one.bookmark for one in store.tracked()} == before
            for ref, known in moves.items():
                assert store.transitions(ref)[: len(known)] == known
