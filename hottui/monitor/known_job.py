"""What is known of a job: the last good answer of each call, when it came, and why the last read failed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from hottui.model.json_text import Json
from hottui.model.ref import JobRef
from hottui.model.tracking import Trouble
from hottui.monitor.job_api import GET_DEPLOYMENT, JobCall, action_of, model_of

if TYPE_CHECKING:
    from hottui.model.flink_rest import CheckpointConfig, Checkpoints, FlinkExceptions, FlinkJob
    from hottui.model.job import Deployment, Job
    from hottui.model.job_reading import JobReading
    from hottui.model.lenient_parsing import LenientModel

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Known(Generic[T_co]):
    """The last good answer of one call, and why the last read failed; None where there is none.

    `at` is when the answer came, in seconds since the epoch.
    """

    value: T_co | None = None
    at: float | None = None
    error: Trouble | None = None


@dataclass(frozen=True, slots=True)
class KnownJob:
    """The last answers about one job."""

    ref: JobRef
    job: "Known[Job]" = Known()
    flink: "Known[FlinkJob]" = Known()
    checkpoint_config: "Known[CheckpointConfig]" = Known()
    checkpoints: "Known[Checkpoints]" = Known()
    exceptions: "Known[FlinkExceptions]" = Known()
    deployment: "Known[Deployment]" = Known()
    """Read only for the job's history."""
    gone: bool = False
    """Whether the service answered that there is no such job."""
    job_when_flink_was_read: "Job | None" = None
    """The job as it was when Flink was read: where it differs from `job`, what Flink showed is outdated."""

    def known(self, call: JobCall) -> "Known[LenientModel]":
        """Return what is known by `call`."""
        return getattr(self, _FIELDS[call])  # type: ignore[no-any-return]

    @property
    def flink_is_outdated(self) -> bool:
        """Whether the job has changed since Flink was read."""
        now, then = self.job.value, self.job_when_flink_was_read
        return now is not None and then is not None and _basis(now) != _basis(then)

    @property
    def reading(self) -> "JobReading":
        """Everything known, for the analysis; without what is outdated."""
        from hottui.model.job_reading import JobReading  # noqa: PLC0415 - pydantic is not needed for the first frame

        outdated = self.flink_is_outdated
        times = [known.at for known in (self.job, self.flink) if known.at is not None]
        return JobReading(
            job=self.job.value,
            flink=None if outdated else self.flink.value,
            checkpoint_config=None if outdated else self.checkpoint_config.value,
            checkpoints=self.checkpoints.value,
            exceptions=self.exceptions.value,
            deployment=self.deployment.value,
            errors={action: trouble.message for action, trouble in self.troubles.items() if action != GET_DEPLOYMENT},
            gone=self.gone,
            at=max(times, default=None),
        )

    @property
    def troubles(self) -> dict[str, Trouble]:
        """The failed actions, each with the error of its first failed call."""
        errors = [(action_of(call), self.known(call).error) for call in JobCall]
        troubles: dict[str, Trouble] = {}
        for action, error in (*errors, (GET_DEPLOYMENT, self.deployment.error)):
            if error is not None:
                troubles.setdefault(action, error)
        return troubles


_FIELDS: Final = {
    JobCall.JOB: "job",
    JobCall.FLINK_JOB: "flink",
    JobCall.CHECKPOINT_CONFIG: "checkpoint_config",
    JobCall.CHECKPOINTS: "checkpoints",
    JobCall.EXCEPTIONS: "exceptions",
}


def answered(known: KnownJob, call: JobCall, value: "LenientModel", at: float) -> KnownJob:
    """After a good answer of `call`."""
    changed = _replaced(known, call, Known(value, at))
    if call is JobCall.JOB:
        return replace(changed, gone=False)
    if call is not JobCall.FLINK_JOB:
        return changed
    config = known.checkpoint_config
    if known.flink_is_outdated and config.at is not None and config.at < (known.job.at or 0.0):
        config = Known()
    return replace(changed, job_when_flink_was_read=known.job.value, checkpoint_config=config)


def failed(known: KnownJob, call: JobCall, trouble: Trouble, *, gone: bool = False) -> KnownJob:
    """After a read by `call` failed: the last good answer stays. `gone`: there is no such job."""
    changed = _replaced(known, call, replace(known.known(call), error=trouble))
    return replace(changed, gone=True) if gone and call is JobCall.JOB else changed


def _replaced(known: KnownJob, call: JobCall, value: "Known[LenientModel]") -> KnownJob:
    fields: dict[str, Any] = {_FIELDS[call]: value}
    return replace(known, **fields)


def _basis(job: "Job") -> tuple[object, ...]:
    """Return what of a job changes when it runs with something else."""
    return job.conf, job.streaming_resource_setting, job.batch_resource_setting, job.restarts, job.state


def saved_job(ref: JobRef, answers: Mapping[str, tuple[float, Json]]) -> KnownJob:
    """Return what the store has: by name of the call, the time and the answer. What cannot be read is left out."""
    known = KnownJob(ref)
    for call in JobCall:
        if call.value in answers:
            at, answer = answers[call.value]
            known = answered(known, call, model_of(call).read(answer), at)
    return known
