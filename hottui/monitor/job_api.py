"""The calls about jobs that the monitor makes, and which action each of them needs."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hottui.model.ref import JobRef

if TYPE_CHECKING:
    from hottui.model.lenient_parsing import LenientModel
    from hottui.service.job_client import JobClient


class JobCall(StrEnum):
    """What is read of a job; the value is its name in the store."""

    JOB = "job"
    FLINK_JOB = "flink-job"
    CHECKPOINT_CONFIG = "checkpoint-config"
    CHECKPOINTS = "checkpoints"
    EXCEPTIONS = "exceptions"


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


async def read_call(client: "JobClient", job: JobRef, call: JobCall) -> "tuple[LenientModel | str, float]":
    """Return the answer of `call` about `job`, or why Flink gave none, and its time. Raises only ServiceError."""
    if call is JobCall.JOB:
        read = await client.get_job(job)
        return read.value, read.at
    proxied = await client.flink(job, _PATHS[call])
    value = proxied.value
    return (model_of(call).read(value) if isinstance(value, dict) else value.message), proxied.at
