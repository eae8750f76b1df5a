"""The JSON that `hottui get --effect -o json` adds to each hot update. Unknown values are null."""

from typing import Any

from hottui.analysis.cost_comparison import CostComparison
from hottui.analysis.cost_estimate import CostEstimate
from hottui.model.effect import Effect, Interruption, effect_to_json
from hottui.model.job import Job
from hottui.model.job_reading import JobReading
from hottui.model.json_text import Json
from hottui.model.times import iso


def effect_document(
    effect: Effect,
    reading: JobReading,
    *,
    job_id: str,
    interruption: Interruption | None = None,
    cost: CostComparison | None = None,
) -> dict[str, Json]:
    """Return the keys `effect`, `job`, `interruption_seconds` and `cost`; times are UTC in ISO 8601."""
    return {
        "effect": effect_to_json(effect),
        "job": job_document(reading, job_id),
        "interruption_seconds": interruption.seconds if interruption else None,
        "cost": {
            "before": cost_document(cost.before if cost else None),
            "asked": cost_document(cost.asked if cost else None),
            "running": cost_document(cost.running if cost else None),
        },
    }


def job_document(reading: JobReading, job_id: str) -> dict[str, Json]:
    """Return the job, from the answers of the service and of Flink."""
    job, deployment = reading.job or Job(), reading.deployment
    changed = deployment if deployment and (deployment.modified_at or deployment.changed_by) else job
    flink = job.flink_state or (reading.flink.state if reading.flink else "")
    return {
        "id": job.job_id or job_id or None,
        "name": job.deployment_name or (deployment.name if deployment else "") or None,
        "deployment_id": job.deployment_id or (deployment.deployment_id if deployment else "") or None,
        "state": job.state or None,
        "flink_state": flink or None,
        "health": job.health,
        "risk": job.risk or None,
        "restarts": job.restarts,
        "engine_version": job.engine_version or None,
        "started_at": iso(job.start_time),
        "ended_at": iso(job.end_time),
        "changed_by": changed.changed_by or None,
        "changed_at": iso(changed.modified_at),
        "unsaved_difference": deployment.deployment_has_changed if deployment else None,
        "metric_cores": job.metric.total_cpu if job.metric else None,
        "metric_memory_bytes": job.metric.total_memory_byte if job.metric else None,
    }


def cost_document(cost: CostEstimate | None) -> dict[str, Json]:
    """Return cores, bytes and compute units; each null if unknown."""
    if cost is None:
        return {"cores": None, "memory_bytes": None, "cu": None, "at_least": None}
    values: dict[str, Any] = {"cores": cost.cores, "memory_bytes": cost.memory_bytes, "cu": cost.cu}
    return {**values, "at_least": cost.at_least}
