"""The client against the emulated service: answers, errors, and when an immediate retry helps."""

import asyncio
import gzip
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from itertools import pairwise
from secrets import token_hex
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from hottui.demo.gateway import Account
from hottui.demo.in_process import credentials as demo_credentials
from hottui.demo.service import ACCESS_KEY_ID, DemoService
from hottui.demo.simulation import Simulation
from hottui.model.answer import read_answer
from hottui.model.ref import Ref
from hottui.service.client import Client
from hottui.service.connection_pool import MAX_CONNECTIONS
from hottui.service.credentials import Credentials, StaticCredentials
from hottui.service.errors import (
    ClockSkewed,
    CredentialsMissing,
    CredentialsRefused,
    NotFound,
    PermissionDenied,
    ServiceError,
    SignatureRefused,
    Throttled,
    Unreachable,
)
from hottui.service.reading import Reading, Repeated
from hottui.service.response import answer_digest
from tests.service.conftest import MakeClient, RefAt
from tests.service.raw_server import gateway_reply, header_of, raw_server, response, sends_in_turn

NOW = 1_769_851_800.0
ENDPOINT = "http://127.0.0.1"

STS = Account("STS.key", "sts-secret", security_token="a-token", expires=NOW + 100)


class Renewing:
    """A source with other credentials after `forget`, like one that reads a file."""

    name = "renewing"

    def __init__(self, *given: Credentials, together: int = 0) -> None:
        self._given = list(given)
        self._together = together
        self.forgotten = 0

    async def get(self) -> Credentials:
        given = self._given[0]
        if self._together:  # that many readers get the credentials that will be rejected
            self._together -= 1
            await asyncio.sleep(0)
        return given

    def forget(self) -> None:
        self.forgotten += 1
        if len(self._given) > 1:
            del self._given[0]

    def changed(self) -> bool:
        return False


async def read(client: Client, ref: Ref) -> Reading:
    """Read, and once more if the error has `repeat` set, as every caller does."""
    try:
        return await client.read(ref)
    except ServiceError as error:
        if not error.repeat:
            raise
        return await client.read(ref)


def demo(
    make_client: MakeClient, *, local: Callable[[], float] = lambda: NOW, **options: Any
) -> tuple[Client, Simulation]:
    """Return a client of a demo service whose clock is stopped at NOW; `local` is the client's clock."""
    source = options.pop("source", demo_credentials())
    world = Simulation(clock=lambda: NOW)
    service = DemoService(world, **options)
    return make_client(source=source, transport=httpx.ASGITransport(service), clock=local), world


async def test_every_hot_update_of_the_demo_is_read(make_client: MakeClient) -> None:
    client, world = demo(make_client)
    for ref in world.refs(ENDPOINT):
        data = world.result(ref.workspace, ref.namespace, ref.id)
        if data is None or world.denies(ref.workspace, ref.namespace, ref.id):
            with pytest.raises((NotFound, PermissionDenied)):
                await client.read(ref)
            continue
        reading = await client.read(ref)
        assert reading.at == NOW
        assert json.loads(reading.answer.text)["data"] == data
        assert reading.answer.envelope.request_id
        assert reading.answer.result.state == data["status"]["status"]


async def test_an_answer_that_differs_only_in_the_request_id_is_not_parsed_again(make_client: MakeClient) -> None:
    client, world = demo(make_client)
    ref = next(ref for ref in world.refs(ENDPOINT) if world.result(ref.workspace, ref.namespace, ref.id))
    first = await client.read(ref)
    again = await client.read_again(ref, first.digest)
    assert isinstance(again, Repeated)
    assert (again.at, again.request_id) == (NOW, json.loads(again.text)["requestId"])
    assert again.request_id != first.request_id
    assert json.loads(again.text) == {**json.loads(first.answer.text), "requestId": again.request_id}
    for digest in (b"", b"another"):
        other = await client.read_again(ref, digest)
        assert isinstance(other, Reading)
        assert other.digest == first.digest
        assert other.answer.result == first.answer.result


def test_a_digest_ignores_only_the_request_id_of_this_answer() -> None:
    def body(request_id: str, **more: Any) -> bytes:
        return json.dumps({"requestId": request_id, "data": {"status": {"requestId": "1"}, **more}}).encode()

    digests = [
        answer_digest(body("A"), "A"),
        answer_digest(body("A", x=1), "A"),
        answer_digest(body("A"), ""),
        answer_digest(body("B"), "A"),
        answer_digest(body("1", x=1).replace(b'"x": 1', b'"x": "1"'), "1"),
        answer_digest(body("1", x=1).replace(b'"x": 1', b'"x": ""'), "1"),
    ]
    assert len(set(digests)) == len(digests)
    assert answer_digest(body("B"), "B") == digests[0]
    assert answer_digest(body("B", x=1), "B") == digests[1]


async def test_not_found_differs_from_permission_denied(make_client: MakeClient, ref_at: RefAt) -> None:
    client, _ = demo(make_client)
    with pytest.raises(NotFound, match="Hot update not found"):
        await client.read(ref_at(ENDPOINT))
    forbidden, world = demo(
        make_client,
        accounts=[Account("poor", "secret", permitted=False)],
        source=StaticCredentials(Credentials("poor", SecretStr("secret"))),
    )
    with pytest.raises(PermissionDenied, match="Access denied"):
        await forbidden.read(world.refs(ENDPOINT)[0])


async def test_a_wrong_secret_raises_signature_refused_without_showing_it(make_client: MakeClient) -> None:
    source = StaticCredentials(Credentials(ACCESS_KEY_ID, SecretStr("not-the-secret")))
    client, world = demo(make_client, source=source)
    with pytest.raises(SignatureRefused) as caught:
        await client.read(world.refs(ENDPOINT)[0])
    assert "access key secret" in caught.value.hint
    assert "x-acs" not in caught.value.message
    assert "not-the-secret" not in caught.value.message


async def test_an_unknown_key_raises_credentials_refused(make_client: MakeClient) -> None:
    source = Renewing(Credentials("nobody", SecretStr("secret")))
    client, world = demo(make_client, source=source)
    with pytest.raises(CredentialsRefused, match="Access key rejected"):
        await client.read(world.refs(ENDPOINT)[0])
    assert source.forgotten == 1


async def test_a_rejected_token_is_renewed_at_once(make_client: MakeClient) -> None:
    fresh = Credentials(STS.access_key_id, SecretStr(STS.access_key_secret), SecretStr(STS.security_token))
    source = Renewing(
        Credentials(STS.access_key_id, SecretStr(STS.access_key_secret), SecretStr("old")), fresh, together=8
    )
    client, world = demo(make_client, source=source, accounts=[STS])
    refs = world.refs(ENDPOINT)[:8]
    readings = await asyncio.gather(*(read(client, ref) for ref in refs), return_exceptions=True)
    assert not [outcome for outcome in readings if isinstance(outcome, CredentialsRefused)]
    assert source.forgotten == 1, "reads rejected with the old token must not discard the new one"


@pytest.mark.parametrize("off", [-7200.0, 3600.0, 1_000_000.0])
async def test_clock_skew_is_measured_and_corrected(off: float, make_client: MakeClient) -> None:
    client, world = demo(make_client, local=lambda: NOW + off)
    refs = world.refs(ENDPOINT)
    reading = await read(client, refs[0])
    assert reading.at == NOW + off, "the time of a reading is local time"
    assert client.clock_offset(ENDPOINT) == -off
    assert client.clock_offset("http://localhost") == 0.0
    await client.read(refs[0])


async def test_concurrent_reads_rejected_for_clock_skew_are_all_retried(
    make_client: MakeClient, ref_at: RefAt, example: bytes
) -> None:
    """Only the first response reveals a new offset, but all requests were signed without it."""
    together = asyncio.Barrier(3)
    rejection = gateway_reply(400, "InvalidTimeStamp.Expired", date=formatdate(NOW + 3600, usegmt=True))

    async def handler(head: bytes, writer: asyncio.StreamWriter) -> None:
        if header_of(head, "x-acs-date") == "2026-01-31T10:30:00Z":
            writer.write(response(example))
        else:
            await together.wait()
            writer.write(rejection)

    async with raw_server(handler) as server:
        client, ref = make_client(clock=lambda: NOW), ref_at(server.url)
        await asyncio.gather(*(read(client, replace(ref, id=f"id-{n}")) for n in range(3)))
    assert len(server.requests) == 6


async def test_a_corrected_clock_resets_the_offset(make_client: MakeClient) -> None:
    off = 7200.0
    client, world = demo(make_client, local=lambda: NOW + off)
    ref = world.refs(ENDPOINT)[0]
    await read(client, ref)
    off = 0.0
    await read(client, ref)
    assert client.clock_offset(ENDPOINT) == 0.0


async def test_a_clock_error_without_an_offset_is_not_retried(make_client: MakeClient, ref_at: RefAt) -> None:
    rejection = gateway_reply(400, "InvalidTimeStamp.Expired", date=formatdate(NOW, usegmt=True))
    async with raw_server(sends_in_turn(rejection)) as server:
        with pytest.raises(ClockSkewed) as caught:
            await make_client(clock=lambda: NOW).read(ref_at(server.url))
    assert caught.value.offset == 0.0
    assert not caught.value.repeat
    assert len(server.requests) == 1


async def test_each_read_is_one_request_signed_with_the_last_measured_offset(
    make_client: MakeClient, ref_at: RefAt
) -> None:
    early = gateway_reply(400, "InvalidTimeStamp.Expired", date=formatdate(NOW + 3600, usegmt=True))
    late = gateway_reply(400, "InvalidTimeStamp.Expired", date=formatdate(NOW - 3600, usegmt=True))
    async with raw_server(sends_in_turn(early, late)) as server:
        client = make_client(clock=lambda: NOW)
        for _ in range(2):
            with pytest.raises(ClockSkewed) as caught:
                await client.read(ref_at(server.url))
            assert caught.value.repeat
    assert [header_of(head, "x-acs-date") for head in server.requests] == [
        "2026-01-31T09:30:00Z",
        "2026-01-31T10:30:00Z",
    ]
    assert len({header_of(head, "x-acs-signature-nonce") for head in server.requests}) == 2


@pytest.mark.parametrize(
    ("rejection", "kind"),
    [
        (gateway_reply(429, "Throttling.User", retry_after="2"), Throttled),
        (gateway_reply(503, "ServiceUnavailable"), Exception),
        (gateway_reply(400, "SignatureNonceUsed"), Unreachable),
        (gateway_reply(400, "SignatureDoesNotMatch"), SignatureRefused),
    ],
)
async def test_other_errors_are_not_retried(
    rejection: bytes, kind: type[Exception], make_client: MakeClient, ref_at: RefAt, example: bytes
) -> None:
    async with raw_server(sends_in_turn(rejection, response(example))) as server:
        with pytest.raises(kind) as caught:
            await make_client().read(ref_at(server.url))
    assert not getattr(caught.value, "repeat", False)
    assert len(server.requests) == 1


async def test_sequential_reads_reuse_one_connection(make_client: MakeClient, ref_at: RefAt, example: bytes) -> None:
    ports: set[int] = set()

    async def handler(_: bytes, writer: asyncio.StreamWriter) -> None:
        ports.add(writer.get_extra_info("peername")[1])
        writer.write(response(example))

    client = make_client()
    async with raw_server(handler) as server:
        for _ in range(20):
            await client.read(ref_at(server.url))
        assert len(ports) == 1
        await asyncio.gather(*(client.read(ref_at(server.url)) for _ in range(50)))
    assert len(ports) <= MAX_CONNECTIONS


async def test_large_answers_are_parsed_on_a_thread(
    make_client: MakeClient, ref_at: RefAt, example: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[bool] = []

    def noting(body: bytes) -> Any:
        threads.append(threading.current_thread() is threading.main_thread())
        return read_answer(body)

    monkeypatch.setattr("hottui.service.response.read_answer", noting)
    large = example.replace(b"{", b"{" + b" " * 100_000, 1)
    noise = example.replace(b"{", b'{"noise":"' + token_hex(4000).encode() + b'",', 1)
    zipped = response(gzip.compress(noise), content_encoding="gzip")
    async with raw_server(sends_in_turn(response(example), response(large), zipped)) as server:
        for _ in range(3):
            await make_client().read(ref_at(server.url))
    assert threads == [True, False, False]


async def test_the_event_loop_runs_between_the_decoding_of_answers() -> None:
    world, source = Simulation(), demo_credentials()
    places = ((ref, (ref.workspace, ref.namespace, ref.id)) for ref in world.refs(ENDPOINT))
    readable = [ref for ref, place in places if world.result(*place) and not world.denies(*place)]
    turn, done = 0, list[int]()

    async def count() -> None:
        nonlocal turn
        while True:
            turn += 1
            await asyncio.sleep(0)

    async with Client(lambda _: source, transport=httpx.ASGITransport(DemoService(world))) as client:
        counting = asyncio.create_task(count())
        for reading in asyncio.as_completed([client.read(ref) for ref in readable[:8]]):
            await reading
            done.append(turn)
        counting.cancel()
    assert min(after - before for before, after in pairwise(done)) >= 3


async def test_an_error_of_the_credentials_source_is_raised(make_client: MakeClient, ref_at: RefAt) -> None:
    class Empty(Renewing):
        async def get(self) -> Credentials:
            raise CredentialsMissing("Nothing is set.", hint="Set it.")

    with pytest.raises(CredentialsMissing, match="Nothing is set"):
        await make_client(source=Empty()).read(ref_at(ENDPOINT))


async def test_the_deadline_includes_the_credentials_source(make_client: MakeClient, ref_at: RefAt) -> None:
    class Hanging(Renewing):
        async def get(self) -> Credentials:
            await asyncio.Event().wait()
            raise AssertionError

    with pytest.raises(Unreachable, match=r"within 0\.1 s"):
        await make_client(source=Hanging(), deadline=0.1).read(ref_at(ENDPOINT))


def test_an_account_is_named_by_source_and_endpoint(source: StaticCredentials) -> None:
    client = Client(lambda _: source)
    ref = Ref("https://ververica.cn-hangzhou.aliyuncs.com", "w", "n", "i")
    assert client.account_of(ref) == "static@ververica.cn-hangzhou.aliyuncs.com"
    assert client.credentials_changed(ref) is False
