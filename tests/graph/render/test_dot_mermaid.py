"""Other tools parse the exports with any names."""

import re
import shutil
import subprocess
from xml.etree import ElementTree

import pytest

from hottui.graph.plan_graph import Level
from hottui.graph.render.dot_mermaid import to_dot, to_mermaid
from hottui.model.plan import Plan
from tests.graph.shapes import multi_way_join, plan_of

HOSTILE = '"];evil[label="\\" <script>&]]> --> | \n```{{#}} \uffff'


NAMES = (
    HOSTILE, "end", "subgraph x", "class", "click a b", "%%{init: {}}%%", "%% c", "a;b;", "<b>x</b>", "a\nb", "☕💻",
    "`code` **b**", "#35;", "#quot;", "&quot;", "&#55296;", "a&b", "\\", "\\n", "\\N", '"', "{[(", "|x|", "-->",
    "x" * 5_000, "", "   ", "o", "x", "---", "名称", "\u202eabc", "1. list", "$$x^2$$", '{"a":1}', "@{shape: x}", ":::",
    "\x00", "\uffff", "\ud800",
)  # fmt: skip


def every_name() -> Plan:
    """A plan with one node for each hostile name, and edges with them as strategies."""
    names = dict(zip(map(str, range(len(NAMES))), NAMES, strict=True))
    return plan_of(names, [(str(n), str((n * 7 + 1) % len(NAMES)), name) for n, name in enumerate(NAMES)])


def hostile() -> Plan:
    return plan_of({"1": HOSTILE, "2": HOSTILE}, [("1", "2", 'H"|<'), ("2", "2", "HASH")])


def test_dot_labels_are_quoted() -> None:
    text = to_dot(hostile(), Level.OPERATOR)
    statements = [line for line in text.splitlines() if line.startswith("  n")]
    label = r'"(?:[^"\\]|\\.)*"'
    assert all(re.fullmatch(rf"  (node \[shape=box\]|n\d+( -> n\d+)?( \[label={label}\])?);", s) for s in statements)
    assert len(statements) == 5


def test_mermaid_text_has_no_special_characters() -> None:
    lines = to_mermaid(hostile(), Level.OPERATOR).splitlines()
    assert lines[0] == "flowchart LR"
    for line in lines[1:]:
        assert re.fullmatch(r'  n\d+(\["[^"<>|`{}]*(<br/>[^"<>|`{}]*)?"\]| -->(\|"[^"<>|`{}]+"\|)? n\d+)', line)


@pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not here")
@pytest.mark.parametrize("ascii_only", [False, True], ids=["unicode", "ascii"])
def test_graphviz_parses_every_name_unchanged(ascii_only: bool) -> None:
    text = to_dot(every_name(), Level.OPERATOR, ascii_only=ascii_only)
    assert text.isascii() == ascii_only
    read = subprocess.run(["dot", "-Tsvg"], input=text.encode(), capture_output=True, check=True)
    assert read.stderr == b""
    root = ElementTree.fromstring(read.stdout)
    words = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"&quot;", "#35;", "a&b", "\\", "\\N", "名称", "<b>x</b>", "end", '"'} <= words
    assert len([each for each in root.iter() if each.get("class") == "node"]) == len(NAMES)
    assert len([each for each in root.iter() if each.get("class") == "edge"]) == len(NAMES)


def test_names_are_truncated() -> None:
    for text in (to_dot(every_name(), Level.OPERATOR), to_mermaid(every_name(), Level.OPERATOR)):
        assert max(map(len, text.splitlines())) < 1_000


def test_mermaid_names_are_not_parsed_as_syntax() -> None:
    """Mermaid's parser was tried manually; here each line must be a node or an edge with escaped names."""
    for ascii_only in (False, True):
        text = to_mermaid(every_name(), Level.OPERATOR, ascii_only=ascii_only)
        assert not ascii_only or text.isascii()
        assert len(text.splitlines()) == 1 + 2 * len(NAMES)
        for line in text.splitlines()[1:]:
            assert re.fullmatch(
                r'  n\d+(\["[^"<>|`{}%\\&$@()]*<br/>×?\w*(#215;)?\d*"\]| -->(\|"[^"<>|`{}%\\&$@()]+"\|)? n\d+)', line
            ), line


def test_changes_are_in_the_label() -> None:
    plan = multi_way_join()
    assert "×4 → ×10" in to_dot(plan, Level.OPERATOR, {"j1": (4, 10)})
    assert "×4 → ×10" in to_mermaid(plan, Level.OPERATOR, {"j1": (4, 10)}).replace("#62;", ">")


def test_edges_have_their_strategies() -> None:
    plan = multi_way_join()
    assert to_dot(plan).count('[label="HASH"]') == 7
    assert to_mermaid(plan).count('|"BROADCAST"|') == 1
