"""The job behind a hot update: the vendor's fields, times of any magnitude, and any JSON read without an error."""

import json
from typing import Any

import pytest
from alibabacloud_ververica20220718 import models as sdk
from hypothesis import given
from hypothesis import strategies as st

from hottui.model import flink_rest, job, job_diagnosis, job_history
from hottui.model.effect import (
    Before,
    BeforeSource,
    Effect,
    EffectItem,
    Verdict,
    before_from_json,
    before_to_json,
    effect_from_json,
    effect_to_json,
)
from hottui.model.flink_rest import FlinkJob, FlinkRestError, parse_proxy_text
from hottui.model.job import Job
from hottui.model.lenient_parsing import LenientModel
from hottui.model.ref import JobRef, Ref
from tests.model.json_values import any_json

PEERS: dict[type[LenientModel], type[Any]] = {
    job.Job: sdk.Job,
    job.JobStatus: sdk.JobStatus,
    job.JobFailure: sdk.JobFailure,
    job.JobRunning: sdk.JobStatusRunning,
    job.JobMetric: sdk.JobMetric,
    job.Deployment: sdk.Deployment,
    job_diagnosis.JobDiagnosis: sdk.JobDiagnosis,
    job_diagnosis.Symptoms: sdk.JobDiagnosisSymptoms,
    job_diagnosis.Symptom: sdk.JobDiagnosisSymptom,
    job_history.Event: sdk.Event,
    job_history.TuningHistory: sdk.TuningHistory,
    job_history.TuningResources: sdk.TuningHistoryOldResourceSetting,
    job_history.TuningHistories: sdk.ListAutopilotTuningHistoriesResponseBodyData,
    job_history.ScheduledPlanExecution: sdk.ScheduledPlanExecutedInfo,
    job_history.ScheduledPlanExecutedStatus: sdk.ScheduledPlanExecutedStatus,
}
FLINK: tuple[type[LenientModel], ...] = (
    flink_rest.FlinkJob,
    flink_rest.CheckpointConfig,
    flink_rest.Checkpoints,
    flink_rest.FlinkExceptions,
)
NAMES = sorted(
    {field.alias or name for model in (*PEERS, *FLINK) for name, field in model.model_fields.items()}
    | {"start-time", "min_pause", "unaligned_checkpoints", "root-exception", "restored", "errors", "RUNNING"}
)


def test_every_field_is_one_of_the_vendors_sdk() -> None:
    for ours, theirs in PEERS.items():
        known = set(vars(theirs()))
        assert set(ours.model_fields) <= known, ours


@given(any_json(st.sampled_from(NAMES)))
def test_any_json_raises_nothing(value: Any) -> None:
    for model in (*PEERS, *FLINK):
        read: LenientModel = model.read(value)
        for name in dir(type(read)):
            if isinstance(getattr(type(read), name), property) and not name.startswith(("_", "model_")):
                getattr(read, name)
    parse_proxy_text(value)
    parse_proxy_text(json.dumps(value))
    before = before_from_json(value)
    assert before_from_json(json.loads(json.dumps(before_to_json(before)))) == before
    for kind in (before_from_json, effect_from_json):
        kind({"source": value, "verdict": value})
        kind({"source": "observed", "verdict": "none", "items": value, "vertices": value, "parallelism": value})


@given(st.text())
def test_any_text_of_the_proxy_raises_nothing(text: str) -> None:
    assert isinstance(parse_proxy_text(text), dict | FlinkRestError)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("null", "empty"),
        ("<html><body>502</body></html>", "HTML page"),
        ('{"errors": ["Job 1f not found\\n at java"]}', "refused the request: Job 1f not found"),
        ("[1]", "not an object"),
        ('{"state"', "cannot be read"),
    ],
)
def test_the_proxy_may_answer_with_something_else(text: str, message: str) -> None:
    answer = parse_proxy_text(text)
    assert isinstance(answer, FlinkRestError)
    assert message in answer.message
    assert "\n" not in answer.message


def test_seconds_milliseconds_and_text_are_the_same_time() -> None:
    same: tuple[Any, ...] = (
        1769851800,
        1769851800.0,
        "1769851800",
        1769851800000,
        "1769851800000",
        "2026-01-31T09:30:00Z",
    )
    for value in same:
        assert Job.read({"startTime": value}).start_time == 1769851800.0
    never: tuple[Any, ...] = (
        None,
        0,
        -1,
        "0",
        "",
        "soon",
        True,
        [1],
        1e300,
        "9999-99-99T00:00:00",
        "0001-01-01T00:00:00+23:59",
    )
    for value in never:
        assert Job.read({"startTime": value}).start_time is None


def test_flink_tells_when_each_state_was_entered() -> None:
    read = FlinkJob.read(
        {
            "start-time": 1769851800000,
            "timestamps": {"RUNNING": "1769851900500", "RESTARTING": 0, "FAILING": None},
            "vertices": [{"id": "a", "parallelism": "8", "maxParallelism": -1}, None, 7, {"name": "no id"}],
        }
    )
    assert read.entered == {"RUNNING": 1769851900.5}
    assert read.parallelism_by_vertex == {"a": 8}
    assert read.start_time == 1769851800.0


def test_a_job_ref_is_the_address_of_the_hot_update_with_the_jobs_id() -> None:
    ref = Ref("https://e", "w", "n", "update")
    assert JobRef.of(ref, "job") == JobRef("https://e", "w", "n", "job")


def test_effect_and_before_survive_the_store() -> None:
    effect = Effect(Verdict.PARTIAL, "why", (EffectItem("vertex:a", "Map", 4, 8, 4, False, "explicit"),))
    assert effect_from_json(json.loads(json.dumps(effect_to_json(effect)))) == effect
    before = Before(BeforeSource.OBSERVED, 4, {"a": 1}, {"v": 4}, {"batchResourceSetting": None}, 12.5)
    assert before_from_json(json.loads(json.dumps(before_to_json(before)))) == before
