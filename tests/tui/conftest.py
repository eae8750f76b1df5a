"""Every test of the dashboard gets folders, a time zone and a terminal of its own."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hottui.runtime.error_hooks import installed_hooks
from hottui.tui.app import Hottui
from tests.tui.stage import PATIENCE, Stage, StubStage

_TURNS = 60
"""Turns of the event loop that are enough for a key to be handled."""

MakeStage = Callable[..., StubStage]
MakeFullStage = Callable[..., Stage]

_FOREIGN = ("NO_COLOR", "COLORTERM", "TMUX", "STY", "HOTTUI_PROFILE", "TEXTUAL_THEME")


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Isolate the test from the user's files, environment and error hooks."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    for name in _FOREIGN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    with monkeypatch.context() as patch, installed_hooks():
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(autouse=True)
def no_naps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's pilot sleeps around every key until the machine is idle; turns of the loop are sooner and surer.

    A press returns once its keys have been delivered and have taken effect.
    """

    async def turns(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    press = Hottui._press_keys

    async def press_and_wait(app: Hottui, keys: Iterable[str]) -> None:
        await press(app, keys)
        end = time.monotonic() + PATIENCE
        while not app.input.idle and app.return_code is None:
            assert time.monotonic() < end, "the keys never took effect"
            await asyncio.sleep(0.001)

    monkeypatch.setattr(Hottui, "_press_keys", press_and_wait)
    monkeypatch.setattr("textual.app.wait_for_idle", turns)
    monkeypatch.setattr("textual.pilot.wait_for_idle", turns)


@pytest.fixture
def make_stage() -> MakeStage:
    """Return a function that makes stages with a stub monitor."""
    return StubStage


@pytest.fixture
def make_full_stage(tmp_path: Path) -> Iterator[MakeFullStage]:
    """Return a function that makes stages over a real monitor, store and client, and close their stores in the end.

    Tests that need it are marked `slow`.
    """
    made: list[Stage] = []

    def make(**options: Any) -> Stage:
        folder = tmp_path / f"stage-{len(made)}"
        folder.mkdir()
        made.append(Stage(folder, **options))
        return made[-1]

    yield make
    for each in made:
        each.store.close()
