"""Repeated keys leave no objects behind: a dashboard stays open for a week."""

import gc
from collections import Counter
from itertools import pairwise

import pytest

from hottui.tui.background_thread import in_thread
from tests.tui.conftest import MakeStage
from tests.tui.stage import AppPilot, drawn

pytestmark = pytest.mark.slow

_ROUNDS = 3
_OURS = ("textual", "rich", "hottui")


async def _held() -> Counter[str]:
    """Count the objects of each class of the user interface; plain values are in caches that fill up.

    The background thread must be idle: Python fails to build a tuple there while `get_objects` holds it.
    """
    await in_thread(int)
    gc.unfreeze()
    gc.collect()
    kinds = (type(each) for each in gc.get_objects() if not isinstance(each, tuple))
    return Counter(kind.__qualname__ for kind in kinds if str(kind.__module__).split(".")[0] in _OURS)


async def _again(pilot: AppPilot, keys: tuple[str, ...]) -> None:
    for _ in range(_ROUNDS):
        for key in keys:
            await pilot.press(key)
            await drawn(pilot)


@pytest.mark.parametrize("keys", [("slash", "x", "escape"), ("enter", "2", "1", "escape")], ids=" ".join)
async def test_repeated_keys_do_not_fill_textuals_query_caches(make_stage: MakeStage, keys: tuple[str, ...]) -> None:
    """Textual keeps up to a thousand of such searches for every widget: one more each time something is shown."""
    async with make_stage(size=12).running((100, 30)) as pilot:
        await _again(pilot, keys)
        before = _searches(pilot)
        await _again(pilot, keys)
        assert _searches(pilot) == before


def _searches(pilot: AppPilot) -> int:
    """How many searches Textual keeps."""
    return sum(len(each._query_one_cache) for each in pilot.app.screen.walk_children(with_self=True))


@pytest.mark.parametrize(
    "keys",
    [
        ("question_mark", "escape"),
        ("slash", "x", "escape"),
        ("slash", "x", "enter", "escape"),
        ("enter", "2", "6", "7", "1", "escape"),
        ("enter", "down", "escape", "up"),
        ("enter", "5", "1", "escape"),
        ("r",),
    ],
    ids=" ".join,
)
async def test_repeated_keys_leave_no_objects_behind(make_stage: MakeStage, keys: tuple[str, ...]) -> None:
    """What happens to be drawn at the moment comes and goes; what is left behind grows every time."""
    async with make_stage(size=12).running((100, 30)) as pilot:
        held = []
        for _ in range(4):
            await _again(pilot, keys)
            held.append(await _held())
        assert not [
            kind for kind in held[0] if all(later[kind] - before[kind] >= _ROUNDS for before, later in pairwise(held))
        ]
