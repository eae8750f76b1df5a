"""`hottui graph`: plans in every wrapping, in every form that it writes."""

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
    """A file with a plan."""
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
def test_every_wrapping_is_the_same_plan(hottui: Command, file: str, text: str) -> None:
    expected = hottui("graph", file)
    said = hottui("graph", "-", given=text.encode())
    assert (said.code, said.err) == (0, "")
    assert said.out == expected.out
    assert "│ orders +2" in said.out
    assert "without a letter: FORWARD" in said.out


def test_what_get_prints_goes_through_a_pipe(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
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
    said = hottui("graph", member.id)
    assert said.code == 0
    assert "payments_cdc" in said.out


def test_one_that_the_service_does_not_know(hottui: Command, place: str) -> None:
    assert hottui("graph", "0000000000000000").code == ExitCode.NOT_FOUND


def test_one_without_a_plan(hottui: Command) -> None:
    said = hottui("graph", "-", given=envelope(None).encode())
    assert (said.code, said.out) == (ExitCode.UNREADABLE, "")
    assert "has no resource plan" in said.err


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
def test_no_plan_that_can_be_read(hottui: Command, text: str) -> None:
    said = hottui("graph", "-", given=text.encode())
    assert (said.code, said.out) == (ExitCode.UNREADABLE, "")
    assert said.err.startswith("hottui: ")
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "The plan on standard input cannot be read: "),
        ('{"success": false, "errorCode": "NoPermission"}', "The plan on standard input cannot be read: the service"),
        (envelope(None), "Standard input has no resource plan."),
    ],
)
def test_standard_input_is_named_as_in_any_message(hottui: Command, text: str, message: str) -> None:
    assert hottui("graph", "-", given=text.encode()).err.startswith(f"hottui: {message}")


def test_a_file_without_a_plan_is_named(hottui: Command, tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    path.write_text("{")
    assert f"hottui: The plan of {path} cannot be read: " in hottui("graph", str(path)).err


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_on_standard_input(hottui: Command, text: str) -> None:
    said = hottui("graph", "-", given=text.encode())
    assert (said.code, said.out) == (ExitCode.UNREADABLE, "")
    assert said.err.startswith("hottui: Standard input is empty.")


def test_a_word_that_is_neither_a_file_nor_can_be_looked_for(hottui: Command) -> None:
    """Somebody may have mistyped the name of a file."""
    said = hottui("graph", "plann")
    assert said.code == ExitCode.USAGE
    assert "No region configured" in said.err
    assert "plann is not a file either." in said.err
    empty = hottui("graph", "")
    assert empty.code == ExitCode.USAGE
    assert "The plan's source is empty." in empty.err


def test_several_answers_are_too_many(hottui: Command) -> None:
    said = hottui("graph", "-", given=f"{envelope(PLAIN)}\n{envelope(PLAIN)}\n".encode())
    assert said.code == ExitCode.UNREADABLE
    assert "The input has 2 answers, one per line" in said.err


def test_a_file_that_is_not_there(hottui: Command, tmp_path: Path) -> None:
    said = hottui("graph", str(tmp_path / "none.json"))
    assert said.code == ExitCode.USAGE
    assert "No such file" in said.err


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


def test_as_wide_as_asked(hottui: Command, file: str) -> None:
    """Names where they fit, top to bottom where that fits better; what was chosen is cut with a mark instead."""
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
    said = hottui("graph", "-", given=json.dumps(plans.feedback_loop(4)).encode())
    assert said.code == 0
    assert "is not drawn" in said.err
    assert "is not drawn" not in said.out


def test_ascii(hottui: Command) -> None:
    said = hottui("graph", "-", "--ascii", given=json.dumps(plans.store_sales_in_chinese(4)).encode())
    assert said.out.isascii()
    assert "+---" in said.out


def test_a_locale_without_unicode(file: str) -> None:
    said = process("graph", file, environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert said.code == 0
    assert "+---" in said.out
    assert "\\u" not in said.out


def test_a_picture(hottui: Command, file: str) -> None:
    root = ElementTree.fromstring(hottui("graph", file, "-o", "svg").out)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    words = " ".join("".join(element.itertext()) for element in root.iter() if element.tag.endswith("text"))
    assert "IntervalJoin" in words
    assert "plan.json" in words
    assert "Groups" in words
    assert "H HASH" in " ".join(words.split())


def test_a_picture_tells_what_it_is_of(hottui: Command) -> None:
    asked = {"jobHotUpdateId": "x1", "hotUpdateParams": {"rescaleJobParam": {"jobParallelism": 10}}}
    for options in ((), ("--ascii",)):
        said = hottui("graph", "-", "-o", "svg", *options, given=envelope(PLAN, **asked).encode())
        words = " ".join("".join(element.itertext()) for element in ElementTree.fromstring(said.out).iter())
        assert "Hot update x1" in words
        assert "parallelism → 10" in words
        assert "×8 → ×10" in words


def test_pictures_and_exports_without_unicode(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plans.store_sales_in_chinese(4)), encoding="utf-8")
    for form, name in (("svg", "&#38376;"), ("dot", "&#38376;"), ("mermaid", "#38376;")):
        said = process("graph", str(path), "-o", form, environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
        assert said.out.isascii()
        assert name in said.out
        assert "\\u" not in said.out


def test_more_edges_than_mermaid_draws(hottui: Command) -> None:
    nodes = [{"id": n} for n in range(40)]
    edges = [{"source": a, "target": b} for a in range(20) for b in range(20, 40)]
    edges += [{"source": a, "target": b} for a in range(20) for b in range(20) if a < b]
    said = hottui("graph", "-", "-o", "mermaid", given=json.dumps({"nodes": nodes, "edges": edges}).encode())
    assert said.code == 0
    assert "This plan has 590 edges" in said.err


def chain(names: int, letters: int) -> bytes:
    """A plan of `names` nodes with names of so many letters."""
    return json.dumps({"nodes": [{"id": n, "desc": "x" * letters} for n in range(names)], "edges": []}).encode()


def test_more_letters_than_mermaid_draws(hottui: Command) -> None:
    short = hottui("graph", "-", "-o", "mermaid", given=chain(200, 150))
    assert (short.code, short.err) == (0, "")
    long = hottui("graph", "-", "-o", "mermaid", given=chain(400, 150))
    assert long.code == 0
    assert len(short.out) < 50_000 < len(long.out)
    assert long.err == (
        f"hottui: This plan has {len(long.out):,} characters; Mermaid draws at most 50,000 by default.\n"
        "        Raise its `maxTextSize`, or use -o svg or -o dot.\n"
    )


def test_every_field_of_the_layout_is_explained(hottui: Command, file: str) -> None:
    told = hottui("graph", "--help").out
    for field in json.loads(hottui("graph", file, "-o", "json").out):
        assert f"`{field}`" in told


@pytest.mark.parametrize("form", ["text", "json", "dot", "mermaid", "svg"])
def test_problems_are_said_with_every_output(hottui: Command, form: str) -> None:
    said = hottui("graph", "-", "-o", form, given=json.dumps(plans.feedback_loop(4)).encode())
    assert "is not drawn" in said.err


@pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not here")
@pytest.mark.parametrize("level", ["vertex", "operator"])
def test_graphviz_takes_dot(hottui: Command, file: str, level: str) -> None:
    text = hottui("graph", file, "-o", "dot", "--level", level).out
    drawn = subprocess.run(["dot", "-Tjson"], input=text.encode(), capture_output=True, check=True)
    nodes = json.loads(drawn.stdout)["objects"]
    assert len(nodes) == len(PLAN["vertices"] if level == "vertex" else PLAN["nodes"])


def test_mermaid(hottui: Command, file: str) -> None:
    lines = hottui("graph", file, "-o", "mermaid").out.splitlines()
    assert lines[0] == "flowchart LR"
    assert sum("-->" in line for line in lines) == 5


def test_secrets_are_masked(hottui: Command) -> None:
    plan = plans.two_nodes(1)
    plan["nodes"][0]["desc"] = "Scan(password='hunter2')"
    for form in ("text", "json", "svg", "dot", "mermaid"):
        said = hottui("graph", "-", "--detail", "2", "--level", "operator", "-o", form, given=json.dumps(plan).encode())
        assert said.code == 0
        assert "hunter2" not in said.out


def test_progress_is_for_people_alone(hottui: Command, file: str) -> None:
    assert hottui("graph", file).err == ""


def test_a_word_that_names_a_file_is_the_file(
    hottui: Command, place: str, member: SimulatedUpdate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(member.id).write_text(PLAIN, encoding="utf-8")
    assert "dwd_orders_enriched" in hottui("graph", member.id).out
