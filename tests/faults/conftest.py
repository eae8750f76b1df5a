"""The stand, and nothing of the machine around it."""

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
    """Makes stands; what they hold open is closed in the end."""
    made: list[Stand] = []

    def make(**options: Any) -> Stand:
        folder = tmp_path / f"stand-{len(made)}"
        folder.mkdir()
        made.append(Stand(folder, **options))
        return made[-1]

    yield make
    for each in made:
        each.store.close()


@pytest.fixture
def stand(make_stand: MakeStand) -> Stand:
    """A stand with the usual key."""
    return make_stand()
