"""The demo shows every effect: what hottui computes from the jobs' answers is what each hot update is defined to do."""

import json

import pytest

from hottui.analysis.effect import effect_of
from hottui.analysis.interruption import interruption_of
from hottui.analysis.values_before import HotUpdate, observed_before
from hottui.demo.flink_rest_answers import proxy_text
from hottui.demo.job_answers import deployment_answer, job_answer
from hottui.demo.job_types import SimulatedJob
from hottui.demo.running_job import running_job
from hottui.demo.simulation import SimulatedUpdate, Simulation
from hottui.model.answer import Answer, read_answer
from hottui.model.effect import Effect, Interruption, Verdict
from hottui.model.flink_rest import CheckpointConfig, FlinkJob, parse_proxy_text
from hottui.model.job import Deployment, Job
from hottui.model.job_reading import JobReading

from .conftest import Clock

LATER = 60.0
"""Seconds after the start: the first hot updates in progress have ended, and nothing that arrived meanwhile has."""

EXPECTED = {
    "orders-enrich": Verdict.APPLIED,
    "checkout-fix": Verdict.APPLIED,
    "orders-enrich noon": Verdict.SUPERSEDED,
    "checkout before": Verdict.SUPERSEDED,
    "payments-agg": Verdict.PARTIAL,
    "store-top ×2": Verdict.PARTIAL,
    "城市日报 提频": Verdict.NONE,
    "access-log": Verdict.DRIFTED,
    "member-sync": Verdict.JOB_FAILED,
    "fraud cep ×32": Verdict.JOB_FAILED,
    "backfill": Verdict.JOB_GONE,
    "legacy-export": Verdict.UNKNOWN,
}


def read(job: SimulatedJob, second: float) -> JobReading:
    running = running_job(job.spec, job.updates, second)

    def flink(path: str) -> dict[str, object]:
        found = parse_proxy_text(proxy_text(job, running, second, f"/jobs/{job.flink_id}{path}"))
        return found if isinstance(found, dict) else {}

    return JobReading(
        job=Job.read(job_answer(job, running, second)),
        flink=FlinkJob.read(flink("")),
        checkpoint_config=CheckpointConfig.read(flink("/checkpoints/config")),
        deployment=Deployment.read(deployment_answer(job, running, second)),
        gone=second >= job.gone,
        at=job.at(second),
    )


def answer(simulation: Simulation, update: SimulatedUpdate) -> Answer:
    return read_answer(json.dumps({"success": True, "data": simulation.result(*update.key)}))


def effect(simulation: Simulation, label: str) -> tuple[Effect, Interruption]:
    update = next(each for each in simulation.updates if each.spec.label == label)
    job = next(each for each in simulation.jobs if each.id == update.job_id)
    ended, result = update.spec.lifecycle.phases[-1][0], answer(simulation, update)
    at = job.at(ended)
    before = observed_before(read(job, update.spec.lifecycle.starts))
    assert before is not None
    later = [
        HotUpdate(other.id, job.at(end), answer(simulation, other).result)
        for other in simulation.updates
        if other.job_id == job.id and ended < (end := other.spec.lifecycle.phases[-1][0]) <= LATER
    ]
    soon = read(job, ended + 1)
    first = effect_of(result.result, soon, before=before, plan=result.plan.plan, ended_at=at)
    now = effect_of(
        result.result,
        read(job, LATER),
        before=before,
        plan=result.plan.plan,
        later=later,
        previous=first,
        ended_at=at,
    )
    return now, interruption_of(soon, started=job.at(update.spec.lifecycle.starts), ended=at)


@pytest.mark.parametrize("label", EXPECTED)
def test_each_effect_is_in_the_demo(simulation: Simulation, clock: Clock, label: str) -> None:
    clock.now += LATER
    assert effect(simulation, label)[0].verdict is EXPECTED[label]


def test_the_reasons_name_who_and_which_vertex(simulation: Simulation, clock: Clock) -> None:
    clock.now += LATER
    assert "li.na" in effect(simulation, "access-log")[0].reason
    reasons = [item.why for item in effect(simulation, "payments-agg")[0].exceptions]
    assert any("maxParallelism is 12" in why for why in reasons)


def test_a_rescale_interrupts_and_conf_alone_does_not(simulation: Simulation, clock: Clock) -> None:
    clock.now += LATER
    rescaled, conf = (effect(simulation, label)[1] for label in ("orders-enrich", "checkout-fix"))
    assert (rescaled.restarted, rescaled.seconds) == (True, 4.75)
    assert (conf.restarted, conf.seconds) == (False, 0.0)
