"""The effect of the demo's hot updates from what its service answers over HTTP."""

from collections.abc import AsyncIterator, Iterator

import pytest

from hottui.analysis.before import HotUpdate, before_of
from hottui.analysis.effect import effect_of
from hottui.analysis.interruption import interruption_of
from hottui.demo.in_process import credentials
from hottui.demo.server import serving
from hottui.demo.service import DemoService
from hottui.demo.simulation import Simulation
from hottui.model.deployment import Deployment
from hottui.model.flink_rest import CheckpointConfig, FlinkJob
from hottui.model.job import Job
from hottui.model.job_reading import JobReading
from hottui.model.ref import JobRef, Ref
from hottui.model.result import HotUpdateJobResult
from hottui.service.client import Client
from hottui.service.errors import ServiceError

EXPECTED = {
    "access-log-clean": ["applied", "drifted"],
    "city-daily": ["partial", "none"],
    "member-sync": ["job-failed", "job-failed"],
    "orders-backfill": ["job-gone"],
    "payments-agg": ["superseded", "partial"],
    "lake-compaction": ["none", "applied"],
    "catalog-sync": ["unknown"],
}
"""The verdict on each finished hot update of a job, the oldest first; `catalog-sync` may not be read."""


@pytest.fixture(scope="module")
def service() -> DemoService:
    return DemoService(Simulation())


@pytest.fixture(scope="module")
def endpoint(service: DemoService) -> Iterator[str]:
    with serving(service) as origin:
        yield origin


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    source = credentials()
    async with Client(lambda _: source) as made:
        yield made


async def read_job(client: Client, job: JobRef) -> JobReading:
    """What the service and Flink answer about `job`."""
    try:
        found: Job = (await client.get_job(job)).value
        deployment: Deployment = (await client.get_deployment(job, found.deployment_id)).value
        read = await client.flink(job, "")
        config = await client.flink(job, "/checkpoints/config")
    except ServiceError as error:
        return JobReading(errors={"GetJob": str(error)})
    return JobReading(
        found, FlinkJob.read(read.value), CheckpointConfig.read(config.value), deployment=deployment, at=read.at
    )


async def test_the_verdict_on_each_finished_update(service: DemoService, endpoint: str, client: Client) -> None:
    simulation = service.simulation
    names = {job.id: job.spec.name for job in simulation.jobs}
    seen: dict[Ref, list[float]] = {}
    for transition in simulation.history(endpoint):
        seen.setdefault(transition.ref, []).append(transition.at)
    updates: dict[JobRef, list[tuple[HotUpdate, float]]] = {}
    for ref, times in seen.items():
        result = HotUpdateJobResult.read(simulation.result(ref.workspace, ref.namespace, ref.id))
        if names.get(result.job_id) in EXPECTED:
            update = HotUpdate(ref.id, max(times), result)
            updates.setdefault(JobRef.of(ref, result.job_id), []).append((update, min(times)))
    verdicts: dict[str, list[str]] = {}
    for job, made in updates.items():
        made.sort(key=lambda pair: pair[0].at)
        reading = await read_job(client, job)
        for place, (update, started) in enumerate(made):
            earlier, later = ([each for each, _ in part] for part in (made[:place], made[place + 1 :]))
            effect = effect_of(update.result, reading, before=before_of(None, earlier), later=later, ended_at=update.at)
            verdicts.setdefault(names[job.job_id], []).append(effect.verdict.value)
            assert effect.reason
            length = interruption_of(reading, started=started, ended=update.at).seconds
            assert length is None or 0 <= length < 60
    assert verdicts == EXPECTED
