"""Every change of a job: tracked, by Autopilot, by schedules."""

from typing import Any

from hypothesis import given, settings

from hottui.analysis.job_story import ChangeSource, TrackedUpdate, job_story, level_over_time
from hottui.analysis.values_before import HotUpdate
from hottui.model.effect import Before, BeforeSource, Effect, EffectItem, Verdict
from hottui.model.job_history import ScheduledPlanExecution, TuningHistory
from hottui.model.result import HotUpdateJobResult
from tests.analysis.jobs import result_of
from tests.model.json_values import any_json, results

TUNING = {
    "tuningId": "t1",
    "triggerTime": 2_000_000_000_000,
    "actionType": "SCALE_UP_PARALLELISM",
    "isHotUpdate": "true",
    "tuningState": "SUCCESS",
    "tuningMessage": "busy",
    "oldResourceSetting": {"cpu": 1, "memory": "4 Gi", "parallelism": 4},
    "newResourceSetting": {"cpu": "2.5", "memory": "16 Gi", "parallelism": 8},
}
EXECUTION = {
    "jobResourceUpgradingId": "s1",
    "name": "night",
    "createdAt": "1900000000000",
    "creatorName": "bob",
    "status": {"restartType": "HOT_UPDATE", "statusState": "UPGRADED"},
}


def tracked(at: float, verdict: Verdict | None, parallelism: int = 8) -> TrackedUpdate:
    item = EffectItem("parallelism", "parallelism", 4, parallelism, 6, False)
    effect = Effect(verdict, "why", (item,)) if verdict else None
    update = HotUpdate(f"u{at:.0f}", at, result_of(parallelism=parallelism))
    return TrackedUpdate(update, before=Before(BeforeSource.OBSERVED, 4), effect=effect)


def test_the_newest_comes_first_with_old_new_and_outcome() -> None:
    story = job_story(
        [tracked(1_950_000_000, Verdict.PARTIAL)],
        [TuningHistory.read(TUNING), TuningHistory.read({"tuningState": "EXECUTING"})],
        [ScheduledPlanExecution.read(EXECUTION)],
    )
    autopilot, update, schedule, timeless = story
    assert (autopilot.source, autopilot.what) == (ChangeSource.AUTOPILOT, "scale up parallelism, hot update")
    assert (autopilot.old, autopilot.new) == ("parallelism 4, 1 core, 4 GiB", "parallelism 8, 2.5 cores, 16 GiB")
    assert (autopilot.outcome, autopilot.parallelism, autopilot.cu) == ("SUCCESS", 8, 4)
    assert (update.old, update.new, update.verdict) == ("parallelism 4", "parallelism 8", Verdict.PARTIAL)
    assert (schedule.what, schedule.outcome) == ("night hot update", "UPGRADED")
    assert schedule.detail == "created by bob"
    assert (timeless.at, timeless.new, timeless.outcome) == (None, "", "EXECUTING")


def test_the_chart_has_what_took_effect_the_oldest_first() -> None:
    failed = TuningHistory.read({**TUNING, "triggerTime": 2_000_000_100_000, "tuningState": "FAILED"})
    updates = [tracked(10, Verdict.NONE), tracked(20, Verdict.APPLIED), tracked(30, Verdict.PARTIAL), tracked(40, None)]
    story = job_story(updates, [TuningHistory.read(TUNING), failed])
    assert level_over_time(story) == ((20, 8, None), (30, 6, None), (2_000_000_000, 8, 4))


def test_250_rows_are_kept() -> None:
    rows = [TuningHistory.read({**TUNING, "tuningId": str(n), "triggerTime": 2_000_000_000 + n}) for n in range(250)]
    assert [change.id for change in job_story(tunings=rows)] == [str(n) for n in range(249, -1, -1)]


@settings(max_examples=50)
@given(results(), any_json(), any_json())
def test_any_answers_make_a_story(data: Any, tuning: Any, execution: Any) -> None:
    update = TrackedUpdate(HotUpdate("u", 1.0, HotUpdateJobResult.read(data)))
    story = job_story([update], [TuningHistory.read(tuning)], [ScheduledPlanExecution.read(execution)])
    assert len(story) == 3
    level_over_time(story)
