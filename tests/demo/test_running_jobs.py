"""The jobs behind the demo's hot updates: what runs follows from the updates, and Flink's times fit their lifecycle."""

import json
from itertools import pairwise
from typing import Any

from hottui.demo.flink_confs import INTERVAL
from hottui.demo.flink_rest_answers import proxy_text, vertices
from hottui.demo.job_answers import deployment_answer, job_answer
from hottui.demo.job_history_answers import events, scheduled_executions, tunings
from hottui.demo.job_types import Setting, SimulatedJob
from hottui.demo.lifecycle import DAY, MINUTE
from hottui.demo.running_job import RunningJob, running_job
from hottui.demo.simulation import Simulation
from hottui.model.flink_rest import FlinkExceptions, FlinkJob
from hottui.model.job import Job
from hottui.model.state import HOT_UPDATED


def job(simulation: Simulation, name: str) -> SimulatedJob:
    return next(each for each in simulation.jobs if each.spec.name == name)


def at(simulation: Simulation, name: str, second: float) -> tuple[SimulatedJob, RunningJob, float]:
    found = job(simulation, name)
    return found, running_job(found.spec, found.updates, second), second


def flink(simulation: Simulation, name: str, second: float, path: str = "") -> dict[str, Any]:
    found = job(simulation, name)
    answer = json.loads(proxy_text(*at(simulation, name, second), f"/jobs/{found.flink_id}{path}"))
    assert isinstance(answer, dict)
    return answer


def test_every_update_is_of_a_job_and_starts_from_what_it_runs_with(simulation: Simulation) -> None:
    for each in simulation.jobs:
        for update in each.updates:
            ended = update.lifecycle.phases[-1][0]
            before = running_job(each.spec, each.updates, update.lifecycle.starts)
            overlapping = any(
                update.lifecycle.starts < other.lifecycle.phases[-1][0] < ended
                for other in each.updates
                if other is not update
            )
            if update.rescale and not before.failure and not overlapping:
                assert before.parallelism == update.rescale[0], (each.spec.name, update.label)


def test_a_rescale_that_took_runs_after_its_end_and_not_before(simulation: Simulation) -> None:
    assert at(simulation, "orders-enrich", 3.0)[1].parallelism == 4
    assert at(simulation, "orders-enrich", 5.0)[1].parallelism == 10
    answer = Job.read(job_answer(*at(simulation, "orders-enrich", 5.0)))
    assert (answer.parallelism, answer.state, answer.flink_state) == (10, "RUNNING", "RUNNING")


def test_flinks_times_lie_within_the_hot_update(simulation: Simulation) -> None:
    checked = 0
    for each in simulation.jobs:
        for update in each.updates:
            ended, state = update.lifecycle.phases[-1]
            now = running_job(each.spec, each.updates, ended)
            newest = max(other.lifecycle.phases[-1][0] for other in each.updates if other.lifecycle.starts <= ended)
            if state != HOT_UPDATED or not now.interruptions or newest > ended or not update.rescale:
                continue
            if update.outcome.name == "NONE" or each.spec.setting is Setting.BARE:
                continue
            read = FlinkJob.read(json.loads(proxy_text(each, now, ended, f"/jobs/{each.flink_id}")))
            left, back = read.entered["RESTARTING"], read.entered["RUNNING"]
            assert each.at(update.lifecycle.starts) < left < read.entered["CREATED"] < back <= each.at(ended)
            assert back - left <= 20.1
            checked += 1
    assert checked > 30


def test_while_it_restarts_flink_shows_it_and_the_job_is_still_running(simulation: Simulation) -> None:
    now = Job.read(job_answer(*at(simulation, "orders-enrich", 1.0)))
    assert (now.state, now.flink_state) == ("RUNNING", "RESTARTING")
    read = FlinkJob.read(flink(simulation, "orders-enrich", 1.0))
    assert read.state == "RESTARTING"
    assert read.entered["RESTARTING"] > read.entered["RUNNING"]


def test_conf_alone_does_not_restart(simulation: Simulation) -> None:
    before, after = (at(simulation, "checkout-funnel", second)[1] for second in (0.0, 20.0))
    assert before.restarts == after.restarts
    assert (before.conf[INTERVAL], after.conf[INTERVAL]) == ("30s", "180s")
    assert flink(simulation, "checkout-funnel", 20.0, "/checkpoints/config")["interval"] == 180_000


def test_partly_two_vertices_do_not_follow_and_flink_gives_the_limit_of_one(simulation: Simulation) -> None:
    found, now, _ = at(simulation, "payments-agg", 0.0)
    running = {vertex["id"]: vertex for vertex in vertices(found, now)}
    whole = {vertex["id"]: vertex for vertex in vertices(found, running_job(found.spec, found.updates[1:2], 0.0))}
    assert now.parallelism == 16
    behind = [running[key] for key in whole if running[key]["parallelism"] != 16 and whole[key]["parallelism"] == 8]
    assert [vertex["parallelism"] for vertex in behind] == [8, 12]
    assert behind[1]["maxParallelism"] == 12


def test_without_effect_the_value_is_saved_and_does_not_run(simulation: Simulation) -> None:
    found = at(simulation, "city-daily", 0.0)
    assert job_answer(*found)["flinkConf"][INTERVAL] == "180s"
    saved = deployment_answer(*found)
    assert (saved["flinkConf"][INTERVAL], saved["deploymentHasChanged"]) == ("60s", True)


def test_drifted_somebody_else_changed_it_and_the_deployment_gives_the_name(simulation: Simulation) -> None:
    answer = deployment_answer(*at(simulation, "access-log-clean", 0.0))
    assert answer["streamingResourceSetting"]["basicResourceSetting"]["parallelism"] == 20
    assert answer["modifierName"] == "li.na"
    assert int(answer["modifiedAt"]) == round((simulation.started - 40 * MINUTE) * 1000)


def test_a_job_fails_after_its_update_with_flinks_exception_and_task(simulation: Simulation) -> None:
    before, after = (Job.read(job_answer(*at(simulation, "member-sync", at_))) for at_ in (-60 * MINUTE, 0.0))
    assert (before.state, after.state) == ("RUNNING", "FAILED")
    assert after.failure is not None
    assert after.failure.failed_at == simulation.started - 52 * MINUTE
    entries = FlinkExceptions.read(flink(simulation, "member-sync", 0.0, "/exceptions")).entries
    assert entries[0].timestamp == after.failure.failed_at
    assert "OutOfMemoryError" in entries[0].stacktrace
    assert entries[0].task_name.startswith("Source: mysql_member_02")


def test_one_job_has_250_tunings_newest_first_that_lead_to_what_people_started_from(simulation: Simulation) -> None:
    rows = tunings(job(simulation, "orders-enrich"))
    times = [row["triggerTime"] for row in rows]
    assert len(rows) == len({row["tuningId"] for row in rows}) == 250
    assert times == sorted(times, reverse=True)
    assert times[-1] > (simulation.started - 30 * DAY) * 1000
    assert (rows[0]["newResourceSetting"] or rows[0]["oldResourceSetting"])["parallelism"] == 2
    assert any(row["newResourceSetting"] is None for row in rows)
    assert len(scheduled_executions(job(simulation, "checkout-funnel"))) == 30


def test_automatic_changes_agree_with_the_job(simulation: Simulation) -> None:
    """Each starts from the values of the one before, with what the job costs then; each restarts Flink, not the job."""
    checked = 0
    for each in simulation.jobs:
        rows = tunings(each)
        for newer, older in pairwise(rows):
            values = older["newResourceSetting"] or older["oldResourceSetting"]
            assert newer["oldResourceSetting"] == values, each.spec.name
        if rows:
            after = rows[0]["triggerTime"] / 1000 - each.at(0.0) + 1.0
            then = Job.read(job_answer(each, running_job(each.spec, each.updates, after), after))
            values = rows[0]["newResourceSetting"] or rows[0]["oldResourceSetting"]
            assert then.metric is not None
            assert (then.parallelism, then.metric.total_cpu) == (values["parallelism"], values["cpu"])
            assert {row["isHotUpdate"] for row in rows} == {True}
            checked += 1
        before = min(update.lifecycle.starts for update in each.updates)
        restarts = [row for row in rows if row["tuningState"] == "SUCCESS"]
        restarts += [row for row in scheduled_executions(each) if row["status"]["statusState"] == "UPGRADED"]
        now = running_job(each.spec, each.updates, 0.0)
        answer = Job.read(job_answer(each, now, 0.0))
        if answer.restarts is not None:
            assert answer.restarts == now.restarts + len(restarts)
        if restarts and each.spec.setting is not Setting.BARE:
            quiet = running_job(each.spec, each.updates, before)
            read = FlinkJob.read(json.loads(proxy_text(each, quiet, before, f"/jobs/{each.flink_id}")))
            assert read.entered["RESTARTING"] < read.entered["RUNNING"] < each.at(before)
    assert checked >= 4


def test_events_are_in_the_past_and_newest_first(simulation: Simulation) -> None:
    for each in simulation.jobs:
        found = events(each, running_job(each.spec, each.updates, 60.0), 60.0)
        times = [int(event["createdAt"]) for event in found]
        assert times == sorted(times, reverse=True)
        assert times[0] <= (simulation.started + 61) * 1000
