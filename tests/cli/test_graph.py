"""`hottui graph`: plans in every encoding, and every output format."""

import json
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len

from hottui.demo import plans
from hottui.demo.simulation import SimulatedUpdate, Simulation
from hottui.errors import ExitCode

from .conftest import Command, answering, http, lead, process

VENDOR_PAGE = Path(__file__).parent.parent / "fixtures" / "vendor_example.json"
PLAN = plans.orders_enrich(8)
PLAIN = json.dumps(PLAN)


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Write a plan to a file; return its path."""
    path = tmp_path / "plan.json"
    path.write_text(PLAIN, encoding="utf-8")
    return str(path)


def envelope(plan: object, **more: object) -> str:
    setting = {"streamingResourceSetting": {"expertResourceSetting": {"resourcePlan": plan}}}
    return json.dumps({"success": True, "data": {"targetResourceSetting": setting, **more}})


WRAPPINGS = {
    "plain": PLAIN,
    "a text": json.dumps(PLAIN),
    "escaped": json.dumps(PLAIN)[1:-1],
    "with a mark of order": "\ufeff" + PLAIN,
    "an answer": envelope(PLAIN),
    "an answer, escaped": envelope(json.dumps(PLAIN)[1:-1]),
    "an answer with an object": envelope(PLAN),
    "the data of an answer": json.dumps(json.loads(envelope(PLAIN))["data"]),
    "what get prints": json.dumps({"ref": {}, "state": "INIT", "result": json.loads(envelope(PLAN))["data"]}),
}

VENDOR_ID = json.loads(VENDOR_PAGE.read_bytes())["data"]["jobHotUpdateId"]


@pytest.mark.parametrize("text", WRAPPINGS.values(), ids=WRAPPINGS)
def test_every_encoding_gives_the_same_plan(hottui: Command, file: str, text: str) -> None:
    expected = hottui("graph", file)
    outcome = hottui("graph", "-", given=text.encode())
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == expected.out
    assert "│ orders +2" in outcome.out
    assert "without a letter: FORWARD" in outcome.out


def test_output_of_get_is_accepted(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(http(VENDOR_PAGE.read_bytes())) as origin:
        lead(monkeypatch, origin)
        printed = hottui("get", VENDOR_ID, "-o", "json").out
        direct = hottui("graph", VENDOR_ID)
    piped = hottui("graph", "-", given=printed.encode())
    assert piped.out == direct.out
    assert "×1 → ×10" in piped.out
    assert "JobManager   2 cores, 4 GiB, 2 CU" in piped.out


def test_a_plan_from_the_service(
    hottui: Command, world: Simulation, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = next(each for each in world.updates if each.spec.label == "payments-agg")
    lead(monkeypatch, endpoint, workspace=member.key[0], namespace=member.key[1])
    outcome = hottui("graph", member.id)
    assert outcome.code == 0
    assert "payments_cdc" in outcome.out


def test_an_unknown_id_is_exit_code_4(hottui: Command, place: str) -> None:
    assert hottui("graph", "0000000000000000").code == ExitCode.NOT_FOUND


def test_an_answer_without_a_plan_is_reported(hottui: Command) -> None:
    outcome = hottui("graph", "-", given=envelope(None).encode())
    assert (outcome.code, outcome.out) == (ExitCode.UNREADABLE, "")
    assert "has no resource plan" in outcome.err


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '{"a": 1}',
        envelope("{cut"),
        '{"success": false, "errorCode": "NoPermission"}',
        '{"data": 3}',
    ],
)
def test_unreadable_plans_are_reported(hottui: Command, text: str) -> None:
    outcome = hottui("graph", "-", given=text.encode())
    assert (outcome.code, outcome.out) == (ExitCode.UNREADABLE, "")
    assert outcome.err.startswith("hottui: ")
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "The plan on standard input cannot be read: "),
        ('{"success": false, "errorCode": "NoPermission"}', "The plan on standard input cannot be read: the service"),
        (envelope(None), "Standard input has no resource plan."),
    ],
)
def test_messages_name_standard_input(hottui: Command, text: str, message: str) -> None:
    assert hottui("graph", "-", given=text.encode()).err.startswith(f"hottui: {message}")


def test_a_file_without_a_plan_is_named(hottui: Command, tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    path.write_text("{")
    assert f"hottui: The plan of {path} cannot be read: " in hottui("graph", str(path)).err


@pytest.mark.parametrize("text", ["", "  \n"])
def test_empty_standard_input_is_reported(hottui: Command, text: str) -> None:
    outcome = hottui("graph", "-", given=text.encode())
    assert (outcome.code, outcome.out) == (ExitCode.UNREADABLE, "")
    assert outcome.err.startswith("hottui: Standard input is empty.")


def test_a_missing_file_without_a_region_is_reported_as_both(hottui: Command) -> None:
    """The argument may be a mistyped file name."""
    outcome = hottui("graph", "plann")
    assert outcome.code == ExitCode.USAGE
    assert "No region and no workspace configured" in outcome.err
    assert "plann is not a file either." in outcome.err
    empty = hottui("graph", "")
    assert empty.code == ExitCode.USAGE
    assert "The source is empty." in empty.err


def test_several_answers_are_rejected(hottui: Command) -> None:
    outcome = hottui("graph", "-", given=f"{envelope(PLAIN)}\n{envelope(PLAIN)}\n".encode())
    assert outcome.code == ExitCode.UNREADABLE
    assert "The input has 2 answers, one per line" in outcome.err


def test_a_missing_file_is_reported(hottui: Command, tmp_path: Path) -> None:
    outcome = hottui("graph", str(tmp_path / "none.json"))
    assert outcome.code == ExitCode.USAGE
    assert "No such file" in outcome.err


def test_the_layout_as_json(hottui: Command, file: str) -> None:
    for level, ids in (
        ("vertex", set(PLAN["vertices"])),
        ("operator", {str(node["id"]) for node in PLAN["nodes"]}),
    ):
        layout = json.loads(hottui("graph", file, "-o", "json", "--level", level).out)
        assert set(layout) == {"nodes", "names", "dummies", "crossings", "width", "height"}
        assert set(layout["nodes"]) == set(layout["names"]) == ids
        assert "IntervalJoin" in layout["names"].values()
        text = hottui("graph", file, "--level", level, "--detail", "1", "--direction", "lr", "--width", "0").out
        rows = text.split("\n\nGroups")[0].split("\n")
        assert len(rows) == layout["height"]
        assert max(map(cell_len, rows)) == layout["width"]


def test_the_drawing_fits_the_requested_width(hottui: Command, file: str) -> None:
    """Without options, detail and direction are chosen to fit; with them, the drawing is truncated instead."""
    wide = hottui("graph", file, "--width", "100").out
    assert "├──H▶│" in wide
    narrow = hottui("graph", file, "--width", "50")
    assert "│ orders +2" in narrow.out
    assert "▼" in narrow.out
    assert narrow.err == ""
    brief = hottui("graph", file, "--width", "50", "--direction", "lr")
    assert all(cell_len(line) <= 50 for line in brief.out.splitlines())
    cut = hottui("graph", file, "--width", "50", "--direction", "lr", "--detail", "1")
    assert "truncated at 50" in cut.err
    rows = cut.out.split("\n\nGroups")[0].split("\n")
    assert max(map(cell_len, rows)) == 50
    assert any(row.endswith("…") for row in rows)


def test_problems_go_to_standard_error(hottui: Command) -> None:
    outcome = hottui("graph", "-", given=json.dumps(plans.feedback_loop(4)).encode())
    assert outcome.code == 0
    assert "is not drawn" in outcome.err
    assert "is not drawn" not in outcome.out


def test_ascii_output(hottui: Command) -> None:
    outcome = hottui("graph", "-", "--ascii", given=json.dumps(plans.store_sales_in_chinese(4)).encode())
    assert outcome.out.isascii()
    assert "+---" in outcome.out


def test_an_ascii_locale_gives_an_ascii_drawing(file: str) -> None:
    outcome = process("graph", file, environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert outcome.code == 0
    assert "+---" in outcome.out
    assert "\\u" not in outcome.out


def test_svg_output(hottui: Command, file: str) -> None:
    root = ElementTree.fromstring(hottui("graph", file, "-o", "svg").out)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    words = " ".join("".join(element.itertext()) for element in root.iter() if element.tag.endswith("text"))
    assert "IntervalJoin" in words
    assert "plan.json" in words
    assert "Groups" in words
    assert "H HASH" in " ".join(words.split())


def test_svg_has_a_title(hottui: Command) -> None:
    asked = {"jobHotUpdateId": "x1", "hotUpdateParams": {"rescaleJobParam": {"jobParallelism": 10}}}
    for options in ((), ("--ascii",)):
        outcome = hottui("graph", "-", "-o", "svg", *options, given=envelope(PLAN, **asked).encode())
        words = " ".join("".join(element.itertext()) for element in ElementTree.fromstring(outcome.out).iter())
        assert "Hot update x1" in words
        assert "parallelism → 10" in words
        assert "×8 → ×10" in words


def test_svg_and_exports_in_an_ascii_locale(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plans.store_sales_in_chinese(4)), encoding="utf-8")
    for form, name in (("svg", "&#38376;"), ("dot", "&#38376;"), ("mermaid", "#38376;")):
        outcome = process("graph", str(path), "-o", form, environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
        assert outcome.out.isascii()
        assert name in outcome.out
        assert "\\u" not in outcome.out


def test_more_edges_than_mermaid_allows(hottui: Command) -> None:
    nodes = [{"id": n} for n in range(40)]
    edges = [{"source": a, "target": b} for a in range(20) for b in range(20, 40)]
    edges += [{"source": a, "target": b} for a in range(20) for b in range(20) if a < b]
    outcome = hottui("graph", "-", "-o", "mermaid", given=json.dumps({"nodes": nodes, "edges": edges}).encode())
    assert outcome.code == 0
    assert "This plan has 590 edges" in outcome.err


def chain(names: int, letters: int) -> bytes:
    """Return a plan of `names` nodes, each with a name of `letters` characters."""
    return json.dumps({"nodes": [{"id": n, "desc": "x" * letters} for n in range(names)], "edges": []}).encode()


def test_more_characters_than_mermaid_allows(hottui: Command) -> None:
    short = hottui("graph", "-", "-o", "mermaid", given=chain(200, 150))
    assert (short.code, short.err) == (0, "")
    long = hottui("graph", "-", "-o", "mermaid", given=chain(400, 150))
    assert long.code == 0
    assert len(short.out) < 50_000 < len(long.out)
    assert long.err == (
        f"hottui: This plan has {len(long.out):,} characters; Mermaid draws at most 50,000 by default.\n"
        "        Raise its `maxTextSize`, or use -o svg or -o dot.\n"
    )


def test_the_help_documents_every_field_of_the_layout(hottui: Command, file: str) -> None:
    text = hottui("graph", "--help").out
    for field in json.loads(hottui("graph", file, "-o", "json").out):
        assert f"`{field}`" in text


@pytest.mark.parametrize("form", ["text", "json", "dot", "mermaid", "svg"])
def test_problems_are_reported_with_every_output_format(hottui: Command, form: str) -> None:
    outcome = hottui("graph", "-", "-o", form, given=json.dumps(plans.feedback_loop(4)).encode())
    assert "is not drawn" in outcome.err


@pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not here")
@pytest.mark.parametrize("level", ["vertex", "operator"])
def test_graphviz_accepts_dot_output(hottui: Command, file: str, level: str) -> None:
    text = hottui("graph", file, "-o", "dot", "--level", level).out
    drawn = subprocess.run(["dot", "-Tjson"], input=text.encode(), capture_output=True, check=True)
    nodes = json.loads(drawn.stdout)["objects"]
    assert len(nodes) == len(PLAN["vertices"] if level == "vertex" else PLAN["nodes"])


def test_mermaid_output(hottui: Command, file: str) -> None:
    lines = hottui("graph", file, "-o", "mermaid").out.splitlines()
    assert lines[0] == "flowchart LR"
    assert sum("-->" in line for line in lines) == 5


def test_secrets_are_masked(hottui: Command) -> None:
    plan = plans.two_nodes(1)
    plan["nodes"][0]["desc"] = "Scan(password='hunter2')"
    for form in ("text", "json", "svg", "dot", "mermaid"):
        outcome = hottui(
            "graph", "-", "--detail", "2", "--level", "operator", "-o", form, given=json.dumps(plan).encode()
        )
        assert outcome.code == 0
        assert "hunter2" not in outcome.out


def test_progress_is_shown_on_a_terminal_only(hottui: Command, file: str) -> None:
    assert hottui("graph", file).err == ""


def test_an_existing_file_takes_precedence_over_an_id(
    hottui: Command, place: str, member: SimulatedUpdate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(member.id).write_text(PLAIN, encoding="utf-8")
    assert "dwd_orders_enriched" in hottui("graph", member.id).out
