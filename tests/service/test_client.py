"""The client against the emulated service: what a read brings, and when another is worthwhile at once."""

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
from hottui.service.client import Client, Reading
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
from tests.service.conftest import MakeClient, RefAt
from tests.service.raw import header_of, in_turn, raw_server, refusal, response

NOW = 1_769_851_800.0
ENDPOINT = "http://127.0.0.1"

STS = Account("STS.key", "sts-secret", security_token="a-token", expires=NOW + 100)


class Renewing:
    """Credentials that change when they are forgotten, as a source that reads a file does."""

    name = "renewing"

    def __init__(self, *given: Credentials, together: int = 0) -> None:
        self._given = list(given)
        self._together = together
        self.forgotten = 0

    async def get(self) -> Credentials:
        given = self._given[0]
        if self._together:  # that many readers come to hold what is about to be refused
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
    """Read as every caller does: once more where the first refusal says how."""
    try:
        return await client.read(ref)
    except ServiceError as error:
        if not error.repeat:
            raise
        return await client.read(ref)


def demo(
    make_client: MakeClient, *, local: Callable[[], float] = lambda: NOW, **options: Any
) -> tuple[Client, Simulation]:
    """A client on a demo whose world's clock stands at NOW; `local` is the client's."""
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


async def test_absence_and_permission_are_told_apart(make_client: MakeClient, ref_at: RefAt) -> None:
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


async def test_a_wrong_secret_is_a_refused_signature_and_nothing_of_it_is_shown(make_client: MakeClient) -> None:
    source = StaticCredentials(Credentials(ACCESS_KEY_ID, SecretStr("not-the-secret")))
    client, world = demo(make_client, source=source)
    with pytest.raises(SignatureRefused) as caught:
        await client.read(world.refs(ENDPOINT)[0])
    assert "access key secret" in caught.value.hint
    assert "x-acs" not in caught.value.message
    assert "not-the-secret" not in caught.value.message


async def test_an_unknown_key_is_refused_once(make_client: MakeClient) -> None:
    source = Renewing(Credentials("nobody", SecretStr("secret")))
    client, world = demo(make_client, source=source)
    with pytest.raises(CredentialsRefused, match="Access key rejected"):
        await client.read(world.refs(ENDPOINT)[0])
    assert source.forgotten == 1


async def test_a_refused_token_is_renewed_at_once(make_client: MakeClient) -> None:
    fresh = Credentials(STS.access_key_id, SecretStr(STS.access_key_secret), SecretStr(STS.security_token))
    source = Renewing(
        Credentials(STS.access_key_id, SecretStr(STS.access_key_secret), SecretStr("old")), fresh, together=8
    )
    client, world = demo(make_client, source=source, accounts=[STS])
    refs = world.refs(ENDPOINT)[:8]
    readings = await asyncio.gather(*(read(client, ref) for ref in refs), return_exceptions=True)
    assert not [outcome for outcome in readings if isinstance(outcome, CredentialsRefused)]
    assert source.forgotten == 1, "the renewed token is not forgotten again by those who were refused with the old one"


@pytest.mark.parametrize("off", [-7200.0, 3600.0, 1_000_000.0])
async def test_a_clock_that_is_off_is_measured_and_allowed_for(off: float, make_client: MakeClient) -> None:
    client, world = demo(make_client, local=lambda: NOW + off)
    refs = world.refs(ENDPOINT)
    reading = await read(client, refs[0])
    assert reading.at == NOW + off, "what is told to users is the local time"
    assert client.clock_offset(ENDPOINT) == -off
    assert client.clock_offset("http://localhost") == 0.0
    await client.read(refs[0])


async def test_reads_refused_together_for_the_clock_are_all_attempted_again(
    make_client: MakeClient, ref_at: RefAt, example: bytes
) -> None:
    """Only the first to come back brings news, but each of them was signed without it."""
    together = asyncio.Barrier(3)
    no = refusal(400, "InvalidTimeStamp.Expired", date=formatdate(NOW + 3600, usegmt=True))

    async def talk(head: bytes, writer: asyncio.StreamWriter) -> None:
        if header_of(head, "x-acs-date") == "2026-01-31T10:30:00Z":
            writer.write(response(example))
        else:
            await together.wait()
            writer.write(no)

    async with raw_server(talk) as server:
        client, ref = make_client(clock=lambda: NOW), ref_at(server.url)
        await asyncio.gather(*(read(client, replace(ref, id=f"id-{n}")) for n in range(3)))
    assert len(server.requests) == 6


async def test_a_clock_that_was_set_right_is_noticed(make_client: MakeClient) -> None:
    off = 7200.0
    client, world = demo(make_client, local=lambda: NOW + off)
    ref = world.refs(ENDPOINT)[0]
    await read(client, ref)
    off = 0.0
    await read(client, ref)
    assert client.clock_offset(ENDPOINT) == 0.0


async def test_a_clock_error_that_no_offset_explains_is_told(make_client: MakeClient, ref_at: RefAt) -> None:
    no = refusal(400, "InvalidTimeStamp.Expired", date=formatdate(NOW, usegmt=True))
    async with raw_server(in_turn(no)) as server:
        with pytest.raises(ClockSkewed) as caught:
            await make_client(clock=lambda: NOW).read(ref_at(server.url))
    assert caught.value.offset == 0.0
    assert not caught.value.repeat
    assert len(server.requests) == 1


async def test_each_read_is_one_request_signed_with_what_the_one_before_taught(
    make_client: MakeClient, ref_at: RefAt
) -> None:
    early = refusal(400, "InvalidTimeStamp.Expired", date=formatdate(NOW + 3600, usegmt=True))
    late = refusal(400, "InvalidTimeStamp.Expired", date=formatdate(NOW - 3600, usegmt=True))
    async with raw_server(in_turn(early, late)) as server:
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
    ("no", "kind"),
    [
        (refusal(429, "Throttling.User", retry_after="2"), Throttled),
        (refusal(503, "ServiceUnavailable"), Exception),
        (refusal(400, "SignatureNonceUsed"), Unreachable),
        (refusal(400, "SignatureDoesNotMatch"), SignatureRefused),
    ],
)
async def test_nothing_else_is_worth_a_repetition(
    no: bytes, kind: type[Exception], make_client: MakeClient, ref_at: RefAt, example: bytes
) -> None:
    async with raw_server(in_turn(no, response(example))) as server:
        with pytest.raises(kind) as caught:
            await make_client().read(ref_at(server.url))
    assert not getattr(caught.value, "repeat", False)
    assert len(server.requests) == 1


async def test_one_connection_serves_one_read_after_another(
    make_client: MakeClient, ref_at: RefAt, example: bytes
) -> None:
    ports: set[int] = set()

    async def talk(_: bytes, writer: asyncio.StreamWriter) -> None:
        ports.add(writer.get_extra_info("peername")[1])
        writer.write(response(example))

    client = make_client()
    async with raw_server(talk) as server:
        for _ in range(20):
            await client.read(ref_at(server.url))
        assert len(ports) == 1
        await asyncio.gather(*(client.read(ref_at(server.url)) for _ in range(50)))
    assert len(ports) <= 10


async def test_large_answers_are_read_off_the_event_loop(
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
    async with raw_server(in_turn(response(example), response(large), zipped)) as server:
        for _ in range(3):
            await make_client().read(ref_at(server.url))
    assert threads == [True, False, False]


async def test_answers_that_come_together_leave_the_loop_turns_between_them() -> None:
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


async def test_the_source_may_have_nothing(make_client: MakeClient, ref_at: RefAt) -> None:
    class Empty(Renewing):
        async def get(self) -> Credentials:
            raise CredentialsMissing("Nothing is set.", hint="Set it.")

    with pytest.raises(CredentialsMissing, match="Nothing is set"):
        await make_client(source=Empty()).read(ref_at(ENDPOINT))


async def test_a_source_that_hangs_is_given_up_at_the_deadline(make_client: MakeClient, ref_at: RefAt) -> None:
    class Hanging(Renewing):
        async def get(self) -> Credentials:
            await asyncio.Event().wait()
            raise AssertionError

    with pytest.raises(Unreachable, match=r"within 0\.1 s"):
        await make_client(source=Hanging(), deadline=0.1).read(ref_at(ENDPOINT))


def test_an_account_is_a_source_at_an_endpoint(source: StaticCredentials) -> None:
    client = Client(lambda _: source)
    ref = Ref("https://ververica.cn-hangzhou.aliyuncs.com", "w", "n", "i")
    assert client.account_of(ref) == "static@ververica.cn-hangzhou.aliyuncs.com"
    assert client.credentials_changed(ref) is False
