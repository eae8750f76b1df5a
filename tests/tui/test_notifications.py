"""Notifications of the dashboard: what the app sends to the terminal."""

import json
from functools import partial
from pathlib import Path

from hottui.model.notify_settings import NotifySettings
from hottui.model.state import FAILED, HOT_UPDATED
from hottui.render.table_rows import display_name
from hottui.tui.app import Hottui
from tests.tui.conftest import MakeStage
from tests.tui.stage import foot, until


async def test_only_what_moves_while_the_dashboard_is_open_is_notified(make_stage: MakeStage) -> None:
    stage = make_stage()
    moving = [row for row in stage.tracked if row.in_progress][:2]
    async with stage.running(notify=NotifySettings(bell=True, desktop="osc9")) as pilot:
        app = pilot.app
        assert isinstance(app, Hottui)

        async def written_after(seconds: float) -> list[str]:
            stage.written.clear()
            stage.clock.now += seconds
            app._notify()
            for worker in [each for each in app.workers if each.group == "notify"]:
                await worker.wait()
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


async def test_a_command_gets_the_events_and_a_failing_one_is_reported_once(
    make_stage: MakeStage, tmp_path: Path
) -> None:
    script, code, log = tmp_path / "hook", tmp_path / "code", list[str]()
    script.write_text(f"#!/bin/sh\ncat >{tmp_path}/in; env >{tmp_path}/env; echo sent; exit $(cat {code})\n")
    script.chmod(0o700)
    stage = make_stage()
    row = next(row for row in stage.tracked if row.in_progress)
    notify = NotifySettings(command=(str(script),))
    shown = []
    async with stage.running(size=(120, 40), notify=notify, record=log.append) as pilot:
        app = pilot.app
        assert isinstance(app, Hottui)
        for state, exit_code in ((FAILED, 0), (HOT_UPDATED, 1), (FAILED, 1), (HOT_UPDATED, 0), (FAILED, 1)):
            code.write_text(str(exit_code))
            stage.monitor.observe(row.ref, state)
            stage.clock.now += 60
            runs = log.count("notification command: sent")
            app._notify()
            await until(pilot, partial(_has_run, log, runs + 1))
            shown.append("command failed with exit code 1" in foot(pilot))
            stage.tick(pilot, 10)
            if len(shown) == 1:
                (document,) = map(json.loads, (tmp_path / "in").read_text().splitlines())
                variables = dict(
                    line.split("=", 1) for line in (tmp_path / "env").read_text().splitlines() if "=" in line
                )
    assert shown == [False, True, False, False, True], "once until it succeeds again"
    assert log.count("The notification command failed with exit code 1.") == 3
    assert (document["event"], document["ref"]["id"], document["state"]) == ("transition", row.ref.id, FAILED)
    assert document["message"] == variables["HOTTUI_MESSAGE"]
    assert (variables["HOTTUI_STATE"], variables["HOTTUI_COUNT"]) == (FAILED, "1")


def _has_run(log: list[str], times: int) -> bool:
    return log.count("notification command: sent") >= times
