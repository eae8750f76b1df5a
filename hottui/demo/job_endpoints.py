"""Answer the calls about jobs: choose the job or deployment, check the parameters, cut lists into pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hottui.demo.flink_rest_answers import proxy_text
from hottui.demo.job_answers import deployment_answer, job_answer
from hottui.demo.job_history_answers import diagnosis, events, scheduled_executions, tunings
from hottui.demo.job_types import SimulatedJob
from hottui.demo.lifecycle import DAY
from hottui.demo.running_job import RunningJob, running_job
from hottui.demo.simulation import Simulation
from hottui.service import operations

MOST_ITEMS: Final = 100
"""Items in a page, at most."""


class NotAnswered(Exception):
    """What the service answers with `success` false."""

    def __init__(self, http_code: int, code: str, message: str) -> None:
        super().__init__(message)
        self.http_code = http_code
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class JobCall:
    """One call about jobs; `fields` are those of its path, decoded."""

    action: str
    workspace: str
    fields: Mapping[str, str]
    query: Mapping[str, str]

    @property
    def namespace(self) -> str:
        """The namespace, from the path or from the query."""
        return self.fields.get("namespace") or self.query.get("namespace", "")


class JobCalls:
    """The calls about the jobs of a simulation."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def answer(self, call: JobCall) -> dict[str, Any]:
        """Return `data` and, for lists, the page's fields of the envelope. Raises NotAnswered."""
        jobs = self._jobs(call)
        if any(update.denied for job in jobs for update in job.updates):
            raise NotAnswered(403, "NoPermission", f"The user has no permission on namespace {call.namespace}.")
        return _ANSWERS[call.action](self, call, jobs)

    def _jobs(self, call: JobCall) -> list[SimulatedJob]:
        place = (call.workspace, call.namespace)
        second = self._simulation.elapsed
        return [
            job
            for job in self._simulation.jobs
            if (job.spec.namespace.workspace, job.spec.namespace.name) == place and second < job.gone
        ]

    def _now(self, job: SimulatedJob) -> tuple[RunningJob, float]:
        second = self._simulation.elapsed
        return running_job(job.spec, job.updates, second), second

    def _get_job(self, call: JobCall, jobs: list[SimulatedJob]) -> dict[str, Any]:
        job = _job(jobs, call.fields["job_id"])
        return {"data": job_answer(job, *self._now(job))}

    def _get_deployment(self, call: JobCall, jobs: list[SimulatedJob]) -> dict[str, Any]:
        job = _deployment(jobs, call.fields["deployment_id"])
        return {"data": deployment_answer(job, *self._now(job))}

    def _flink(self, call: JobCall, jobs: list[SimulatedJob]) -> dict[str, Any]:
        if _required(call, "resourceType") != "jobs":
            raise NotAnswered(400, "InvalidParameter", "The resource type is not supported.")
        job = _job(jobs, _required(call, "resourceId"))
        return {"data": proxy_text(job, *self._now(job), _required(call, "flinkApiPath"))}

    def _diagnosis(self, call: JobCall, jobs: list[SimulatedJob]) -> dict[str, Any]:
        job = _job([_deployment(jobs, call.fields["deployment_id"])], call.fields["job_id"])
        return {"data": diagnosis(job, *self._now(job))}

    def _events(self, call: JobCall, jobs: list[SimulatedJob]) -> dict[str, Any]:
        job = _deployment(jobs, _required(call, "deploymentId"))
        return _page(events(job, *self._now(job)), call)

    def _tunings(self, call: JobCall, jobs: list[SimulatedJob]) -> dict[str, Any]:
        job = _deployment(jobs, call.fields["deployment_id"])
        now = round(self._simulation.clock() * 1000)
        end = _number(call, "endTime", now)
        start = _number(call, "startTime", end - round(3 * DAY * 1000))
        if end - start > 30 * DAY * 1000:
            raise NotAnswered(400, "InvalidParameter", "The time span cannot exceed 30 days.")
        found = [each for each in tunings(job) if start <= each["triggerTime"] <= min(end, now)]
        number, size = _page_of(call, "pageNumber", default_size=20)
        page = _cut(found, number, size)
        data = {"pageNumber": number, "pageSize": size, "totalCount": len(found), "tuningHistories": page}
        return {"data": data}

    def _scheduled(self, call: JobCall, jobs: list[SimulatedJob]) -> dict[str, Any]:
        job = _deployment(jobs, _required(call, "deploymentId"))
        return _page(scheduled_executions(job), call, default_size=MOST_ITEMS)


def _job(jobs: Sequence[SimulatedJob], job_id: str) -> SimulatedJob:
    found = next((job for job in jobs if job.id == job_id), None)
    if found is None:
        raise NotAnswered(404, "990301", f"The job {job_id} does not exist.")
    return found


def _deployment(jobs: Sequence[SimulatedJob], deployment_id: str) -> SimulatedJob:
    found = next((job for job in jobs if job.deployment_id == deployment_id), None)
    if found is None:
        raise NotAnswered(404, "DeploymentNotFound", f"The deployment {deployment_id} does not exist.")
    return found


def _required(call: JobCall, name: str) -> str:
    value = call.query.get(name, "")
    if not value:
        raise NotAnswered(400, "MissingParameter", f"The parameter {name} is mandatory for this action.")
    return value


def _number(call: JobCall, name: str, default: int) -> int:
    text = call.query.get(name)
    if text is None:
        return default
    if not text.isdecimal():
        raise NotAnswered(400, "InvalidParameter", f"The parameter {name} is not a number.")
    return int(text)


def _page_of(call: JobCall, name: str, default_size: int) -> tuple[int, int]:
    number, size = _number(call, name, 1), _number(call, "pageSize", default_size)
    if number < 1 or not 1 <= size <= MOST_ITEMS:
        raise NotAnswered(400, "InvalidParameter", f"The page size must be between 1 and {MOST_ITEMS}.")
    return number, size


def _cut(items: list[dict[str, Any]], number: int, size: int) -> list[dict[str, Any]]:
    return items[(number - 1) * size : number * size]


def _page(items: list[dict[str, Any]], call: JobCall, default_size: int = 10) -> dict[str, Any]:
    number, size = _page_of(call, "pageIndex", default_size)
    return {"pageIndex": number, "pageSize": size, "totalSize": len(items), "data": _cut(items, number, size)}


_Answer = Callable[[JobCalls, JobCall, list[SimulatedJob]], dict[str, Any]]

_ANSWERS: Final[Mapping[str, _Answer]] = {
    operations.GET_JOB.action: JobCalls._get_job,
    operations.GET_DEPLOYMENT.action: JobCalls._get_deployment,
    operations.FLINK_API_PROXY.action: JobCalls._flink,
    operations.GET_JOB_DIAGNOSIS.action: JobCalls._diagnosis,
    operations.GET_EVENTS.action: JobCalls._events,
    operations.LIST_TUNING_HISTORIES.action: JobCalls._tunings,
    operations.LIST_SCHEDULED_EXECUTIONS.action: JobCalls._scheduled,
}
