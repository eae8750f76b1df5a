"""One timeline from observed transitions, Flink's phases, restarts, events and gaps in the watching."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hottui.analysis.job_timeline import Source, bar_span, job_timeline
from hottui.model.flink_rest import Checkpoints, FlinkExceptions, FlinkJob
from hottui.model.job_history import Event
from hottui.model.job_reading import JobReading
from hottui.model.ref import Ref
from hottui.model.tracking import Transition
from tests.model.json_values import any_json, flink_jobs

REF = Ref("https://e", "w", "n", "u")
T = 1_769_851_800.0


def seen(at: float, state: str) -> Transition:
    return Transition(REF, T + at, state)


def ms(after: float) -> int:
    return round((T + after) * 1000)


def test_every_source_in_time_order_with_durations() -> None:
    stamps = {"CREATED": ms(-90_000), "RESTARTING": ms(2), "RUNNING": ms(8), "FAILING": 0}
    entries = [{"stacktrace": "a.BException: lost\n\tat c", "timestamp": ms(1.5), "taskName": "Map (1/4)"}]
    restored = {"id": 7, "restore_timestamp": ms(3), "external_path": "oss://chk-7"}
    reading = JobReading(
        flink=FlinkJob.read({"state": "RUNNING", "timestamps": stamps}),
        checkpoints=Checkpoints.read({"latest": {"restored": restored}}),
        exceptions=FlinkExceptions.read({"exceptionHistory": {"entries": entries}}),
    )
    events = [Event.read({"eventName": "DONE", "message": "\x1b[1mx", "createdAt": ms(9)}), Event.read({})]
    found = job_timeline(
        [seen(10, "HOT_UPDATED"), seen(0, "HOT_UPDATING")], reading=reading, events=events, gaps=[(T + 4, T + 6)]
    )
    assert [(entry.at - T, entry.source, entry.what) for entry in found] == [
        (0, Source.OBSERVED, "HOT_UPDATING"),
        (1.5, Source.FLINK, "failure in Map (1/4)"),
        (2, Source.FLINK, "job RESTARTING"),
        (3, Source.FLINK, "restored checkpoint 7"),
        (4, Source.WATCHING, "not watched"),
        (8, Source.FLINK, "job RUNNING"),
        (9, Source.SERVICE, "DONE"),
        (10, Source.OBSERVED, "HOT_UPDATED"),
    ]
    now = T + 20
    assert [entry.seconds(now) for entry in found] == [10, None, 6, None, 2, 12, None, None]
    assert found[1].detail == "BException: lost"
    assert "\x1b" not in found[6].detail


def test_a_later_restart_does_not_shrink_the_bars() -> None:
    states = [seen(0, "HOT_UPDATING"), seen(10, "HOT_UPDATED")]
    for later, expected in ((-200, (0, 10)), (4, (-2, 10)), (30, (0, 30)), (7200, (0, 10))):
        stamps = {"RESTARTING": ms(later - 6), "RUNNING": ms(later)}
        reading = JobReading(flink=FlinkJob.read({"state": "RUNNING", "timestamps": stamps}))
        begin, end = bar_span(job_timeline(states, reading=reading))
        assert (begin - T, end - T) == expected
    began, now = bar_span(job_timeline(states[:1], reading=JobReading()), until=T + 99)
    assert (began - T, now - T) == (0, 99)
    (only,) = job_timeline([], reading=JobReading(flink=FlinkJob.read({"timestamps": {"RUNNING": ms(5)}})))
    assert bar_span([only]) == (only.at, only.at)
    assert bar_span([]) == (0.0, 0.0)


def test_an_update_in_progress_goes_on() -> None:
    (only,) = job_timeline([seen(0, "HOT_UPDATING")], reading=JobReading())
    assert only.ongoing
    assert only.seconds(T + 5) == 5
    assert only.seconds(T - 5) == 0


@settings(max_examples=50)
@given(flink_jobs | any_json(), any_json(), st.lists(st.tuples(st.floats(0, 2e9), st.text(max_size=3)), max_size=5))
def test_any_answers_make_a_sorted_timeline(flink: Any, event: Any, states: list[tuple[float, str]]) -> None:
    reading = JobReading(
        flink=FlinkJob.read(flink), checkpoints=Checkpoints.read(flink), exceptions=FlinkExceptions.read(event)
    )
    transitions = [Transition(REF, at, state) for at, state in states]
    found = job_timeline(transitions, reading=reading, events=[Event.read(event)], since=0.0)
    assert [entry.at for entry in found] == sorted(entry.at for entry in found)
    assert sum(entry.source is Source.OBSERVED for entry in found) == len(states)
