"""The gateway accepts and rejects requests like the vendor's."""

import hashlib
import hmac
import re
from xml.etree import ElementTree

import httpx
import pytest

from hottui.demo.gateway import TOLERANCE, Account
from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.demo.simulation import Simulation
from hottui.model.ref import Ref

from .conftest import ENDPOINT, START, Caller, Clock, code_of, signed_by

ACCOUNTS = (
    Account("switched-off", "off", active=False),
    Account("temporary", "sts", security_token="token-of-the-hour", expires=START + 3600),
    Account("no-policy", "ram", permitted=False),
)


@pytest.fixture
def caller(simulation: Simulation) -> Caller:
    return Caller(DemoService(simulation, accounts=ACCOUNTS))


@pytest.fixture
def ref(simulation: Simulation) -> Ref:
    return simulation.refs(ENDPOINT)[0]


async def test_a_signed_request_returns_the_result(simulation: Simulation, caller: Caller, ref: Ref) -> None:
    response = await caller.get(ref)
    assert response.status_code == 200
    body = response.json()
    assert (body["success"], body["httpCode"], body["errorCode"], body["errorMessage"]) == (True, 200, '""', '""')
    assert body["data"] == simulation.result(ref.workspace, ref.namespace, ref.id)
    assert response.headers["x-acs-request-id"] == body["requestId"]
    assert response.headers["date"] == "Mon, 21 Sep 2026 14:13:20 GMT"


def independent_authorization(request: httpx.Request, secret: str) -> str:
    """Compute the signature step by step, without hottui's code."""
    signed = {k: v for k, v in request.headers.items() if k == "host" or k.startswith("x-acs-")}
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    empty = hashlib.sha256(b"").hexdigest()
    canonical = f"GET\n{request.url.raw_path.decode()}\n\n{lines}\n{names}\n{empty}"
    to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    digest = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"ACS3-HMAC-SHA256 Credential={ACCESS_KEY_ID},SignedHeaders={names},Signature={digest}"


def prepared(caller: Caller, ref: Ref, nonce: str, **headers: str) -> httpx.Request:
    return caller.request(ref, x_acs_date="2026-09-21T14:13:20Z", x_acs_signature_nonce=nonce, **headers)


async def test_the_check_accepts_a_manually_computed_signature(caller: Caller, ref: Ref) -> None:
    request = prepared(caller, ref, "by-hand")
    request.headers["authorization"] = independent_authorization(request, ACCESS_KEY_SECRET)
    assert (await caller.send(request)).json()["success"] is True


async def test_gateway_headers_must_be_signed(caller: Caller, ref: Ref) -> None:
    request = prepared(caller, ref, "smuggled")
    request.headers["authorization"] = independent_authorization(request, ACCESS_KEY_SECRET)
    request.headers["x-acs-extra"] = "not signed"
    assert code_of(await caller.send(request)) == "SignatureDoesNotMatch"


async def test_the_signed_digest_must_match_the_body(caller: Caller, ref: Ref) -> None:
    request = prepared(caller, ref, "digest", x_acs_content_sha256="0" * 64)
    request.headers["authorization"] = independent_authorization(request, ACCESS_KEY_SECRET)
    assert code_of(await caller.send(request)) == "SignatureDoesNotMatch"


async def test_a_changed_path_invalidates_the_signature(simulation: Simulation, caller: Caller, ref: Ref) -> None:
    other = simulation.refs(ENDPOINT)[1]
    signed = caller.signed(ref)
    moved = caller.request(other)
    moved.headers.update({k: v for k, v in signed.headers.items() if k.startswith("x-acs-") or k == "authorization"})
    assert code_of(await caller.send(moved)) == "SignatureDoesNotMatch"


async def test_names_with_special_characters_are_signed_encoded(caller: Caller, ref: Ref) -> None:
    odd = Ref(ENDPOINT, ref.workspace, "name space*~", "id:with@odd%chars+")
    assert code_of(await caller.get(odd)) == "HotUpdateNotFound"


@pytest.mark.parametrize("ahead", [-TOLERANCE, 0.0, TOLERANCE])
async def test_a_clock_skew_of_15_minutes_is_accepted(caller: Caller, ref: Ref, ahead: float) -> None:
    assert (await caller.get(ref, ahead=ahead)).json()["success"] is True


@pytest.mark.parametrize("ahead", [-TOLERANCE - 1, TOLERANCE + 1])
async def test_a_larger_clock_skew_is_rejected(caller: Caller, ref: Ref, ahead: float) -> None:
    response = await caller.get(ref, ahead=ahead)
    assert (response.status_code, code_of(response)) == (400, "InvalidTimeStamp.Expired")
    assert response.headers["date"]


async def test_a_nonce_can_be_used_once(simulation: Simulation, caller: Caller, ref: Ref) -> None:
    request = caller.signed(ref)
    assert (await caller.send(request)).json()["success"] is True
    assert code_of(await caller.send(request)) == "SignatureNonceUsed"


async def test_a_nonce_stays_used_while_its_date_is_valid(
    simulation: Simulation, caller: Caller, ref: Ref, clock: Clock
) -> None:
    request = caller.signed(ref, ahead=TOLERANCE)
    assert (await caller.send(request)).json()["success"] is True
    clock.now += 2 * TOLERANCE
    await caller.get(ref)
    assert code_of(await caller.send(request)) == "SignatureNonceUsed"
    clock.now += 1
    assert code_of(await caller.send(request)) == "InvalidTimeStamp.Expired"


async def test_an_invalid_signature_does_not_use_up_the_nonce(simulation: Simulation, caller: Caller, ref: Ref) -> None:
    request = caller.signed(ref)
    good = request.headers["authorization"]
    request.headers["authorization"] = re.sub("Signature=....", "Signature=0000", good)
    assert code_of(await caller.send(request)) == "SignatureDoesNotMatch"
    request.headers["authorization"] = good
    assert (await caller.send(request)).json()["success"] is True


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        (signed_by(ACCESS_KEY_ID, "wrong"), 400, "SignatureDoesNotMatch"),
        (signed_by("unknown", "x"), 404, "InvalidAccessKeyId.NotFound"),
        (signed_by("switched-off", "off"), 403, "InvalidAccessKeyId.Inactive"),
        (signed_by("no-policy", "ram"), 403, "Forbidden.RAM"),
        (signed_by("temporary", "sts", "another-token"), 400, "InvalidSecurityToken.Malformed"),
        (signed_by("temporary", "sts"), 400, "InvalidSecurityToken.Malformed"),
        (signed_by("temporary", "sts", "token-of-the-hour"), 200, ""),
    ],
)
async def test_each_key_has_its_own_answer(caller: Caller, ref: Ref, key: object, status: int, code: str) -> None:
    response = await caller.get(ref, key=key)  # type: ignore[arg-type]
    assert (response.status_code, code_of(response)) == (status, code)


async def test_a_token_expires(caller: Caller, ref: Ref, clock: Clock) -> None:
    clock.now += 3600
    response = await caller.get(ref, key=signed_by("temporary", "sts", "token-of-the-hour"))
    assert code_of(response) == "InvalidSecurityToken.Expired"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"authorization": ""}, "IncompleteSignature"),
        ({"authorization": "Bearer x"}, "IncompleteSignature"),
        ({"x-acs-signature-nonce": ""}, "MissingParameter"),
        ({"x-acs-date": "yesterday"}, "InvalidTimeStamp.Format"),
        ({"x-acs-action": "GetJob"}, "InvalidAction.NotFound"),
        ({"x-acs-version": "2020-01-01"}, "InvalidAction.NotFound"),
        ({"x-acs-content-sha256": "0" * 64}, "SignatureDoesNotMatch"),
    ],
)
async def test_malformed_headers_are_named(
    simulation: Simulation, caller: Caller, ref: Ref, headers: dict[str, str], code: str
) -> None:
    request = caller.signed(ref)
    request.headers.update(headers)
    assert code_of(await caller.send(request)) == code


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/api/v2/namespaces/a/jobs/hot-updates/", 404),
        ("GET", "/api/v2/namespaces//jobs/hot-updates/x", 404),
        ("GET", "/api/v2/namespaces/a/jobs/hot-updates/x/y", 404),
        ("POST", "/api/v2/namespaces/a/jobs/hot-updates/x", 405),
    ],
)
async def test_other_paths_and_methods_are_rejected(caller: Caller, method: str, path: str, status: int) -> None:
    request = httpx.Request(method, ENDPOINT + path, headers={"accept": "application/json"})
    assert (await caller.send(request)).status_code == status


async def test_an_error_is_json_or_xml_depending_on_the_accept_header(caller: Caller, ref: Ref) -> None:
    as_json = await caller.get(ref, key=signed_by(ACCESS_KEY_ID, "wrong"))
    assert set(as_json.json()) == {"RequestId", "HostId", "Code", "Message", "Recommend"}
    as_xml = await caller.get(ref, key=signed_by(ACCESS_KEY_ID, "wrong"), accept="*/*")
    assert as_xml.headers["content-type"].startswith("text/xml")
    root = ElementTree.fromstring(as_xml.content)
    assert {part.tag for part in root} == {"RequestId", "HostId", "Code", "Message", "Recommend"}
    assert root.findtext("Code") == "SignatureDoesNotMatch"


async def test_a_rejected_signature_echoes_the_token_like_the_vendors_gateway(caller: Caller, ref: Ref) -> None:
    response = await caller.get(ref, key=signed_by("temporary", "wrong", "token-of-the-hour"))
    assert "token-of-the-hour" in response.json()["Message"]


async def test_service_errors_have_status_200(simulation: Simulation, caller: Caller, ref: Ref) -> None:
    denied = next(r for r in simulation.refs(ENDPOINT) if simulation.denies(r.workspace, r.namespace, r.id))
    refs = {
        "NoPermission": denied,
        "HotUpdateNotFound": Ref(ENDPOINT, ref.workspace, ref.namespace, "no-such-id"),
        "MissingWorkspace": Ref(ENDPOINT, "", ref.namespace, ref.id),
    }
    for code, each in refs.items():
        response = await caller.get(each)
        body = response.json()
        assert (response.status_code, body["success"], body["errorCode"]) == (200, False, code)
        assert not body["data"]


async def test_an_id_of_another_workspace_is_not_found(caller: Caller, ref: Ref) -> None:
    assert code_of(await caller.get(Ref(ENDPOINT, "elsewhere", ref.namespace, ref.id))) == "HotUpdateNotFound"


async def test_every_request_has_its_own_id(caller: Caller, ref: Ref) -> None:
    ids = {(await caller.get(ref)).json()["requestId"] for _ in range(5)}
    assert len(ids) == 5
