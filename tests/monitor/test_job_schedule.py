"""When a job is read, by simulated hours of its schedule."""

import math

from hottui.monitor import job_schedule as js
from hottui.monitor.job_api import JobCall
from hottui.monitor.job_schedule import EVERYTHING, JobSchedule


def run(schedule: JobSchedule, since: float, until: float, *, paused: bool = False) -> list[tuple[float, JobCall]]:
    """Make every call when it is due; the calls with their times."""
    made: list[tuple[float, JobCall]] = []
    now = since
    while (due := max(js.next_due(schedule, paused=paused), now)) <= until:
        now = due
        calls = js.calls_due(schedule, now, paused=paused)
        assert calls, "something is due that is not made"
        for call in calls:
            schedule = js.started(schedule, call, now)
            made.append((now, call))
    return made


def test_an_end_is_followed_for_ten_minutes() -> None:
    made = run(js.ended(JobSchedule(), 100.0), 100.0, 9999.0)
    assert made[: len(EVERYTHING)] == [(100.0, call) for call in EVERYTHING]
    assert made[len(EVERYTHING) :] == [(110.0, JobCall.JOB), (160.0, JobCall.JOB), (700.0, JobCall.JOB)]


def test_only_the_reads_still_to_come_are_made_after_a_restart() -> None:
    assert run(js.follow_up(JobSchedule(), -30.0, 0.0), 0.0, 9999.0) == [(30.0, JobCall.JOB), (570.0, JobCall.JOB)]
    assert run(js.follow_up(JobSchedule(), -601.0, 0.0), 0.0, 9999.0) == []


def test_one_read_serves_all_that_wait_for_it() -> None:
    schedule = js.transitioned(js.first_read(js.transitioned(JobSchedule(), 1.0), 1.5), 2.0)
    assert run(schedule, 2.0, 99.0) == [(2.0, JobCall.JOB), (2.0, JobCall.FLINK_JOB)]
    followed = js.follow_up(js.follow_up(JobSchedule(), 0.0, 0.0), 3.0, 3.0)
    assert len(run(followed, 3.0, 9999.0)) == 3


def test_a_call_in_flight_does_not_delay_the_others_of_an_open_detail() -> None:
    opened = js.detail(JobSchedule(), 0.0, is_open=True)
    for call in JobCall:
        opened = js.started(opened, call, 0.0 if call is JobCall.JOB else 5.0)
    assert js.next_due(opened) == 30.0
    assert js.next_due(opened, in_flight={JobCall.JOB}) == 35.0
    assert js.next_due(opened, in_flight=set(JobCall)) == js.next_due(opened, paused=True) == math.inf


def test_an_open_detail_is_read_every_30_seconds() -> None:
    opened = js.detail(js.started(JobSchedule(), JobCall.JOB, 90.0), 100.0, is_open=True)
    made = run(opened, 100.0, 199.0)
    assert [at for at, call in made if call is JobCall.JOB] == [120.0, 150.0, 180.0]
    assert [at for at, call in made if call is JobCall.EXCEPTIONS] == [100.0, 130.0, 160.0, 190.0]
    assert run(js.detail(opened, 100.0, is_open=False), 100.0, 199.0)[4:] == []


def test_while_paused_only_what_the_user_asked_for_is_read() -> None:
    schedule = js.ended(JobSchedule(), 0.0)
    assert run(schedule, 0.0, 9999.0, paused=True) == []
    assert {call for _, call in run(js.forced(schedule, 5.0), 5.0, 8.0, paused=True)} == set(EVERYTHING)
