"""Comparing a hot update with a marked one, its predecessor, the job before it, and the job as it runs."""

from typing import Any

import pytest
from textual.command import CommandPalette

from hottui.model.effect import Before, BeforeSource
from hottui.model.job_insight import Insight
from hottui.model.ref import Ref
from hottui.model.tracking import Trouble
from hottui.monitor.known_job import Known, KnownJob
from hottui.render import comparison
from hottui.tui.commands import BY_ID, COMMANDS, Scope
from hottui.tui.detail.plan_actions import PlanTab
from hottui.tui.screens.choice_dialog import ComparisonChoice
from hottui.tui.screens.comparison import ComparisonScreen
from hottui.tui.widgets.lines_view import LinesView
from tests.analysis.jobs import job_of
from tests.tui.conftest import MakeFullStage, MakeStage
from tests.tui.scenes import loaded, put_cursor
from tests.tui.stage import START, AppPilot, StubStage, dashboard, drawn, foot, resize, screen_text, table, until
from tests.tui.test_commands import copied, palette_names

CONF = "execution.checkpointing.interval"


def compared(pilot: AppPilot) -> str:
    """Return the text of the comparison that is open."""
    return "\n".join(line.text for line in pilot.app.screen.query_one("#differences", LinesView).lines)


def rows(pilot: AppPilot) -> list[str]:
    """Return its lines with single spaces."""
    return [" ".join(line.split()) for line in compared(pilot).splitlines()]


async def press(pilot: AppPilot, *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await loaded(pilot)


async def opened(pilot: AppPilot, label: str, choice: str) -> None:
    """Compare the hot update with this label by a key of the chooser."""
    put_cursor(pilot, label)
    await drawn(pilot)
    await pilot.press("D")
    await until(pilot, lambda: isinstance(pilot.app.screen, ComparisonChoice))
    await pilot.press(choice)
    await until(pilot, lambda: isinstance(pilot.app.screen, ComparisonScreen) and "First" in compared(pilot))
    await loaded(pilot)


async def run_by_palette(pilot: AppPilot, name: str) -> None:
    """Run the first command that the palette finds."""
    await pilot.press("ctrl+p", *name)
    await until(pilot, lambda: palette_names(pilot) != [] and not pilot.app.query(".--populating"))
    assert palette_names(pilot)[0].lower() == name
    while isinstance(pilot.app.screen, CommandPalette):
        await pilot.press("enter")
        await drawn(pilot)


def ref_of(stage: StubStage, label: str) -> Ref:
    return next(row.ref for row in stage.tracked if row.bookmark and row.bookmark.label == label)


async def test_a_hot_update_is_compared_with_its_predecessor_and_swapped(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    async with stage.running((120, 40)) as pilot:
        await opened(pilot, "checkout-fix", "D")  # the first choice that is available
        assert "Compare checkout before → checkout-fix" in " ".join(screen_text(pilot).split())
        assert f"± {CONF} 30s 180s" in rows(pilot)
        await press(pilot, "x")
        assert f"± {CONF} 180s 30s" in rows(pilot)
        await press(pilot, "r")
        assert {ref_of(stage, "checkout-fix"), ref_of(stage, "checkout before")} <= set(stage.monitor.refreshed)
        await press(pilot, "escape")
        assert pilot.app.screen is dashboard(pilot)


async def test_a_marked_hot_update_is_the_first_side_of_any_other(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    async with stage.running((120, 40)) as pilot:
        put_cursor(pilot, "smoke")
        await press(pilot, "D", "m")
        assert "Marked smoke. Press D on another hot update" in foot(pilot)
        stage.tick(pilot, 10)
        assert "marked: smoke" in foot(pilot)
        await opened(pilot, "payments-agg", "1")
        assert "Compare smoke → payments-agg" in " ".join(screen_text(pilot).split())
        await press(pilot, "q")
        put_cursor(pilot, "smoke")
        await press(pilot, "D")
        assert "this hot update is marked; select another row" in screen_text(pilot)
        await press(pilot, "m", "D")
        assert "none yet; press m" in screen_text(pilot)
        assert "what it ran with, if known" in screen_text(pilot)
        await press(pilot, "1")
        assert isinstance(pilot.app.screen, ComparisonChoice), "not available"
        await press(pilot, "escape")
        await until(pilot, lambda: pilot.app.screen is dashboard(pilot))


async def test_a_hot_update_is_compared_with_its_job_before_and_now(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    ref = ref_of(stage, "checkout-fix")
    job = stage.monitor.job_of(ref)
    assert job is not None
    async with stage.running((120, 40)) as pilot:
        await opened(pilot, "checkout-fix", "4")
        assert "The job has not been read yet." in compared(pilot)
        assert stage.monitor.open_details == {ref}
        stage.monitor.jobs[job] = KnownJob(job, job=Known(error=Trouble(START, "No permission to read jobs.", "")))
        stage.monitor.publish()
        await until(pilot, lambda: "No permission to read jobs." in compared(pilot))
        running = job_of(5, flinkConf={CONF: "3 min"}, deploymentName="checkout")
        stage.monitor.jobs[job] = KnownJob(job, job=Known(running, START))
        stage.monitor.publish()
        await until(pilot, lambda: "job checkout as it runs" in compared(pilot))
        assert not any(CONF in row for row in rows(pilot)), "3 min is 180s"
        assert "± parallelism ×4 ×5" in rows(pilot)
        await press(pilot, "escape")
        assert stage.monitor.open_details == set()
        await opened(pilot, "checkout-fix", "3")
        assert "Not known: the job was not read before the hot update." in compared(pilot)
        before = Before(BeforeSource.OBSERVED, parallelism=2, at=START - 60)
        stage.monitor.insights[ref] = Insight(ref, START, before=before)
        stage.monitor.publish()
        await until(pilot, lambda: "± parallelism ×2 ×4" in rows(pilot))


async def test_both_plans_are_in_one_drawing_with_marks(make_stage: MakeStage) -> None:
    async with make_stage(size=None).running((120, 40)) as pilot:
        await opened(pilot, "orders-enrich", "2")
        await press(pilot, "2")
        plan = pilot.app.screen.query_one(PlanTab)
        assert plan.canvas.drawing is not None
        shown = screen_text(pilot)
        for text in ("± IntervalJoin", "×4 → ×10", "12 nodes", "6 vertices · ±5", "c: next difference"):
            assert text in shown
        before = plan.canvas.selected
        await press(pilot, "c")
        assert plan.canvas.selected != before
        assert plan.canvas.selected is not None
        assert plan.canvas.selected.mark == "±"
        await press(pilot, "o", "m")
        assert "± 101 ×4 → ×10 source" in " ".join(screen_text(pilot).split())
        await resize(pilot, 80, 24)
        await press(pilot, "m", "tab")
        assert "Differences" in compared(pilot)


async def test_without_plans_the_view_says_which_side_has_none(make_stage: MakeStage) -> None:
    async with make_stage(size=None).running((80, 24)) as pilot:
        await opened(pilot, "checkout-fix", "2")
        await press(pilot, "2", "c", "m")
        assert "Both settings need a plan to be drawn." in screen_text(pilot)
        assert "checkout before: no plan" in screen_text(pilot)


async def test_by_the_palette_and_in_every_footer(make_stage: MakeStage) -> None:
    async with make_stage(size=None).running((120, 40)) as pilot:
        put_cursor(pilot, "checkout-fix")
        assert "D compare" in foot(pilot)
        await run_by_palette(pilot, "compare")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComparisonChoice))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComparisonScreen))
        await loaded(pilot)
        shown = screen_text(pilot).splitlines()[-1]
        for command in COMMANDS:
            if command.scope is Scope.COMPARE:
                assert f"{command.shown_keys.split()[0]} {command.hint}" in shown
        await run_by_palette(pilot, "swap")
        await until(pilot, lambda: f"± {CONF} 180s 30s" in rows(pilot))
        assert BY_ID["compare"].keys == ("D",)


async def test_an_internal_error_is_shown_in_place_of_the_comparison(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise RuntimeError("no")

    async with make_stage(size=None).running((80, 24)) as pilot:
        with monkeypatch.context() as patch:
            patch.setattr(comparison, "diff", fails)
            put_cursor(pilot, "orders-enrich")
            await press(pilot, "D", "2")
            await until(pilot, lambda: "Internal error (RuntimeError)" in screen_text(pilot))
        await press(pilot, "x")
        await until(pilot, lambda: "Parallelism" in compared(pilot))


async def test_lines_and_nodes_are_filtered_and_copied(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    async with stage.running((120, 40)) as pilot:
        await opened(pilot, "orders-enrich", "2")
        await press(pilot, "slash", *"lookup")
        assert rows(pilot) == ["± 112 LookupJoin parallelism ×4 → ×10"]
        await press(pilot, "enter", "v")
        assert copied(stage) == "112 LookupJoin"
        await press(pilot, "2", "slash", *"sink", "enter")
        chosen = pilot.app.screen.query_one(PlanTab).canvas.selected
        assert chosen is not None
        assert "Sink" in chosen.name
        assert "1 of 1 with “sink”" in screen_text(pilot)
        await press(pilot, "escape", "1")
        assert isinstance(pilot.app.screen, ComparisonScreen), "escape clears the filter first"
        await press(pilot, "escape", "escape")
        await until(pilot, lambda: pilot.app.screen is dashboard(pilot))


async def test_a_mark_of_what_is_no_longer_tracked_is_gone(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    async with stage.running((80, 24)) as pilot:
        put_cursor(pilot, "smoke")
        await press(pilot, "D", "m", "x")
        put_cursor(pilot, "checkout-fix")
        await press(pilot, "D")
        assert "none yet; press m" in screen_text(pilot)


@pytest.mark.slow
async def test_over_a_real_monitor_and_service(make_full_stage: MakeFullStage) -> None:
    stage = make_full_stage(size=None, insight=True, denied=False)
    async with stage.running((120, 40)) as pilot:
        await opened(pilot, "orders-enrich noon", "4")
        await stage.pass_time(pilot, 5)
        await until(pilot, lambda: "job orders-enrich as it runs" in compared(pilot))
        assert "not known" not in compared(pilot), "both costs are known"
        await press(pilot, "2")
        plan = pilot.app.screen.query_one(PlanTab)
        await until(pilot, lambda: plan.is_mounted and plan.canvas.drawing is not None)
        await press(pilot, "q")
        assert table(pilot).has_focus
