"""A real store, and its journal."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hottui.monitor.store_journal import StoreJournal
from hottui.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "hottui.db", timeout=0.1)
    yield opened
    opened.close()


@pytest.fixture
async def journal(store: Store) -> AsyncIterator[StoreJournal]:
    made = StoreJournal(store, on_change=lambda rows, reopened: None, on_trouble=lambda: None)
    made.start()
    yield made
    await made.close()
