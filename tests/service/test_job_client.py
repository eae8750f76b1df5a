"""The calls about jobs over real HTTP: typed answers, pages, signed queries, and every fault as one error."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hottui.demo.asgi import Reply
from hottui.demo.fault_injection import Fault, denied, replaced, slow, throttled
from hottui.demo.in_process import credentials
from hottui.demo.job_types import SimulatedJob
from hottui.demo.jobs import RESULTS_ONLY
from hottui.demo.lifecycle import DAY
from hottui.demo.server import serving
from hottui.demo.service import DemoService
from hottui.demo.simulation import Simulation
from hottui.model.flink_rest import CheckpointConfig, FlinkExceptions, FlinkJob, FlinkRestError
from hottui.model.ref import JobRef
from hottui.service.call import Read
from hottui.service.client import Client
from hottui.service.errors import (
    ClockSkewed,
    CredentialsRefused,
    InternalError,
    NotFound,
    OtherAnswer,
    PermissionDenied,
    ServiceError,
    Throttled,
    TimedOut,
    Unavailable,
    Unreachable,
    Unreadable,
)
from hottui.service.operations import JOB_OPERATIONS
from tests.model.json_values import any_json
from tests.service.conftest import MakeClient
from tests.service.raw_server import SECRET, TOKEN, envelope, gateway_reply, header_of, raw_server, sends, sends_in_turn

Ask = Callable[[Client, JobRef, str], Awaitable[Read[Any]]]

CALLS: dict[str, Ask] = {
    "GetJob": lambda client, job, _: client.get_job(job),
    "GetDeployment": lambda client, job, deployment: client.get_deployment(job, deployment),
    "FlinkApiProxy": lambda client, job, _: client.flink(job, ""),
    "GetJobDiagnosis": lambda client, job, deployment: client.diagnosis(job, deployment),
    "GetEvents": lambda client, job, deployment: client.events(job, deployment),
    "ListAutopilotTuningHistories": lambda client, job, deployment: client.tuning_histories(
        job, deployment, start=time.time() - 3600, end=time.time()
    ),
    "ListScheduledPlanExecutedHistory": lambda client, job, deployment: client.scheduled_executions(job, deployment),
}


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


def place(service: DemoService, endpoint: str, name: str) -> tuple[JobRef, SimulatedJob]:
    job = next(each for each in service.simulation.jobs if each.spec.name == name)
    return JobRef(endpoint, job.spec.namespace.workspace, job.spec.namespace.name, job.id), job


async def test_every_call_gives_its_value_with_its_time_and_request_id(
    service: DemoService, endpoint: str, client: Client
) -> None:
    job, simulated = place(service, endpoint, "orders-enrich")
    assert set(CALLS) == {operation.action for operation in JOB_OPERATIONS}
    before = time.time()
    for action, ask in CALLS.items():
        read = await ask(client, job, simulated.deployment_id)
        assert before <= read.at <= time.time(), action
        assert len(read.request_id) == 36, action
    answer = (await client.get_job(job)).value
    assert (answer.deployment_name, answer.state, answer.health) == ("orders-enrich", "RUNNING", 95)
    deployment = (await client.get_deployment(job, simulated.deployment_id)).value
    assert (deployment.name, deployment.changed_by) == ("orders-enrich", "wang.min")


async def test_flinks_answers_come_as_objects_and_what_is_none_as_its_reason(
    service: DemoService, endpoint: str, client: Client
) -> None:
    job, simulated = place(service, endpoint, "member-sync")
    found = (await client.flink(job, "")).value
    assert FlinkJob.read(found).jid == simulated.flink_id
    assert CheckpointConfig.read((await client.flink(job, "/checkpoints/config")).value).interval == 180_000
    assert FlinkExceptions.read((await client.flink(job, "/exceptions")).value).entries
    missing = (await client.flink(job, "/no-such-thing")).value
    assert isinstance(missing, FlinkRestError)
    assert "Not found" in missing.message
    page, _ = place(service, endpoint, "orders-backfill")
    html = (await client.flink(page, "")).value
    assert isinstance(html, FlinkRestError)
    assert "HTML" in html.message


async def test_all_250_rows_are_reached_page_by_page(service: DemoService, endpoint: str, client: Client) -> None:
    job, simulated = place(service, endpoint, "orders-enrich")
    end = time.time()
    seen: list[float] = []
    for page in range(1, 10):
        read = await client.tuning_histories(job, simulated.deployment_id, start=end - 30 * DAY, end=end, page=page)
        seen += [row.trigger_time or 0.0 for row in read.value.items]
        if not read.value.more:
            break
    assert page == 3
    assert len(seen) == len(set(seen)) == 250
    assert seen == sorted(seen, reverse=True)
    scheduled = (await client.scheduled_executions(job, simulated.deployment_id)).value
    assert (len(scheduled.items), scheduled.more) == (3, False)


async def test_results_only_denies_each_call_with_its_own_permission(
    service: DemoService, endpoint: str, client: Client
) -> None:
    lab = next(each for each in service.simulation.jobs if each.spec.namespace.workspace == RESULTS_ONLY)
    job, simulated = place(service, endpoint, lab.spec.name)
    for action, ask in CALLS.items():
        with pytest.raises(PermissionDenied) as refused:
            await ask(client, job, simulated.deployment_id)
        assert f"stream:{action}" in refused.value.hint
        assert "hot updates" not in refused.value.message
    ref = next(each for each in service.simulation.refs(endpoint) if each.workspace == RESULTS_ONLY)
    assert (await client.read(ref)).answer.result.job_hot_update_id == ref.id


async def test_what_is_gone_is_not_found_by_its_own_name(service: DemoService, endpoint: str, client: Client) -> None:
    job, _ = place(service, endpoint, "orders-enrich")
    gone = JobRef(job.endpoint, job.workspace, job.namespace, "no-such-job")
    with pytest.raises(NotFound, match=r"^Job not found"):
        await client.get_job(gone)
    with pytest.raises(NotFound, match=r"^Job not found"):
        await client.flink(gone, "")
    with pytest.raises(NotFound, match=r"^Deployment not found"):
        await client.get_deployment(job, "no-such-deployment")
    for odd in ("", "..", "a/b", "ü", "x" * 300):
        with pytest.raises(NotFound):
            await client.get_job(JobRef(job.endpoint, job.workspace, job.namespace, odd))
        with pytest.raises(NotFound):
            await client.events(job, odd)


HOSTILE = "\x1b[2J\x1b]0;owned\x07[bold red]fine[/] \u202e \x00"

FAULTS: tuple[tuple[str, Fault, type[ServiceError]], ...] = (
    ("denied", denied, PermissionDenied),
    ("429", throttled, Throttled),
    ("garbage", replaced(Reply(200, b"\x00\xff\xfe garbage")), Unreadable),
    ("html", replaced(Reply(200, b"<!doctype html><p>sign in")), Unreadable),
    ("empty", replaced(Reply(200, b"")), Unreadable),
    ("cut off", replaced(Reply(200, b'{"success": true, "data": {"jobId": "')), Unreadable),
    ("deep", replaced(Reply(200, b'{"success": true, "data": ' + b"[" * 50_000)), Unreadable),
    ("bad gateway", replaced(Reply(502, b"<html>502</html>")), Unreachable),
    ("redirect", replaced(Reply(302, b"", headers=(("location", "https://login.example.invalid/?t=1"),))), Unreachable),
    ("hostile no", replaced(Reply(500, json.dumps({"Code": HOSTILE, "Message": HOSTILE}).encode())), Unavailable),
    (
        "gone",
        replaced(Reply(200, b'{"success": false, "httpCode": 404, "errorCode": "990301", "errorMessage": "gone"}')),
        NotFound,
    ),
)


async def test_each_fault_of_each_call_is_one_error_that_is_safe_to_show(
    service: DemoService, endpoint: str, client: Client
) -> None:
    job, simulated = place(service, endpoint, "orders-enrich")
    ref = next(each for each in service.simulation.refs(endpoint) if each.workspace == job.workspace)
    try:
        for name, fault, expected in FAULTS:
            service.faults.update(dict.fromkeys(CALLS, fault))
            for action, ask in CALLS.items():
                with pytest.raises(ServiceError) as raised:
                    await ask(client, job, simulated.deployment_id)
                assert type(raised.value) is expected, (name, action, raised.value)
                assert (raised.value.message + raised.value.hint).isprintable(), (name, action)
            assert (await client.read(ref)).answer.result.job_hot_update_id == ref.id
    finally:
        service.faults.clear()


async def test_a_slow_call_ends_at_the_deadline(service: DemoService, endpoint: str) -> None:
    job, simulated = place(service, endpoint, "orders-enrich")
    source = credentials()
    service.faults.update(dict.fromkeys(CALLS, slow(20.0)))
    try:
        async with Client(lambda _: source, deadline=0.5) as client:
            asking = [ask(client, job, simulated.deployment_id) for ask in CALLS.values()]
            ended = await asyncio.gather(*asking, return_exceptions=True)
        assert {type(each) for each in ended} == {TimedOut}
    finally:
        service.faults.clear()


async def test_slow_calls_leave_connections_for_results(service: DemoService, endpoint: str) -> None:
    job, simulated = place(service, endpoint, "orders-enrich")
    source = credentials()
    service.faults.update(dict.fromkeys(CALLS, slow(3600.0)))
    try:
        async with Client(lambda _: source, deadline=60.0) as client, asyncio.TaskGroup() as group:
            asking = [
                group.create_task(asyncio.wait_for(ask(client, job, simulated.deployment_id), None))
                for ask in 2 * list(CALLS.values())
            ]
            for ref in service.simulation.refs(endpoint)[:3]:
                await client.read(ref)
            assert not any(each.done() for each in asking)
            for each in asking:
                each.cancel()
    finally:
        service.faults.clear()


async def test_hostile_values_are_kept_as_data(make_client: MakeClient) -> None:
    data = {"jobId": "", "deploymentName": HOSTILE, "status": {"failure": {"message": HOSTILE}}, "startTime": "x"}
    async with raw_server(sends(envelope(success=True, data=data))) as server:
        read = await make_client().get_job(JobRef(server.url, "w", "n", "j"))
    assert read.value.deployment_name == HOSTILE
    assert read.value.start_time is None


async def test_an_answer_about_another_job_is_refused(make_client: MakeClient) -> None:
    async with raw_server(sends(envelope(success=True, data={"jobId": "another"}))) as server:
        with pytest.raises(OtherAnswer, match="another job"):
            await make_client().get_job(JobRef(server.url, "w", "n", "j"))


async def test_the_query_on_the_wire_is_encoded_and_no_secret_is_told(make_client: MakeClient) -> None:
    echo = gateway_reply(400, "SignatureDoesNotMatch", f"server CanonicalRequest is:[GET|/|{SECRET}|x:{TOKEN}]")
    async with raw_server(sends(echo)) as server:
        with pytest.raises(ServiceError) as raised:
            await make_client().flink(JobRef(server.url, "w", "n s".replace(" ", "+"), "a-b:c"), "/checkpoints")
    target = server.requests[0].split(b" ")[1].decode()
    assert target == (
        "/flink-ui/v2/proxy?flinkApiPath=%2Fjobs%2Fab%3Ac%2Fcheckpoints&namespace=n%2Bs&resourceId=a-b%3Ac"
        "&resourceType=jobs"
    )
    assert header_of(server.requests[0], "x-acs-action") == "FlinkApiProxy"
    shown = raised.value.message + raised.value.hint
    assert SECRET not in shown
    assert TOKEN not in shown
    text = envelope(success=True, data=json.dumps({"errors": [f"refused: {SECRET}"]}))
    async with raw_server(sends(text)) as server:
        found = (await make_client().flink(JobRef(server.url, "w", "n", "j"), "")).value
    assert isinstance(found, FlinkRestError)
    assert SECRET not in found.message


async def test_a_clock_that_is_off_is_allowed_for_in_the_next_call(make_client: MakeClient) -> None:
    late = gateway_reply(400, "InvalidTimeStamp.Expired", "expired", date="Tue, 01 Sep 2026 00:00:00 GMT")
    async with raw_server(sends_in_turn(late, envelope(success=True, data={"jobId": "j"}))) as server:
        client, job = make_client(clock=lambda: 1_000_000_000.0), JobRef(server.url, "w", "n", "j")
        with pytest.raises(ClockSkewed) as skewed:
            await client.get_job(job)
        assert skewed.value.repeat
        await client.get_job(job)
    assert header_of(server.requests[1], "x-acs-date") == "2026-09-01T00:00:00Z"


async def test_a_refused_key_is_an_error_of_credentials(make_client: MakeClient) -> None:
    async with raw_server(sends(gateway_reply(404, "InvalidAccessKeyId.NotFound", "no"))) as server:
        with pytest.raises(CredentialsRefused):
            await make_client().events(JobRef(server.url, "w", "n", "j"), "d")


@pytest.mark.parametrize(
    ("fields", "more"),
    [
        ({"totalSize": 3, "pageIndex": 1, "pageSize": 2}, True),
        ({"totalSize": 2, "pageSize": 2}, False),
        ({"pageSize": 2}, True),
        ({}, False),
        ({"totalSize": "9", "pageSize": "2"}, True),
        ({"totalSize": 9, "data": []}, False),
        ({"totalSize": 9, "data": None}, False),
    ],
)
async def test_a_page_knows_whether_there_are_more(make_client: MakeClient, fields: dict[str, Any], more: bool) -> None:
    whole = {"success": True, "data": [{"eventId": "1"}, {"eventId": 2}], **fields}
    async with raw_server(sends(envelope(**whole))) as server:
        read = await make_client().events(JobRef(server.url, "w", "n", "j"), "d")
    assert read.value.more is more


@given(any_json(), st.booleans() | st.none())
def test_any_json_in_any_answer_raises_nothing_but_service_errors(data: Any, success: bool | None) -> None:
    body = json.dumps({"success": success, "data": data, "totalSize": data, "pageSize": data}).encode()
    source = credentials()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=httpx.ByteStream(body)))

    async def ask_all() -> list[BaseException | Read[Any]]:
        job = JobRef("http://127.0.0.1", "w", "n", "j")
        async with Client(lambda _: source, transport=transport) as client:
            return await asyncio.gather(*(ask(client, job, "d") for ask in CALLS.values()), return_exceptions=True)

    for ended in asyncio.run(ask_all()):
        assert isinstance(ended, Read | ServiceError)
        assert not isinstance(ended, InternalError)
