"""The answers about one job: the last good one of each call, and the errors of failed calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from hottui.model.flink_rest import CheckpointConfig, Checkpoints, FlinkExceptions, FlinkJob
from hottui.model.job import Deployment, Job

JOB_GONE: Final = "The job no longer exists."


@dataclass(frozen=True, slots=True)
class JobReading:
    """Everything known about a job at `at`; a part is None if it was not read or the call failed.

    `errors` has the reason of each failed action that reads the job itself: `GetJob`, `FlinkApiProxy`. `gone` is set
    if the service answered that there is no such job.
    """

    job: Job | None = None
    flink: FlinkJob | None = None
    checkpoint_config: CheckpointConfig | None = None
    checkpoints: Checkpoints | None = None
    exceptions: FlinkExceptions | None = None
    deployment: Deployment | None = None
    errors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    gone: bool = False
    at: float | None = None
