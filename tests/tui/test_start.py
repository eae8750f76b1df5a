"""What the dashboard shows first: the cursor on the given ID, the greeting, the offers without a configuration."""

from tests.tui.conftest import MakeStage
from tests.tui.stage import dashboard, drawn, foot, table, until


async def test_the_cursor_starts_on_the_given_id(make_stage: MakeStage) -> None:
    stage = make_stage(size=5)
    wanted = stage.tracked[3].ref
    async with stage.running(cursor=wanted) as pilot:
        assert table(pilot).cursor == wanted
        assert dashboard(pilot).detail is None


async def test_a_single_given_id_is_opened(make_stage: MakeStage) -> None:
    stage = make_stage(size=1)
    async with stage.running(cursor=stage.tracked[0].ref) as pilot:
        await until(pilot, lambda: dashboard(pilot).detail is not None)
        assert table(pilot).cursor == stage.tracked[0].ref


async def test_the_greeting_is_one_line_in_place_of_the_keys(make_stage: MakeStage) -> None:
    from hottui.cli.demo import _GREETING

    stage = make_stage(size=3)
    async with stage.running(greeting=_GREETING) as pilot:
        await drawn(pilot)
        assert foot(pilot) == _GREETING
        assert not pilot.app._notifications
        stage.tick(pilot, 60)
        assert "filter" in foot(pilot)
    async with stage.running(greeting=_GREETING, notices=("The store is read-only.",)) as pilot:
        await drawn(pilot)
        assert foot(pilot) == "The store is read-only."
