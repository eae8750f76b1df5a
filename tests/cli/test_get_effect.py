"""`hottui get --effect` against the demo server and against servers that deny, garble and send hostile text."""

import json
import time

import pytest

from hottui.demo.fault_injection import FAULTS
from hottui.demo.fault_injection import denied as denied_call
from hottui.demo.job_types import Outcome
from hottui.demo.jobs import PAYMENTS, RESULTS_ONLY
from hottui.demo.server import serving
from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.demo.simulation import SimulatedUpdate, Simulation
from hottui.model.effect import Before, BeforeSource, Interruption
from hottui.model.job_insight import Insight
from hottui.model.ref import Ref
from hottui.model.state import HOT_UPDATED
from hottui.model.tracking import Bookmark, Observation, Summary, Transition

from .conftest import Command, Home, answering, http, lead
from .test_get import KEYS, answer

MORE = ["effect", "job", "interruption_seconds", "cost"]
ITEM = ["key", "name", "before", "asked", "running", "carried", "why"]


def finished(world: Simulation, outcome: Outcome, job: str = "") -> SimulatedUpdate:
    """Return a finished hot update with this outcome, which may be read."""
    done = (each for each in world.updates if each.spec.lifecycle.state(world.elapsed) == HOT_UPDATED)
    return next(
        each
        for each in done
        if each.spec.outcome is outcome and not each.spec.denied and job in ("", each.spec.job.name)
    )


def denied(world: Simulation) -> list[SimulatedUpdate]:
    """Return the finished hot updates whose jobs may not be read."""
    done = [each for each in world.updates if each.spec.lifecycle.state(world.elapsed) == HOT_UPDATED]
    return [each for each in done if each.spec.job.namespace.workspace == RESULTS_ONLY]


def look_at(monkeypatch: pytest.MonkeyPatch, endpoint: str, update: SimulatedUpdate) -> str:
    """Set the variables for the workspace of `update`; return its ID."""
    where = update.spec.job.namespace
    lead(monkeypatch, endpoint, (ACCESS_KEY_ID, ACCESS_KEY_SECRET), where.workspace, where.name)
    return update.id


def test_json_has_the_effect_beside_the_answer(
    hottui: Command, still: Simulation, still_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    partly = finished(still, Outcome.PARTIAL, "payments-agg")
    outcome = hottui("get", look_at(monkeypatch, still_endpoint, partly), "--effect", "-o", "json")
    assert (outcome.code, outcome.err) == (0, "")
    document = json.loads(outcome.out)
    assert list(document) == [*KEYS, *MORE]
    assert document["effect"]["verdict"] == "partial"
    items = document["effect"]["items"]
    assert all(list(item) == ITEM for item in items)
    (moved,) = (item for item in items if item["why"] == "its maxParallelism is 12")
    assert moved["key"].startswith("vertex:")
    assert (moved["asked"], moved["running"], moved["carried"]) == (16, 12, False)
    job = document["job"]
    assert (job["name"], job["health"]) == ("payments-agg", 71)
    assert job["deployment_id"]
    assert job["unsaved_difference"] is False
    assert document["interruption_seconds"] is None  # hottui did not observe it
    assert document["cost"]["before"] == {"cores": None, "memory_bytes": None, "cu": None, "at_least": None}
    assert document["cost"]["asked"]["cores"] > document["cost"]["running"]["cores"] > 0


def test_the_text_names_verdict_exceptions_interruption_and_cost(
    hottui: Command, still: Simulation, still_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    partly = finished(still, Outcome.PARTIAL, "payments-agg")
    outcome = hottui("get", look_at(monkeypatch, still_endpoint, partly), "--effect")
    assert (outcome.code, outcome.err) == (0, "")
    title, *lines = outcome.out.splitlines()
    assert title.split() == ["✔", "UPDATED", partly.id, "parallelism", "8", "→", "16", "job", "payments-agg"]
    assert lines[0].startswith("  effect        partial: 3 of 5 values run as asked")
    assert [line for line in lines if "(its maxParallelism is 12)" in line and "×16 asked, ×12 runs" in line]
    assert [line.split()[:2] for line in lines if line.startswith("  cost")] == [
        ["cost", "before"],
        ["cost", "asked"],
        ["cost", "running"],
    ]
    assert [line for line in lines if line.startswith("  interruption  not known")]


def test_a_missing_permission_is_one_line_and_the_effect_unknown(
    hottui: Command, still: Simulation, still_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    updates = denied(still)[:2]
    for update in updates:
        look_at(monkeypatch, still_endpoint, update)
    outcome = hottui("get", *(each.id for each in updates), "--effect", "-o", "json")
    assert (outcome.code, outcome.err) == (0, "hottui: Not permitted in staging: FlinkApiProxy, GetJob.\n")
    for line in outcome.out.splitlines():
        document = json.loads(line)
        assert document["effect"]["verdict"] == "unknown"
        assert document["effect"]["reason"]
        assert document["job"]["id"]
        assert document["job"]["state"] is document["job"]["health"] is document["cost"]["running"]["cu"] is None


def test_hostile_text_about_the_job_is_printed_as_data(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "\x1b[2J\x07\u202e\n\x9b[bold]"
    update = {
        "jobHotUpdateId": "x1",
        "jobId": "j1",
        "status": {"status": "HOT_UPDATED"},
        "hotUpdateParams": {"updateJobConfigParam": {"newFlinkConf": {"password": "hunter2", hostile: 1}}},
    }
    job = {
        "jobId": "j1",
        "deploymentId": "d1",
        "deploymentName": hostile,
        "flinkConf": {hostile: hostile, "password": "hunter3"},
        "status": {"currentJobStatus": hostile, "riskLevel": hostile},
    }
    replies = (answer(update), answer(job), http(b"<html>\x1b[2J", "502 Bad Gateway"))
    for output in ("text", "table", "json"):
        with answering(*replies) as origin:
            lead(monkeypatch, origin)
            outcome = hottui("get", "x1", "--effect", "-o", output)
        assert outcome.code == 0
        assert not set("\x1b\x07\u202e\x9b") & set(outcome.out + outcome.err)
        assert "hunter" not in outcome.out + outcome.err
        if output == "json":
            assert json.loads(outcome.out)["job"]["name"].startswith("\x1b")
        else:
            assert len(outcome.out.splitlines()) < 15


def test_exit_codes_are_those_of_get(hottui: Command, place: str, member: SimulatedUpdate) -> None:
    missing = hottui("get", "0000", member.id, "--effect", "-o", "json")
    assert missing.code == 4
    assert len(missing.out.splitlines()) == 1
    outcome = hottui("get", member.id, "-o", "text")
    assert (outcome.code, outcome.out) == (2, "")
    assert "-o text needs --effect." in outcome.err


def test_the_store_adds_what_was_observed_before(
    hottui: Command, still: Simulation, still_endpoint: str, monkeypatch: pytest.MonkeyPatch, home: Home
) -> None:
    update = finished(still, Outcome.PARTIAL, "payments-agg")
    name = look_at(monkeypatch, still_endpoint, update)
    ref = Ref(still_endpoint, *update.key)
    observed = Before(BeforeSource.OBSERVED, parallelism=8, at=1_790_000_000.0)
    stopped = Interruption(True, left=1_790_000_010.0, back=1_790_000_022.5, seconds=12.5)
    with home.store() as store:
        store.add(Bookmark(ref, "rescale"))
        store.jobs.record(Insight(ref, 1.0, observed, interruption=stopped))
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        outcome = hottui("get", name, "--effect")
    time.tzset()
    assert (outcome.code, outcome.err) == (0, "")
    assert f"{name}  rescale  parallelism 8 → 16  job payments-agg" in outcome.out
    assert "interruption  12.5s, 2026-09-21 22:13:30 to 22:13:42" in outcome.out
    assert outcome.out.endswith("Times are local: CST (UTC+08:00).\n")
    document = json.loads(hottui("get", name, "--effect", "-o", "json").out)
    assert document["interruption_seconds"] == 12.5
    items = {item["key"]: item for item in document["effect"]["items"]}
    assert (items["parallelism"]["before"], items["parallelism"]["asked"]) == (8, 16)


def test_faults_of_the_calls_about_jobs_leave_the_answer(
    hottui: Command, still: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can be read of the job is used, and the reason of the rest is given."""
    update = finished(still, Outcome.PARTIAL, "payments-agg")
    service = DemoService(still)
    faults = (denied_call, *(fault for fault in FAULTS if fault.__name__ in ("_login_page", "_cut_off")))
    assert len(faults) == 3
    with serving(service) as origin:
        name = look_at(monkeypatch, origin, update)
        for fault in faults:
            for actions in (("GetJob", "FlinkApiProxy", "GetDeployment"), ("GetJob",)):
                service.faults.clear()
                service.faults.update(dict.fromkeys(actions, fault))
                outcome = hottui("get", name, "--effect", "-o", "json")
                document = json.loads(outcome.out)
                assert (outcome.code, document["state"]) == (0, "HOT_UPDATED"), (fault, actions, outcome.err)
                effect = document["effect"]
                if len(actions) == 3:
                    assert (effect["verdict"], document["job"]["state"]) == ("unknown", None), (fault, actions)
                    assert "GetJob: " in effect["reason"], (fault, actions)
                else:
                    assert effect["verdict"] in ("partial", "none", "applied"), (fault, actions)
                assert len(outcome.err.splitlines()) == (fault is denied_call), outcome.err


def test_a_predecessor_is_a_hot_update_seen_before_this_one_began(
    hottui: Command, still: Simulation, still_endpoint: str, monkeypatch: pytest.MonkeyPatch, home: Home
) -> None:
    """Two that had ended when they were first seen may have run in any order."""
    later, earlier = (each for each in still.updates if each.spec.job is PAYMENTS)
    look_at(monkeypatch, still_endpoint, later)

    def saw(update: SimulatedUpdate, at: float, state: str, previous: str = "") -> None:
        ref = Ref(still_endpoint, *update.key)
        body = json.dumps({"success": True, "data": still.result(*update.key)})
        store.record(
            Observation(ref, at, Summary(state, update.job_id), "", body), Transition(ref, at, state, previous)
        )

    def before() -> object:
        document = json.loads(hottui("get", later.id, "--effect", "-o", "json").out)
        return next(item["before"] for item in document["effect"]["items"] if item["key"] == "parallelism")

    now = time.time()
    with home.store() as store:
        store.add_all([Bookmark(Ref(still_endpoint, *each.key)) for each in (earlier, later)])
        saw(earlier, now - 100, "HOT_UPDATED")
        saw(later, now - 90, "HOT_UPDATED")
    assert before() is None
    with home.store() as store:
        saw(later, now - 80, "HOT_UPDATING")
        saw(later, now - 70, "HOT_UPDATED", "HOT_UPDATING")
    assert before() == 8
