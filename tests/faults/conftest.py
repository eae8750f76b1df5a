"""Fixtures: a test stand, isolated from the environment."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.stand import Stand
from tests.service.conftest import no_proxy_from_outside
from tests.tui.conftest import isolated

__all__ = ["isolated", "no_proxy_from_outside"]

MakeStand = Callable[..., Stand]


@pytest.fixture
def make_stand(tmp_path: Path) -> Iterator[MakeStand]:
    """Return a function that creates test stands; their stores are closed after the test."""
    stands: list[Stand] = []

    def make(**options: Any) -> Stand:
        folder = tmp_path / f"stand-{len(stands)}"
        folder.mkdir()
        stands.append(Stand(folder, **options))
        return stands[-1]

    yield make
    for each in stands:
        each.store.close()


@pytest.fixture
def stand(make_stand: MakeStand) -> Stand:
    """Return a test stand with the default options."""
    return make_stand()
