"""`hottui watch` against the served demo: transitions as lines of text and as JSON."""

import json
import subprocess
import sys

import pytest

from hottui.demo.simulation import Simulation
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark

from .conftest import PATIENCE, Command, Home, interrupt, started
from .test_wait import chosen, stage

__all__ = ["stage"]
pytestmark = pytest.mark.slow


def test_a_line_for_each_transition(monkeypatch: pytest.MonkeyPatch, stage: tuple[Simulation, str]) -> None:
    update, simulation = chosen(monkeypatch, stage, "rescale-friday")
    with started("watch", update.id, "--until-done") as running:
        assert running.stdout is not None
        first = running.stdout.readline().decode().split()
        assert first[1:3] == [update.id, "INIT"]
        simulation.started -= 15
        second = running.stdout.readline().decode().split()
        assert second[1:5] == [update.id, "INIT", "→", "UPDATING"]
        simulation.started -= 30
        out, err = running.communicate(timeout=PATIENCE)
    third = out.decode()
    assert third.count("\n") == 1
    assert f"  {update.id}  UPDATING → FAILED  LOW ResourceNotEnough: " in third
    assert (running.returncode, err) == (1, b"")


def test_bookmarks_as_json(
    home: Home, hottui: Command, monkeypatch: pytest.MonkeyPatch, stage: tuple[Simulation, str]
) -> None:
    update, simulation = chosen(monkeypatch, stage, "store-top ×2")
    with home.store() as store:
        store.add_all([Bookmark(Ref(stage[1], *update.key), "top \x1b[1m", "", 0.0)])
    simulation.started -= 60
    outcome = hottui("watch", "--until-done", "-o", "jsonl")
    assert (outcome.code, outcome.err) == (0, "")
    document = json.loads(outcome.out)
    assert (document["previous"], document["state"], document["label"]) == (None, "HOT_UPDATED", "top \x1b[1m")
    assert "\x1b" not in outcome.out
    with home.store() as store:
        assert [each.state for each in store.transitions(Ref(stage[1], *update.key))] == ["HOT_UPDATED"]
    assert hottui("watch", "--until-done").out == "", "it is known in this state"


def test_a_closed_pipe_ends_it(monkeypatch: pytest.MonkeyPatch, stage: tuple[Simulation, str]) -> None:
    update, simulation = chosen(monkeypatch, stage, "rescale-friday")
    line = f"set -o pipefail; {sys.executable} -m hottui watch {update.id} | head -n 1"
    with subprocess.Popen(["bash", "-c", line], stdout=-1, stderr=-1) as running:
        assert running.stdout is not None
        assert running.stdout.readline()
        simulation.started -= 60  # the next line cannot be written
        assert running.wait(PATIENCE) == 0


def test_a_signal_ends_it(monkeypatch: pytest.MonkeyPatch, stage: tuple[Simulation, str]) -> None:
    update, _ = chosen(monkeypatch, stage, "quarter-report")
    with started("watch", update.id) as running:
        assert running.stdout is not None
        assert running.stdout.readline()
        assert interrupt(running).code == 130
