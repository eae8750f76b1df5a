"""Build a job's events, Autopilot's tunings and scheduled executions, newest first, and its diagnosis."""

import hashlib
from typing import Any, Final

from hottui.demo.automatic_changes import Execution, Tuning, executions_of, tunings_of
from hottui.demo.job_answers import health, usage
from hottui.demo.job_types import SimulatedJob
from hottui.demo.lifecycle import MINUTE
from hottui.demo.running_job import OWNER, STARTED, RunningJob, interruption_of
from hottui.model.memory_size import GIB
from hottui.model.state import FAILED, HOT_UPDATED

_ADVICE: Final = {
    "Backpressure": (
        "The sink is the bottleneck: its subtasks are busy 97 % of the time.",
        "Increase the parallelism of the sink, or batch its writes.",
    ),
    "CheckpointSlow": (
        "The last 3 checkpoints took longer than 80 % of the checkpoint timeout.",
        "Increase execution.checkpointing.timeout, or enable incremental checkpoints.",
    ),
    "DataSkew": (
        "One subtask of the aggregate processes 41 % of all records.",
        "Enable two-phase aggregation, or add a salt to the key.",
    ),
}


def events(job: SimulatedJob, running: RunningJob, second: float) -> list[dict[str, Any]]:
    """Return the events of the job's deployment so far."""
    found: list[tuple[float, str, str]] = [(STARTED + 20, "STATE_TRANSITION_IS_COMPLETED", "STARTING → RUNNING")]
    for update in job.updates:
        begun, (ended, state) = update.lifecycle.starts, update.lifecycle.phases[-1]
        found.append((begun + 0.5, "HOT_UPDATE_IS_TRIGGERED", "A dynamic update of the job was triggered."))
        if state == HOT_UPDATED:
            found.append((ended + 0.1, "HOT_UPDATE_IS_COMPLETED", "The dynamic update is completed."))
        elif state == FAILED and update.failed:
            found.append((ended + 0.1, "HOT_UPDATE_IS_FAILED", update.failed.message.splitlines()[0]))
        stop = interruption_of(update)
        if stop:
            found.append((stop.left, "JOB_IS_RESTARTING", "The Flink job is restarting."))
            found.append((stop.back, "STATE_TRANSITION_IS_COMPLETED", "RESTARTING → RUNNING"))
    if running.failure:
        found = [one for one in found if one[0] <= running.failure.at + 1]
        found.append((running.failure.at, "JOB_IS_FAILED", running.failure.failed.message.splitlines()[0]))
    past = sorted((one for one in found if one[0] <= second), reverse=True)
    return [
        {
            "eventId": _id(job, f"event {at}"),
            "eventName": name,
            "message": message,
            "createdAt": str(job.milliseconds(at)),
            "jobId": job.id,
            "deploymentId": job.deployment_id,
            "workspace": job.spec.namespace.workspace,
            "namespace": job.spec.namespace.name,
        }
        for at, name, message in past
    ]


def tunings(job: SimulatedJob) -> list[dict[str, Any]]:
    """Return Autopilot's changes of the last thirty days."""
    return [_tuning(job, each) for each in tunings_of(job)]


def _tuning(job: SimulatedJob, tuning: Tuning) -> dict[str, Any]:
    old, new, more = tuning.old, tuning.new, tuning.new > tuning.old
    action = "SCALE_UP_MEMORY" if tuning.failed else "SCALE_UP_PARALLELISM" if more else "SCALE_DOWN_PARALLELISM"
    return {
        "tuningId": _id(job, f"tuning {tuning.at}"),
        "triggerTime": job.milliseconds(tuning.at),
        "actionType": action,
        "isHotUpdate": True,
        "tuningState": "FAILED_WITH_SAME_RESOURCE_SETTING" if tuning.failed else "SUCCESS",
        "tuningMessage": "The resource configuration did not change."
        if tuning.failed
        else f"{'Delay' if more else 'Idle slots'} detected; parallelism {old} → {new}.",
        "annotations": {"trigger": "delay" if more else "low-utilisation"},
        "oldResourceSetting": _resources(job, old),
        "newResourceSetting": None if tuning.failed else _resources(job, new),
        "jobId": job.id,
        "deploymentName": job.spec.name,
    }


def _resources(job: SimulatedJob, parallelism: int) -> dict[str, Any]:
    cpu, memory = usage(job.spec, parallelism)
    return {"cpu": cpu, "memory": f"{memory / GIB:.1f} Gi", "parallelism": parallelism}


def scheduled_executions(job: SimulatedJob) -> list[dict[str, Any]]:
    """Return the executions of the job's scheduled plans."""
    return [_execution(job, each) for each in executions_of(job)]


def _execution(job: SimulatedJob, execution: Execution) -> dict[str, Any]:
    return {
        "jobResourceUpgradingId": _id(job, f"scheduled {execution.number}"),
        "name": "evening-peak" if execution.number % 2 else "night",
        "origin": "SCHEDULED_PLAN",
        "originJobId": job.id,
        "deploymentId": job.deployment_id,
        "workspace": job.spec.namespace.workspace,
        "namespace": job.spec.namespace.name,
        "createdAt": str(job.milliseconds(execution.at)),
        "modifiedAt": str(job.milliseconds(execution.at + 0.4 * MINUTE)),
        "creator": "207718340917285413",
        "creatorName": OWNER,
        "modifier": "207718340917285413",
        "modifierName": OWNER,
        "status": {"restartType": "HOT_UPDATE", "statusState": "FAILED" if execution.failed else "UPGRADED"},
    }


def diagnosis(job: SimulatedJob, running: RunningJob, second: float) -> dict[str, Any]:
    """Return the `data` of GetJobDiagnosis."""
    score, risk = health(running)
    names = list(_ADVICE)[: 0 if score > 75 else 1 if score > 60 else 2]
    findings = [{"name": name, "description": _ADVICE[name][0], "recommendation": _ADVICE[name][1]} for name in names]
    broken = []
    if running.failure:
        broken.append(
            {
                "name": "JobFailed",
                "description": running.failure.failed.message.splitlines()[0],
                "recommendation": "Increase the memory of the TaskManagers, and restore the last checkpoint.",
            }
        )
    tuning = {"name": "Autopilot", "description": "Autopilot is enabled.", "recommendation": ""}
    return {
        "diagnoseId": _id(job, "diagnosis"),
        "diagnoseTime": job.milliseconds(second // MINUTE * MINUTE),
        "workspace": job.spec.namespace.workspace,
        "namespace": job.spec.namespace.name,
        "healthScore": score,
        "riskLevel": risk,
        "symptoms": {
            "autopilot": tuning if job.spec.autopilot else None,
            "others": [],
            "runtime": findings[:1],
            "startup": [],
            "state": findings[1:],
            "troubleshooting": broken,
        },
    }


def _id(job: SimulatedJob, what: str) -> str:
    return hashlib.blake2b(f"{job.id} {what}".encode(), digest_size=12).hexdigest()
