"""The calls about jobs that the monitor makes, and which action each of them needs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from hottui.model.ref import JobRef
from hottui.monitor.job_schedule import JobCall

if TYPE_CHECKING:
    from hottui.model.deployment import Deployment
    from hottui.model.flink_rest import FlinkRestError
    from hottui.model.job import Job
    from hottui.model.job_diagnosis import JobDiagnosis
    from hottui.model.job_history import Event, ScheduledPlanExecution, TuningHistory
    from hottui.model.lenient_parsing import LenientModel
    from hottui.service.call import Read
    from hottui.service.job_client import Page


class JobReader(Protocol):
    """Reads about jobs. `hottui.service.client.Client` is one. Methods raise only ServiceError."""

    async def get_job(self, job: JobRef) -> "Read[Job]":
        """Return the job."""
        ...

    async def flink(self, job: JobRef, path: str) -> "Read[dict[str, Any] | FlinkRestError]":
        """Return what Flink's REST API answers below `/jobs/:jid`, or why it gave no object."""
        ...

    async def get_deployment(self, place: JobRef, deployment_id: str) -> "Read[Deployment]":
        """Return the deployment of a job."""
        ...

    async def diagnosis(self, job: JobRef, deployment_id: str) -> "Read[JobDiagnosis]":
        """Return the service's diagnosis of the job."""
        ...

    async def events(self, place: JobRef, deployment_id: str, *, page: int = 1) -> "Read[Page[Event]]":
        """Return one page of the events of a deployment."""
        ...

    async def tuning_histories(
        self, place: JobRef, deployment_id: str, *, start: float, end: float, page: int = 1
    ) -> "Read[Page[TuningHistory]]":
        """Return one page of Autopilot's changes between two times, at most 30 days apart."""
        ...

    async def scheduled_executions(self, place: JobRef, deployment_id: str) -> "Read[Page[ScheduledPlanExecution]]":
        """Return the executions of a deployment's scheduled plans."""
        ...


GET_JOB: Final = "GetJob"
FLINK_API_PROXY: Final = "FlinkApiProxy"
GET_DEPLOYMENT: Final = "GetDeployment"

_PATHS: Final = {
    JobCall.FLINK_JOB: "",
    JobCall.CHECKPOINT_CONFIG: "/checkpoints/config",
    JobCall.CHECKPOINTS: "/checkpoints",
    JobCall.EXCEPTIONS: "/exceptions",
}


def action_of(call: JobCall) -> str:
    """Return the action whose permission `call` needs."""
    return GET_JOB if call is JobCall.JOB else FLINK_API_PROXY


def model_of(call: JobCall) -> "type[LenientModel]":
    """Return the type of the answers of `call`."""
    from hottui.model.flink_rest import CheckpointConfig, Checkpoints, FlinkExceptions, FlinkJob  # noqa: PLC0415 - pydantic is not needed for the first frame
    from hottui.model.job import Job  # noqa: PLC0415 - as above

    models: Mapping[JobCall, type[LenientModel]] = {
        JobCall.JOB: Job,
        JobCall.FLINK_JOB: FlinkJob,
        JobCall.CHECKPOINT_CONFIG: CheckpointConfig,
        JobCall.CHECKPOINTS: Checkpoints,
        JobCall.EXCEPTIONS: FlinkExceptions,
    }
    return models[call]


async def read_call(reader: JobReader, job: JobRef, call: JobCall) -> "tuple[LenientModel | str, float]":
    """Return the answer of `call` about `job`, or why Flink gave none, and its time. Raises only ServiceError."""
    if call is JobCall.JOB:
        read = await reader.get_job(job)
        return read.value, read.at
    proxied = await reader.flink(job, _PATHS[call])
    value = proxied.value
    return (model_of(call).read(value) if isinstance(value, dict) else value.message), proxied.at
