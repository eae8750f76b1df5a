"""The job of a hot update (`GetJob`) and its deployment (`GetDeployment`), with the service's field names.

API version 2022-07-18, SDK 1.14.0.
"""

from typing import Any, Final

from hottui.model.lenient_parsing import Flag, Lenient, LenientModel, Number, Object, Text, Time, Whole
from hottui.model.result import ResourceSettings

RUNNING: Final = "RUNNING"
JOB_FAILED: Final = "FAILED"
ENDED_STATES: Final = frozenset({"CANCELLING", "CANCELLED", "FINISHED"})
"""States of a job that has ended, or is about to end, without a failure."""


class JobMetric(LenientModel):
    """The resources of the job as measured by the service, in cores and bytes."""

    total_cpu: Number = None
    total_memory_byte: Whole = None


class JobFailure(LenientModel):
    """Why the job failed; the texts are empty if it did not."""

    reason: Text = ""
    message: Text = ""
    failed_at: Time = None

    def __bool__(self) -> bool:
        """Whether there is a reason."""
        return bool(self.reason or self.message)


class JobRunning(LenientModel):
    """Metrics of a running job."""

    observed_flink_job_status: Text = ""
    observed_flink_job_restarts: Whole = None


class JobStatus(LenientModel):
    """State (`STARTING`, `RUNNING`, `CANCELLING`, `FAILED`, `CANCELLED`, `FINISHED`), health and failure."""

    current_job_status: Text = ""
    failure: Lenient[JobFailure] = None
    health_score: Whole = None
    risk_level: Text = ""
    running: Lenient[JobRunning] = None


class JobSettings(ResourceSettings):
    """The parts that jobs and deployments share: the settings, and who changed them when."""

    deployment_id: Text = ""
    engine_version: Text = ""
    execution_mode: Text = ""
    """`STREAM`, `STREAMING` or `BATCH`."""
    created_at: Time = None
    creator_name: Text = ""
    modified_at: Time = None
    modifier: Text = ""
    modifier_name: Text = ""

    @property
    def conf(self) -> dict[str, Any]:
        """The Flink configuration; empty if there is none."""
        return self.flink_conf or {}

    @property
    def changed_by(self) -> str:
        """Who changed it last: the name or the ID; empty if both are missing."""
        return self.modifier_name or self.modifier


class Job(JobSettings):
    """One job. Every part may be missing; times are seconds since the epoch."""

    job_id: Text = ""
    deployment_name: Text = ""
    start_time: Time = None
    end_time: Time = None
    user_flink_conf: Object = None
    metric: Lenient[JobMetric] = None
    status: Lenient[JobStatus] = None

    @property
    def conf(self) -> dict[str, Any]:
        """The Flink configuration that it runs with, which takes precedence over the user's."""
        return {**(self.user_flink_conf or {}), **(self.flink_conf or {})}

    @property
    def state(self) -> str:
        """The state, unchanged; empty if the answer has none."""
        return self.status.current_job_status if self.status else ""

    @property
    def flink_state(self) -> str:
        """Flink's state as observed by the service."""
        return self.status.running.observed_flink_job_status if self.status and self.status.running else ""

    @property
    def restarts(self) -> int | None:
        """Restarts of the Flink job since it was started."""
        return self.status.running.observed_flink_job_restarts if self.status and self.status.running else None

    @property
    def health(self) -> int | None:
        """The health score, 0 to 100."""
        return self.status.health_score if self.status else None

    @property
    def risk(self) -> str:
        """The risk level, such as `RISK_LEVEL_HIGH`."""
        return self.status.risk_level if self.status else ""

    @property
    def failure(self) -> JobFailure | None:
        """The failure; None if it has no reason."""
        return (self.status.failure or None) if self.status else None


class Deployment(JobSettings):
    """The deployment of a job: the saved settings, which may differ from the running ones.

    Every part may be missing; times are seconds since the epoch.
    """

    name: Text = ""
    deployment_has_changed: Flag = None
    """Whether the saved settings differ from those of the running job."""
