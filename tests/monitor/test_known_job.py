"""What is known of a job, and what of it a change of the job has made outdated."""

from dataclasses import replace

from hottui.model.flink_rest import CheckpointConfig, FlinkJob
from hottui.model.job import Job
from hottui.model.lenient_parsing import LenientModel
from hottui.model.ref import JobRef
from hottui.model.tracking import Trouble
from hottui.monitor.job_api import JobCall
from hottui.monitor.known_job import Known, KnownJob, answered, failed, saved_job

REF = JobRef("https://host", "ws", "team", "job")


def job(parallelism: int) -> Job:
    return Job.read({"streamingResourceSetting": {"basicResourceSetting": {"parallelism": parallelism}}})


def known(*answers: tuple[JobCall, LenientModel, float]) -> KnownJob:
    found = KnownJob(REF)
    for call, value, at in answers:
        found = answered(found, call, value, at)
    return found


FLINK, CONFIG = FlinkJob.read({"state": "RUNNING"}), CheckpointConfig.read({"interval": 60000})
READ = (JobCall.JOB, job(8), 1.0), (JobCall.FLINK_JOB, FLINK, 2.0), (JobCall.CHECKPOINT_CONFIG, CONFIG, 3.0)


def test_what_flink_showed_is_kept_while_the_job_is_the_same() -> None:
    reading = known(*READ, (JobCall.JOB, job(8), 12.0)).reading
    assert (reading.flink, reading.checkpoint_config, reading.at) == (FLINK, CONFIG, 12.0)


def test_what_flink_showed_before_the_job_changed_is_not_used() -> None:
    changed = known(*READ, (JobCall.JOB, job(4), 12.0))
    assert changed.flink_is_outdated
    assert (changed.reading.flink, changed.reading.checkpoint_config) == (None, None)
    again = answered(changed, JobCall.FLINK_JOB, FLINK, 13.0)
    assert (again.reading.flink, again.reading.checkpoint_config) == (FLINK, None)
    assert answered(again, JobCall.CHECKPOINT_CONFIG, CONFIG, 14.0).reading.checkpoint_config == CONFIG


def test_a_failed_read_keeps_the_last_answer() -> None:
    denied = failed(known(*READ), JobCall.EXCEPTIONS, Trouble(4.0, "Denied."))
    gone = failed(denied, JobCall.JOB, Trouble(5.0, "Not found."), gone=True)
    assert gone.job.value == job(8)
    assert (gone.reading.gone, dict(gone.reading.errors)) == (
        True,
        {"GetJob": "Not found.", "FlinkApiProxy": "Denied."},
    )
    assert not answered(gone, JobCall.JOB, job(8), 6.0).gone


def test_each_failed_action_has_the_error_of_its_first_failed_call() -> None:
    first, later, other = Trouble(4.0, "Denied."), Trouble(4.0, "Not found."), Trouble(5.0, "Too many requests.")
    job = failed(failed(KnownJob(REF), JobCall.EXCEPTIONS, later), JobCall.FLINK_JOB, first)
    assert replace(job, deployment=Known(error=other)).troubles == {"FlinkApiProxy": first, "GetDeployment": other}


def test_saved_answers_are_read_back_and_garbage_is_harmless() -> None:
    answers = {
        call.value: (at, value.model_dump(mode="json", by_alias=True, exclude_none=True)) for call, value, at in READ
    }
    assert saved_job(REF, answers) == known(*READ)
    assert saved_job(REF, {"job": (1.0, ["x"]), "other": (2.0, None)}).job.value == Job()
