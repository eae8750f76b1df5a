"""The vendor's SDK as an independent peer over real HTTP: it returns the same as hottui's client."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_ververica20220718 import models
from alibabacloud_ververica20220718.client import Client as Sdk
from darabonba.runtime import RuntimeOptions
from pydantic import SecretStr

from hottui.demo.gateway import Account
from hottui.demo.in_process import credentials
from hottui.demo.server import serving
from hottui.demo.service import ACCESS_KEY_ID, DemoService
from hottui.demo.simulation import Simulation
from hottui.model.json_text import read_json
from hottui.model.ref import Ref
from hottui.service.client import Client
from hottui.service.credentials import Credentials, StaticCredentials
from hottui.service.errors import (
    CredentialsRefused,
    NotFound,
    PermissionDenied,
    ServiceError,
    SignatureRefused,
    Throttled,
)

from .sdk import sdk, without_absent


@pytest.fixture
def service() -> DemoService:
    """The SDK signs with the machine's clock, so the simulation uses it, too."""
    return DemoService(Simulation(), accounts=(Account("no-policy", "ram", permitted=False),))


@pytest.fixture
def endpoint(service: DemoService) -> Iterator[str]:
    with serving(service) as origin:
        yield origin


def question(ref: Ref) -> tuple[str, str, models.GetHotUpdateJobResultHeaders, RuntimeOptions]:
    return (ref.namespace, ref.id, models.GetHotUpdateJobResultHeaders(workspace=ref.workspace), RuntimeOptions())


def ask(client: Sdk, ref: Ref) -> models.GetHotUpdateJobResultResponseBody:
    return client.get_hot_update_job_result_with_options(*question(ref)).body


def settled(service: DemoService, endpoint: str) -> list[Ref]:
    """Return refs that can be read and do not change during the test."""
    simulation = service.simulation
    done = {
        member.id for member in simulation.updates if member.spec.lifecycle.phases[-1][0] < 0 and not member.spec.denied
    }
    return [ref for ref in simulation.refs(endpoint) if ref.id in done]


async def test_the_sdk_and_hottui_return_the_same(service: DemoService, endpoint: str) -> None:
    client, source = sdk(endpoint), credentials()
    refs = settled(service, endpoint)
    assert len(refs) >= 25
    async with Client(lambda _ref: source) as ours:
        for ref in refs:
            theirs = ask(client, ref)
            answer = (await ours.read(ref)).answer
            document = read_json(answer.text)
            assert isinstance(document, dict)
            assert without_absent(theirs.to_map()["data"]) == without_absent(document["data"])
            assert without_absent(theirs.to_map()["data"]) == without_absent(expected(service, ref))
            result = answer.result
            assert theirs.success is answer.envelope.success is True
            assert theirs.data.status.status == result.state
            assert theirs.data.job_id == result.job_id
            target = theirs.data.target_resource_setting
            assert (target.flink_conf or {}) == result.flink_conf


def expected(service: DemoService, ref: Ref) -> dict[str, Any]:
    data = service.simulation.result(ref.workspace, ref.namespace, ref.id)
    assert data is not None
    return data


async def test_the_asynchronous_sdk_returns_the_same(service: DemoService, endpoint: str) -> None:
    ref = settled(service, endpoint)[0]
    response = await sdk(endpoint).get_hot_update_job_result_with_options_async(*question(ref))
    assert response.body.data.job_hot_update_id == ref.id


@pytest.mark.parametrize(
    ("key_id", "secret", "code", "status", "ours"),
    [
        (ACCESS_KEY_ID, "wrong", "SignatureDoesNotMatch", 400, SignatureRefused),
        ("unknown", "x", "InvalidAccessKeyId.NotFound", 404, CredentialsRefused),
        ("no-policy", "ram", "Forbidden.RAM", 403, PermissionDenied),
    ],
)
async def test_a_rejection_is_an_error_in_both(
    service: DemoService, endpoint: str, key_id: str, secret: str, code: str, status: int, ours: type[ServiceError]
) -> None:
    ref = settled(service, endpoint)[0]
    with pytest.raises(ClientException) as theirs:
        ask(sdk(endpoint, key_id, secret), ref)
    assert (theirs.value.code, theirs.value.status_code) == (code, status)
    source = StaticCredentials(Credentials(key_id, SecretStr(secret)))
    async with Client(lambda _ref: source) as client:
        with pytest.raises(ours):
            await client.read(ref)


async def test_a_service_error_with_status_200_is_an_error_only_in_hottui(service: DemoService, endpoint: str) -> None:
    simulation = service.simulation
    denied = next(r for r in simulation.refs(endpoint) if simulation.denies(r.workspace, r.namespace, r.id))
    absent = replace(denied, id="no-such-id")
    source = credentials()
    async with Client(lambda _ref: source) as client:
        for ref, error in ((denied, PermissionDenied), (absent, NotFound)):
            assert ask(sdk(endpoint), ref).success is False
            with pytest.raises(error):
                await client.read(ref)


async def test_both_report_throttling() -> None:
    service = DemoService(Simulation(), quota=0)
    source = credentials()
    with serving(service) as endpoint:
        ref = settled(service, endpoint)[0]
        with pytest.raises(ClientException) as theirs:
            ask(sdk(endpoint), ref)
        assert theirs.value.code == "Throttling.User"
        async with Client(lambda _ref: source) as client:
            with pytest.raises(Throttled) as ours:
                await client.read(ref)
    assert ours.value.wait == 1.0
