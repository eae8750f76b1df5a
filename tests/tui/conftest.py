"""Every test of the dashboard gets folders, a time zone and a terminal of its own."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tui.stage import Stage

MakeStage = Callable[..., Stage]

_FOREIGN = ("NO_COLOR", "COLORTERM", "TMUX", "STY", "HOTTUI_PROFILE", "TEXTUAL_THEME")


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing of the user's machine shows, and nothing is left on it."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    for name in _FOREIGN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[MakeStage]:
    """Makes stages; what they hold open is closed in the end."""
    made: list[Stage] = []

    def make(**options: Any) -> Stage:
        folder = tmp_path / f"stage-{len(made)}"
        folder.mkdir()
        made.append(Stage(folder, **options))
        return made[-1]

    yield make
    for each in made:
        each.store.close()
