"""A drawing as used by the screens: windows, owners, neighbours, layout, cancellation."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from rich.cells import cell_len

from hottui.graph.draw import draw_plan
from hottui.graph.labels import Kind
from hottui.graph.layout_progress import Cancelled
from hottui.graph.plan_graph import Level
from hottui.graph.render.drawing import Direction, Drawing
from hottui.model.plan import Edge, Node, NodeProfile, Plan
from tests.benchmarks.generated import layered_plan
from tests.graph.random_plans import plans
from tests.graph.reader import grid_of
from tests.graph.shapes import ALL, circles, fan_out, multi_way_join, plan_of, shared_scans, strange_names


@pytest.mark.parametrize("name", ALL)
def test_a_window_equals_that_part_of_the_whole(name: str) -> None:
    drawing = draw_plan(ALL[name](), detail=2)
    whole = grid_of(drawing)
    chance = random.Random(7)
    for _ in range(12):
        x, y = chance.randrange(-3, drawing.width + 3), chance.randrange(-3, drawing.height + 3)
        w, h = chance.randrange(1, 40), chance.randrange(1, 12)
        rows = drawing.rows(x, y, w, h)
        assert len(rows) == h
        for step, runs in enumerate(rows):
            text = "".join(run.text for run in runs)
            assert cell_len(text) == w
            inside = 0 <= y + step < drawing.height
            wanted = [whole[y + step][c] if inside and 0 <= c < drawing.width else " " for c in range(x, x + w)]
            # A wide character cut at an edge leaves blanks.
            if wanted[0] == "":
                wanted[0] = " "
            if cell_len("".join(wanted)) > w:
                wanted[-1] = " "
            assert text == "".join(wanted)


def test_runs_have_a_kind_and_an_owner() -> None:
    drawing = draw_plan(multi_way_join())
    runs = [run for row in drawing.rows(0, 0, drawing.width, drawing.height) for run in row]
    names = {(drawing.boxes[run.owner].name, run.text) for run in runs if run.kind is Kind.NAME}
    assert ("table_0", "table_0") in names
    letters = [run for run in runs if run.kind is Kind.STRATEGY]
    assert len(letters) == 8
    for run in letters:
        (edge,) = drawing.lines[run.owner]
        assert drawing.edges[edge].label == run.text
    assert all(run.owner < 0 for run in runs if run.kind is Kind.BLANK)


def test_a_change_is_shown_and_marked() -> None:
    drawing = draw_plan(multi_way_join(), level=Level.OPERATOR, changes={"j1": (4, 10)})
    assert drawing.box_by_id["j1"].changed
    assert "×4 → ×10" in drawing.text()
    assert not drawing.box_by_id["j2"].changed


def test_groups_have_letters_only_when_there_is_more_than_one() -> None:
    nodes = tuple(
        Node(id=str(i), desc=f"n{i}", profile=NodeProfile(group=f"g{i % 2}", parallelism=2)) for i in range(4)
    )
    assert {box.letter for box in draw_plan(Plan(nodes=nodes)).boxes} == {"A", "B"}
    assert {box.letter for box in draw_plan(multi_way_join()).boxes} == {""}


def test_unknown_strategies_have_their_own_letters() -> None:
    plan = plan_of({"a": "a", "b": "b", "c": "c"}, [("a", "b", "HASH"), ("a", "c", "HOT"), ("b", "c", "HOP")])
    drawing = draw_plan(plan)
    assert drawing.strategies == {"HASH": "H", "HOT": "O", "HOP": "P"}
    assert [edge.label for edge in drawing.edges] == ["H", "O", "P"]


def test_upstream_downstream_and_highlighted_edges() -> None:
    drawing = draw_plan(multi_way_join(), level=Level.OPERATOR)
    assert drawing.upstream("j2") == {"j1", "s0", "s1", "s2"}
    assert drawing.downstream("j2") == {"j3", "j4"}
    light = drawing.around("j2")
    boxes, lines = light.boxes, light.lines
    assert {drawing.boxes[i].id for i in boxes} == {"j1", "s0", "s1", "s2", "j2", "j3", "j4"}
    shown = {(drawing.edges[e].source, drawing.edges[e].target) for line in lines for e in drawing.lines[line]}
    assert shown == {("s0", "j1"), ("s1", "j1"), ("j1", "j2"), ("s2", "j2"), ("j2", "j3"), ("j3", "j4")}


def test_traversal_of_a_cycle_visits_each_node_once() -> None:
    drawing = draw_plan(circles())
    assert drawing.downstream("a") == {"a", "b", "c", "d", "e"}


def test_keys_move_along_edges_and_within_layers() -> None:
    drawing = draw_plan(multi_way_join(), level=Level.OPERATOR)
    assert drawing.right("s0") == "j1"
    assert drawing.left("j1") in {"s0", "s1"}
    assert drawing.right("j4") is None
    top = min((box for box in drawing.boxes if box.layer == 0), key=lambda box: box.y)
    below = drawing.down(top.id)
    assert below is not None
    assert drawing.up(below) == top.id


def test_every_box_can_be_reached_by_keys() -> None:
    drawing = draw_plan(circles())
    seen = {drawing.boxes[0].id}
    waiting = list(seen)
    while waiting:
        here = waiting.pop()
        for step in (drawing.left, drawing.right, drawing.up, drawing.down):
            near = step(here)
            if near is not None and near not in seen:
                seen.add(near)
                waiting.append(near)
    assert seen == {box.id for box in drawing.boxes}


def test_the_box_at_a_cell() -> None:
    drawing = draw_plan(fan_out(30))
    for box in drawing.boxes:
        assert drawing.box_at(box.x, box.y) is box
        assert drawing.box_at(box.x + box.width - 1, box.y + box.height - 1) is box
    assert drawing.box_at(drawing.width + 5, 0) is None


def crossings_of(drawing: Drawing) -> int:
    """Count the layout's crossings pair by pair."""
    layout = drawing.layout_json()
    nodes, dummies = layout["nodes"], layout["dummies"]
    assert isinstance(nodes, dict)
    assert isinstance(dummies, dict)
    between: dict[int, list[tuple[int, int]]] = {}
    seen = set()
    for edge in drawing.edges:
        first, last = sorted((nodes[edge.source], nodes[edge.target]))
        if edge.source == edge.target or frozenset((edge.source, edge.target)) in seen:
            continue
        seen.add(frozenset((edge.source, edge.target)))
        name = f"{edge.source}->{edge.target}@"
        places = [first, *(dummies[f"{name}{layer}"] for layer in range(first[0] + 1, last[0])), last]
        for (layer, top), (_, bottom) in pairwise(places):
            between.setdefault(layer, []).append((top, bottom))
    return sum(
        (a - c) * (b - d) < 0 for pairs in between.values() for i, (a, b) in enumerate(pairs) for c, d in pairs[:i]
    )


@settings(max_examples=150, deadline=None)
@given(plans())
def test_the_layout_counts_its_crossings(plan: Plan) -> None:
    drawing = draw_plan(plan, level=Level.OPERATOR)
    assert drawing.layout_json()["crossings"] == crossings_of(drawing)


def test_positions_in_a_layer_are_distinct() -> None:
    layout = draw_plan(shared_scans(), level=Level.OPERATOR).layout_json()
    nodes, dummies = layout["nodes"], layout["dummies"]
    assert isinstance(nodes, dict)
    assert isinstance(dummies, dict)
    places = [tuple(place) for place in [*nodes.values(), *dummies.values()]]
    assert len(places) == len(set(places))
    assert dummies


def test_the_same_plan_has_the_same_drawing() -> None:
    plan = layered_plan(120)
    assert draw_plan(plan).text() == draw_plan(plan).text()


def test_long_edges_share_trunks() -> None:
    """Edges from each of 60 nodes to all later ones would take 34,220 separate positions."""
    pairs = [(i, k) for i in range(60) for k in range(i + 1, 60)]
    edges = tuple(Edge(source=str(a), target=str(b)) for a, b in pairs)
    drawing = draw_plan(Plan(nodes=tuple(Node(id=str(i)) for i in range(60)), edges=edges), detail=0)
    assert drawing.height < 400


def test_boxes_of_a_layer_share_a_row_top_to_bottom() -> None:
    drawing = draw_plan(multi_way_join(), direction=Direction.TB)
    rows = {box.layer: box.y for box in drawing.boxes}
    assert all(box.y == rows[box.layer] for box in drawing.boxes)


def test_names_are_measured_in_cells() -> None:
    drawing = draw_plan(strange_names(), max_name=12)
    assert all(cell_len(box.name) <= 13 for box in drawing.boxes)
    assert "…" in drawing.text()


def test_a_cancelled_drawing_stops() -> None:
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 5

    with pytest.raises(Cancelled):
        draw_plan(layered_plan(300), level=Level.OPERATOR, cancelled=cancelled)
    assert asked == 6


def test_progress_names_its_stages() -> None:
    stages: list[tuple[str, float]] = []
    draw_plan(layered_plan(200), level=Level.OPERATOR, progress=lambda stage, done: stages.append((stage, done)))
    assert {"reading", "order", "routes"} <= {stage for stage, _ in stages}
    assert all(0 <= done <= 1 for _, done in stages)
