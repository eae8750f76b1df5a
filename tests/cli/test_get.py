"""`hottui get` against the demo server and against servers that send invalid responses."""

import gzip
import json
import re
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from hottui.analysis.changes import changes
from hottui.demo.server import serving
from hottui.demo.service import DemoService
from hottui.demo.simulation import SimulatedUpdate, Simulation
from hottui.model.ref import Ref
from hottui.model.result import HotUpdateJobResult
from hottui.service import errors
from hottui.service.call import Response
from hottui.service.response import parse_unless_known

from .conftest import Command, Held, Home, answering, http, lead

KEYS = ["ref", "state", "observed_at", "request_id", "changes", "result", "plan_error"]
VENDOR_PAGE = Path(__file__).parent.parent / "fixtures" / "vendor_example.json"


def answer(data: object, **more: object) -> bytes:
    return http(json.dumps({"requestId": "r-1", "success": True, "httpCode": 200, "data": data, **more}).encode())


def test_json_prints_one_object_per_line(
    hottui: Command, world: Simulation, member: SimulatedUpdate, place: str
) -> None:
    before = time.time() - 1
    outcome = hottui("get", member.id, "-o", "json")
    assert (outcome.code, outcome.err) == (0, "")
    (line,) = outcome.out.splitlines()
    document = json.loads(line)
    assert list(document) == KEYS
    workspace, namespace, name = member.key
    assert document["ref"] == {"endpoint": place, "workspace": workspace, "namespace": namespace, "id": name}
    assert document["state"] == "HOT_UPDATED"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["observed_at"])
    assert document["observed_at"] >= time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(before))
    assert re.fullmatch(r"[0-9A-F-]{36}", document["request_id"])
    assert document["changes"]
    assert document["plan_error"] is None
    served = world.result(*member.key)
    assert served is not None
    assert document["result"]["jobHotUpdateId"] == served["jobHotUpdateId"]


def test_the_plan_is_an_object(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(http(VENDOR_PAGE.read_bytes())) as origin:
        lead(monkeypatch, origin)
        document = json.loads(hottui("get", "123hashd****", "-o", "json").out)
    expert = document["result"]["targetResourceSetting"]["streamingResourceSetting"]["expertResourceSetting"]
    assert [node["id"] for node in expert["resourcePlan"]["nodes"]]
    assert document["plan_error"] is None
    conf = {change["key"]: (change["kind"], change["asked"], change["target"]) for change in document["changes"]}
    assert conf["parallelism"][0] == "parallelism"
    given = json.loads(VENDOR_PAGE.read_text())["data"]["hotUpdateParams"]
    assert {key for key in conf if key != "parallelism"} == set(given["updateJobConfigParam"]["newFlinkConf"])


@pytest.mark.parametrize(
    ("plan", "kept", "error"),
    [
        ('{"nodes": [', '{"nodes": [', "it is not JSON"),
        ([1], [1], "the plan is a list, not an object"),
        ("", "", None),
        (None, None, None),
    ],
)
def test_an_invalid_plan_is_printed_unchanged(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, plan: object, kept: object, error: str | None
) -> None:
    setting = {"streamingResourceSetting": {"expertResourceSetting": {"resourcePlan": plan}}}
    with answering(answer({"jobHotUpdateId": "x1", "targetResourceSetting": setting})) as origin:
        lead(monkeypatch, origin)
        outcome = hottui("get", "x1", "-o", "json")
    document = json.loads(outcome.out)
    assert outcome.code == 0
    streaming = document["result"]["targetResourceSetting"]["streamingResourceSetting"]
    assert streaming["expertResourceSetting"]["resourcePlan"] == kept
    assert document["plan_error"] == error if error is None else error in document["plan_error"]


def test_secrets_are_masked_everywhere(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    conf = {"s3.secret-key": "hunter2-a", "url": "jdbc:mysql://u:hunter2-b@h/db?password=hunter2-c", "plain": "seen"}
    plan = json.dumps({"nodes": [{"id": 1, "name": "sink", "password": "hunter2-d"}], "edges": []})
    data = {
        "jobHotUpdateId": "x1",
        "status": {"status": "FAILED", "failure": {"reason": "r", "message": "token=hunter2-e"}},
        "hotUpdateParams": {"updateJobConfigParam": {"newFlinkConf": conf}},
        "targetResourceSetting": {
            "flinkConf": conf,
            "streamingResourceSetting": {"expertResourceSetting": {"resourcePlan": plan}},
        },
    }
    with answering(answer(data)) as origin:
        lead(monkeypatch, origin)
        as_json, as_table = hottui("get", "x1", "-o", "json"), hottui("get", "x1")
    assert as_json.code == as_table.code == 0
    assert "hunter2" not in as_json.out + as_json.err + as_table.out + as_table.err
    document = json.loads(as_json.out)
    assert {change["key"]: change["target"] for change in document["changes"]}["plain"] == "seen"
    assert document["result"]["targetResourceSetting"]["flinkConf"]["s3.secret-key"] == "••••••"


def test_escape_sequences_from_the_service_are_neutralised(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "\x1b[2J\x07\u202e\n\x9b"
    data = {"jobHotUpdateId": "x1", "jobId": hostile, "status": {"status": hostile}}
    with answering(answer(data), answer(None, success=False, errorCode=hostile, errorMessage=hostile)) as origin:
        lead(monkeypatch, origin)
        outcome, refused = hottui("get", "x1"), hottui("get", "x1")
    assert (outcome.code, refused.code) == (0, 5)
    assert not set("\x1b\x07\u202e\x9b") & set(outcome.out + refused.err)
    assert len(outcome.out.splitlines()) == 2


def test_json_text_from_the_service_is_not_interpreted(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    data = {"jobHotUpdateId": "x1", "status": {"status": "\x1b[2J\n\x9b\u202e"}, "odd": "\ud800"}
    with answering(answer(data)) as origin:
        lead(monkeypatch, origin)
        outcome = hottui("get", "x1", "-o", "json")
    assert len(outcome.out.splitlines()) == 1
    assert not set("\x1b\x9b\u202e") & set(outcome.out)
    assert json.loads(outcome.out)["state"] == "\x1b[2J\n\x9b\u202e"


def test_a_table_of_several(hottui: Command, world: Simulation, member: SimulatedUpdate, place: str) -> None:
    others = [each.id for each in world.updates if each.key[:2] == member.key[:2] and each.spec.lifecycle.state(5)][:3]
    given = "\n".join(others).encode()
    outcome = hottui("get", "-", given=given)
    assert (outcome.code, outcome.err) == (0, "")
    titles, *rows = outcome.out.splitlines()
    assert titles.startswith("STATE")
    assert [next(one for one in others if one in row) for row in rows] == others


def test_successful_readings_are_printed_beside_failures(hottui: Command, member: SimulatedUpdate, place: str) -> None:
    outcome = hottui("get", "nosuch-1", member.id, "nosuch-2", "-o", "json")
    assert outcome.code == 4
    assert [json.loads(line)["ref"]["id"] for line in outcome.out.splitlines()] == [member.id]
    assert "hottui: nosuch-1: " in outcome.err
    assert "hottui: nosuch-2: " in outcome.err


def test_a_wrong_secret_is_exit_code_3(
    hottui: Command, member: SimulatedUpdate, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "not-the-secret")
    outcome = hottui("get", member.id)
    assert (outcome.code, outcome.out) == (3, "")
    assert "not-the-secret" not in outcome.err


def test_an_unknown_key_is_exit_code_3(
    hottui: Command, member: SimulatedUpdate, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "nobody")
    assert hottui("get", member.id).code == 3


def test_missing_credentials_are_exit_code_3(
    hottui: Command, member: SimulatedUpdate, place: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
    home.configure(f'[profiles.p]\nendpoint = "{place}"\nworkspace = "{member.key[0]}"\ncredentials = "environment"\n')
    outcome = hottui("get", member.id)
    assert outcome.code == 3
    assert "ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set." in outcome.err


def test_a_missing_permission_is_exit_code_3(hottui: Command, world: Simulation, place: str) -> None:
    denied = next(each for each in world.updates if each.spec.denied)
    workspace, namespace, name = denied.key
    assert hottui("get", name, "-w", workspace, "-n", namespace).code == 3


def test_an_unknown_id_is_exit_code_4(hottui: Command, place: str) -> None:
    outcome = hottui("get", "nosuch-1")
    assert (outcome.code, outcome.out) == (4, "")
    assert "Hot update not found" in outcome.err


def test_a_refused_connection_is_exit_code_5(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        lead(monkeypatch, f"http://127.0.0.1:{taken.getsockname()[1]}")
        outcome = hottui("get", "x1")
    assert (outcome.code, outcome.out) == (5, "")
    assert "127.0.0.1" in outcome.err


HTML = b"<!DOCTYPE html><html><body>Please sign in</body></html>"
FULL = json.dumps({"success": True, "data": {"jobHotUpdateId": "x1", "status": {"status": "INIT"}}}).encode()
BOMB = http(gzip.compress(b" " * 33 * 2**20)).replace(b"\r\n\r\n", b"\r\ncontent-encoding: gzip\r\n\r\n", 1)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (http(HTML, kind="text/html"), 6),
        (http(FULL[:40]), 6),
        (http(b"[]"), 6),
        (http(b""), 6),
        (BOMB, 6),
        (http(FULL, length=len(FULL) + 100), 5),
        (b"", 5),
        (http(b'{"Code": "ServiceUnavailable", "Message": "m"}', "503 Service Unavailable"), 5),
        (http(b"", "302 Found"), 5),
        (http(b'{"success": false, "errorCode": "Oops", "errorMessage": "m"}'), 5),
        (http(b'{"Code": "Forbidden.RAM", "Message": "m"}', "403 Forbidden"), 3),
    ],
    ids=["html", "cut-json", "list", "empty", "bomb", "cut-off", "closed", "503", "redirect", "says-no", "ram"],
)
def test_invalid_responses_are_reported(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, reply: bytes, code: int
) -> None:
    with answering(reply) as origin:
        lead(monkeypatch, origin)
        outcome = hottui("get", "x1", "-o", "json")
    assert (outcome.code, outcome.out) == (code, ""), outcome.err
    assert outcome.err.startswith("hottui: x1: ")


def test_the_largest_exit_code_is_returned(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = http(b'{"success": false, "errorCode": "HotUpdateNotFound", "errorMessage": "m"}')
    about_any = http(FULL.replace(b"x1", b""))
    with answering(missing, http(HTML, kind="text/html"), http(b"", "503 Service Unavailable"), about_any) as origin:
        lead(monkeypatch, origin)
        outcome = hottui("get", "x1", "x2", "x3", "x4", "-o", "json")
    assert outcome.code == 6
    assert len(outcome.out.splitlines()) == 1


def test_every_error_has_a_code() -> None:
    kinds, codes = [errors.ServiceError], {}
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        codes[kind.__name__] = kind("x").exit_code
    assert codes == {
        "ServiceError": 5,
        "CredentialsError": 3,
        "CredentialsMissing": 3,
        "CredentialsRefused": 3,
        "SignatureRefused": 3,
        "ClockSkewed": 3,
        "PermissionDenied": 3,
        "NotFound": 4,
        "Throttled": 5,
        "Unavailable": 5,
        "Unreachable": 5,
        "TimedOut": 5,
        "Unreadable": 6,
        "OtherAnswer": 6,
        "InternalError": 1,
    }


def test_an_answer_about_another_id_is_reported_and_not_printed(
    hottui: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(http(FULL)) as origin:
        lead(monkeypatch, origin)
        other, same = hottui("get", "x2", "-o", "json"), hottui("get", "X1", "-o", "json")
    assert (other.code, other.out) == (6, "")
    assert "hottui: x2: The answer is about another hot update (x1) than x2." in other.err
    assert same.code == 0, "IDs are compared case-insensitively"


def test_a_failure_is_reported_with_its_request_id(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    no = b'{"Code": "%s", "Message": "m", "RequestId": "R-17"}'
    answers = [http(no % b"Forbidden.RAM", "403 Forbidden"), http(no % b"InternalError", "500 Internal Server Error")]
    with answering(*answers) as origin:
        lead(monkeypatch, origin)
        for _ in answers:
            assert hottui("get", "x1").err.count("R-17") == 1


def test_an_internal_error_in_one_read_is_reported_and_the_others_are_printed(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, member: SimulatedUpdate, place: str
) -> None:
    def failing(response: Response, *, asked: str, known: bytes) -> Any:
        if asked == "x1":
            raise ZeroDivisionError
        return parse_unless_known(response, asked=asked, known=known)

    monkeypatch.setattr("hottui.service.client.parse_unless_known", failing)
    outcome = hottui("get", "x1", member.id, "-o", "json")
    assert outcome.code == 1
    assert [json.loads(line)["ref"]["id"] for line in outcome.out.splitlines()] == [member.id]
    assert "hottui: x1: Internal error in hottui or a library (ZeroDivisionError) during this read." in outcome.err
    assert "Report: " in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("output", ["json", "table"])
def test_an_answer_that_cannot_be_shown_is_reported_and_the_others_are_printed(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    def failing(result: HotUpdateJobResult) -> Any:
        if result.state == "ODD":
            raise ZeroDivisionError
        return changes(result)

    monkeypatch.setattr("hottui.analysis.changes.changes", failing)
    monkeypatch.setattr("hottui.analysis.answer_summary.changes", failing)
    odd, good = ({"status": {"status": state}, "jobId": f"job-{state}"} for state in ("ODD", "INIT"))
    with answering(answer(odd), answer(good)) as origin:
        lead(monkeypatch, origin)
        outcome = hottui("get", "x1", "x2", "-o", output)
    assert outcome.code == 1
    assert "Internal error (ZeroDivisionError): the answer cannot be shown." in outcome.err
    assert "Report: " in outcome.err
    assert "job-INIT" in outcome.out
    assert "job-ODD" not in outcome.out


def test_reads_of_many_ids_stay_within_the_rate_budget(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    world = Simulation(size=200)
    members = [each for each in world.updates if each.spec.lifecycle.state(0) and not each.spec.denied]
    place = members[0].key[:2]
    ids = [each.id for each in members if each.key[:2] == place][:15]
    service = DemoService(world, latency=0.3)
    with serving(service) as origin:
        lead(monkeypatch, origin, workspace=place[0], namespace=place[1])
        began = time.monotonic()
        outcome = hottui("get", *ids, "-o", "json")
        seconds = time.monotonic() - began
    assert outcome.code == 0, outcome.err
    assert [json.loads(line)["ref"]["id"] for line in outcome.out.splitlines()] == ids
    assert service.counters.requests == 15
    assert seconds > 1.4  # ten per second; limited by concurrency alone, it would take 0.6 s
    assert service.counters.max_in_flight <= 8


@pytest.mark.parametrize("command", [("get",), ()], ids=["get", "listing"])
def test_nothing_more_is_sent_with_a_rejected_key(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    service = DemoService(Simulation())
    with serving(service) as origin:
        lead(monkeypatch, origin, key=("unknown", "key"))
        outcome = hottui(*command, *(f"x{number}" for number in range(30)))
    assert outcome.code == 3
    assert outcome.err.count("x29: " if command else "30 hot updates: ") == 1
    assert 0 < service.counters.requests <= 8


def test_a_throttled_read_is_retried(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = http(b'{"Code": "Throttling.User", "Message": "m"}', "429 Too Many Requests").replace(
        b"\r\n\r\n", b"\r\nretry-after: 1\r\n\r\n", 1
    )
    began = time.monotonic()
    with answering(slow, http(FULL)) as origin:
        lead(monkeypatch, origin)
        outcome = hottui("get", "x1", "-o", "json")
    assert outcome.code == 0
    assert "Retrying in 1 s." in outcome.err
    assert time.monotonic() - began >= 0.9


def test_the_ref_is_the_requested_one(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(http(FULL)) as origin:
        lead(monkeypatch, "http://localhost:1", workspace="of-env")
        document = json.loads(hottui("get", "x1", "-o", "json", "--endpoint", origin, "-w", "w", "-n", "n").out)
    assert Ref(**document["ref"]) == Ref(origin, "w", "n", "x1")


THROTTLED = b'{"Code": "Throttling.User", "Message": "m", "RequestId": "R-1"}'


def throttled(wait: str) -> bytes:
    """Return a raw response that requests a wait of `wait` seconds."""
    head = f"HTTP/1.1 429 Too Many Requests\r\nretry-after: {wait}\r\ncontent-length: {len(THROTTLED)}\r\n"
    return head.encode() + b"content-type: application/json\r\nconnection: close\r\n\r\n" + THROTTLED


@pytest.mark.parametrize("command", [("get",), ("graph",), ("get", "--timeout", "20"), ()], ids=" ".join)
def test_a_wait_longer_than_the_timeout_is_not_started(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    with answering(throttled("181")) as origin:
        lead(monkeypatch, origin)
        began = time.monotonic()
        outcome = hottui(*command, "x1")
    assert outcome.code == 5
    assert time.monotonic() - began < 120.0
    assert "retry after 181 s" in outcome.err
    assert ("--timeout" if command else "too long to wait") in outcome.err


def test_several_ids_time_out_together(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(throttled("181")) as origin:
        lead(monkeypatch, origin)
        began = time.monotonic()
        outcome = hottui("get", *(f"x{number}" for number in range(40)))
    assert outcome.code == 5
    assert time.monotonic() - began < 120.0
    assert outcome.err.count("--timeout is 30 s") == 40


def test_a_wait_is_reported_when_it_begins(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(throttled("2"), answer({"jobHotUpdateId": "x1", "status": {"status": "INIT"}})) as origin:
        lead(monkeypatch, origin)
        outcome = hottui("get", "x1")
    assert outcome.code == 0
    assert "retry after 2 s" in outcome.err
    assert "Retrying in 2 s." in outcome.err


def test_a_read_that_hangs_ends_at_the_timeout(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held()
    with answering(answer({"jobHotUpdateId": "x1"}), held=held) as origin:
        lead(monkeypatch, origin)
        began = time.monotonic()
        outcome = hottui("get", "x1", "--timeout", "0.5")
    assert outcome.code == 5
    assert "No answer within 0.5 s." in outcome.err
    assert time.monotonic() - began < 30.0


@pytest.mark.parametrize("timeout", ["0", "-1", "soon", "nan", "1e9"])
def test_an_invalid_timeout_is_rejected(hottui: Command, timeout: str) -> None:
    outcome = hottui("get", "x1", "--timeout", timeout)
    assert outcome.code == 2
    assert "number of seconds from 0.1 to 86400" in outcome.err
