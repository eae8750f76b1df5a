"""Every drawing can be parsed back to its plan."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hottui.graph.draw import draw_plan
from hottui.graph.plan_graph import Level
from hottui.graph.render.box_drawing import ASCII, UNICODE, Strokes
from hottui.graph.render.drawing import Direction, Drawing
from hottui.model.plan import Plan
from tests.graph.random_plans import plans
from tests.graph.reader import Misread, Reader, grid_of
from tests.graph.shapes import ALL, bipartite, fan_out, multi_way_join


def expected(plan: Plan, level: Level) -> set[tuple[str, str]]:
    """Return the expected edges of a drawing, computed in a simple way."""
    nodes = {node.id for node in plan.nodes}
    home: dict[str, str] = {}
    if level is Level.VERTEX:
        for vertex, members in plan.vertices:
            for member in members:
                home.setdefault(member, vertex)
    pairs = [(e.source, e.target) for e in plan.edges if e.source in nodes and e.target in nodes]
    return {(home.get(a, a), home.get(b, b)) for a, b in pairs if home.get(a, a) != home.get(b, b) or a == b}


def assert_reads_back(drawing: Drawing, plan: Plan) -> None:
    read = Reader(drawing).edges()
    assert {(edge.source, edge.target) for edge in read} == expected(plan, drawing.level)
    assert sorted(read) == sorted((e.source, e.target, e.label) for e in drawing.edges)


@pytest.mark.parametrize("strokes", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("name", ALL)
def test_fixtures_round_trip(name: str, level: Level, direction: Direction, strokes: Strokes) -> None:
    plan = ALL[name]()
    for detail in range(3):
        assert_reads_back(draw_plan(plan, level=level, detail=detail, direction=direction, strokes=strokes), plan)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    plans(), st.sampled_from(Level), st.sampled_from(Direction), st.sampled_from([UNICODE, ASCII]), st.integers(0, 2)
)
def test_any_plan_round_trips(plan: Plan, level: Level, direction: Direction, strokes: Strokes, detail: int) -> None:
    assert_reads_back(draw_plan(plan, level=level, detail=detail, direction=direction, strokes=strokes), plan)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(plans(max_nodes=60), st.sampled_from(Direction))
def test_larger_plans_round_trip(plan: Plan, direction: Direction) -> None:
    assert_reads_back(draw_plan(plan, level=Level.OPERATOR, direction=direction), plan)


def test_the_reader_detects_a_missing_stroke() -> None:
    drawing = draw_plan(multi_way_join())
    drawing.ink.horizontals.remove(max(drawing.ink.horizontals, key=lambda run: run[2] - run[1]))
    with pytest.raises(Misread):
        Reader(drawing).edges()


def test_the_reader_detects_an_extra_stroke() -> None:
    drawing = draw_plan(fan_out(3))
    drawing.ink.horizontals.append((drawing.height - 1, 0, 0, 0))
    drawing.ink.verticals.append((drawing.boxes[0].x + drawing.boxes[0].width, 0, drawing.height - 1, 0))
    with pytest.raises(Misread):
        Reader(drawing).edges()


def test_lines_of_different_sources_cross_without_a_joint() -> None:
    drawing = draw_plan(bipartite(2))
    assert "┼" not in {cell for row in grid_of(drawing) for cell in row}
    assert drawing.crossings == 1


def test_ten_by_ten_has_the_minimum_of_crossings() -> None:
    assert draw_plan(bipartite(10)).crossings == 45 * 45
