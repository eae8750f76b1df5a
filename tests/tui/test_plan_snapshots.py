"""Pictures of the Plan tab at three sizes, compared with those that were looked at and accepted.

After a wanted change: `pytest tests/tui/test_plan_snapshots.py --snapshot-update`, and look at what changed.
"""

from collections.abc import Callable

import pytest

from tests.tui.conftest import MakeStage
from tests.tui.scenes import Scene, tab
from tests.tui.stage import AppPilot

SIZES = ((60, 20), (80, 24), (120, 40))
PLAN = (tab("plan"), "z")
SCENES = (
    Scene("vertices", keys=PLAN),
    Scene("operators", keys=(*PLAN, "o")),
    Scene("tracing", "store-top ×2", keys=(*PLAN, "right", "t")),
    Scene("an edge", keys=(*PLAN, "space")),
    Scene("least", "rescale-friday", keys=(*PLAN, "minus")),
    Scene("most", keys=(*PLAN, "plus")),
    Scene("tables", "quarter-report", keys=(*PLAN, "m")),
    Scene("a cycle", "lab: loop in the plan", keys=PLAN),
    Scene("Chinese", "城市日报 提频", keys=PLAN),
    Scene("broken", "catalog-sync", keys=PLAN),
    Scene("in ascii", keys=(*PLAN, "down"), ascii=True),
)


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_plan(snap_compare: Callable[..., bool], make_stage: MakeStage, scene: Scene, size: tuple[int, int]) -> None:
    stage = make_stage(size=None, denied=False)

    async def play(pilot: AppPilot) -> None:
        await scene.play(stage, pilot)

    assert snap_compare(stage.app(ascii=scene.ascii), terminal_size=size, run_before=play)
