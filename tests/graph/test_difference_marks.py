"""Marks of what differs between two plans, in one drawing of both."""

from typing import Any

import pytest

from hottui.graph.difference_marks import ADDED, CHANGED, REMOVED, Marks
from hottui.graph.draw import DETAILS, draw_plan
from hottui.graph.labels import marked_edge_label
from hottui.graph.plan_graph import Level
from hottui.graph.render.box_drawing import ASCII, UNICODE
from hottui.model.plan import Plan, read_plan

EDGES = [("1", "2", "HASH"), ("1", "2", "FORWARD"), ("2", "3", "HASH"), ("2", "4", "HASH"), ("5", "2", "FORWARD")]


def plan() -> Plan:
    document: dict[str, Any] = {
        "ssgProfiles": [{"name": "source"}, {"name": "sink"}],
        "nodes": [
            {"id": node, "desc": f"Calc{node}(x)", "profile": {"group": group, "parallelism": 2}}
            for node, group in zip("12345", ("source", "sink", "sink", "sink", "source"), strict=True)
        ],
        "edges": [{"source": s, "target": t, "strategy": how, "mode": "PIPELINED"} for s, t, how in EDGES],
        "vertices": {"v": ["1", "5"]},
    }
    found = read_plan(document).plan
    assert found is not None
    return found


MARKS = Marks(
    nodes={"2": CHANGED, "3": REMOVED, "4": ADDED, "5": ADDED},
    edges={
        ("1", "2", "HASH", "PIPELINED"): ADDED,
        ("1", "2", "FORWARD", "PIPELINED"): REMOVED,
        ("2", "3", "HASH", "PIPELINED"): REMOVED,
        ("2", "4", "HASH", "PIPELINED"): ADDED,
    },
    groups={"2": ("source", "sink")},
)


@pytest.mark.parametrize("strokes", [UNICODE, ASCII])
def test_boxes_and_edges_are_marked_in_characters(strokes: Any) -> None:
    text = draw_plan(plan(), level=Level.OPERATOR, strokes=strokes, marks=MARKS).text()
    for name in ("± Calc2", "- Calc3", "+ Calc4", "+ Calc5"):
        assert name in text
    assert f"A{strokes.becomes}B" in text
    assert "nHoF" in text
    assert "± Calc1" not in text


def test_a_vertex_of_which_only_a_part_is_marked_has_changed() -> None:
    drawing = draw_plan(plan(), marks=MARKS)
    assert {box.name: box.mark for box in drawing.boxes} == {
        "Calc1": CHANGED,
        "Calc2": CHANGED,
        "Calc3": REMOVED,
        "Calc4": ADDED,
    }
    assert all(box.changed for box in drawing.boxes)
    marks = {(edge.source, edge.target): (edge.mark, edge.label) for edge in drawing.edges}
    assert marks == {
        ("v", "2"): (CHANGED, "FnHoF"),
        ("2", "3"): (REMOVED, "H"),
        ("2", "4"): (ADDED, "H"),
    }


def test_without_marks_a_drawing_is_the_same_at_each_detail() -> None:
    for detail in DETAILS:
        plain = draw_plan(plan(), detail=detail)
        assert plain.text() == draw_plan(plan(), detail=detail, marks=Marks()).text()
        assert not any(box.mark for box in plain.boxes)
        assert not any(edge.mark for edge in plain.edges)
        assert draw_plan(plan(), detail=detail, marks=MARKS).text() != plain.text()


def test_the_label_of_an_edge_lists_kept_new_and_old_strategies() -> None:
    letters = {"HASH": "H", "REBALANCE": "R", "FORWARD": "F"}
    for strategies, marks, label in (
        (("HASH",), (ADDED,), "nH"),
        (("FORWARD",), (REMOVED,), "o"),
        (("REBALANCE", "HASH"), (ADDED, REMOVED), "nRoH"),
        (("REBALANCE", "HASH", "HASH"), ("", REMOVED, REMOVED), "Ro2H"),
        (("FORWARD", "HASH"), ("", ADDED), "FnH"),
    ):
        assert marked_edge_label(strategies, marks, letters) == label
