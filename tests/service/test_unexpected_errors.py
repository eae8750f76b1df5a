"""Unexpected exceptions during a read: each raises InternalError, is reported, and leaves the client usable."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from hottui.model.ref import Ref
from hottui.service.call import Place
from hottui.service.client import Client
from hottui.service.credentials import Credentials, CredentialsSource, StaticCredentials
from hottui.service.credentials_refresh import LibraryCredentials
from hottui.service.errors import ClockSkewed, CredentialsError, InternalError, ServiceError, Unreachable
from tests.service.conftest import MakeClient, RefAt
from tests.service.raw_server import gateway_reply, header_of, raw_server, response, sends_in_turn

NOW = 1_769_851_800.0

DATES = (
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "Mon, 01 Jan 0001 00:00:00 +2359",
    "Mon, 01 Jan 0001 00:00:00 -0000",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Sat, 01 Jan 0000 00:00:00 GMT",
    "Sat, 01 Jan 99999999999999999999 00:00:00 GMT",
    "Sat, 99 Jan 2026 99:99:99 GMT",
    "Sat, 31 Jan 2026 09:30:00 +99999999999",
    "9" * 5000,
    "",
)


async def test_implausible_dates_are_ignored(make_client: MakeClient, ref_at: RefAt, example: bytes) -> None:
    for date in DATES:
        rejection = gateway_reply(400, "InvalidTimeStamp.Expired", date=date, retry_after=date)
        async with raw_server(sends_in_turn(rejection, response(example))) as server:
            client = make_client(clock=lambda: NOW)
            with pytest.raises(ClockSkewed) as caught:
                await client.read(ref_at(server.url))
            assert not caught.value.repeat, date
            assert client.clock_offset(server.url) == 0.0
            await client.read(ref_at(server.url))
        assert header_of(server.requests[1], "x-acs-date") == "2026-01-31T09:30:00Z", date


class Failing:
    """A source that raises a given error."""

    name = "failing"

    def __init__(self, error: BaseException) -> None:
        self._error = error

    async def get(self) -> Credentials:
        raise self._error

    def forget(self) -> None:
        raise self._error

    def changed(self) -> bool:
        raise self._error


class Broken(httpx.AsyncBaseTransport):
    def __init__(self, error: Exception) -> None:
        self._error = error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise self._error


ERRORS = (
    OverflowError("year 10000 is out of range"),
    RecursionError(),
    MemoryError(),
    KeyError("access_key"),
    TimeoutError("the library's own"),
    UnicodeEncodeError("ascii", "é", 0, 1, "ordinal not in range"),
    ExceptionGroup("several", [ValueError()]),
    AssertionError(),
)


async def errors_of(client: Client, ref: Ref) -> tuple[ServiceError, list[BaseException]]:
    """Return what one read raises, and what is reported meanwhile."""
    reported: list[BaseException] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: reported.append(context["exception"]))
    with pytest.raises(ServiceError) as caught:
        await client.read(ref)
    loop.set_exception_handler(None)
    return caught.value, reported


async def test_unexpected_exceptions_raise_internal_error(
    make_client: MakeClient, ref_at: RefAt, example: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = ref_at("http://127.0.0.1")
    for error in ERRORS:

        def no_source(_: Place, error: Exception = error) -> CredentialsSource:
            raise error

        def no_answer(_: bytes, error: Exception = error) -> Any:
            raise error

        clients = [make_client(source=Failing(error)), Client(no_source)]
        if not isinstance(error, TimeoutError):  # an OSError, which a transport may raise
            clients.append(make_client(transport=Broken(error)))
        with monkeypatch.context() as patch:
            patch.setattr("hottui.service.response.read_answer", no_answer)
            clients.append(
                make_client(
                    transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=httpx.ByteStream(example)))
                )
            )
            for client in clients:
                raised, reported = await errors_of(client, ref)
                assert type(raised) is InternalError, error
                assert type(error).__name__ in raised.message
                assert raised.__cause__ is error
                assert reported == [error]


async def test_only_a_cancellation_by_a_library_raises_internal_error(make_client: MakeClient, ref_at: RefAt) -> None:
    error = asyncio.CancelledError()
    raised, reported = await errors_of(make_client(source=Failing(error)), ref_at("http://127.0.0.1"))
    assert type(raised) is InternalError
    assert reported == [error]
    begun = asyncio.Event()

    class Hanging(Failing):
        async def get(self) -> Credentials:
            begun.set()
            await asyncio.Event().wait()
            raise AssertionError

    reading = asyncio.create_task(make_client(source=Hanging(error)).read(ref_at("http://127.0.0.1")))
    await begun.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_account_of_and_credentials_changed_raise_nothing() -> None:
    ref = Ref("https://ververica.cn-hangzhou.aliyuncs.com", "w", "n", "i")
    reported: list[BaseException] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["exception"]))
    error = KeyError("odd")

    def no_source(_: Place) -> CredentialsSource:
        raise error

    assert Client(no_source).account_of(ref) == "unknown@ververica.cn-hangzhou.aliyuncs.com"
    assert not Client(no_source).credentials_changed(ref)
    assert not Client(lambda _: Failing(error)).credentials_changed(ref)
    assert reported == [error, error]


async def test_endpoints_with_invalid_punycode(make_client: MakeClient, ref_at: RefAt) -> None:
    for endpoint in ("https://xn--a", "https://xn--", "https://a.xn--zz--9", "https://ververica.xn--0"):
        with pytest.raises(Unreachable):
            await make_client(deadline=5.0).read(ref_at(endpoint))


@pytest.mark.parametrize(
    "parts",
    [
        (["id"], SecretStr("secret"), None),
        ("id", SecretStr(["x"]), None),  # type: ignore[arg-type]
        ("id", SecretStr(7), None),  # type: ignore[arg-type]
        ("id", SecretStr("secret"), SecretStr({})),  # type: ignore[arg-type]
        (None, SecretStr("secret"), None),
    ],
)
async def test_credentials_of_the_wrong_type_raise_credentials_error(
    parts: tuple[Any, Any, Any], make_client: MakeClient, ref_at: RefAt
) -> None:
    source = StaticCredentials(Credentials(*parts))
    error, reported = await errors_of(make_client(source=source), ref_at("http://127.0.0.1"))
    assert isinstance(error, CredentialsError)
    assert "is not text" in error.message
    assert reported == []


PROFILE = {"name": "p", "mode": "AK", "access_key_id": "an-id", "access_key_secret": "a-secret"}


async def test_aliyun_config_of_any_shape_raises_credentials_error(
    make_client: MakeClient, ref_at: RefAt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
    file = tmp_path / ".aliyun" / "config.json"
    file.parent.mkdir()
    odd: list[Any] = [["hunter2"], {"a": "hunter2"}, 7, True, None, "", "\ud800"]
    profiles: list[Any] = [{**PROFILE, field: value} for field in PROFILE if field != "name" for value in odd]
    tables: list[Any] = ["hunter2", {"p": PROFILE}, [PROFILE, "hunter2"], ["hunter2"], 7, None]
    documents: list[Any] = [{"current": "p", "profiles": [each]} for each in profiles]
    documents += [{"current": "p", "profiles": each} for each in tables] + [[], "hunter2", 7, None]
    async with raw_server(sends_in_turn(gateway_reply(404, "InvalidAccessKeyId.NotFound"))) as server:
        for document in documents:
            file.write_text(json.dumps(document), encoding="utf-8")
            for profile in ("p", None):
                client = make_client(source=LibraryCredentials(profile))
                error, reported = await errors_of(client, ref_at(server.url))
                assert isinstance(error, CredentialsError), (document, error.message)
                assert reported == []
