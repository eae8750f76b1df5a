"""The calls about jobs, over real HTTP with the vendor's SDK: it gets of every call what hottui's client gets."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_ververica20220718 import models
from alibabacloud_ververica20220718.client import Client as Sdk
from darabonba.runtime import RuntimeOptions

from hottui.demo.fault_injection import denied
from hottui.demo.gateway import Account
from hottui.demo.in_process import credentials
from hottui.demo.job_types import SimulatedJob
from hottui.demo.jobs import RESULTS_ONLY
from hottui.demo.lifecycle import DAY
from hottui.demo.server import serving
from hottui.demo.service import DemoService
from hottui.demo.simulation import Simulation
from hottui.model.job_history import Event, ScheduledPlanExecution, TuningHistory
from hottui.model.lenient_parsing import LenientModel
from hottui.model.ref import JobRef
from hottui.service.call import Read
from hottui.service.client import Client
from hottui.service.operations import GET_RESULT, JOB_OPERATIONS

from .sdk import sdk

RESULTS = Account("results-only", "ram", actions=frozenset({GET_RESULT.action}))


@pytest.fixture(scope="module")
def service() -> DemoService:
    """Its clock stands still, so that two answers to one call are the same; the gateway allows a quarter of an hour."""
    now = time.time()
    return DemoService(Simulation(clock=lambda: now), accounts=[RESULTS])


@pytest.fixture(scope="module")
def endpoint(service: DemoService) -> Iterator[str]:
    with serving(service) as origin:
        yield origin


def job(service: DemoService, name: str) -> SimulatedJob:
    return next(each for each in service.simulation.jobs if each.spec.name == name)


def calls(client: Sdk, of: SimulatedJob) -> dict[str, Callable[[], Any]]:
    """Every call about a job, by action."""
    space, options = of.spec.namespace.name, RuntimeOptions()

    def headers(kind: Any) -> Any:
        return kind(workspace=of.spec.namespace.workspace)

    return {
        "GetJob": lambda: client.get_job_with_options(space, of.id, headers(models.GetJobHeaders), options),
        "GetDeployment": lambda: client.get_deployment_with_options(
            space, of.deployment_id, headers(models.GetDeploymentHeaders), options
        ),
        "FlinkApiProxy": lambda: client.flink_api_proxy_with_options(
            models.FlinkApiProxyRequest(
                flink_api_path=f"/jobs/{of.flink_id}", namespace=space, resource_id=of.id, resource_type="jobs"
            ),
            headers(models.FlinkApiProxyHeaders),
            options,
        ),
        "GetJobDiagnosis": lambda: client.get_job_diagnosis_with_options(
            space, of.deployment_id, of.id, headers(models.GetJobDiagnosisHeaders), options
        ),
        "GetEvents": lambda: client.get_events_with_options(
            space,
            models.GetEventsRequest(deployment_id=of.deployment_id, page_size=100),
            headers(models.GetEventsHeaders),
            options,
        ),
        "ListAutopilotTuningHistories": lambda: client.list_autopilot_tuning_histories_with_options(
            space,
            of.deployment_id,
            models.ListAutopilotTuningHistoriesRequest(page_size=100),
            headers(models.ListAutopilotTuningHistoriesHeaders),
            options,
        ),
        "ListScheduledPlanExecutedHistory": lambda: client.list_scheduled_plan_executed_history_with_options(
            space,
            models.ListScheduledPlanExecutedHistoryRequest(deployment_id=of.deployment_id),
            headers(models.ListScheduledPlanExecutedHistoryHeaders),
            options,
        ),
    }


async def test_the_sdk_and_hottui_get_the_same_of_every_call(service: DemoService, endpoint: str) -> None:
    source, now = credentials(), service.simulation.clock()
    async with Client(lambda _: source) as ours:
        for name in ("orders-enrich", "member-sync", "checkout-funnel"):
            of = job(service, name)
            ref, deployment = JobRef(endpoint, *_space(of), of.id), of.deployment_id
            theirs = {action: _answered(call) for action, call in calls(sdk(endpoint), of).items()}
            assert set(theirs) == {operation.action for operation in JOB_OPERATIONS}
            assert json.loads(theirs["FlinkApiProxy"]) == (await ours.flink(ref, "")).value
            objects: dict[str, Read[Any]] = {
                "GetJob": await ours.get_job(ref),
                "GetDeployment": await ours.get_deployment(ref, deployment),
                "GetJobDiagnosis": await ours.diagnosis(ref, deployment),
            }
            for action, read in objects.items():
                assert _parts(type(read.value).read(theirs[action])) == _parts(read.value), (name, action)
            # the SDK's request has no end, and starts three days ago by default
            tunings = await ours.tuning_histories(ref, deployment, start=now - 3 * DAY, end=now + 1)
            lists: dict[str, tuple[Any, Any]] = {
                "GetEvents": (Event, await ours.events(ref, deployment)),
                "ListScheduledPlanExecutedHistory": (
                    ScheduledPlanExecution,
                    await ours.scheduled_executions(ref, deployment),
                ),
                "ListAutopilotTuningHistories": (TuningHistory, tunings),
            }
            theirs["ListAutopilotTuningHistories"] = theirs["ListAutopilotTuningHistories"]["tuningHistories"]
            for action, (model, page) in lists.items():
                rows = [_parts(model.read(row)) for row in theirs[action]]
                assert rows == [_parts(row) for row in page.value.items], (name, action)


def _answered(call: Callable[[], Any]) -> Any:
    body = call().body
    assert body.success is True
    body.validate()
    return body.to_map()["data"]


def _space(of: SimulatedJob) -> tuple[str, str]:
    return of.spec.namespace.workspace, of.spec.namespace.name


def _parts(value: LenientModel) -> Any:
    """What `value` holds, without its null and empty parts: the SDK's types leave some out, and add others."""
    return _without_empty(value.model_dump())


def _without_empty(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    parts = {key: _without_empty(part) for key, part in value.items()}
    return {key: part for key, part in parts.items() if part not in (None, {}, [], (), "")}


def test_every_page_of_the_250_tunings_is_reachable_newest_first(service: DemoService, endpoint: str) -> None:
    client, of = sdk(endpoint), job(service, "orders-enrich")
    now = round(service.simulation.clock() * 1000)
    seen: list[int] = []
    for page in range(1, 5):
        request = models.ListAutopilotTuningHistoriesRequest(
            start_time=now - round(30 * DAY * 1000), end_time=now, page_number=page, page_size=100
        )
        headers = models.ListAutopilotTuningHistoriesHeaders(workspace=of.spec.namespace.workspace)
        data = client.list_autopilot_tuning_histories_with_options(
            of.spec.namespace.name, of.deployment_id, request, headers, RuntimeOptions()
        ).body.data
        assert data.total_count == 250
        seen += [row.trigger_time for row in data.tuning_histories]
    assert len(seen) == 250
    assert seen == sorted(seen, reverse=True)


def test_a_workspace_and_a_key_may_read_results_only(service: DemoService, endpoint: str) -> None:
    lab = next(each for each in service.simulation.jobs if each.spec.namespace.workspace == RESULTS_ONLY)
    orders = job(service, "orders-enrich")
    key = sdk(endpoint, RESULTS.access_key_id, RESULTS.access_key_secret)
    for call in (*calls(sdk(endpoint), lab).values(), *calls(key, orders).values()):
        with pytest.raises(ClientException) as refused:
            call()
        assert (refused.value.code, refused.value.status_code) == ("Forbidden.RAM", 403)
    update = next(each for each in service.simulation.updates if each.job_id == lab.id)
    headers = models.GetHotUpdateJobResultHeaders(workspace=RESULTS_ONLY)
    result = sdk(endpoint).get_hot_update_job_result_with_options(
        lab.spec.namespace.name, update.id, headers, RuntimeOptions()
    )
    assert result.body.success is True


def test_a_fault_of_one_action_leaves_the_others(service: DemoService, endpoint: str) -> None:
    made = calls(sdk(endpoint), job(service, "orders-enrich"))
    service.faults["GetEvents"] = denied
    try:
        with pytest.raises(ClientException):
            made["GetEvents"]()
        assert made["GetJob"]().body.success is True
    finally:
        service.faults.clear()


def test_what_is_wrong_with_a_call_is_an_error_in_the_envelope(service: DemoService, endpoint: str) -> None:
    client, of = sdk(endpoint), job(service, "orders-enrich")
    space = of.spec.namespace.name
    headers = models.GetEventsHeaders(workspace=of.spec.namespace.workspace)
    wrong = {
        "MissingParameter": models.GetEventsRequest(),
        "DeploymentNotFound": models.GetEventsRequest(deployment_id="none"),
        "InvalidParameter": models.GetEventsRequest(deployment_id=of.deployment_id, page_size=101),
    }
    for code, request in wrong.items():
        body = client.get_events_with_options(space, request, headers, RuntimeOptions()).body
        assert (body.success, body.error_code) == (False, code)
