"""`hottui job` over real HTTP: both kinds of ID, all pages of the history, exit codes, hostile text, denied jobs."""

import json
import re

import pytest

from hottui.demo.jobs import ORDERS, PAYMENTS
from hottui.demo.simulation import SimulatedUpdate, Simulation
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark

from .conftest import Command, Home, answering, lead
from .test_get import answer
from .test_get_effect import denied, look_at


def latest(world: Simulation, name: str) -> SimulatedUpdate:
    """Return the first hot update of the job `name`."""
    return next(each for each in world.updates if each.spec.job.name == name)


def test_json_has_the_job_and_every_change(
    hottui: Command, still: Simulation, still_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = latest(still, "orders-enrich")
    outcome = hottui("job", look_at(monkeypatch, still_endpoint, update), "-o", "json")
    assert (outcome.code, outcome.err) == (0, "")
    document = json.loads(outcome.out)
    job = document["job"]
    assert (job["id"], job["name"], job["state"], job["risk"]) == (
        update.job_id,
        "orders-enrich",
        "RUNNING",
        "RISK_LEVEL_LOW",
    )
    assert job["engine_version"]
    assert job["changed_by"]
    assert job["unsaved_difference"] in (True, False)
    sources = [change["source"] for change in document["changes"]]
    assert sources.count("Autopilot") == ORDERS.autopilot == 250  # three pages
    assert sources.count("schedule") == ORDERS.scheduled
    assert sources.count("hot update") == 1
    times = [change["at"] for change in document["changes"] if change["at"]]
    assert times == sorted(times, reverse=True)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", at) for at in times)
    assert document["errors"] == {}


def test_bookmarked_hot_updates_of_the_job_have_times_and_effects(
    hottui: Command, still: Simulation, still_endpoint: str, monkeypatch: pytest.MonkeyPatch, home: Home
) -> None:
    updates = [each for each in still.updates if each.spec.job is PAYMENTS]
    for update in updates:
        look_at(monkeypatch, still_endpoint, update)
    refs = {Ref(still_endpoint, *each.key) for each in updates}
    with home.store() as store:
        store.add_all([Bookmark(ref) for ref in refs])
    # hottui in a pipe reads the bookmarks, and saves what it observed
    assert hottui().code == 0
    document = json.loads(hottui("job", updates[0].job_id, "-o", "json").out)
    found = {each["id"]: each for each in document["changes"] if each["source"] == "hot update"}
    assert set(found) == {each.id for each in updates}
    assert all(each["at"] for each in found.values())
    assert sum(each["source"] == "Autopilot" for each in document["changes"]) == PAYMENTS.autopilot
    # unknown: it ended before it was observed, so another hot update of the job may have replaced it
    assert found[updates[0].id]["effect"] in ("partial", "superseded", "unknown")


def test_text_shows_the_newest_changes_and_how_many_there_are(
    hottui: Command, still: Simulation, still_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = look_at(monkeypatch, still_endpoint, latest(still, "payments-agg"))
    outcome = hottui("job", name, "--changes", "3")
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    changes = [line.split() for line in lines if "Autopilot " in line or "hot update " in line]
    assert [line[0] == "unknown" for line in changes] == [False, False, True]  # hottui did not observe it
    document = json.loads(hottui("job", name, "-o", "json").out)
    assert [each["at"] is None for each in document["changes"]] == [False] * 6 + [True]
    (runs,) = (line for line in lines if line.startswith(" Runs with"))
    assert runs.endswith(" GiB by GetJob")
    assert len(changes) == 3
    assert " and 4 more; --changes 0 prints all" in lines
    assert re.match(r" Read \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+\. Times are local: ", lines[-1])
    for word in ("RUNNING", "71 of 100", "vvr-8.0.11-flink-1.17", "wang.min", "same as those of the running job"):
        assert word in outcome.out, word


def test_a_failed_job_names_the_innermost_cause(
    hottui: Command, still: Simulation, still_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = hottui("job", look_at(monkeypatch, still_endpoint, latest(still, "member-sync")))
    assert outcome.code == 0
    (failure,) = (line for line in outcome.out.splitlines() if line.startswith(" Failure"))
    assert failure.split() == ["Failure", "JobTaskFailed:", "OutOfMemoryError:", "Java", "heap", "space"]


def test_exit_codes(hottui: Command, still: Simulation, still_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = look_at(monkeypatch, still_endpoint, denied(still)[0])
    outcome = hottui("job", name)
    assert outcome.code == 3
    assert outcome.err == "hottui: Not permitted in staging: FlinkApiProxy, GetJob.\n"
    assert name not in outcome.out
    assert "not permitted" in outcome.out.lower()
    assert "Last changed      not known: GetDeployment was not called" in outcome.out
    assert "GetDeployment: not called: the deployment is not known" in outcome.out
    unknown = hottui("job", "0000")
    assert (unknown.code, unknown.out) == (3, "")
    assert "0000: No hot update has this ID, and no job could be read by it: Not permitted." in unknown.err
    look_at(monkeypatch, still_endpoint, latest(still, "orders-enrich"))
    for missing in ("0000", "00000000-0000-4000-8000-000000000000"):
        outcome = hottui("job", missing, "-o", "json")
        assert (outcome.code, outcome.out) == (4, "")
        assert f"{missing}: No hot update and no job has this ID." in outcome.err
    assert hottui("job").code == hottui("job", "a", "b").code == hottui("job", "x", "--changes", "-1").code == 2


def test_hostile_text_is_printed_as_data(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "\x1b[2J\x07\u202e\n\x9b[bold]"
    job = {
        "jobId": "j1",
        "deploymentId": "d1",
        "deploymentName": hostile,
        "engineVersion": hostile,
        "modifierName": f"{hostile} password=hunter2",
        "status": {
            "currentJobStatus": hostile,
            "riskLevel": hostile,
            "failure": {"reason": hostile, "message": hostile},
        },
    }
    update = {"jobHotUpdateId": "x1", "jobId": "j1", "status": {"status": hostile}}
    for output in ("text", "json"):
        with answering(answer(update), answer(job)) as origin:
            lead(monkeypatch, origin)
            outcome = hottui("job", "x1", "-o", output)
        assert outcome.code == 0
        assert not set("\x1b\x07\u202e\x9b") & set(outcome.out + outcome.err)
        assert "hunter2" not in outcome.out
