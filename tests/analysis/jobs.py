"""Jobs as the service and Flink answer about them, for the tests of what became of a hot update."""

from typing import Any

from hottui.analysis.values_before import HotUpdate
from hottui.model.flink_rest import CheckpointConfig, FlinkJob
from hottui.model.job import Deployment, Job
from hottui.model.job_reading import JobReading
from hottui.model.result import HotUpdateJobResult


def result_of(
    state: str = "HOT_UPDATED",
    *,
    parallelism: int | None = None,
    conf: dict[str, Any] | None = None,
    vertices: dict[str, int] | None = None,
    **more: Any,
) -> HotUpdateJobResult:
    """A result that asks for what is given; `more` are further fields of the service's `data`."""
    rescale = {"jobParallelism": parallelism, "vertexParallelism": vertices}
    return HotUpdateJobResult.read(
        {
            "jobId": "job-1",
            "status": {"status": state},
            "hotUpdateParams": {"rescaleJobParam": rescale, "updateJobConfigParam": {"newFlinkConf": conf}},
            **more,
        }
    )


def job_of(parallelism: int | None = None, *, state: str = "RUNNING", **fields: Any) -> Job:
    """A job in BASIC mode; `fields` are added by the service's names."""
    basic = {
        "parallelism": parallelism,
        "jobmanagerResourceSettingSpec": {"cpu": 1, "memory": "4 GiB"},
        "taskmanagerResourceSettingSpec": {"cpu": 1, "memory": "4 GiB"},
    }
    setting = {"resourceSettingMode": "BASIC", "basicResourceSetting": basic}
    return Job.read({"streamingResourceSetting": setting, "status": {"currentJobStatus": state}, **fields})


def flink_of(*vertices: int | dict[str, Any], state: str = "RUNNING", **fields: Any) -> FlinkJob:
    """A Flink job whose vertices `v1`, `v2`, … have the parallelisms given."""
    named = [
        {"id": f"v{place}", "name": f"Vertex {place}", "maxParallelism": 128}
        | (vertex if isinstance(vertex, dict) else {"parallelism": vertex})
        for place, vertex in enumerate(vertices, start=1)
    ]
    return FlinkJob.read({"state": state, "vertices": named, **fields})


def reading_of(job: Job | None = None, flink: FlinkJob | None = None, **parts: Any) -> JobReading:
    """A reading; `checkpoint_config` and `deployment` may be given by the service's names."""
    if isinstance(parts.get("checkpoint_config"), dict):
        parts["checkpoint_config"] = CheckpointConfig.read(parts["checkpoint_config"])
    if isinstance(parts.get("deployment"), dict):
        parts["deployment"] = Deployment.read(parts["deployment"])
    return JobReading(job=job, flink=flink, **parts)


def other_update(at: float, **asked: Any) -> HotUpdate:
    """Another hot update of the same job."""
    return HotUpdate(f"update-{at:.0f}", at, result_of(**asked))
