"""`hottui diff` over real HTTP: hot updates, files, before and as it runs; exit codes, hostile text, denied jobs."""

import json
from pathlib import Path

import pytest

from hottui.demo.job_types import Outcome
from hottui.demo.simulation import Simulation
from hottui.model.answer import read_answer
from hottui.model.effect import Before, BeforeSource
from hottui.model.job_insight import Insight
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark

from .conftest import Command, Home, answering, lead
from .test_get import answer
from .test_get_effect import denied, finished, look_at


def test_two_hot_updates_differ_in_what_they_asked_for(
    hottui: Command, still: Simulation, still_endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, second = (each for each in still.updates[10:] if each.spec.job.name == "payments-agg")
    look_at(monkeypatch, still_endpoint, first)
    outcome = hottui("diff", second.id, first.id)
    assert (outcome.code, outcome.err) == (1, "")
    assert [line for line in outcome.out.splitlines() if line.split() == ["±", "parallelism", "×8", "×16"]]
    document = json.loads(hottui("diff", second.id, first.id, "-o", "json").out)
    assert document["same"] is False
    (parallelism,) = (each for each in document["differences"] if each["section"] == "parallelism")
    assert (parallelism["old"], parallelism["new"]) == (8, 16)
    assert document["cost"]["old"]["cu"] < document["cost"]["new"]["cu"]
    # the same from a file and from standard input
    saved = tmp_path / "second"
    saved.write_text(hottui("get", second.id, "-o", "json").out)
    from_files = json.loads(hottui("diff", str(saved), first.id, "-o", "json").out)
    assert from_files["differences"] == document["differences"]
    same = hottui("diff", "-", second.id, given=saved.read_bytes())
    assert (same.code, same.err) == (0, "")
    assert "No differences" in same.out
    # a saved answer has its secrets masked
    secret = next(each for each in still.updates[10:] if "s3.secret-key" in hottui("get", each.id, "-o", "json").out)
    saved.write_text(hottui("get", secret.id, "-o", "json").out)
    for arguments in ((str(saved), secret.id), (secret.id, str(saved))):
        outcome = hottui("diff", *arguments)
        assert outcome.code == 0, outcome.out
        assert "s3.secret-key: masked" in outcome.out


def test_a_hot_update_against_its_job_as_it_runs(
    hottui: Command, still: Simulation, still_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    partly = finished(still, Outcome.PARTIAL, "payments-agg")
    outcome = hottui("diff", look_at(monkeypatch, still_endpoint, partly), "--running", "-o", "json")
    assert (outcome.code, outcome.err) == (1, "")
    document = json.loads(outcome.out)
    assert document["new"]["title"] == "job payments-agg as it runs"
    nodes = [each for each in document["differences"] if each["section"] == "nodes"]
    assert {each["new"]["parallelism"] for each in nodes} >= {8, 12}


def test_before_is_what_the_store_has(
    hottui: Command, still: Simulation, still_endpoint: str, monkeypatch: pytest.MonkeyPatch, home: Home
) -> None:
    update = finished(still, Outcome.PARTIAL, "payments-agg")
    name = look_at(monkeypatch, still_endpoint, update)
    unknown = hottui("diff", name)
    assert (unknown.code, unknown.out) == (4, "")
    assert "What the job ran with before is not known." in unknown.err
    workspace, namespace, _ = update.key
    ref = Ref(still_endpoint, workspace, namespace, name)
    with home.store() as store:
        store.add(Bookmark(ref))
        store.jobs.record(Insight(ref, 1.0, Before(BeforeSource.OBSERVED, parallelism=3, at=1.0)))
    for arguments in ((name,), (name, "--before")):
        outcome = hottui("diff", *arguments, "-o", "json")
        assert (outcome.code, outcome.err) == (1, "")
        document = json.loads(outcome.out)
        assert (document["differences"][0]["old"], document["differences"][0]["new"]) == (3, 16)
        assert document["old"]["title"].startswith(f"before {name}: observed")


def test_exit_codes_of_what_cannot_be_compared(
    hottui: Command, still: Simulation, still_endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    update = finished(still, Outcome.PARTIAL, "payments-agg")
    name = look_at(monkeypatch, still_endpoint, update)
    html, other = tmp_path / "html", tmp_path / "other"
    html.write_text("<html>\x1b[2J")
    other.write_text('{"a": 1}')
    empty = tmp_path / "empty"
    empty.write_text('{"jobHotUpdateId": "x"}')
    for arguments, code, message in (
        (("0000", name), 4, "0000: Hot update not found"),
        ((name, str(html)), 6, "cannot be read"),
        ((name, str(other)), 6, "is not an answer about a hot update"),
        ((name, "nowhere/at/all.json"), 2, "No such file"),
        ((name, str(empty)), 6, "Nothing to compare"),
        ((str(empty), "--running"), 6, "names no job"),
        ((name, name, "--running"), 2, "Pass only one of"),
        (("-", "-"), 2, "Only one of the two"),
        ((name, ""), 2, "source is empty"),
    ):
        outcome = hottui("diff", *arguments)
        assert (outcome.code, outcome.out) == (code, ""), arguments
        assert message in outcome.err, arguments
        assert "\x1b" not in outcome.err
    monkeypatch.delenv("HOTTUI_WORKSPACE")
    assert hottui("diff", name, name).code == 2


def test_a_denied_job_is_no_comparison(
    hottui: Command, still: Simulation, still_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = denied(still)[0]
    outcome = hottui("diff", look_at(monkeypatch, still_endpoint, update), "--running")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.count("Not permitted.") == 1


def test_hostile_values_are_printed_as_data(hottui: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hostile = "\x1b[2J\x07\u202e\n\x9b[bold]"

    def update(value: str) -> dict[str, object]:
        plan = {"nodes": [{"id": 1, "type": value, "pact": hostile, "parallelism": 1}], "edges": []}
        conf = {hostile: value, "password": f"hunter{value}", "plain": value}
        streaming = {"expertResourceSetting": {"resourcePlan": json.dumps(plan)}}
        return {
            "jobHotUpdateId": "x1",
            "targetResourceSetting": {"flinkConf": conf, "streamingResourceSetting": streaming},
        }

    saved = tmp_path / "saved"
    saved.write_text(json.dumps(update("old" + hostile)))
    assert read_answer(answer(update("a")).split(b"\r\n\r\n")[1]).result.flink_conf
    for output in ("text", "json"):
        with answering(answer(update("new" + hostile))) as origin:
            lead(monkeypatch, origin)
            outcome = hottui("diff", str(saved), "x1", "-o", output)
        assert outcome.code == 1, outcome.err
        assert not set("\x1b\x07\u202e\x9b") & set(outcome.out + outcome.err)
        assert "hunter" not in outcome.out
        assert "plain" in outcome.out
