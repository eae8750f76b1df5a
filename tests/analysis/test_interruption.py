"""The interruption by Flink's timestamps: from leaving RUNNING to RUNNING again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hottui.analysis.interruption import LEAVING, interruption_of
from hottui.model.effect import Interruption
from hottui.model.flink_rest import Checkpoints, FlinkJob
from hottui.model.job import Job
from hottui.model.job_reading import JobReading

BEGAN = 1_769_851_800.0


def reading(at: float | None = None, now: float | None = None, state: str = "RUNNING", **entered: float) -> JobReading:
    """A job that entered each state so many seconds after the update began; 0 is never."""
    stamps = {name: 0 if after == 0 else round((BEGAN + after) * 1000) for name, after in entered.items()}
    flink = {"state": state, "start-time": (BEGAN - 9000) * 1000, "timestamps": stamps}
    if now is not None:
        flink["now"] = round((BEGAN + now) * 1000)
    job = Job.read({"status": {"running": {"observedFlinkJobRestarts": 3}}})
    restored = {"id": 812, "restore_timestamp": (BEGAN + 3) * 1000, "external_path": "oss://b/chk-812"}
    checkpoints = Checkpoints.read({"latest": {"restored": restored}})
    return JobReading(job, FlinkJob.read(flink), checkpoints=checkpoints, at=None if at is None else BEGAN + at)


def test_from_leaving_running_to_running_again() -> None:
    found = interruption_of(
        reading(FAILING=0, RESTARTING=2, CREATED=-9000, RUNNING=8.5), started=BEGAN, ended=BEGAN + 9
    )
    assert found == Interruption(True, BEGAN + 2, BEGAN + 8.5, 6.5, 3, "checkpoint 812 oss://b/chk-812")


def test_no_restart() -> None:
    found = interruption_of(reading(RESTARTING=-4000, RUNNING=-3990), started=BEGAN, ended=BEGAN + 9)
    assert (found.restarted, found.seconds) == (False, 0.0)
    assert found.restored_from == ""


@pytest.mark.parametrize(
    ("entered", "state"),
    [({"RESTARTING": 500, "RUNNING": 510}, "RUNNING"), ({"RUNNING": 510}, "RUNNING"), ({"CREATED": 1}, "CREATED")],
)
def test_a_restart_that_is_not_the_updates_hides_it(entered: dict[str, float], state: str) -> None:
    found = interruption_of(reading(state=state, **entered), started=BEGAN, ended=BEGAN + 9)
    assert found.seconds is None


def test_the_start_of_a_job_is_no_restart() -> None:
    stamps = {"INITIALIZING": (BEGAN - 20) * 1000, "CREATED": (BEGAN - 19) * 1000, "RUNNING": (BEGAN - 9) * 1000}
    started = FlinkJob.read({"state": "RUNNING", "start-time": stamps["INITIALIZING"], "timestamps": stamps})
    assert interruption_of(JobReading(flink=started), started=BEGAN) == Interruption()
    again = {**stamps, "RESTARTING": (BEGAN + 1) * 1000, "RUNNING": (BEGAN + 4) * 1000}
    restarted = started.model_copy(update={"timestamps": FlinkJob.read({"timestamps": again}).timestamps})
    assert interruption_of(JobReading(flink=restarted), started=BEGAN).seconds == 3.0


def test_a_job_that_does_not_run_yet_has_no_length() -> None:
    found = interruption_of(reading(state="RESTARTING", RESTARTING=2, RUNNING=-3990), started=BEGAN)
    assert (found.restarted, found.back, found.seconds) == (True, None, None)


def test_flinks_clock_may_differ() -> None:
    ahead = reading(at=20, now=620, RESTARTING=602, RUNNING=610)
    assert interruption_of(ahead, started=BEGAN, ended=BEGAN + 12).seconds == 8.0


def test_unknown_without_flink_or_without_a_beginning() -> None:
    assert interruption_of(JobReading(), started=BEGAN) == Interruption()
    assert interruption_of(reading(RESTARTING=2, RUNNING=8), started=None) == Interruption(restarts=3)


@given(
    st.dictionaries(st.sampled_from(["RUNNING", *sorted(LEAVING)]), st.integers(-9000, 9000)),
    st.sampled_from(["RUNNING", "RESTARTING"]),
)
def test_a_length_is_never_negative(entered: dict[str, Any], state: str) -> None:
    found = interruption_of(reading(state=state, **entered), started=BEGAN, ended=BEGAN + 30)
    assert found.seconds is None or found.seconds >= 0
    assert found.restarted is not None or found.seconds is None
