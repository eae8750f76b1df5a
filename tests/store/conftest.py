"""A real store in a temporary folder."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hottui.store.store import Store

OpenStore = Callable[..., Store]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hottui" / "hottui.db"


@pytest.fixture
def open_store(path: Path) -> Iterator[OpenStore]:
    """Opens the store at `path` any number of times, and closes all at the end."""
    opened: list[Store] = []

    def open_one(**options: Any) -> Store:
        opened.append(Store.open(path, **options))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    """A store whose clock is fixed shortly after the times of the samples."""
    return open_store(clock=lambda: 10_000.0)
