"""Build the `data` of GetJob and GetDeployment."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from hottui.demo.automatic_changes import automatic_restarts
from hottui.demo.job_types import Job, Setting, SimulatedJob
from hottui.demo.plans import SHAPES
from hottui.demo.result import basic_setting, streaming_setting
from hottui.demo.running_job import OWNER, STARTED, RunningJob
from hottui.model.memory_size import GIB, parse_memory

HIGH, MID, LOW = "RISK_LEVEL_HIGH", "RISK_LEVEL_MID", "RISK_LEVEL_LOW"
_USERS: Final = {OWNER: "207718340917285413", "li.na": "219063775520418874"}


def job_answer(job: SimulatedJob, running: RunningJob, second: float) -> dict[str, Any]:
    """Return the `data` of GetJob. Times of some jobs are in seconds, of the others in milliseconds."""
    spec = job.spec
    scale = 1 if int(job.flink_id[0], 16) % 2 else 1000
    ended = running.failure.at if running.failure else running.finished_at
    cpu, memory = usage(spec, running.parallelism)
    return {
        "jobId": job.id,
        "deploymentId": job.deployment_id,
        "deploymentName": spec.name,
        "workspace": spec.namespace.workspace,
        "namespace": spec.namespace.name,
        "engineVersion": spec.engine,
        "executionMode": "BATCH" if spec.setting is Setting.BATCH else "STREAM",
        "sessionClusterName": None,
        "creator": _USERS[OWNER],
        "creatorName": OWNER,
        "modifier": _USERS[running.changed_by],
        "modifierName": running.changed_by,
        "createdAt": str(job.milliseconds(STARTED)),
        "modifiedAt": str(job.milliseconds(running.changed_at)),
        "startTime": job.milliseconds(STARTED + 20) * scale // 1000,
        "endTime": job.milliseconds(ended) * scale // 1000 if ended <= second else None,
        "userFlinkConf": {key: value for key, value in running.conf.items() if key.startswith("execution.")},
        **_setting(spec, running.parallelism, running.conf),
        "metric": {"totalCpu": cpu, "totalMemoryByte": memory},
        "status": _status(job, running, second),
    }


def deployment_answer(job: SimulatedJob, running: RunningJob, second: float) -> dict[str, Any]:
    """Return the `data` of GetDeployment: what is saved, which may not run yet."""
    spec = job.spec
    state = _state(running, second)
    return {
        "deploymentId": job.deployment_id,
        "workspace": spec.namespace.workspace,
        "namespace": spec.namespace.name,
        "name": spec.name,
        "description": "",
        "labels": {"team": "data", "tier": "gold" if spec.health > 70 else "silver"},
        "engineVersion": spec.engine,
        "executionMode": "BATCH" if spec.setting is Setting.BATCH else "STREAMING",
        "deploymentHasChanged": bool(running.saved),
        "deploymentTarget": {"mode": "PER_JOB", "name": "default-queue"},
        "creator": _USERS[OWNER],
        "creatorName": OWNER,
        "modifier": _USERS[running.changed_by],
        "modifierName": running.changed_by,
        "createdAt": str(job.milliseconds(STARTED - 3600)),
        "modifiedAt": str(job.milliseconds(running.changed_at)),
        **_setting(spec, running.parallelism, {**running.conf, **running.saved}),
        "jobSummary": {
            name: int(name.upper() == state)
            for name in ("running", "starting", "cancelling", "cancelled", "failed", "finished")
        },
    }


def flink_state(running: RunningJob, second: float) -> str:
    """Return Flink's state of the job."""
    if running.failure:
        return "FAILED"
    if running.finished_at <= second:
        return "FINISHED"
    last = running.interruptions[-1] if running.interruptions else None
    return "RESTARTING" if last and second < last.back else "RUNNING"


def health(running: RunningJob) -> tuple[int, str]:
    """Return the health score and the risk level."""
    score = running.job.health
    return score, HIGH if score < 40 else MID if score < 75 else LOW


def _state(running: RunningJob, second: float) -> str:
    state = flink_state(running, second)
    return "RUNNING" if state == "RESTARTING" else state


def _status(job: SimulatedJob, running: RunningJob, second: float) -> dict[str, Any]:
    score, risk = health(running)
    state = _state(running, second)
    status: dict[str, Any] = {"currentJobStatus": state, "healthScore": score, "riskLevel": risk}
    if running.failure and (failed := running.failure.failed):
        failed_at = job.milliseconds(running.failure.at)
        status["failure"] = {"reason": failed.reason, "message": failed.message, "failedAt": failed_at}
    if state == "RUNNING":
        status["running"] = {
            "observedFlinkJobStatus": flink_state(running, second),
            "observedFlinkJobRestarts": running.restarts + len(automatic_restarts(job, second)),
        }
    return status


def _setting(spec: Job, parallelism: int, conf: Mapping[str, Any]) -> dict[str, Any]:
    if spec.setting is Setting.BARE:
        return {"flinkConf": {}}
    if spec.setting is Setting.BATCH:
        batch = {"maxSlot": parallelism, "basicResourceSetting": basic_setting(spec, parallelism)}
        return {"flinkConf": dict(conf), "batchResourceSetting": batch}
    return {
        "flinkConf": dict(conf),
        "streamingResourceSetting": streaming_setting(spec, parallelism, planned=parallelism),
    }


def usage(spec: Job, parallelism: int) -> tuple[float, int]:
    """Return the cores and bytes that the job's containers have, the JobManager's included."""
    if spec.setting is Setting.EXPERT:
        return _usage_of_plan(spec.plan, parallelism)
    return 1.0 + parallelism * spec.cpu, 4 * GIB + parallelism * (parse_memory(spec.memory) or 0)


@lru_cache(maxsize=512)
def _usage_of_plan(shape: str, parallelism: int) -> tuple[float, int]:
    cpu, memory = 1.0, 4 * GIB
    plan = SHAPES[shape](parallelism)
    slots: dict[str, int] = {}
    for node in plan["nodes"]:
        profile = node["profile"]
        slots[profile["group"]] = max(slots.get(profile["group"], 0), profile["parallelism"])
    for group in plan["ssgProfiles"]:
        number = slots.get(group["name"], 0)
        cpu += number * group["cpu"]
        memory += number * sum(parse_memory(text) or 0 for text in (group["heap"], group["offHeap"]))
    return round(cpu, 2), memory
