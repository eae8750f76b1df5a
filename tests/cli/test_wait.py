"""`hottui wait` in this process and as a process, against the served demo."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from hottui.demo.job_types import Outcome
from hottui.demo.server import serving
from hottui.demo.service import DemoService
from hottui.demo.simulation import SimulatedUpdate, Simulation
from hottui.model.state import FAILED, HOT_UPDATED

from .conftest import PATIENCE, Command, interrupt, lead, started

pytestmark = pytest.mark.slow


@pytest.fixture
def stage() -> Iterator[tuple[Simulation, str]]:
    """Serve a simulation of its own, whose start a test may move; yield it with its endpoint."""
    simulation = Simulation()
    with serving(DemoService(simulation)) as endpoint:
        yield simulation, endpoint


def chosen(
    monkeypatch: pytest.MonkeyPatch, stage: tuple[Simulation, str], label: str
) -> tuple[SimulatedUpdate, Simulation]:
    """Return the hot update with this label; the variables lead to its namespace."""
    simulation, endpoint = stage
    update = next(each for each in simulation.updates if each.spec.label == label)
    lead(monkeypatch, endpoint, workspace=update.key[0], namespace=update.key[1])
    return update, simulation


def test_the_end_of_a_pipe(monkeypatch: pytest.MonkeyPatch, stage: tuple[Simulation, str]) -> None:
    update, simulation = chosen(monkeypatch, stage, "store-top ×2")
    answer = json.dumps({"success": True, "data": {"jobHotUpdateId": update.id, "success": True}})
    line = f"cat | {sys.executable} -m hottui wait -o json"
    with subprocess.Popen(["bash", "-c", line], stdin=-1, stdout=-1, stderr=-1) as running:
        assert running.stdin is not None
        assert running.stderr is not None
        assert running.stdout is not None
        running.stdin.write(answer.encode())
        running.stdin.close()
        assert running.stderr.readline().decode() == f"hottui: {update.id}: UPDATING\n"
        simulation.started -= 60  # it has ended a minute ago
        assert running.wait(PATIENCE) == 0
        assert running.stderr.read().decode() == f"hottui: {update.id}: UPDATED\n"
        document = json.loads(running.stdout.read())
    assert (document["ref"]["id"], document["state"], document["exit_code"]) == (update.id, HOT_UPDATED, 0)


def test_a_failure_ends_it_with_its_reason(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, stage: tuple[Simulation, str]
) -> None:
    failing, simulation = chosen(monkeypatch, stage, "rescale-friday")
    here = (each for each in simulation.updates if each.key[:2] == failing.key[:2])
    done = next(each.id for each in here if each.spec.lifecycle.state(0.0) == HOT_UPDATED)
    hottui("add", failing.id, "--label", "friday")
    simulation.started -= 30
    outcome = hottui("wait", "nosuch-1", failing.id, done)
    assert outcome.code == 1
    assert f"hottui: {failing.id} (friday): {FAILED}\n" in outcome.err
    assert f"hottui: {failing.id} failed: LOW ResourceNotEnough" in outcome.err
    assert f"✖ FAILED  {failing.id}  friday" in outcome.out
    assert hottui("wait", failing.id, "--ascii").out.startswith("x FAILED  ")
    assert hottui("get", failing.id, "--effect", "--ascii").out.startswith("x FAILED  ")
    assert hottui("wait", "nosuch-1", done, "--any").code == 0


def test_the_effect(hottui: Command, monkeypatch: pytest.MonkeyPatch, stage: tuple[Simulation, str]) -> None:
    partial, _ = chosen(monkeypatch, stage, "payments-agg")
    assert partial.spec.outcome is Outcome.PARTIAL
    assert hottui("wait", partial.id).code == 0
    outcome = hottui("wait", partial.id, "--effect", "-o", "json")
    assert outcome.code == 1
    assert f"hottui: {partial.id}: partial: 3 of 5 values run as asked" in outcome.err
    assert json.loads(outcome.out)["effect"]["verdict"] == "partial"
    applied, _ = chosen(monkeypatch, stage, "clickstream wed")
    assert hottui("wait", applied.id, "--effect").code == 0
    denied, _ = chosen(monkeypatch, stage, "smoke")
    assert hottui("wait", denied.id, "--effect").code == 3


def test_a_timeout_names_what_has_not_ended(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, stage: tuple[Simulation, str]
) -> None:
    update, _ = chosen(monkeypatch, stage, "quarter-report")
    monkeypatch.setattr("hottui.cli.wait.PROGRESS_EVERY", 0.0)
    outcome = hottui("wait", update.id, "nosuch-1", "--timeout", "3")
    assert outcome.code == 124
    assert f"hottui: Waiting for {update.id} (no answer yet), nosuch-1 (no answer yet).\n" in outcome.err
    *_, last = outcome.err.splitlines()
    assert last.startswith(f"hottui: Not ended within 3 s: {update.id} (")
    assert "nosuch-1 (" in last


def test_a_signal_ends_it(monkeypatch: pytest.MonkeyPatch, stage: tuple[Simulation, str]) -> None:
    update, _ = chosen(monkeypatch, stage, "quarter-report")
    with started("wait", update.id) as running:
        assert running.stderr is not None
        assert running.stderr.readline().decode() == f"hottui: {update.id}: UPDATING\n"
        assert interrupt(running).code == 130


def test_an_id_that_appears_later(monkeypatch: pytest.MonkeyPatch, stage: tuple[Simulation, str]) -> None:
    update, simulation = chosen(monkeypatch, stage, "inventory ×3")
    with started("wait", update.id) as running:
        assert running.stderr is not None
        first = running.stderr.readline()
        assert b"not found" in first
        assert first.endswith(b"Trying again for 60 s.\n")
        simulation.started -= 100
        out, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0
    assert f"{update.id}: UPDATED\n" in err.decode()
    assert out.decode().startswith(f"✔ UPDATED  {update.id}")


def test_nothing_to_wait_for(hottui: Command, monkeypatch: pytest.MonkeyPatch, stage: tuple[Simulation, str]) -> None:
    chosen(monkeypatch, stage, "quarter-report")
    assert hottui("wait").code == 2
    assert hottui("wait", given=b'{"success": false, "errorCode": "x"}').code == 2


def test_get_with_exit_status(hottui: Command, monkeypatch: pytest.MonkeyPatch, stage: tuple[Simulation, str]) -> None:
    failed, _ = chosen(monkeypatch, stage, "top-items")
    assert hottui("get", failed.id).code == 0
    for more in ((), ("--effect",), ("-o", "json")):
        assert hottui("get", failed.id, "--exit-status", *more).code == 1
    updated, _ = chosen(monkeypatch, stage, "clickstream wed")
    assert hottui("get", updated.id, "--exit-status").code == 0
