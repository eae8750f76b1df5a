"""Why a hot update failed, from every answer that tells of it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hottui.analysis.failure_explanation import FailureExplanation, explain_failure
from hottui.analysis.stack_trace import Cause, read_trace
from hottui.analysis.vendor_rules import broken_rules, is_too_old
from hottui.model.flink_rest import FlinkExceptions
from hottui.model.job import Job
from hottui.model.job_diagnosis import JobDiagnosis
from hottui.model.job_history import Event
from hottui.model.job_reading import JobReading
from hottui.model.result import HotUpdateJobResult
from tests.analysis.jobs import job_of, reading_of, result_of
from tests.model.json_values import any_json, jobs, results

TRACE = """org.apache.flink.util.FlinkException: Rescale failed
\tat org.apache.flink.A.run(A.java:1)
\tat org.apache.flink.B.run(B.java:2)
\tSuppressed: java.lang.IllegalStateException: closed
\t\tat org.apache.flink.C.close(C.java:3)
\tCaused by: java.io.EOFException
\t\t... 1 more
\t\tat org.apache.flink.D.skipped(D.java:4)
Caused by: org.apache.flink.runtime.NoResourceException: Could not acquire 64 slots:
  24 of 64 are free, password=hunter2secret
\tat org.apache.flink.E.one(E.java:1)
\tat org.apache.flink.E.two(E.java:2)
\tat org.apache.flink.E.three(E.java:3)
\tat org.apache.flink.E.four(E.java:4)
\t... 12 more
"""


def explained(result: HotUpdateJobResult, **parts: Any) -> FailureExplanation:
    found = explain_failure(result, **({"reading": JobReading()} | parts))
    assert found is not None
    return found


def failed(reason: str = "", message: str = "", severity: str = "", **asked: Any) -> HotUpdateJobResult:
    failure = {"reason": reason, "message": message, "failureSeverity": severity}
    return result_of(**asked).model_copy(
        update={
            "status": HotUpdateJobResult.read(
                {"status": {"status": "FAILED", "requestId": "R-1", "failure": failure}}
            ).status
        }
    )


def test_the_innermost_cause_comes_first_and_the_frames_are_folded() -> None:
    found = explained(failed("RescaleFailed", TRACE, "CRITICAL"))
    assert found.headline == "RescaleFailed: NoResourceException: Could not acquire 64 slots:"
    assert (found.severity, found.request_id, found.has_reason) == ("CRITICAL", "R-1", True)
    inner, outer = found.causes
    assert inner.exception == "org.apache.flink.runtime.NoResourceException"
    assert inner.folded[-1] == "… 2 more frames"
    assert len(inner.folded) == 4
    assert outer.headline == "FlinkException: Rescale failed"
    assert len(outer.frames) == 2
    assert "hunter2secret" not in repr(found)


def test_a_plain_message_is_one_cause() -> None:
    assert read_trace("24 of 64 slots are free") == (Cause("", "24 of 64 slots are free"),)
    assert read_trace(" \n") == ()
    assert read_trace("java.lang.OutOfMemoryError: Metaspace")[0].headline == "OutOfMemoryError: Metaspace"


def test_a_failure_without_a_reason_is_called_that() -> None:
    found = explained(failed(), request_id="R-2")
    assert found.headline == "The service gave no reason."
    assert not found.has_reason
    assert found.request_id == "R-1"
    assert explained(result_of("FAILED"), request_id="R-2").request_id == "R-2"
    assert explain_failure(result_of("HOT_UPDATED"), reading=JobReading()) is None


def test_the_job_flink_the_diagnosis_and_events_are_beside_it() -> None:
    at = 1_769_851_800.0
    status = {
        "currentJobStatus": "FAILED",
        "failure": {"reason": "JobFailed", "message": "java.io.IOException: disk full\n\tat a.B.c(D.java)"},
        "running": {"observedFlinkJobRestarts": 7, "observedFlinkJobStatus": "FAILED"},
    }
    entries = [
        {
            "exceptionName": "x.YException",
            "stacktrace": "x.YException: \x1b[31mhot",
            "timestamp": at * 1000,
            "taskName": "Map",
        },
        {"exceptionName": "x.Old", "timestamp": (at - 4000) * 1000},
    ]
    symptom = {"name": "Backpressure", "description": "slow", "recommendation": "scale up"}
    events = [
        Event.read({"eventName": "LATER", "createdAt": at + 30}),
        Event.read({"eventName": "STATE_TRANSITION_IS_COMPLETED", "createdAt": (at - 60) * 1000}),
        Event.read({"eventName": "LONG_AGO", "createdAt": at - 5000}),
    ]
    exceptions = FlinkExceptions.read({"exceptionHistory": {"entries": entries}})
    found = explained(
        failed("R"),
        reading=reading_of(job_of(status=status), exceptions=exceptions),
        diagnosis=JobDiagnosis.read({"symptoms": {"runtime": [symptom], "others": None}}),
        events=events,
        at=at,
    )
    assert found.job == (
        "The job is FAILED, Flink: FAILED, 7 restarts.",
        "The job failed: JobFailed: IOException: disk full",
    )
    assert [(each.task, each.causes[0].exception) for each in found.exceptions] == [("Map", "x.YException")]
    assert "\x1b" not in repr([each.causes for each in found.exceptions])
    assert [(area, each.recommendation) for area, each in found.symptoms] == [("runtime", "scale up")]
    assert [event.event_name for event in found.events] == ["STATE_TRANSITION_IS_COMPLETED", "LATER"]


EXPERT = {"resourceSettingMode": "EXPERT"}
UNALIGNED = {"execution.checkpointing.unaligned": "TRUE"}


@pytest.mark.parametrize(
    ("result", "reading", "word"),
    [
        (
            result_of(parallelism=8),
            reading_of(job_of(streamingResourceSetting=EXPERT)),
            "EXPERT",
        ),
        (result_of(parallelism=8), reading_of(checkpoint_config={"unaligned_checkpoints": "true"}), "unaligned"),
        (
            result_of(parallelism=8),
            reading_of(job_of(flinkConf={"execution.checkpointing.unaligned": "TRUE"})),
            "unalig",
        ),
        (result_of(parallelism=8), reading_of(job_of(engineVersion="vvr-8.0.0-flink-1.17")), "VVR 8.0.1 or later"),
        (result_of(conf={"table.exec.state.ttl": "1 d"}), reading_of(job_of()), "table.exec.state.ttl needs a restart"),
        (result_of(parallelism=8), reading_of(job_of(state="CANCELLED", endTime=1000)), "running job"),
    ],
)
def test_the_vendors_rule_is_recognised(result: HotUpdateJobResult, reading: JobReading, word: str) -> None:
    (rule,) = broken_rules(result, reading, at=2000.0)
    assert word in rule


def test_no_rule_is_named_where_none_is_broken() -> None:
    fine = result_of(parallelism=8, conf={"execution.checkpointing.interval": "1 min"})
    running = reading_of(
        job_of(engineVersion="vvr-11.1-jdk11-flink-1.20"), checkpoint_config={"unaligned_checkpoints": False}
    )
    assert broken_rules(fine, running) == ()
    failed_by_it = reading_of(job_of(state="FAILED", endTime=1990))
    assert broken_rules(fine, failed_by_it, at=2000.0) == ()
    assert [is_too_old(v) for v in ("vvr-8.0.1", "vvr-6.0.7-flink-1.15", "flink-1.17", "vvr-8.0")] == [
        False,
        True,
        False,
        True,
    ]


@settings(max_examples=50)
@given(results(), jobs() | any_json(), st.text() | st.just(TRACE))
def test_any_answers_are_explained(data: Any, job: Any, text: str) -> None:
    reading = JobReading(Job.read(job), exceptions=FlinkExceptions.read({"root-exception": text}))
    found = explain_failure(
        HotUpdateJobResult.read(data),
        reading=reading,
        diagnosis=JobDiagnosis.read(job),
        events=(Event.read(job),),
        at=1.0,
    )
    assert found is None or found.headline
    for cause in read_trace(text):
        assert "\n" not in cause.headline
        json.dumps(cause.folded)
