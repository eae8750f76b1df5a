"""Notifications of the dashboard: what the app sends to the terminal."""

from hottui.model.notify_settings import NotifySettings
from hottui.model.state import FAILED, HOT_UPDATED
from hottui.render.table_rows import display_name
from hottui.tui.app import Hottui
from tests.tui.conftest import MakeStage


async def test_only_what_moves_while_the_dashboard_is_open_is_notified(make_stage: MakeStage) -> None:
    stage = make_stage()
    moving = [row for row in stage.tracked if row.in_progress][:2]
    async with stage.running(notify=NotifySettings(bell=True, desktop="osc9")) as pilot:
        app = pilot.app
        assert isinstance(app, Hottui)

        async def written_after(seconds: float) -> list[str]:
            stage.written.clear()
            stage.clock.now += seconds
            await app._notify()
            return stage.written

        assert await written_after(60) == [], "what was found at the start is not notified"
        stage.monitor.observe(moving[0].ref, FAILED)
        assert await written_after(0.1) == []
        bell, desktop = await written_after(1)
        assert bell == "\x07"
        assert desktop.startswith(f"\x1b]9;hottui: {display_name(moving[0])} failed")
        for row in moving:
            stage.monitor.observe(row.ref, HOT_UPDATED)
        assert "hottui: 2 updated" in (await written_after(60))[1]
        assert await written_after(60) == []
