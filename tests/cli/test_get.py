"""`hottui get` against the served demo and against peers that answer badly."""

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
from hottui.service.response import read_exchange

from .conftest import Command, Held, Home, answering, http, lead

KEYS = ["ref", "state", "observed_at", "request_id", "changes", "result", "plan_error"]
VENDOR_PAGE = Path(__file__).parent.parent / "fixtures" / "vendor_example.json"


def answer(data: object, **more: object) -> bytes:
    return http(json.dumps({"requestId": "r-1", "success": True, "httpCode": 200, "data": data, **more}).encode())


def test_one_object_a_line(hottui: Command, world: Simulation, member: SimulatedUpdate, place: str) -> None:
    before = time.time() - 1
    said = hottui("get", member.id, "-o", "json")
    assert (said.code, said.err) == (0, "")
    (line,) = said.out.splitlines()
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
def test_a_plan_that_is_none_stays_as_it_came(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, plan: object, kept: object, error: str | None
) -> None:
    setting = {"streamingResourceSetting": {"expertResourceSetting": {"resourcePlan": plan}}}
    with answering(answer({"jobHotUpdateId": "x1", "targetResourceSetting": setting})) as origin:
        lead(monkeypatch, origin)
        said = hottui("get", "x1", "-o", "json")
    document = json.loads(said.out)
    assert said.code == 0
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


def test_text_of_the_service_does_nothing_to_a_terminal(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "\x1b[2J\x07\u202e\n\x9b"
    data = {"jobHotUpdateId": "x1", "jobId": hostile, "status": {"status": hostile}}
    with answering(answer(data), answer(None, success=False, errorCode=hostile, errorMessage=hostile)) as origin:
        lead(monkeypatch, origin)
        said, refused = hottui("get", "x1"), hottui("get", "x1")
    assert (said.code, refused.code) == (0, 5)
    assert not set("\x1b\x07\u202e\x9b") & set(said.out + refused.err)
    assert len(said.out.splitlines()) == 2


def test_json_of_the_service_stays_data(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    data = {"jobHotUpdateId": "x1", "status": {"status": "\x1b[2J\n\x9b\u202e"}, "odd": "\ud800"}
    with answering(answer(data)) as origin:
        lead(monkeypatch, origin)
        said = hottui("get", "x1", "-o", "json")
    assert len(said.out.splitlines()) == 1
    assert not set("\x1b\x9b\u202e") & set(said.out)
    assert json.loads(said.out)["state"] == "\x1b[2J\n\x9b\u202e"


def test_a_table_of_several(hottui: Command, world: Simulation, member: SimulatedUpdate, place: str) -> None:
    others = [each.id for each in world.updates if each.key[:2] == member.key[:2] and each.spec.lifecycle.state(5)][:3]
    given = "\n".join(others).encode()
    said = hottui("get", "-", given=given)
    assert (said.code, said.err) == (0, "")
    titles, *rows = said.out.splitlines()
    assert titles.startswith("STATE")
    assert [next(one for one in others if one in row) for row in rows] == others


def test_good_answers_come_although_others_do_not(hottui: Command, member: SimulatedUpdate, place: str) -> None:
    said = hottui("get", "nosuch-1", member.id, "nosuch-2", "-o", "json")
    assert said.code == 4
    assert [json.loads(line)["ref"]["id"] for line in said.out.splitlines()] == [member.id]
    assert "hottui: nosuch-1: " in said.err
    assert "hottui: nosuch-2: " in said.err


def test_a_wrong_secret_is_3(
    hottui: Command, member: SimulatedUpdate, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "not-the-secret")
    said = hottui("get", member.id)
    assert (said.code, said.out) == (3, "")
    assert "not-the-secret" not in said.err


def test_an_unknown_key_is_3(
    hottui: Command, member: SimulatedUpdate, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "nobody")
    assert hottui("get", member.id).code == 3


def test_no_credentials_are_3(
    hottui: Command, member: SimulatedUpdate, place: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
    home.configure(f'[profiles.p]\nendpoint = "{place}"\nworkspace = "{member.key[0]}"\ncredentials = "environment"\n')
    said = hottui("get", member.id)
    assert said.code == 3
    assert "ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set." in said.err


def test_a_missing_permission_is_3(hottui: Command, world: Simulation, place: str) -> None:
    denied = next(each for each in world.updates if each.spec.denied)
    workspace, namespace, name = denied.key
    assert hottui("get", name, "-w", workspace, "-n", namespace).code == 3


def test_an_unknown_id_is_4(hottui: Command, place: str) -> None:
    said = hottui("get", "nosuch-1")
    assert (said.code, said.out) == (4, "")
    assert "does not know this hot update" in said.err


def test_nothing_listening_is_5(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        lead(monkeypatch, f"http://127.0.0.1:{taken.getsockname()[1]}")
        said = hottui("get", "x1")
    assert (said.code, said.out) == (5, "")
    assert "127.0.0.1" in said.err


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
def test_what_came_instead_of_an_answer(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, reply: bytes, code: int
) -> None:
    with answering(reply) as origin:
        lead(monkeypatch, origin)
        said = hottui("get", "x1", "-o", "json")
    assert (said.code, said.out) == (code, ""), said.err
    assert said.err.startswith("hottui: x1: ")


def test_the_largest_code_is_given(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = http(b'{"success": false, "errorCode": "HotUpdateNotFound", "errorMessage": "m"}')
    about_any = http(FULL.replace(b"x1", b""))
    with answering(missing, http(HTML, kind="text/html"), http(b"", "503 Service Unavailable"), about_any) as origin:
        lead(monkeypatch, origin)
        said = hottui("get", "x1", "x2", "x3", "x4", "-o", "json")
    assert said.code == 6
    assert len(said.out.splitlines()) == 1


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


def test_an_answer_about_another_id_is_said_and_not_printed(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(http(FULL)) as origin:
        lead(monkeypatch, origin)
        other, same = hottui("get", "x2", "-o", "json"), hottui("get", "X1", "-o", "json")
    assert (other.code, other.out) == (6, "")
    assert "hottui: x2: The answer is about another hot update (x1) than x2." in other.err
    assert same.code == 0, "letter case does not tell two IDs apart"


def test_the_request_id_is_said_with_what_failed(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    no = b'{"Code": "%s", "Message": "m", "RequestId": "R-17"}'
    answers = [http(no % b"Forbidden.RAM", "403 Forbidden"), http(no % b"InternalError", "500 Internal Server Error")]
    with answering(*answers) as origin:
        lead(monkeypatch, origin)
        for _ in answers:
            assert hottui("get", "x1").err.count("R-17") == 1


def test_a_fault_in_one_read_is_reported_and_the_others_are_printed(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, member: SimulatedUpdate, place: str
) -> None:
    def failing(*values: Any, asked: str) -> Any:
        if asked == "x1":
            raise ZeroDivisionError
        return read_exchange(*values, asked=asked)

    monkeypatch.setattr("hottui.service.client.read_exchange", failing)
    said = hottui("get", "x1", member.id, "-o", "json")
    assert said.code == 1
    assert [json.loads(line)["ref"]["id"] for line in said.out.splitlines()] == [member.id]
    assert "hottui: x1: A fault in hottui or in a library ended this read (ZeroDivisionError)." in said.err
    assert "The report is in " in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("output", ["json", "table"])
def test_an_answer_that_cannot_be_shown_is_reported_and_the_others_are_printed(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    def failing(result: HotUpdateJobResult) -> Any:
        if result.state == "ODD":
            raise ZeroDivisionError
        return changes(result)

    monkeypatch.setattr("hottui.analysis.changes.changes", failing)
    monkeypatch.setattr("hottui.analysis.summary.changes", failing)
    odd, good = ({"status": {"status": state}, "jobId": f"job-{state}"} for state in ("ODD", "INIT"))
    with answering(answer(odd), answer(good)) as origin:
        lead(monkeypatch, origin)
        said = hottui("get", "x1", "x2", "-o", output)
    assert said.code == 1
    assert "Internal error (ZeroDivisionError): the answer cannot be shown." in said.err
    assert "The report is in " in said.err
    assert "job-INIT" in said.out
    assert "job-ODD" not in said.out


def test_many_ids_keep_within_the_budget(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    world = Simulation(size=200)
    members = [each for each in world.updates if each.spec.lifecycle.state(0) and not each.spec.denied]
    place = members[0].key[:2]
    ids = [each.id for each in members if each.key[:2] == place][:15]
    service = DemoService(world, latency=0.3)
    with serving(service) as origin:
        lead(monkeypatch, origin, workspace=place[0], namespace=place[1])
        began = time.monotonic()
        said = hottui("get", *ids, "-o", "json")
        seconds = time.monotonic() - began
    assert said.code == 0, said.err
    assert [json.loads(line)["ref"]["id"] for line in said.out.splitlines()] == ids
    assert service.counters.requests == 15
    assert seconds > 1.4  # ten a second; as many as may be under way at once would take 0.6
    assert service.counters.max_in_flight <= 8


def test_a_throttled_read_is_tried_again(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = http(b'{"Code": "Throttling.User", "Message": "m"}', "429 Too Many Requests").replace(
        b"\r\n\r\n", b"\r\nretry-after: 1\r\n\r\n", 1
    )
    began = time.monotonic()
    with answering(slow, http(FULL)) as origin:
        lead(monkeypatch, origin)
        said = hottui("get", "x1", "-o", "json")
    assert said.code == 0
    assert "Retrying in 1 s." in said.err
    assert time.monotonic() - began >= 0.9


def test_the_place_of_a_ref_is_what_was_asked(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(http(FULL)) as origin:
        lead(monkeypatch, "http://localhost:1", workspace="of-env")
        document = json.loads(hottui("get", "x1", "-o", "json", "--endpoint", origin, "-w", "w", "-n", "n").out)
    assert Ref(**document["ref"]) == Ref(origin, "w", "n", "x1")


THROTTLED = b'{"Code": "Throttling.User", "Message": "m", "RequestId": "R-1"}'


def throttled(wait: str) -> bytes:
    """A raw reply that asks for a pause of so many seconds."""
    head = f"HTTP/1.1 429 Too Many Requests\r\nretry-after: {wait}\r\ncontent-length: {len(THROTTLED)}\r\n"
    return head.encode() + b"content-type: application/json\r\nconnection: close\r\n\r\n" + THROTTLED


@pytest.mark.parametrize("command", [("get",), ("graph",), ("get", "--timeout", "20"), ()], ids=" ".join)
def test_a_pause_that_is_too_long_is_not_waited_for(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    with answering(throttled("181")) as origin:
        lead(monkeypatch, origin)
        began = time.monotonic()
        said = hottui(*command, "x1")
    assert said.code == 5
    assert time.monotonic() - began < 15.0
    assert "asks for a pause of 181 s" in said.err
    assert ("--timeout" if command else "too long to wait for") in said.err


def test_several_ids_give_up_together(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(throttled("181")) as origin:
        lead(monkeypatch, origin)
        began = time.monotonic()
        said = hottui("get", *(f"x{number}" for number in range(40)))
    assert said.code == 5
    assert time.monotonic() - began < 20.0
    assert said.err.count("--timeout is 30 s") == 40


def test_a_pause_that_is_waited_for_is_said_at_once(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(throttled("2"), answer({"jobHotUpdateId": "x1", "status": {"status": "INIT"}})) as origin:
        lead(monkeypatch, origin)
        said = hottui("get", "x1")
    assert said.code == 0
    assert "asks for a pause of 2 s" in said.err
    assert "Retrying in 2 s." in said.err


def test_an_id_that_hangs_is_given_up_after_the_timeout(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held()
    with answering(answer({"jobHotUpdateId": "x1"}), held=held) as origin:
        lead(monkeypatch, origin)
        began = time.monotonic()
        said = hottui("get", "x1", "--timeout", "0.5")
    assert said.code == 5
    assert "No answer within 0.5 s." in said.err
    assert time.monotonic() - began < 10.0


@pytest.mark.parametrize("timeout", ["0", "-1", "soon", "nan", "1e9"])
def test_a_timeout_that_is_none_is_refused(hottui: Command, timeout: str) -> None:
    said = hottui("get", "x1", "--timeout", timeout)
    assert said.code == 2
    assert "number of seconds from 0.1 to 86400" in said.err
