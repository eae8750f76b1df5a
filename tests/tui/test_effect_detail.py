"""The detail of a hot update whose job was read: effect, exceptions, interruption, and the reads of the job."""

from dataclasses import replace

from hottui.model.effect import Before, BeforeSource, Effect, EffectItem, Interruption, Verdict
from hottui.model.job_history import Event
from hottui.model.job_insight import Insight
from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING
from hottui.monitor.job_history import DIAGNOSIS, EVENTS, JobHistory
from tests.tui.conftest import MakeStage
from tests.tui.stage import START, AppPilot, dashboard, drawn, screen_text, table, until
from tests.tui.test_panes import about

ITEMS = (
    EffectItem("vertex:a", "Source: orders", 4, 8, 8, carried=True),
    EffectItem("vertex:b", "Sink: payments", 4, 8, 4, carried=False, why="its maxParallelism is 4"),
)
EFFECT = Effect(Verdict.PARTIAL, "1 of 2 values run as asked.", ITEMS)


def detail_text(pilot: AppPilot) -> str:
    return " ".join(screen_text(pilot).split())


async def test_the_overview_begins_with_the_effect_and_lists_the_exceptions(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        row = next(one for one in table(pilot).rows if one.state == HOT_UPDATED)
        stage.monitor.insights[row.ref] = Insight(
            row.ref,
            START,
            Before(BeforeSource.OBSERVED, at=START - 60),
            EFFECT,
            "orders-enrich",
            Interruption(True, START, START + 12.4, 12.4, 1),
        )
        stage.monitor.set_rows(replace(row, effect=replace(EFFECT, items=()), job_name="orders-enrich"))
        table(pilot).move_to(row.ref)
        await pilot.press("enter", "z")
        await until(pilot, lambda: "Sink: payments" in screen_text(pilot))
        text = detail_text(pilot)
        assert text.index("◑ partial: 1 of 2 values run as asked.") < text.index(f"Hot update {row.ref.id}")
        assert "Interruption 12.4s" in text
        assert "1 of 2 not as asked" in text
        assert text.index("≠ Sink: payments ×4 ×8 ×4 its maxParallelism is 4") < text.index("✔ Source: orders ×4 ×8 ×8")
        assert "Before: observed before the hot update at " in text


async def test_the_job_is_read_as_long_as_a_detail_of_it_is_open(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        first = table(pilot).rows[0].ref
        table(pilot).move_to(first)
        await pilot.press("enter")
        await drawn(pilot)
        assert stage.monitor.open_details == {first}
        second = table(pilot).rows[1].ref
        table(pilot).move_to(second)
        dashboard(pilot)._tick()
        assert stage.monitor.open_details == {second}
        await pilot.press("escape")
        await drawn(pilot)
        assert stage.monitor.open_details == set()


async def test_events_are_requested_for_an_open_timeline_once_for_each_state(make_stage: MakeStage) -> None:
    stage = make_stage()
    requested = stage.monitor.requested_history
    async with stage.running((120, 40)) as pilot:
        ref = next(row.ref for row in table(pilot).rows if row.state == HOT_UPDATING)
        job = stage.monitor.job_of(ref)
        assert job is not None
        event = Event(event_name="HOT_UPDATE_IS_TRIGGERED", created_at=START)
        stage.monitor.histories[job] = (JobHistory(job, events=(event,), complete=True),)
        stage.monitor.unwatched[ref] = ((START - 900, START - 300),)
        table(pilot).move_to(ref)
        await pilot.press("enter", "z")
        await until(pilot, lambda: "Freshness" in screen_text(pilot))
        assert requested == []
        await pilot.press("6")
        await until(pilot, lambda: "HOT_UPDATE_IS_TRIGGERED" in screen_text(pilot))
        assert requested == [(job, frozenset({EVENTS}))]
        assert "hottui not watched 10m" in detail_text(pilot)
        done = Event(event_name="HOT_UPDATE_IS_COMPLETED", created_at=START + 1)
        stage.monitor.histories[job] = (JobHistory(job, events=(done, event), complete=True),)
        stage.monitor.observe(ref, HOT_UPDATED)
        await until(pilot, lambda: "HOT_UPDATE_IS_COMPLETED" in screen_text(pilot))
        await pilot.press("1", "6")
        await drawn(pilot)
        assert requested == [(job, frozenset({EVENTS}))] * 2
        await pilot.press("r")
        await until(pilot, lambda: requested == [(job, frozenset({EVENTS}))] * 3)
        await pilot.press("1", "r")
        stage.monitor.observe(ref, FAILED)
        await until(pilot, lambda: len(requested) > 3)
        assert requested[3:] == [(job, frozenset({EVENTS, DIAGNOSIS}))]


def test_the_plan_marks_what_moved_and_what_did_not() -> None:
    from hottui.graph.draw import draw_plan
    from hottui.render.detail_context import JobAnalysis
    from hottui.render.plan_drawing import DrawingOptions, costs, read_plan_input
    from hottui.render.plan_legend import legend, summary

    subject = about("payments-agg")
    assert subject.answer is not None
    plan = subject.answer.plan.plan
    assert plan is not None
    moved, stuck = (vertex for vertex, _ in plan.vertices[1:3])
    items = (
        EffectItem(f"vertex:{moved}", "moved", 8, 16, 16, carried=True),
        EffectItem(f"vertex:{stuck}", "stuck", 8, 16, 8, carried=False),
    )
    insight = Insight(subject.tracked.ref, START, effect=Effect(Verdict.PARTIAL, "", items))
    plain = read_plan_input(subject, None)
    found = read_plan_input(replace(subject, job=JobAnalysis(insight=insight)), None)
    assert found is not None
    assert found != plain, "the plan is drawn again once the effect is known"
    drawing = draw_plan(found.plan, changes=found.changes)
    shown = {box.id: box.parallelism for box in drawing.boxes}
    assert (shown[moved], shown[stuck]) == ("×8 → ×16", "×8 ≠ ×16")
    assert "1 not as asked (≠)" in summary(drawing, DrawingOptions(), False)
    all_stuck = tuple(EffectItem(f"vertex:{each}", "stuck", 8, 16, 12, carried=False) for each, _ in plan.vertices)
    insight = Insight(subject.tracked.ref, START, effect=Effect(Verdict.PARTIAL, "", all_stuck))
    found = read_plan_input(replace(subject, job=JobAnalysis(insight=insight)), None)
    assert found is not None
    panel = "\n".join(line.text for line in legend(drawing, costs(found), 76))
    assert "Job, running" in panel
    assert "Job, before" not in panel
