"""Error codes of the gateway and the service, and the errors they are mapped to."""

import json
from email.utils import formatdate
from typing import Any

import pytest

from hottui.model.result import Envelope
from hottui.service.error_body import read_error_body
from hottui.service.error_codes import gateway_error, service_error
from hottui.service.errors import (
    LONGEST_REQUEST_ID,
    ClockSkewed,
    CredentialsRefused,
    NotFound,
    PermissionDenied,
    ServiceError,
    SignatureRefused,
    Throttled,
    Unavailable,
    Unreachable,
)
from hottui.service.operations import GET_JOB

NOW = 1_769_851_800.0
TOKEN = "CAISabc+/token=="
SECRET = "an-access-key-secret"


def gateway(status: int, code: str, message: str = "", **headers: str) -> ServiceError:
    body = json.dumps({"RequestId": "R-1", "HostId": "h", "Code": code, "Message": message, "Recommend": "u"}).encode()
    fields = {name.replace("_", "-"): text for name, text in headers.items()}
    return gateway_error(status, fields, body, now=NOW, secrets=(SECRET, TOKEN))


def service(**fields: Any) -> ServiceError:
    envelope = Envelope.model_validate({"requestId": "R-1", "success": False, **fields})
    return service_error(envelope, {}, now=NOW, secrets=(SECRET, TOKEN))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "SignatureDoesNotMatch", SignatureRefused),
        (400, "IncompleteSignature", SignatureRefused),
        (400, "InvalidTimeStamp.Expired", ClockSkewed),
        (400, "InvalidTimeStamp.Format", ClockSkewed),
        (400, "SignatureNonceUsed", Unreachable),
        (404, "InvalidAccessKeyId.NotFound", CredentialsRefused),
        (403, "InvalidAccessKeyId.Inactive", CredentialsRefused),
        (400, "InvalidSecurityToken.Expired", CredentialsRefused),
        (400, "InvalidSecurityToken.Malformed", CredentialsRefused),
        (400, "InvalidSecurityToken.MismatchWithAccessKey", CredentialsRefused),
        (400, "MissingSecurityToken", CredentialsRefused),
        (403, "NoPermission", PermissionDenied),
        (403, "Forbidden.RAM", PermissionDenied),
        (403, "SomethingNew", PermissionDenied),
        (429, "Throttling", Throttled),
        (400, "Throttling.User", Throttled),
        (400, "Throttling.Api", Throttled),
        (429, "SomethingNew", Throttled),
        (503, "ServiceUnavailable", Unavailable),
        (500, "InternalError", Unavailable),
        (500, "EntityNotFound.InTheDatabase", NotFound),
        (404, "InvalidAction.NotFound", Unavailable),
        (404, "HotUpdateNotFound", NotFound),
        (400, "SomethingNew", Unavailable),
        (401, "SomethingNew", PermissionDenied),
        (404, "990301", NotFound),
    ],
)
def test_gateway_error_codes(status: int, code: str, kind: type[ServiceError]) -> None:
    error = gateway(status, code, "A word from the gateway.")
    assert type(error) is kind
    assert (error.request_id, error.code) == ("R-1", code)
    assert error.message.endswith(f"({code} – A word from the gateway).")
    assert error.hint


SPELLED: dict[type[ServiceError], tuple[str, ...]] = {
    PermissionDenied: (
        "NO_PERMISSION", "no_permission", "no-permission", "No Permission", "NOPERMISSION", "NoPermission",
        "PERMISSION_DENIED", "permission-denied", "ACCESS_DENIED", "Access-Denied", "FORBIDDEN", "FORBIDDEN_RAM",
        "NOT_AUTHORIZED", "not-authorised", "UNAUTHORIZED", "UN_AUTHORIZED", "NO_PRIVILEGE", "INSUFFICIENT_PRIVILEGES",
        "INSUFFICIENT_PERMISSIONS", "MISSING_PERMISSION", "USER_HAS_NO_PERMISSION", "NO_AUTH", "STREAM.NO_PERMISSION",
    ),
    NotFound: ("HOT_UPDATE_NOT_FOUND", "hot-update-not-found", "NOT_EXIST", "JOB_NOT_EXISTS", "NO_SUCH_JOB", "990301"),
    Throttled: ("THROTTLING_USER", "throttling-user", "TOO_MANY_REQUESTS", "REQUEST_LIMIT_EXCEEDED", "FLOW_CONTROL"),
    CredentialsRefused: ("INVALID_ACCESS_KEY_ID", "invalid-security-token.expired", "SECURITY_TOKEN_EXPIRED"),
    SignatureRefused: ("SIGNATURE_DOES_NOT_MATCH", "signature-does-not-match"),
    ClockSkewed: ("INVALID_TIMESTAMP_EXPIRED", "Invalid-Time-Stamp.Expired", "REQUEST_TIME_TOO_SKEWED"),
    Unavailable: ("PERMISSION_SERVICE_UNAVAILABLE", "990001", "SOMETHING_NEW", "_", "-"),
}  # fmt: skip


def test_codes_are_matched_regardless_of_separators() -> None:
    for kind, codes in SPELLED.items():
        for code in codes:
            for error in (gateway(400, code, "m"), service(errorCode=code, errorMessage="m")):
                assert type(error) is kind, code
                assert f"({code} – m)" in error.message
                assert error.code == code


@pytest.mark.parametrize("message", ["NO_PERMISSION", "user: no-permission to read", "PERMISSION_DENIED by policy"])
def test_messages_are_matched_regardless_of_separators(message: str) -> None:
    assert type(service(errorCode="7", errorMessage=message)) is PermissionDenied


@pytest.mark.parametrize("code", [990301, "990301", 990001])
def test_numeric_codes_are_shown_with_their_message(code: object) -> None:
    body = json.dumps({"Code": code, "Message": "Gone.", "RequestId": 17}).encode()
    for error in (service(errorCode=code, errorMessage="Gone."), gateway_error(400, {}, body, now=NOW)):
        assert f"({code} – Gone)." in error.message
        assert error.code == str(code)


def test_the_request_id_comes_from_the_body_or_from_the_header() -> None:
    header = {"x-acs-request-id": "R-HEADER"}
    for status, body, expected in (
        (500, b'{"Code": "Odd", "RequestId": "R-BODY"}', "R-BODY"),
        (500, b'{"Code": "Odd", "RequestId": ""}', "R-HEADER"),
        (503, b"<Error><Code>Odd</Code></Error>", "R-HEADER"),
    ):
        error = gateway_error(status, header, body, now=NOW)
        assert error.request_id == expected
        assert f"contact support with request ID {expected}" in error.hint
    assert "request ID" not in gateway_error(500, {}, b'{"Code": "Odd"}', now=NOW).hint
    long = gateway_error(500, {"x-acs-request-id": "R" * 5000}, b'{"Code": "Odd"}', now=NOW)
    assert len(long.request_id) <= LONGEST_REQUEST_ID


def test_xml_error_bodies() -> None:
    body = (
        b'<?xml version="1.0" encoding="UTF-8"?><Error><RequestId>R-2</RequestId><HostId>h</HostId>'
        b"<Code>Throttling.User</Code><Message>Request was denied &amp; more\n</Message></Error>"
    )
    error = gateway_error(400, {}, body, now=NOW)
    assert type(error) is Throttled
    assert error.request_id == "R-2"
    assert "denied & more" in error.message


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"httpCode": 403, "errorCode": "900001"}, PermissionDenied),
        ({"errorCode": "NoPermission"}, PermissionDenied),
        ({"errorCode": "1", "errorMessage": "user has no permission to access namespace"}, PermissionDenied),
        ({"errorCode": "1", "errorMessage": "当前用户没有权限"}, PermissionDenied),
        ({"httpCode": 404, "errorCode": "900002"}, NotFound),
        ({"errorCode": "JobHotUpdateNotFound"}, NotFound),
        ({"errorCode": "1", "errorMessage": "Hot update 12 does not exist"}, NotFound),
        ({"errorCode": "1", "errorMessage": "JobHotUpdate [x] not found"}, NotFound),
        ({"errorCode": "1", "errorMessage": "namespace default could not be found"}, NotFound),
        ({"errorCode": "1", "errorMessage": "热更新不存在"}, NotFound),
        ({"errorCode": "Throttling.User"}, Throttled),
        ({"httpCode": 429}, Throttled),
        ({"httpCode": 500, "errorCode": "990001", "errorMessage": "host not found in the cluster"}, Unavailable),
        ({"errorCode": "1", "errorMessage": "something broke"}, Unavailable),
        ({"errorCode": '""', "errorMessage": '""'}, Unavailable),
        ({}, Unavailable),
    ],
)
def test_service_error_codes(fields: dict[str, Any], kind: type[ServiceError]) -> None:
    error = service(**fields)
    assert type(error) is kind, error.message
    assert error.request_id == "R-1"
    assert '""' not in error.message


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"x-acs-retry-after": "1500"}, 1.5),
        ({"x-acs-retry-after": "1500", "retry-after": "60"}, 1.5),
        ({"retry-after": formatdate(NOW + 7, usegmt=True)}, 7.0),
        ({"retry-after": formatdate(NOW - 7, usegmt=True)}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "9" * 400}, None),
        ({"x-acs-retry-after": "", "retry-after": "2"}, 2.0),
    ],
)
def test_the_wait_of_a_throttled_response(headers: dict[str, str], wait: float | None) -> None:
    error = gateway(429, "Throttling.User", **{name.replace("-", "_"): text for name, text in headers.items()})
    assert isinstance(error, Throttled)
    assert error.wait == wait


def test_the_hint_of_throttling_is_what_hottui_does_about_it() -> None:
    for body in (b'{"Code": "Throttling.User"}', b"<html>"):
        assert gateway_error(429, {}, body, now=NOW).hint.endswith("hottui polls more slowly for a while.")
        job = gateway_error(429, {}, body, now=NOW, operation=GET_JOB)
        assert job.hint.endswith("hottui pauses requests about jobs.")


@pytest.mark.parametrize(
    ("hint", "words"),
    [("2.5", "2.5 s"), ("999", "999 s"), ("7200", "2.0 h"), ("Fri, 31 Dec 9999 23:59:59 GMT", "over 1,000 h")],
)
def test_long_waits_are_shown_in_readable_units(hint: str, words: str) -> None:
    assert f"retry after {words} (" in gateway(429, "Throttling.User", "m", retry_after=hint).message


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(1800.0, "30 min behind"), (-5400.0, "90 min ahead"), (86_400.0, "24.0 h behind"), (-70.0, "70 s ahead")],
)
def test_clock_skew_is_measured(ahead: float, words: str) -> None:
    error = gateway(400, "InvalidTimeStamp.Expired", date=formatdate(NOW + ahead, usegmt=True))
    assert isinstance(error, ClockSkewed)
    assert error.offset == ahead
    assert f"is {words}" in error.message


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Foo 2026 00:00:00 GMT", "\x00"])
def test_clock_skew_without_a_usable_date(date: str) -> None:
    error = gateway(400, "InvalidTimeStamp.Expired", date=date)
    assert isinstance(error, ClockSkewed)
    assert error.offset is None
    assert "differs from the service's" in error.message


@pytest.mark.parametrize(
    "message",
    [
        "Specified signature is not matched with our calculation. server string to sign is:ACS3-HMAC-SHA256\nabc",
        f"Mismatch. CanonicalRequest: GET\n/api\n\nx-acs-security-token:{TOKEN}\n\nhost",
        f"server canonical request is [GET|/api||x-acs-security-token:{TOKEN}|]",
        f"token {TOKEN} of {SECRET}",
        "x-acs-security-token:OTHERTOKENthatnobodyknows+/== is bad",
        "Authorization: ACS3-HMAC-SHA256 Credential=LTAIkey,SignedHeaders=host,Signature=0123456789abcdef0123456789",
    ],
)
def test_echoed_requests_are_masked(message: str) -> None:
    error = gateway(400, "SignatureDoesNotMatch", message)
    text = repr(error) + error.message + error.hint
    for secret in (TOKEN, SECRET, "OTHERTOKEN", "GET", "0123456789abcdef", "\n"):
        assert secret not in text


def test_control_characters_of_the_service_are_made_visible() -> None:
    error = service(errorCode="\x1b[2J[red]", errorMessage="a\r\nb\u202ec" + "x" * 5000)
    assert "␛[2J[red] – a␍␊b⟨U+202E⟩c" in error.message
    assert len(error.message) < 450


def test_error_bodies_in_gb18030() -> None:
    text = '{"Code": "Odd", "Message": "服务不可用"}'
    assert read_error_body(text.encode("gbk")).message == read_error_body(text.encode()).message == "服务不可用"
    long = "<Code>Odd</Code><Message>看</Message>".encode() + "看".encode() * 64 * 1024
    assert read_error_body(long).message == "看", "truncated within a character"


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{}", b'{"Code": [1]}', b'{"Code": true}', b"<html>", b"\xff\xfe", b"{" * 9999]
)
def test_bodies_without_an_error(body: bytes) -> None:
    assert not read_error_body(body)
    assert type(gateway_error(500, {}, body, now=NOW)) is Unreachable
