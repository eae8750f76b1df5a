"""What is known of the demo's jobs, as the real monitor gets it from the demo's service, without requests."""

from typing import Any

from hottui.demo.job_endpoints import JobCall, JobCalls
from hottui.demo.simulation import Simulation
from hottui.model.job import Deployment, Job
from hottui.model.job_diagnosis import JobDiagnosis
from hottui.model.job_history import Event, ScheduledPlanExecution, TuningHistory
from hottui.model.ref import JobRef
from hottui.monitor.job_history import JobHistory
from hottui.monitor.known_job import Known, KnownJob
from hottui.service import operations

_DAY = 86_400_000


def known_job(simulation: Simulation, job: JobRef) -> KnownJob:
    """Return the job as GetJob answers now."""
    data = _call(simulation, job, operations.GET_JOB, {"job_id": job.job_id})["data"]
    return KnownJob(job, Known(Job.read(data), simulation.clock()))


def job_history(simulation: Simulation, job: JobRef) -> JobHistory:
    """Return the complete history of the job."""
    of = known_job(simulation, job).job.value
    assert of is not None
    fields = {"deployment_id": of.deployment_id, "job_id": job.job_id}
    query = {"deploymentId": of.deployment_id, "pageSize": "100"}
    now = round(simulation.clock() * 1000)
    tunings: list[dict[str, Any]] = []
    for number in range(1, 5):
        spans = {"startTime": str(now - 30 * _DAY), "endTime": str(now), "pageNumber": str(number)}
        answer = _call(simulation, job, operations.LIST_TUNING_HISTORIES, fields, {**query, **spans})
        tunings += answer["data"]["tuningHistories"]
    return JobHistory(
        job,
        Deployment.read(_call(simulation, job, operations.GET_DEPLOYMENT, fields)["data"]),
        JobDiagnosis.read(_call(simulation, job, operations.GET_JOB_DIAGNOSIS, fields)["data"]),
        tuple(map(Event.read, _call(simulation, job, operations.GET_EVENTS, fields, query)["data"])),
        tuple(map(TuningHistory.read, tunings)),
        tuple(
            map(
                ScheduledPlanExecution.read,
                _call(simulation, job, operations.LIST_SCHEDULED_EXECUTIONS, fields, query)["data"],
            )
        ),
        complete=True,
    )


def _call(
    simulation: Simulation,
    job: JobRef,
    operation: operations.Operation,
    fields: dict[str, str],
    query: dict[str, str] | None = None,
) -> dict[str, Any]:
    call = JobCall(operation.action, job.workspace, {**fields, "namespace": job.namespace}, query or {})
    return JobCalls(simulation).answer(call)
