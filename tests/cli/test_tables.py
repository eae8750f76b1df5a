"""The text table: failure reasons, column widths on a terminal, and untruncated output to a pipe."""

import csv
import json
from dataclasses import replace

import pytest
from rich.cells import cell_len

from hottui.cli.columns import COLUMNS, IN_CSV
from hottui.cli.tables import csv_lines, table
from hottui.demo.simulation import SimulatedUpdate
from hottui.model.effect import Effect, Verdict
from hottui.model.ref import Ref
from hottui.model.state import Freshness
from hottui.model.tracking import Bookmark, Summary, Tracked, Trouble

from .conftest import Command, Home, answering, http, lead, process

REASON = "The job has no checkpoint that it could go on from: " + "savepoints come first. " * 10
JOB = "514dbdbd-c324-422f-a0c6-dfe81a6eab2c"
SUMMARY = Summary("FAILED", JOB, "parallelism 8 → 32", "CRITICAL", REASON.strip())


def ref(name: str = "b80b9f433057662e") -> Ref:
    return Ref("https://e", "w", "n", name)


FAILED = Tracked(ref(), Bookmark(ref(), "城市日报 fraud cep ×32"), SUMMARY, Freshness.LIVE, seen=90.0, since=40.0)


def test_a_pipe_gets_severity_reason_and_change_untruncated() -> None:
    titles, row = table([FAILED], now=100.0).splitlines()
    assert titles.split() == ["STATE", "FOR", "LABEL", "JOB", "ID", "SEEN", "CHANGE"]
    assert row.endswith(f"  CRITICAL {REASON.strip()}  parallelism 8 → 32")
    assert JOB in row


def test_effect_and_name_of_the_job_are_shown_once_they_are_known() -> None:
    judged = replace(FAILED, effect=Effect(Verdict.NONE, "Nothing runs."), job_name="fraud-patterns")
    titles, row, other = table([judged, FAILED], now=100.0).splitlines()
    assert titles.split()[3:5] == ["EFFECT", "JOB"]
    assert "no effect  fraud-patterns" in row
    assert "no effect" not in other
    assert "no effect" in table([judged], 80, now=100.0)


@pytest.mark.parametrize("ascii_only", [True, False])
def test_no_row_is_wider_than_the_terminal(ascii_only: bool) -> None:
    waiting = Tracked(ref("hu-1"))
    for width in range(1, 200):
        text = table([FAILED, waiting], width, ascii_only, now=100.0)
        assert max(cell_len(line) for line in text.splitlines()) <= width, width
        assert text.isascii() or not ascii_only, width


def test_the_job_is_narrowed_first_and_the_id_last() -> None:
    def titles(width: int) -> set[str]:
        return set(table([FAILED], width, now=100.0).splitlines()[0].split())

    whole = titles(200)
    assert "JOB" in whole
    assert JOB not in table([FAILED], 100, now=100.0)
    assert whole - titles(80) == {"JOB", "SEEN"}
    at_80 = table([FAILED], 80, now=100.0)
    assert FAILED.ref.id in at_80
    assert "CRITICAL The job has no " in at_80
    assert all("ID" in titles(width) for width in range(60, 200))


def test_empty_columns_are_left_out() -> None:
    bare = Tracked(ref(), summary=Summary("INIT"), seen=99.0)
    assert table([bare], now=100.0).splitlines()[0].split() == ["STATE", "ID", "SEEN"]
    assert table([]) == ""


HANGZHOU = "https://ververica.cn-hangzhou.aliyuncs.com"
PLACES = {
    "none": ([(HANGZHOU, "w1", "n1")] * 2, [], []),
    "namespaces": ([(HANGZHOU, "w1", "n1"), (HANGZHOU, "w1", "n2")], ["NAMESPACE"], ["n1", "n2"]),
    "workspaces": ([(HANGZHOU, "w1", "n1"), (HANGZHOU, "w2", "n1")], ["WORKSPACE"], ["w1", "w2"]),
    "networks": (
        [(HANGZHOU, "w1", "n1"), ("https://ververica-vpc.cn-hangzhou.aliyuncs.com", "w1", "n1")],
        ["REGION"],
        ["cn-hangzhou", "cn-hangzhou vpc"],
    ),
    "all": (
        [(HANGZHOU, "w1", "n1"), ("http://127.0.0.1:8080", "w2", "n2")],
        ["REGION", "WORKSPACE", "NAMESPACE"],
        ["cn-hangzhou     w1         n1  ", "127.0.0.1:8080  w2         n2  "],
    ),
}


@pytest.mark.parametrize(("places", "titles", "cells"), PLACES.values(), ids=PLACES)
def test_location_columns_are_shown_if_they_vary(
    places: list[tuple[str, str, str]], titles: list[str], cells: list[str]
) -> None:
    rows = [Tracked(Ref(*place, f"hu-{number}")) for number, place in enumerate(places)]
    head, *lines = table(rows, now=100.0).splitlines()
    assert head.split() == ["STATE", *titles, "ID"]
    for line, cell in zip(lines, cells, strict=False):
        assert f"  {cell}" in line


def test_no_row_with_locations_is_wider_than_the_terminal() -> None:
    elsewhere = Tracked(Ref("https://flink.example:8443", "a14bd0f3c95e47", "risk-control", "hu-1"))
    for width in range(1, 200):
        lines = table([FAILED, elsewhere], width, now=100.0).splitlines()
        assert max(map(cell_len, lines)) <= width, width


def test_the_namespace_is_dropped_last_and_before_the_id_is_narrowed() -> None:
    rows = [FAILED, Tracked(Ref("https://elsewhere.example", "a14bd0f3c95e47", "risk-control", FAILED.ref.id))]
    whole, at_100, at_80 = (table(rows, width, now=100.0) for width in (0, 100, 80))
    assert "elsewhere.example  a14bd0f3c95e47  risk-control" in whole
    assert "  risk-control  " in at_100
    assert not {"REGION", "WORKSPACE"} & set(at_100.split())
    assert at_80.count(FAILED.ref.id) == 2


def test_a_failure_without_a_reason() -> None:
    bare = Tracked(ref(), summary=Summary("FAILED", change="parallelism 8 → 32", severity="LOW"))
    assert table([bare]).splitlines()[1].endswith("LOW The service gave no reason  parallelism 8 → 32")


def test_a_failed_read_follows_the_failure_reason_and_replaces_other_reasons() -> None:
    stale = Tracked(ref(), None, SUMMARY, Freshness.STALE, 90.0, 40.0, Trouble(95.0, "It refuses connections."))
    row = table([stale], now=100.0).splitlines()[1]
    assert row.endswith(f"CRITICAL {REASON.strip()}  It refuses connections.  parallelism 8 → 32")
    updating = replace(stale, summary=replace(SUMMARY, state="HOT_UPDATING"))
    row = table([updating], now=100.0).splitlines()[1]
    assert row.endswith("parallelism 8 → 32  CRITICAL  It refuses connections.")


def test_get_shows_the_failure_reason_with_secrets_masked(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    failure = {"failureSeverity": "CRITICAL", "reason": "no slots, password=hunter2", "message": "m"}
    data = {"jobHotUpdateId": "x1", "status": {"status": "FAILED", "failure": failure}}
    body = json.dumps({"requestId": "r", "success": True, "data": data}).encode()
    with answering(http(body)) as origin:
        lead(monkeypatch, origin)
        outcome = hottui("get", "x1")
    assert "CRITICAL no slots, password=••••••" in outcome.out


def test_get_shows_the_label_of_a_bookmark(hottui: Command, member: SimulatedUpdate, place: str) -> None:
    assert "LABEL" not in hottui("get", member.id).out
    assert hottui("add", member.id, "--label", "orders enrich").code == 0
    assert "orders enrich" in hottui("get", member.id).out


BARE = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
PLAN = b'{"nodes": [{"id": 1, "desc": "a"}, {"id": 2, "desc": "b"}], "edges": [{"source": 1, "target": 2}]}'


@pytest.mark.parametrize("environment", [{"LC_ALL": "C"}, BARE, {"HOTTUI_ASCII": "1"}], ids=str)
@pytest.mark.parametrize("command", [["get"], ["ls"], ["dashboard"], ["graph", "-"]], ids=" ".join)
def test_output_is_ascii_where_glyphs_are_not_supported(
    home: Home, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], command: list[str]
) -> None:
    data = {
        "jobHotUpdateId": "x1",
        "status": {"status": "INIT"},
        "hotUpdateParams": {"rescaleJobParam": {"jobParallelism": 8}},
    }
    with answering(http(json.dumps({"requestId": "r", "success": True, "data": data}).encode())) as origin:
        lead(monkeypatch, origin)
        with home.store() as store:
            store.add(Bookmark(Ref(origin, "ws", "ns", "x1"), "orders →"))
        asked = [*command, "x1"] if command == ["get"] else command
        outcome = process(*asked, given=PLAN if "graph" in command else b"", environment=environment)
    assert outcome.code == 0, outcome.err
    assert outcome.out.isascii()
    assert "\\u" not in outcome.out
    assert "->" in outcome.out or ">" in outcome.out


def test_columns_can_be_chosen_and_titles_left_out() -> None:
    bare = Tracked(ref("hu-1"))
    lines = table([FAILED, bare], now=100.0, columns=("id", "note", "state")).splitlines()
    assert [line.split() for line in lines] == [
        ["ID", "NOTE", "STATE"],
        ["b80b9f433057662e", "FAILED"],
        ["hu-1", "waiting"],
    ]
    assert table([FAILED], columns=("state", "severity"), headers=False) == "FAILED  CRITICAL"
    for width in range(1, 60):
        for columns in (("change", "id"), tuple(COLUMNS)):
            text = table([FAILED], width, now=100.0, columns=columns)
            assert max(map(cell_len, text.splitlines())) <= width


def test_csv_has_the_values_of_the_service() -> None:
    hostile = replace(FAILED, summary=replace(SUMMARY, reason='a "quoted", long\n\x1breason'))
    titles, *rows = csv_lines([hostile, Tracked(ref("hu-1"))], now=100.0)
    assert titles.split(",") == list(IN_CSV)
    assert len(rows) == 2
    assert "\x1b" not in rows[0]
    found, bare = csv.DictReader([titles, *rows])
    assert (found["state"], found["since"], found["change"]) == ("FAILED", "1970-01-01T00:00:40Z", "parallelism 8 → 32")
    assert found["reason"].startswith('a "quoted", long')
    assert (bare["id"], bare["state"], bare["since"]) == ("hu-1", "", "")
    assert list(csv_lines([], headers=False)) == []


def test_columns_on_the_command_line(hottui: Command, home: Home) -> None:
    with home.store() as store:
        store.add_all([Bookmark(ref("hu-1"), "one, two")])
    assert hottui("ls", "-o", "csv", "--columns", "id, label", "--no-headers").out == 'hu-1,"one, two"\n'
    assert hottui("ls", "--columns", "LABEL").out == "LABEL\none, two\n"
    assert hottui("ls", "-o", "jsonl").out == hottui("ls", "-o", "json").out
    for wrong in (
        ("--columns", "nope"),
        ("--columns", ","),
        ("-o", "json", "--columns", "id"),
        ("--no-headers", "-ojson"),
    ):
        outcome = hottui("ls", *wrong)
        assert (outcome.code, outcome.out) == (2, "")


def test_csv_has_no_escape_sequence_for_the_arrow(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    lead(monkeypatch, "http://127.0.0.1:9")
    with home.store() as store:
        store.add(Bookmark(Ref("http://127.0.0.1:9", "ws", "ns", "x1"), "orders →"))
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert "orders ->" in process("ls", "-o", "csv", environment=bare).out
    assert "orders →" in process("ls", "-o", "csv").out
