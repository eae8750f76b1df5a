"""Exactly the strokes of highlighted edges are highlighted: those strokes parse to these edges."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hottui.graph.draw import draw_plan
from hottui.graph.labels import Kind
from hottui.graph.plan_graph import Level
from hottui.graph.render.box_drawing import VERTICAL
from hottui.graph.render.drawing import Direction, Drawing
from hottui.model.plan import Plan
from tests.graph.random_plans import plans
from tests.graph.reader import STEP, Misread, Reader
from tests.graph.shapes import ALL, fan_out, shared_scans

LINES = (Kind.LINE, Kind.ARROW, Kind.STRATEGY)
DARK = "╎"
"""A vertical stroke without highlighting, which a highlighted one may cross."""


class LitReader(Reader):
    """Reads only highlighted strokes."""

    def __init__(self, drawing: Drawing, edges: set[int]) -> None:
        super().__init__(drawing)
        self.light = drawing.along(edges)
        self.arms[DARK] = VERTICAL
        for y, row in enumerate(self.grid):
            for x, char in enumerate(row):
                if char != " " and (x, y) not in self.inside:
                    row[x] = self._lit(char, x, y)

    def _lit(self, char: str, x: int, y: int) -> str:
        """Return a stroke with only its highlighted arms."""
        ((run,),) = self.drawing.rows(x, y, 1, 1)
        assert run.kind in LINES
        joints, part = self.drawing.strokes.joints, self.light.parts.get(run.owner)
        lit = char if run.owner in self.light.lines else " "
        if part is not None:
            assert not part.arms(x, y) & ~joints.index(char)
            lit = joints[part.arms(x, y)]
        if lit == " ":
            self.read.add((x, y))
            beside_a_box = any((x + dx, y + dy) in self.inside for dx, dy in STEP.values())
            return DARK if char == joints[VERTICAL] and not beside_a_box else " "
        return lit


def assert_lit(drawing: Drawing, edges: set[int]) -> None:
    read = LitReader(drawing, edges).edges()
    assert [(e.source, e.target) for e in read] == sorted(
        (drawing.edges[n].source, drawing.edges[n].target) for n in edges
    )


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("name", ALL)
def test_each_edge_is_highlighted_alone(name: str, direction: Direction) -> None:
    drawing = draw_plan(ALL[name](), level=Level.OPERATOR, direction=direction, detail=0)
    for edge in range(0, len(drawing.edges), max(len(drawing.edges) // 12, 1)):
        assert_lit(drawing, {edge})


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("name", ["multi-way join", "shared scans", "staircase", "circles", "10x10"])
def test_several_edges_are_highlighted_together(name: str, direction: Direction) -> None:
    drawing = draw_plan(ALL[name](), level=Level.OPERATOR, direction=direction)
    chance = Random(3)
    for _ in range(10):
        assert_lit(drawing, set(chance.sample(range(len(drawing.edges)), chance.randrange(1, len(drawing.edges)))))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans(), st.sampled_from(Direction), st.randoms(use_true_random=False))
def test_any_edges_of_any_plan_are_highlighted(plan: Plan, direction: Direction, chance: Random) -> None:
    drawing = draw_plan(plan, level=Level.OPERATOR, direction=direction)
    assert_lit(drawing, {n for n in range(len(drawing.edges)) if chance.random() < 0.4})


def test_the_reader_detects_excess_highlighting() -> None:
    """A trunk that is highlighted beyond the edge is detected."""
    drawing = draw_plan(fan_out(5))
    reader = LitReader(drawing, {0})
    whole = Reader(drawing)
    (line, part), *_ = reader.light.parts.items()
    assert part.low < part.start
    x = next(x for x, cell in enumerate(whole.grid[part.start]) if cell in "┤┼" and (x, part.start) not in whole.inside)
    assert drawing.rows(x, part.start, 1, 1)[0][0].owner == line
    reader.grid[part.start + 1][x] = "│"
    reader.read.discard((x, part.start + 1))
    with pytest.raises(Misread):
        reader.edges()


@pytest.mark.parametrize("direction", Direction)
def test_a_cell_of_a_trunk_lists_its_edges(direction: Direction) -> None:
    """A click there selects them."""
    drawing = draw_plan(shared_scans(), level=Level.OPERATOR, direction=direction)
    shared = 0
    for y in range(drawing.height):
        for x in range(drawing.width):
            ((run,),) = drawing.rows(x, y, 1, 1)
            if run.kind not in LINES:
                continue
            here = drawing.edges_at(run.owner, x, y)
            shared += len(here) < len(drawing.lines[run.owner])
            for edge in range(len(drawing.edges)):
                light = drawing.along([edge])
                part = light.parts.get(run.owner)
                assert (edge in here) == (bool(part.arms(x, y)) if part else run.owner in light.lines)
    assert shared
