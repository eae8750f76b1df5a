"""Build a job's events, Autopilot's tunings and scheduled executions, newest first, and its diagnosis."""

import hashlib
from itertools import pairwise
from random import Random
from typing import Any, Final

from hottui.demo.job_answers import health
from hottui.demo.job_types import SimulatedJob
from hottui.demo.lifecycle import DAY, HOUR, MINUTE
from hottui.demo.running_job import OWNER, STARTED, RunningJob, interruption_of, running_job
from hottui.model.state import FAILED, HOT_UPDATED

_TUNED_FOR: Final = 29.8 * DAY

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
    """Return Autopilot's changes of the last thirty days; they end before the job's first hot update by people."""
    count = job.spec.autopilot
    if not count:
        return []
    rng = Random(job.id)  # noqa: S311 - demo data, not cryptography
    last = min(update.lifecycle.starts for update in job.updates) - HOUR / 2
    step = (_TUNED_FOR + last) / count
    times = [last - number * step for number in range(count)]
    final = running_job(job.spec, job.updates, last).parallelism
    values = [final]  # newest first
    while len(values) <= count:
        values.append(max(1, min(64, rng.choice((values[-1] * 2, values[-1] // 2, values[-1] + 2)))))
    return [_tuning(job, rng, at, old, new) for at, (new, old) in zip(times, pairwise(values), strict=True)]


def _tuning(job: SimulatedJob, rng: Random, at: float, old: int, new: int) -> dict[str, Any]:
    failed = old == new
    action = "SCALE_UP_MEMORY" if failed else "SCALE_UP_PARALLELISM" if new > old else "SCALE_DOWN_PARALLELISM"
    hot = rng.random() < 0.8
    return {
        "tuningId": _id(job, f"tuning {at}"),
        "triggerTime": job.milliseconds(at),
        "actionType": action,
        "isHotUpdate": hot,
        "tuningState": "FAILED_WITH_SAME_RESOURCE_SETTING" if failed else "SUCCESS",
        "tuningMessage": "The resource configuration did not change."
        if failed
        else f"{'Delay' if new > old else 'Idle slots'} detected; parallelism {old} → {new}.",
        "annotations": {"trigger": "delay" if new > old else "low-utilisation"},
        "oldResourceSetting": _resources(job, old),
        "newResourceSetting": None if failed else _resources(job, new),
        "jobId": job.id,
        "deploymentName": job.spec.name,
    }


def _resources(job: SimulatedJob, parallelism: int) -> dict[str, Any]:
    return {"cpu": 1 + job.spec.cpu * parallelism, "memory": f"{4 + 4 * parallelism} Gi", "parallelism": parallelism}


def scheduled_executions(job: SimulatedJob) -> list[dict[str, Any]]:
    """Return the executions of the job's scheduled plans, one a day."""
    return [_execution(job, number) for number in range(job.spec.scheduled)]


def _execution(job: SimulatedJob, number: int) -> dict[str, Any]:
    at = -(number + 1) * DAY + 3 * HOUR
    return {
        "jobResourceUpgradingId": _id(job, f"scheduled {number}"),
        "name": "evening-peak" if number % 2 else "night",
        "origin": "SCHEDULED_PLAN",
        "originJobId": job.id,
        "deploymentId": job.deployment_id,
        "workspace": job.spec.namespace.workspace,
        "namespace": job.spec.namespace.name,
        "createdAt": str(job.milliseconds(at)),
        "modifiedAt": str(job.milliseconds(at + 0.4 * MINUTE)),
        "creator": "207718340917285413",
        "creatorName": OWNER,
        "modifier": "207718340917285413",
        "modifierName": OWNER,
        "status": {
            "restartType": "HOT_UPDATE" if number % 3 else "STOP_WITH_SAVEPOINT",
            "statusState": "UPGRADED" if number != 4 else "FAILED",
        },
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
