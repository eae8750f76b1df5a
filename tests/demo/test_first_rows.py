"""The rows of the demo's first frame are those that its store would have."""

from pathlib import Path

from hottui.demo.first_rows import first_rows
from hottui.demo.in_process import observations
from hottui.demo.simulation import Simulation
from hottui.store.store import Store
from tests.demo.conftest import Clock

ENDPOINT = "http://127.0.0.1"


def test_the_first_rows_are_those_of_the_seeded_store(tmp_path: Path, clock: Clock) -> None:
    simulation = Simulation(1, clock)
    for seconds in (0.0, 1.0, 25.0, 60.0, 600.0):
        clock.now = simulation.started + seconds
        store = Store.open(tmp_path / f"{seconds}.db", clock=clock)
        store.add_all(simulation.bookmarks(ENDPOINT))
        for observation, transition in observations(simulation, ENDPOINT):
            store.record(observation, transition)
        stored = store.tracked()
        store.close()
        rows = first_rows(simulation, ENDPOINT)
        assert {row.state for row in rows} >= {"", "FAILED", "HOT_UPDATED"}
        for row, expected in zip(rows, stored, strict=True):
            assert row == expected
