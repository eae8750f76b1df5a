"""The jobs behind the hot updates: when they are read, what is known then, and that the polling takes no harm."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from hottui.demo.in_process import credentials, observations
from hottui.demo.job_types import SimulatedJob
from hottui.demo.server import serving
from hottui.demo.service import DemoService
from hottui.demo.simulation import ENDPOINT_IN_PROCESS, Simulation
from hottui.model.effect import BeforeSource, Effect, Verdict
from hottui.model.job_insight import Insight
from hottui.model.ref import Ref
from hottui.model.state import HOT_UPDATED, HOT_UPDATING, INIT, Freshness
from hottui.model.tracking import Bookmark, Observation, Summary, Transition
from hottui.monitor.job_dispatch import THROTTLED_FOR
from hottui.monitor.monitor import Monitor
from hottui.service.client import Client
from hottui.store.inspection import saved_permissions
from hottui.store.jobs import masked_insight
from hottui.store.store import Store
from tests.monitor.bench import Bench, bench, until
from tests.monitor.virtual import virtual, virtual_loop

LIFE = {
    "GetJob": 6,  # first seen, updating, updated, and three times after that
    "FlinkApiProxy /jobs/:jid": 2,  # first seen, and the end
    "FlinkApiProxy /jobs/:jid/checkpoints/config": 1,
    "FlinkApiProxy /jobs/:jid/checkpoints": 1,
    "FlinkApiProxy /jobs/:jid/exceptions": 1,
}
UNCHANGING = 30
"""The size of a demo whose jobs are changed by nobody else."""
FORBIDDEN = {"Code": "Forbidden.RAM", "Message": "User not authorized.", "RequestId": "R-1"}
GONE = {"success": False, "httpCode": 404, "errorCode": "990301", "errorMessage": "no such job", "requestId": "R"}


def job_of(b: Bench) -> SimulatedJob:
    """A job of the demo that runs, and may be read."""
    return next(job for job in b.world.jobs if job.spec.name == "payments-agg")


def script(b: Bench, state: str, name: str = "one", *, asked: int = 4) -> Ref:
    """Let a hot update of the job be in `state`; its ref."""
    job = job_of(b)
    b.world.states[name] = state
    params = {"rescaleJobParam": {"jobParallelism": asked}}
    b.world.parts[name] = {"jobId": job.id, "hotUpdateParams": params}
    place = job.spec.namespace
    return Ref(ENDPOINT_IN_PROCESS, place.workspace, place.name, name)


def insight_of(b: Bench, ref: Ref) -> Insight:
    return b.monitor.insight(ref) or Insight(ref, 0.0)


def about_jobs(b: Bench) -> Counter[str]:
    """The requests about jobs so far, by action and path."""
    job = job_of(b)
    found = (what for _, what in b.network.log if not what.startswith("GetHotUpdateJobResult"))
    return Counter(what.replace(job.flink_id, ":jid").replace(f" {job.id}", "") for what in found)


def results(b: Bench) -> list[tuple[float, str]]:
    return [(round(at, 6), what) for at, what in b.network.log if what.startswith("GetHotUpdateJobResult")]


@asynccontextmanager
async def virtual_bench(**options: Any) -> AsyncIterator[Bench]:
    async with bench(clock=virtual_loop().wall, insight=True, size=UNCHANGING, **options) as b:
        yield b


async def live(b: Bench, *names: str) -> None:
    """Track hot updates of one job, and let them pass from INIT to HOT_UPDATED."""
    names = names or ("one",)
    b.monitor.track([script(b, INIT, name) for name in names])
    await asyncio.sleep(10)
    for state in (HOT_UPDATING, HOT_UPDATED):
        for name in names:
            script(b, state, name)
        await asyncio.sleep(10)


@virtual
async def test_requests_over_the_life_of_a_hot_update() -> None:
    async with virtual_bench() as b:
        await live(b)
        await asyncio.sleep(700)
        assert about_jobs(b) == LIFE
        assert about_jobs(b).total() <= 12
        await asyncio.sleep(7200)
        assert about_jobs(b) == LIFE, "nothing once it has finished"
        row = b.of("one")
        assert (row.job_name, row.effect and row.effect.verdict is not Verdict.UNKNOWN) == (job_of(b).spec.name, True)
        assert insight_of(b, row.ref).before.source is BeforeSource.OBSERVED
        assert row.interruption is not None


@virtual
async def test_hot_updates_of_one_job_share_its_reads() -> None:
    async with virtual_bench() as b:
        await live(b, *(f"id-{number}" for number in range(5)))
        await asyncio.sleep(700)
        assert about_jobs(b)["GetJob"] <= 14, "the reads after the end are shared"
        assert about_jobs(b).total() < 2.5 * sum(LIFE.values())


@virtual
async def test_a_job_is_still_read_for_the_hot_updates_that_remain() -> None:
    async with virtual_bench() as b:
        await live(b, "one", "two")
        b.monitor.untrack(b.of("one").ref)
        before = about_jobs(b)
        await asyncio.sleep(700)
        assert about_jobs(b) - before == {"GetJob": 3}, "10, 60 and 600 seconds after the end"


@virtual
async def test_an_open_detail_is_read_every_30_seconds_and_a_closed_one_no_more() -> None:
    async with virtual_bench() as b:
        await live(b)
        await asyncio.sleep(1000)
        before = about_jobs(b)
        b.monitor.open_detail(b.of("one").ref)
        await asyncio.sleep(95)
        assert set((about_jobs(b) - before).values()) == {4}
        known = b.monitor.job(b.monitor.job_of(b.of("one").ref))  # type: ignore[arg-type]
        assert known.job.value is not None
        assert None not in (known.flink.value, known.checkpoints.value, known.exceptions.value, known.job.at)
        b.monitor.close_detail(b.of("one").ref)
        before = about_jobs(b)
        await asyncio.sleep(1000)
        assert about_jobs(b) == before
        b.monitor.refresh(b.of("one").ref)
        await asyncio.sleep(5)
        assert set((about_jobs(b) - before).values()) == {1}


@virtual
async def test_nothing_is_read_without_insight() -> None:
    async with bench(clock=virtual_loop().wall) as b:
        await live(b)
        b.monitor.open_detail(b.of("one").ref)
        b.monitor.refresh(b.of("one").ref)
        await asyncio.sleep(1000)
        assert not about_jobs(b)
        assert b.of("one").effect is None


@virtual
async def test_a_denied_action_is_shown_in_one_line_and_not_tried_for_half_an_hour() -> None:
    async with virtual_bench() as b:
        b.network.instead = refusing("FlinkApiProxy", reply(403, FORBIDDEN))
        await live(b)
        await asyncio.sleep(700)
        assert about_jobs(b) == {"GetJob": 6, "FlinkApiProxy /jobs/:jid": 1}
        loop = b.monitor.snapshot().loop
        assert loop.not_permitted == f"Not permitted in {job_of(b).spec.namespace.name}: FlinkApiProxy."
        assert (loop.holds, loop.held, b.of("one").freshness, b.of("one").trouble) == (
            (),
            frozenset(),
            Freshness.LIVE,
            None,
        )
        assert b.of("one").effect is not None
        b.monitor.open_detail(b.of("one").ref)
        await asyncio.sleep(1000)
        assert about_jobs(b)["FlinkApiProxy /jobs/:jid"] == 1
        b.network.instead = lambda request: None
        await asyncio.sleep(200)
        assert about_jobs(b)["FlinkApiProxy /jobs/:jid"] > 1
        assert b.monitor.snapshot().loop.not_permitted == ""


def refusing(action: str, make: Callable[[], httpx.Response]) -> Callable[[httpx.Request], httpx.Response | None]:
    """Answer each call whose action begins so with what `make` returns."""
    return lambda request: make() if request.headers["x-acs-action"].startswith(action) else None


def reply(status: int, body: Any) -> Callable[[], httpx.Response]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda: httpx.Response(status, stream=httpx.ByteStream(content))


FAULTS: dict[str, Callable[[], httpx.Response]] = {
    "denied": reply(403, FORBIDDEN),
    "gone": reply(200, GONE),
    "throttled": reply(429, {**FORBIDDEN, "Code": "Throttling.User"}),
    "HTML": reply(200, b"<html>sign in</html>"),
    "no JSON": reply(200, b"\x00\xff" * 50),
    "other types": reply(200, {"success": True, "data": {"status": [7], "flinkConf": "x", "deploymentName": 7}}),
    "hostile": reply(200, {"success": True, "data": {"deploymentName": "\x1b[31m\u202e" * 999}}),
    "unknown key": reply(404, {**FORBIDDEN, "Code": "InvalidAccessKeyId.NotFound"}),
}


async def lived_with(fault: str | None, *, insight: bool = True) -> Bench:
    async with bench(clock=virtual_loop().wall, insight=insight, size=UNCHANGING) as b:
        if fault == "slow":
            b.network.delay = lambda request: 0.02 if "HotUpdate" in request.headers["x-acs-action"] else 20.0
        elif fault is not None:
            answer = FAULTS[fault]
            b.network.instead = lambda request: None if "HotUpdate" in request.headers["x-acs-action"] else answer()
        for other in b.script(HOT_UPDATING, "two", "three"):
            b.monitor.track([other])
        await live(b)
        await asyncio.sleep(100)
        return b


@virtual
async def test_results_are_read_at_the_same_times_whatever_the_reads_of_jobs_come_to() -> None:
    alone = await lived_with(None, insight=False)
    for fault in (None, "slow", *FAULTS):
        b = await lived_with(fault)
        assert about_jobs(b), fault
        assert [what for _, what in results(b)] == [what for _, what in results(alone)], fault
        lateness = [at - due for (at, _), (due, _) in zip(results(b), results(alone), strict=True)]
        assert max(lateness) - lateness[0] < 0.001, fault  # the clock's rounding
        loop = b.monitor.snapshot().loop
        assert (loop.holds, loop.slowed, loop.held) == ((), (), frozenset()), fault
        assert {row.freshness for row in b.monitor.snapshot().tracked} == {Freshness.LIVE}, fault
        assert b.of("one").effect is not None or fault == "throttled", fault
        assert "\x1b" not in str(b.of("one")), fault
        assert about_jobs(b).total() <= 20, fault
        if fault == "gone":
            assert b.of("one").effect.verdict is Verdict.JOB_GONE  # type: ignore[union-attr]


@virtual
async def test_the_history_of_a_job_comes_page_by_page_the_newest_first() -> None:
    async with virtual_bench() as b:
        one = script(b, HOT_UPDATED)
        busiest = max(b.world.jobs, key=lambda job: job.spec.autopilot)
        b.world.parts["one"]["jobId"] = busiest.id
        place = busiest.spec.namespace
        one = Ref(ENDPOINT_IN_PROCESS, place.workspace, place.name, "one")
        b.monitor.track([one])
        await asyncio.sleep(5)
        job = b.monitor.job_of(one)
        assert job is not None
        steps = [history async for history in b.monitor.load_job_history(job)]
        assert [step.complete for step in steps] == [*(False for _ in steps[1:]), True]
        first = next(step for step in steps if step.tunings)
        last = steps[-1]
        assert busiest.spec.autopilot > 200
        assert (len(first.tunings), len(last.tunings)) == (100, busiest.spec.autopilot)
        times = [each.trigger_time or 0.0 for each in last.tunings]
        assert times == sorted(times, reverse=True)
        assert times[:100] == [each.trigger_time for each in first.tunings]
        assert len({each.tuning_id for each in last.tunings}) == len(last.tunings)
        assert None not in (last.deployment, last.diagnosis)
        assert last.events
        assert not last.errors
        assert b.network.most_in_a_second <= 10
        b.network.instead = refusing("GetEvents", reply(403, FORBIDDEN))
        steps = [history async for history in b.monitor.load_job_history(job)]
        assert set(steps[-1].errors) == {"GetEvents"}
        assert steps[-1].tunings
        assert b.monitor.snapshot().loop.not_permitted == f"Not permitted in {place.name}: GetEvents."


@virtual
async def test_a_throttled_request_of_a_view_pauses_the_requests_about_jobs() -> None:
    async with virtual_bench() as b:
        one = script(b, HOT_UPDATED)
        b.monitor.track([one])
        await asyncio.sleep(5)
        b.network.instead = refusing("GetEvents", FAULTS["throttled"])
        job = b.monitor.job_of(one)
        assert job is not None
        began = asyncio.get_running_loop().time()
        (*_, last) = [history async for history in b.monitor.load_job_history(job)]
        assert set(last.errors) == {"GetEvents"}
        times = [at for at, what in b.network.log if at >= began and not what.startswith("GetHotUpdateJobResult")]
        assert len(times) == 6, "the job, and five for its history"
        assert max(later - earlier for earlier, later in pairwise(times)) >= THROTTLED_FOR


@pytest.mark.slow
async def test_a_restart_keeps_what_is_known(tmp_path: Path) -> None:
    path = tmp_path / "hottui.db"
    with Store.open(path) as store:
        async with bench(store, clock=time.time, interval=0.5, insight=True, size=UNCHANGING) as b:
            one = script(b, INIT)
            b.monitor.track([one], bookmark=True)
            await until(lambda: insight_of(b, one).before.source is BeforeSource.OBSERVED)
            script(b, HOT_UPDATED)
            await until(lambda: b.of("one").effect)
            known, insight = b.of("one"), b.monitor.insight(one)
            assert insight is not None
            assert insight.effect is not None
            assert insight.effect.items
    with Store.open(path) as store:
        (row,) = store.tracked()
        assert (row.effect, row.job_name, row.interruption) == (known.effect, known.job_name, known.interruption)
        async with bench(store, clock=time.time, interval=0.5, insight=True, size=UNCHANGING) as b:
            script(b, HOT_UPDATED)
            assert b.of("one").effect == known.effect
            job = b.monitor.job_of(one)
            assert job is not None
            began = time.monotonic()
            saved = b.monitor.job(job)
            assert time.monotonic() - began < 5.0
            assert saved.job.value is not None
            assert saved.flink.value is not None
            assert insight_of(b, one).before == masked_insight(insight).before
            assert b.monitor.insight(one) == masked_insight(insight)
            assert not about_jobs(b)
        assert {(each.action, each.granted) for each in saved_permissions(path)} == {
            ("GetJob", True),
            ("FlinkApiProxy", True),
        }


async def test_a_finished_one_is_read_after_a_restart_only_if_its_job_never_was(tmp_path: Path) -> None:
    with Store.open(tmp_path / "hottui.db") as store:
        async with bench(store, clock=time.time, insight=True, size=UNCHANGING) as b:
            refs = {name: script(b, HOT_UPDATED, name) for name in ("judged", "denied")}
        other = next(job for job in b.world.jobs if job.spec.name == "orders-enrich")
        for name, job_id, effect in (
            ("judged", job_of(b).id, Effect(Verdict.APPLIED)),
            ("denied", other.id, Effect(Verdict.UNKNOWN, "GetJob: Access denied.")),
        ):
            ref, at = refs[name], time.time() - 9000
            answer = json.dumps({"data": {"jobHotUpdateId": name, "jobId": job_id, "status": {"status": HOT_UPDATED}}})
            store.add(Bookmark(ref))
            seen = Observation(ref, at, Summary(HOT_UPDATED, job_id), "", answer)
            store.record(seen, Transition(ref, at, HOT_UPDATED))
            store.mark_seen(ref, at + 60)
            store.jobs.record(Insight(ref, at, effect=effect, job_name="payments-agg" if name == "judged" else ""))
        async with bench(store, clock=time.time, insight=True, size=UNCHANGING) as b:
            await until(lambda: b.of("denied").job_name == "orders-enrich")
            assert len(b.network.log) == 2, "the job, and Flink's job"
            assert b.of("judged").effect == Effect(Verdict.APPLIED)


@virtual
async def test_an_internal_error_affects_only_its_job(monkeypatch: pytest.MonkeyPatch) -> None:
    reports: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reports.append(context))
    async with virtual_bench() as b:
        with monkeypatch.context() as broken:
            broken.setattr("hottui.monitor.job_observer.judge", lambda *_: 1 / 0)
            await live(b)
        assert reports
        assert b.of("one").freshness is Freshness.LIVE
        with monkeypatch.context() as broken:
            broken.setattr("hottui.monitor.known_job.answered", lambda *_: 1 / 0)
            b.monitor.refresh(b.of("one").ref)
            await asyncio.sleep(5)
        b.monitor.refresh(b.of("one").ref)
        await asyncio.sleep(5)
        assert b.of("one").effect is not None


@pytest.mark.slow
async def test_the_served_demo_shows_every_verdict(tmp_path: Path) -> None:
    service = DemoService(Simulation())
    with serving(service) as origin, Store.open(tmp_path / "hottui.db") as store:
        store.add_all(service.simulation.bookmarks(origin))
        # Without these, which of two hot updates of a job was first is not known.
        for observation, transition in observations(service.simulation, origin):
            store.record(observation, transition)
        async with Client(lambda ref: credentials()) as client:
            monitor = Monitor(store.tracked(), client, store, jobs=client)
            running = asyncio.create_task(monitor.run())
            expected = {Verdict.APPLIED, Verdict.PARTIAL, Verdict.NONE, Verdict.SUPERSEDED, Verdict.JOB_FAILED}

            def found() -> set[Verdict]:
                return {row.effect.verdict for row in monitor.snapshot().tracked if row.effect}

            await until(lambda: expected <= found(), 120)
            line = "Not permitted in staging: FlinkApiProxy, GetJob."
            await until(lambda: monitor.snapshot().loop.not_permitted == line, 120)
            assert not any(hold.namespace == "staging" for hold in monitor.snapshot().loop.holds)
            assert not any(row.trouble for row in monitor.snapshot().tracked if row.ref.namespace == "staging")
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
