"""Files are private regardless of the umask, and damaged ones are kept."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hottui.store.prepare import create
from hottui.store.private_files import make_private, set_aside
from hottui.store.store import Store
from tests.store.conftest import OpenStore
from tests.store.samples import bookmark


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
def test_modes_do_not_depend_on_the_umask(tmp_path: Path, mask: int) -> None:
    path = tmp_path / "share" / "hottui" / "hottui.db"
    with umask(mask):
        store = Store.open(path)
        store.add(bookmark())
    assert mode(path.parent) == mode(path.parent.parent) == 0o700
    assert {file.name: mode(file) for file in path.parent.iterdir()} == {
        "hottui.db": 0o600,
        "hottui.db-wal": 0o600,
        "hottui.db-shm": 0o600,
    }
    assert store.notices == ()
    store.close()


def test_permissive_mode_is_restricted_and_reported(open_store: OpenStore, path: Path) -> None:
    open_store().add(bookmark())
    path.chmod(0o644)
    path.with_name("hottui.db-wal").chmod(0o666)
    path.parent.chmod(0o755)
    again = open_store()
    assert (mode(path.parent), mode(path), mode(path.with_name("hottui.db-wal"))) == (0o700, 0o600, 0o600)
    assert len(again.notices) == 3
    assert again.notices[0] == f"{path.parent} was accessible to other users (mode 0755); its mode is now 0700."
    assert len(again.tracked()) == 1


def test_permissions_the_owner_lacks_are_not_added(path: Path) -> None:
    make_private(path, create)
    path.chmod(0o444)
    make_private(path, create)
    assert mode(path) == 0o400


def test_shared_folder_is_not_restricted(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    with Store.open(shared / "hottui.db") as store:
        assert store.notices == ()
    assert mode(shared) == 0o1777


def test_home_folder_is_not_restricted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    tmp_path.chmod(0o755)
    assert make_private(tmp_path / "hottui.db", create) == ()
    assert mode(tmp_path) == 0o755


def test_side_files_are_set_aside_with_the_database(tmp_path: Path) -> None:
    path = tmp_path / "hottui.db"
    for suffix in ("", "-wal", "-journal"):
        (tmp_path / f"hottui.db{suffix}").write_text(suffix)
    assert set_aside(path, 0.0).name == "hottui.db.broken-19700101T000000Z"
    assert sorted(file.name.removeprefix("hottui.db.broken-") for file in tmp_path.iterdir()) == [
        "19700101T000000Z",
        "19700101T000000Z-journal",
        "19700101T000000Z-wal",
    ]


def test_setting_aside_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "hottui.db"
    names = []
    for text in ("first", "second", "third"):
        path.write_text(text)
        names.append(set_aside(path, 0.0))
    assert [name.read_text() for name in names] == ["first", "second", "third"]
