"""The screen of a job, with a stub monitor that knows what the demo's service answers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from hottui.demo.simulation import Simulation
from hottui.model.job_insight import Insight
from hottui.model.ref import JobRef
from hottui.model.tracking import Trouble
from hottui.monitor.job_history import JobHistory
from hottui.monitor.known_job import Known, KnownJob
from hottui.tui.commands import COMMANDS, Scope
from hottui.tui.messages import ErrorReported
from hottui.tui.screens.help import Help
from hottui.tui.screens.job_screen import JobScreen
from hottui.tui.widgets.header_footer import Footer
from hottui.tui.widgets.lines_view import LinesView
from tests.tui.conftest import MakeFullStage, MakeStage
from tests.tui.demo_jobs import job_history, known_job
from tests.tui.scenes import put_cursor
from tests.tui.stage import START, AppPilot, Clock, StubStage, dashboard, drawn, screen_lines, screen_text, until
from tests.tui.test_commands import copied, palette_names

LABEL = "orders-enrich noon"


def know_job(stage: StubStage, label: str = LABEL) -> JobRef:
    """Let the monitor know the job of the hot update with this label, and its complete history."""
    ref = next(row.ref for row in stage.tracked if row.bookmark and row.bookmark.label == label)
    job = stage.monitor.job_of(ref)
    assert job is not None
    simulation = Simulation(1, Clock(START))
    stage.monitor.jobs[job] = known_job(simulation, job)
    stage.monitor.histories[job] = (job_history(simulation, job),)
    return job


async def opened(pilot: AppPilot, label: str = LABEL) -> None:
    """Open the screen by its key and wait until it is complete."""
    put_cursor(pilot, label)
    await drawn(pilot)
    await pilot.press("J")
    await complete(pilot)


async def complete(pilot: AppPilot) -> None:
    """Wait until the screen shows the complete history."""
    await until(pilot, lambda: isinstance(pilot.app.screen, JobScreen))
    await until(pilot, lambda: "Changes" in screen_text(pilot) and "reading the history" not in screen_text(pilot))
    await drawn(pilot)


def lines(pilot: AppPilot) -> LinesView:
    """Return the view with the changes."""
    return pilot.app.screen.query_one("#job-lines", LinesView)


def selected(pilot: AppPilot) -> str:
    """Return the text below the changes."""
    return "\n".join(line.text for line in pilot.app.screen.query_one("#job-selected", LinesView).lines)


async def test_the_key_shows_job_changes_and_levels(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    know_job(stage)
    async with stage.running((120, 40)) as pilot:
        await opened(pilot)
        text = screen_text(pilot)
        for part in ("RUNNING", "95 of 100, low risk", "vvr-8.0.11-flink-1.17", "by wang.min", "parallelism 4"):
            assert part in text
        assert "Parallelism and CU over time" in text
        assert "255, the newest first" in text
        assert "hot update" in next(line for line in screen_lines(pilot) if line.startswith(" 20"))
        opened_from = dashboard(pilot).current
        assert opened_from is not None
        assert stage.monitor.open_details == {opened_from.ref}
        await pilot.press("end")
        assert "STATE_TRANSITION_IS_COMPLETED" in screen_lines(pilot)[-5]
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, Help))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, JobScreen))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is dashboard(pilot))
        assert stage.monitor.open_details == set()


async def test_the_palette_and_the_detail_show_it_too(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    know_job(stage)
    async with stage.running((80, 24)) as pilot:
        put_cursor(pilot, LABEL)
        await pilot.press("ctrl+p", *"show the job")
        await until(pilot, lambda: palette_names(pilot) != [] and not pilot.app.query(".--populating"))
        assert palette_names(pilot)[0] == "Show the job"
        await pilot.press("enter")
        await complete(pilot)
        await pilot.press("escape", "enter", "J")
        await complete(pilot)
        opened_from = dashboard(pilot).current
        assert opened_from is not None
        await pilot.press("J")
        await until(pilot, lambda: pilot.app.screen is dashboard(pilot))
        assert dashboard(pilot).detail is not None


async def test_every_row_of_the_history_is_reachable(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    job = know_job(stage)
    async with stage.running((80, 24)) as pilot:
        await opened(pilot)
        texts = [line.text for line in lines(pilot).lines]
        assert sum(" Autopilot " in text for text in texts) == len(stage.monitor.histories[job][0].tunings) == 250
        await pilot.press("tab", "up")
        oldest = stage.monitor.histories[job][0].tunings[-1]
        assert oldest.tuning_message in selected(pilot)


async def test_the_saved_job_comes_at_once_and_the_history_as_it_is_read(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    job = know_job(stage)
    whole, gate = stage.monitor.histories[job][0], asyncio.Event()

    async def answers(_: JobRef) -> AsyncIterator[JobHistory]:
        await gate.wait()
        yield JobHistory(job, tunings=whole.tunings[:100])
        gate.clear()
        await gate.wait()
        yield whole

    stage.monitor.load_job_history = answers  # type: ignore[method-assign, assignment]
    async with stage.running((80, 24)) as pilot:
        put_cursor(pilot, LABEL)
        await pilot.press("J")
        await until(pilot, lambda: "Changes  2, the newest first, reading the history" in screen_text(pilot))
        assert "✔ RUNNING" in screen_text(pilot)
        reading = [worker for worker in pilot.app.workers if worker.group == "job"]
        assert reading
        assert all(worker.node is pilot.app for worker in reading)  # keys wait for workers of a modal screen
        assert "Last changed      not known yet" not in screen_text(pilot)  # GetJob has it, too
        assert "Saved settings    not known yet" in screen_text(pilot)
        await pilot.press("down")
        chosen = selected(pilot)
        gate.set()
        await until(pilot, lambda: "Changes  102, the newest first, reading" in screen_text(pilot))
        gate.set()
        await complete(pilot)
        assert "255, the newest first" in screen_text(pilot)
        assert selected(pilot) == chosen  # still under the cursor


async def test_a_denied_call_is_one_line_and_another_failure_has_its_reason(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    job = know_job(stage)
    denied = Trouble(START, "Access denied.", cause="permission")
    errors = {"GetEvents": denied, "GetJobDiagnosis": denied, "GetDeployment": Trouble(START, "No answer in 20 s.")}
    stage.monitor.jobs[job] = KnownJob(job, job=Known(error=denied))
    stage.monitor.histories[job] = (JobHistory(job, errors=errors, complete=True),)
    async with stage.running((80, 24)) as pilot:
        await opened(pilot)
        found = [line.split("  ", 1)[1].strip() for line in screen_lines(pilot) if line.startswith(" Not ")]
        assert found == ["GetEvents, GetJob, GetJobDiagnosis", "GetDeployment: No answer in 20 s."]
        assert "Health            not known: GetJob is not permitted" in screen_text(pilot)


async def test_enter_goes_to_a_hot_update_of_the_job(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    know_job(stage)
    async with stage.running((80, 24)) as pilot:
        await opened(pilot)
        other = lines(pilot).value
        assert other is not None
        before = dashboard(pilot).table.cursor
        assert before is not None
        assert before.id != other
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is dashboard(pilot))
        after = dashboard(pilot).table.cursor
        assert after is not None
        assert after.id == other


async def test_tab_goes_from_part_to_part(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    job = know_job(stage)
    async with stage.running((80, 24)) as pilot:
        await opened(pilot)
        assert "hot update" in selected(pilot)
        await pilot.press("tab")
        assert lines(pilot).value == stage.monitor.histories[job][0].events[0].message
        await pilot.press("tab")
        assert lines(pilot).value == "✔ RUNNING"
        await pilot.press("shift+tab", "left_square_bracket")
        assert "hot update" in selected(pilot)


async def test_the_cursor_stays_on_its_change_when_a_newer_one_comes(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    job = know_job(stage)
    whole = stage.monitor.histories[job][0]
    stage.monitor.histories[job] = (replace(whole, tunings=whole.tunings[5:]),)
    async with stage.running((80, 24)) as pilot:
        await opened(pilot)
        await pilot.press(*["down"] * 40)
        chosen, row = selected(pilot), _cursor_row(pilot)
        stage.monitor.histories[job] = (whole,)
        await pilot.press("r")
        await until(pilot, lambda: len(lines(pilot).lines) > 0 and "255" in _title(pilot))
        assert selected(pilot) == chosen
        assert _cursor_row(pilot) == row
        assert stage.monitor.refreshed != []


def _cursor_row(pilot: AppPilot) -> int:
    cursor, _, top = lines(pilot).place
    assert cursor is not None
    return cursor - top


def _title(pilot: AppPilot) -> str:
    return next(line.text for line in lines(pilot).lines if line.text.startswith(" Changes"))


async def test_texts_of_the_service_are_data(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    job = know_job(stage)
    found = stage.monitor.jobs[job].job.value
    assert found is not None
    hostile = found.model_copy(
        update={"deployment_name": "\x1b[2J[bold]x", "modifier_name": "\x1b]0;t\x07", "engine_version": "\x9b1m"}
    )
    stage.monitor.jobs[job] = KnownJob(job, Known(hostile, START))
    stage.monitor.histories[job] = (JobHistory(job, complete=True),)
    async with stage.running((120, 40)) as pilot:
        await opened(pilot)
        text = screen_text(pilot)
        assert text.isprintable() or all(line.isprintable() for line in screen_lines(pilot))
        assert "␛[2J[bold]x" in text


async def test_a_hot_update_without_a_job_has_no_screen(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    async with stage.running((80, 24)) as pilot:
        row = stage.monitor.rows[stage.tracked[0].ref]
        assert row.summary is not None
        stage.monitor.set_rows(replace(row, summary=replace(row.summary, job_id="")))
        await drawn(pilot)
        dashboard(pilot).table.move_to(row.ref)
        await pilot.press("J")
        await drawn(pilot)
        assert "not known yet" in screen_lines(pilot)[-1]
        assert pilot.app.screen is dashboard(pilot)


async def test_the_help_and_the_palette_over_it_leave_it_as_it_is(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, read = make_stage(size=None), []
    job = know_job(stage)
    load = stage.monitor.load_job_history

    def noted(of: JobRef) -> AsyncIterator[JobHistory]:
        read.append(of)
        return load(of)

    monkeypatch.setattr(stage.monitor, "load_job_history", noted)
    async with stage.running((120, 40)) as pilot:
        await opened(pilot)
        await pilot.press(*["down"] * 30)
        shown, place = screen_text(pilot), lines(pilot).place
        for key in ("question_mark", "ctrl+p"):
            await pilot.press(key)
            await until(pilot, lambda: not isinstance(pilot.app.screen, JobScreen))
            await drawn(pilot)
            await pilot.press("escape")
            await complete(pilot)
            assert (screen_text(pilot), lines(pilot).place) == (shown, place)
        assert read == [job]
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is dashboard(pilot))
        await opened(pilot)
        assert lines(pilot).place != place
        assert read == [job, job]


async def test_the_footer_lists_its_keys_which_copy_too(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    job = know_job(stage)
    async with stage.running((120, 40)) as pilot:
        await opened(pilot)
        for command in COMMANDS:
            if command.scope is Scope.JOB and command.hint:
                assert f"{command.shown_keys.split()[0]} {command.hint}" in screen_lines(pilot)[-1]
        await pilot.press("y")
        assert copied(stage) == job.job_id
        await pilot.press("v")
        assert copied(stage) == lines(pilot).value


async def test_messages_of_the_app_are_shown_on_the_screen_that_is_open(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    know_job(stage)
    async with stage.running((120, 40)) as pilot:
        await opened(pilot)
        for above in ("", "question_mark"):
            if above:
                await pilot.press(above)
                await until(pilot, lambda: isinstance(pilot.app.screen, Help))
            pilot.app.post_message(ErrorReported(f"Internal error{above}."))
            shown = next(screen for screen in pilot.app.screen_stack if isinstance(screen, JobScreen))
            footer = shown.query_one(Footer)
            await until(pilot, lambda footer=footer, above=above: f"Internal error{above}." in footer.text)  # type: ignore[misc]


@pytest.mark.slow
async def test_the_real_monitor_reads_job_and_history_while_it_is_open(make_full_stage: MakeFullStage) -> None:
    stage = make_full_stage(size=None, insight=True, denied=False)
    async with stage.running((120, 40)) as pilot:
        asked = stage.service.counters.by_action
        assert "GetJobDiagnosis" not in asked
        assert "GetEvents" not in asked
        put_cursor(pilot, LABEL)
        await pilot.press("J")
        await until(pilot, lambda: isinstance(pilot.app.screen, JobScreen))
        for _ in range(200):
            await stage.pass_time(pilot, 0.5)
            text = screen_text(pilot)
            if "255, the newest first" in text and "✔ applied" in text and "reading the history" not in text:
                break
        else:
            raise AssertionError(screen_text(pilot))
        assert "vvr-8.0.11-flink-1.17" in text
        assert asked["ListAutopilotTuningHistories"] >= 3  # 250 rows on pages of 100
        opened_once = asked["GetJobDiagnosis"], asked["GetEvents"]
        assert opened_once == (1, 1)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is dashboard(pilot))
        await stage.pass_time(pilot, 5.0)
        assert (asked["GetJobDiagnosis"], asked["GetEvents"]) == opened_once


SIZES = ((80, 24), (120, 40))


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("label", [LABEL, "checkout-fix", "ascii"])
def test_snapshot(snap_compare: Callable[..., bool], make_stage: MakeStage, label: str, size: tuple[int, int]) -> None:
    stage = make_stage(size=None, denied=False)
    shown = LABEL if label == "ascii" else label
    job = know_job(stage, shown)
    for row in stage.monitor.hot_updates_of(job):
        stage.monitor.insights[row.ref] = Insight(row.ref, START)

    async def play(pilot: AppPilot) -> None:
        await stage.settle(pilot)
        await opened(pilot, shown)

    assert snap_compare(stage.app(ascii=label == "ascii"), terminal_size=size, run_before=play)
