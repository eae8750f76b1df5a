"""Pictures of every scene at three sizes, compared with those that were looked at and accepted.

After a wanted change: `pytest tests/tui/test_snapshots.py --snapshot-update`, and look at what changed.
"""

from collections.abc import Callable

import pytest

from tests.screenshots import without_fonts
from tests.tui.conftest import MakeFullStage
from tests.tui.scenes import SCENES, Scene
from tests.tui.stage import AppPilot

SIZES = ((60, 20), (80, 24), (120, 40))


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_scene(
    snap_compare: Callable[..., bool], make_full_stage: MakeFullStage, scene: Scene, size: tuple[int, int]
) -> None:
    stage = make_full_stage(size=None, bookmarked=not scene.empty, denied=scene.denied)

    async def play(pilot: AppPilot) -> None:
        await scene.play(stage, pilot)

    app = stage.app(theme=scene.theme, ascii=scene.ascii)
    export = app.export_screenshot
    app.export_screenshot = lambda **options: without_fonts(export(**options))  # type: ignore[method-assign]
    assert snap_compare(app, terminal_size=size, run_before=play)
