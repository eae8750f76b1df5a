"""Other tools read what is written for them, whatever the names."""

import re
from xml.etree import ElementTree

import pytest

from hottui.graph.draw import draw_plan
from hottui.graph.drawing import Direction
from hottui.graph.export import to_dot, to_mermaid, to_svg
from hottui.graph.prepare import Level
from hottui.model.plan import Plan
from tests.graph.shapes import ALL, multi_way_join, plan_of

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '"];evil[label="\\" <script>&]]> --> | \n```{{#}} \uffff'


def hostile() -> Plan:
    return plan_of({"1": HOSTILE, "2": HOSTILE}, [("1", "2", 'H"|<'), ("2", "2", "HASH")])


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("name", ALL)
def test_a_picture_is_xml_with_every_box(name: str, direction: Direction) -> None:
    drawing = draw_plan(ALL[name](), direction=direction)
    root = ElementTree.fromstring(to_svg(drawing))
    assert len(root.findall(f".//{SVG}title")) == len(drawing.boxes)


def test_hostile_names_stay_text_in_a_picture() -> None:
    root = ElementTree.fromstring(to_svg(draw_plan(hostile())))
    assert not root.findall(f".//{SVG}script")
    assert any("evil" in (text.text or "") for text in root.iter(f"{SVG}text"))


def test_a_dot_label_ends_where_it_should() -> None:
    text = to_dot(hostile(), Level.OPERATOR)
    statements = [line for line in text.splitlines() if line.startswith("  n")]
    label = r'"(?:[^"\\]|\\.)*"'
    assert all(re.fullmatch(rf"  (node \[shape=box\]|n\d+( -> n\d+)?( \[label={label}\])?);", s) for s in statements)
    assert len(statements) == 5


def test_mermaid_holds_nothing_that_means_something() -> None:
    lines = to_mermaid(hostile(), Level.OPERATOR).splitlines()
    assert lines[0] == "flowchart LR"
    for line in lines[1:]:
        assert re.fullmatch(r'  n\d+(\["[^"<>|`{}]*(<br/>[^"<>|`{}]*)?"\]| -->(\|"\w+"\|)? n\d+)', line)


def test_edges_keep_their_letters() -> None:
    plan = multi_way_join()
    assert to_dot(plan).count('[label="H"]') == 7
    assert to_mermaid(plan).count('|"B"|') == 1
