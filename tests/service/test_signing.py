"""Signatures, compared with the vendor's code and with the requests actually sent."""

import asyncio
import hashlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from hottui.demo.server import serving
from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.demo.simulation import Simulation
from hottui.model.ref import Ref
from hottui.service.credentials import Credentials, StaticCredentials
from hottui.service.operations import GET_RESULT
from hottui.service.signing import (
    EMPTY_SHA256,
    Acs3Auth,
    authorization,
    canonical_query,
    canonical_request,
    is_signed,
    percent_encode,
)
from tests.service.conftest import MakeClient, RefAt
from tests.service.raw_server import header_of, raw_server, response, sends

ODD = ["a~b", "a*b", "a+b", "a:b@c", "100%", "%2F", "a=b&c", "(x)!'$,;", "a.b", "...", "-_.~", "ID" * 60, "[1]{2}|3^`"]

NOW = 1_769_851_800.0  # 2026-01-31T09:30:00Z


def test_percent_encoding_is_rfc_3986() -> None:
    assert percent_encode("az AZ09-._~*+/:@%é") == "az%20AZ09-._~%2A%2B%2F%3A%40%25%C3%A9"


def test_canonical_request_format() -> None:
    headers = {"X-Acs-Date": "  2026-01-31T09:30:00Z ", "host": "h:1"}
    assert canonical_request("GET", "/a", canonical_query([("b", "2 *"), ("a", "~")]), headers, "digest") == (
        "GET\n/a\na=~&b=2%20%2A\nhost:h:1\nx-acs-date:2026-01-31T09:30:00Z\n\nhost;x-acs-date\ndigest"
    )


def test_the_digest_of_an_empty_body() -> None:
    assert hashlib.sha256(b"").hexdigest() == EMPTY_SHA256


VENDOR = """
import json, sys, warnings
warnings.simplefilter("ignore")
from alibabacloud_tea_openapi.utils import Utils
from darabonba.request import DaraRequest
from darabonba.url import Url
out = []
for case in json.load(sys.stdin):
    request = DaraRequest()
    request.method, request.query = case["method"], dict(case["query"])
    encoded = [Url.percent_encode(part) for part in case["parts"]]
    request.pathname = "/api/v2/namespaces/%s/jobs/hot-updates/%s" % tuple(encoded)
    request.headers = case["headers"]
    out.append([request.pathname, Utils.get_authorization(
        request, "ACS3-HMAC-SHA256", case["digest"], case["id"], case["secret"])])
json.dump(out, sys.stdout)
"""


def by_the_vendor(cases: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return path and `Authorization` by the official SDK, run in a process because its import warns and logs."""
    done = subprocess.run(
        [sys.executable, "-c", VENDOR], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    return [(path, signed) for path, signed in json.loads(done.stdout)]


def case(namespace: str, name: str, **over: Any) -> dict[str, Any]:
    headers = {
        "x-acs-version": "2022-07-18",
        "host": "ververica.cn-hangzhou.aliyuncs.com",
        "x-acs-action": "GetHotUpdateJobResult",
        "x-acs-signature-nonce": "0123456789abcdef",
        "x-acs-date": "2026-01-31T09:30:00Z",
        "x-acs-content-sha256": EMPTY_SHA256,
    }
    whole = {"method": "GET", "query": [], "digest": EMPTY_SHA256, "id": "LTAIexample", "secret": "a+secret/="}
    return {**whole, "parts": [namespace, name], "headers": headers, **over}


def cases() -> list[dict[str, Any]]:
    plain = case("default-namespace", "an-id")
    backwards = dict(reversed(plain["headers"].items()))
    body = hashlib.sha256(b'{"a":1}').hexdigest()
    return [
        plain,
        *(case("n", name) for name in ODD),
        *(case(name, "i") for name in ODD),
        case("n", "i", headers=backwards),
        case("n", "i", headers={**plain["headers"], "x-acs-security-token": "CAIS+token/=="}),
        case("n", "i", headers={**plain["headers"], "x-acs-date": "  padded  ", "content-type": "application/json"}),
        case("n", "i", method="POST", digest=body),
        case("n", "i", query=[("b", "x y*~"), ("a", "ü")]),
        case("n", "i", secret="密钥", id="键"),
    ]


def test_signatures_match_the_official_sdk() -> None:
    all_cases = cases()
    for ours, (path, signed) in zip(all_cases, by_the_vendor(all_cases), strict=True):
        assert path_of(*ours["parts"]) == path
        own = authorization(
            ours["method"],
            path,
            canonical_query(ours["query"]),
            ours["headers"],
            ours["digest"],
            access_key_id=ours["id"],
            access_key_secret=ours["secret"],
        )
        assert own == signed, ours


def path_of(namespace: str, job_hot_update_id: str) -> str:
    return GET_RESULT.target({"namespace": namespace, "id": job_hot_update_id})


def signed(credentials: Credentials, *, offset: float = 0.0, body: bytes = b"") -> httpx.Request:
    request = httpx.Request("GET", "https://h.invalid/a%2Ab~?z=1&a=%20", headers={"workspace": "w"}, content=body)
    return next(Acs3Auth(credentials, clock=lambda: NOW, clock_offset=offset).sync_auth_flow(request))


def test_each_request_has_its_own_nonce_and_date() -> None:
    credentials = Credentials("id", SecretStr("secret"))
    auth = Acs3Auth(credentials, clock=iter([NOW, NOW + 1]).__next__)
    request = httpx.Request("GET", "https://h.invalid/")
    seen = []
    for _ in range(2):
        next(auth.sync_auth_flow(request))
        seen.append([request.headers[name] for name in ("x-acs-date", "x-acs-signature-nonce", "authorization")])
    assert seen[0][0] == "2026-01-31T09:30:00Z"
    assert all(one != other for one, other in zip(*seen, strict=True))


def test_the_date_includes_the_clock_offset() -> None:
    request = signed(Credentials("id", SecretStr("secret")), offset=-1800.0)
    date = datetime.strptime(request.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert date.timestamp() == NOW - 1800


def test_signed_headers() -> None:
    names = signed(Credentials("id", SecretStr("s"), SecretStr("token"))).headers["authorization"].split(",")[1]
    assert names == ("SignedHeaders=host;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce")
    assert not is_signed("workspace")
    assert not is_signed("authorization")
    assert is_signed("content-type")


def test_the_digest_of_the_body_is_signed() -> None:
    request = signed(Credentials("id", SecretStr("s")), body=b"{}")
    assert request.headers["x-acs-content-sha256"] == hashlib.sha256(b"{}").hexdigest()


@pytest.mark.parametrize("name", ODD)
async def test_the_path_sent_is_the_path_signed(
    name: str, make_client: MakeClient, ref_at: RefAt, example: bytes
) -> None:
    async with raw_server(sends(response(example))) as server:
        ref = Ref(server.url, "w", name, name)
        await make_client().read(ref)
    head = server.requests[0]
    path = head.split(b" ")[1].decode("ascii")
    assert path == path_of(name, name)
    signed = {
        key: header_of(head, key) or ""
        for key in (header_of(head, "authorization") or "").split("SignedHeaders=")[1].split(",")[0].split(";")
    }
    assert signed["host"] == f"127.0.0.1:{server.port}"
    assert "x-acs-security-token" in signed
    assert header_of(head, "workspace") == "w"
    assert header_of(head, "authorization") == authorization(
        "GET",
        path,
        "",
        signed,
        EMPTY_SHA256,
        access_key_id="an-access-key",
        access_key_secret="a-secret-that-nobody-may-see",
    )


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="/\\"), min_size=1))
def test_httpx_does_not_change_encoded_names(name: str) -> None:
    if name in {".", ".."}:
        return  # rejected before a request is sent
    path = path_of("n", name)
    assert httpx.URL("https://h.invalid" + path).raw_path == path.encode()


async def test_credentials_that_no_header_can_contain_are_rejected(make_client: MakeClient, ref_at: RefAt) -> None:
    from hottui.service.errors import CredentialsRefused

    given_key = StaticCredentials(Credentials("LTAI…", SecretStr("s"), SecretStr("to\nken")))
    async with raw_server(sends(response())) as server:
        with pytest.raises(CredentialsRefused, match="character"):
            await make_client(source=given_key).read(ref_at(server.url))
    assert server.requests == []


def test_plain_httpx_clients_can_use_it_as_their_auth() -> None:
    simulation = Simulation()
    auth = Acs3Auth(Credentials(ACCESS_KEY_ID, SecretStr(ACCESS_KEY_SECRET)))
    headers = {"x-acs-action": GET_RESULT.action, "x-acs-version": GET_RESULT.version}
    with serving(DemoService(simulation)) as endpoint:
        ref = simulation.refs(endpoint)[0]
        path, headers["workspace"] = path_of(ref.namespace, ref.id), ref.workspace
        with httpx.Client(base_url=endpoint, headers=headers, auth=auth) as client:
            responses = [client.get(path), client.get(path)]

        async def read() -> list[httpx.Response]:
            async with httpx.AsyncClient(base_url=endpoint, headers=headers, auth=auth) as client:
                return [await client.get(path), await client.get(path)]

        responses += asyncio.run(read())
    for answer in responses:
        assert (answer.status_code, answer.json()["success"]) == (200, True), answer.text


async def test_the_body_is_read_before_it_is_signed() -> None:
    def digest(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=request.headers["x-acs-content-sha256"])

    async def chunks() -> AsyncIterator[bytes]:
        yield b"{"
        yield b"}"

    auth = Acs3Auth(Credentials("id", SecretStr("s")))
    async with httpx.AsyncClient(transport=httpx.MockTransport(digest), auth=auth) as client:
        answer = await client.post("https://h.invalid/", content=chunks())
    assert answer.text == hashlib.sha256(b"{}").hexdigest()
