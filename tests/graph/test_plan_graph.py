"""Problems of a plan are reported, and the rest is drawn."""

from hottui.graph.draw import draw_plan
from hottui.graph.plan_graph import Level, prepare
from hottui.model.plan import Edge, Group, Node, NodeProfile, Plan
from tests.graph.shapes import plan_of, self_join, two_phase_aggregate


def test_chained_operators_are_one_member_at_vertex_level() -> None:
    graph = prepare(two_phase_aggregate(), Level.VERTEX)
    assert [(m.id, [n.id for n in m.nodes]) for m in graph.members] == [
        ("source", ["1", "2", "3"]),
        ("sink", ["4", "5", "6"]),
    ]
    assert [(link.source, link.target, link.strategies) for link in graph.links] == [(0, 1, ("HASH",))]


def test_operator_level_keeps_every_node() -> None:
    graph = prepare(two_phase_aggregate(), Level.OPERATOR)
    assert len(graph.members) == 6
    assert len(graph.links) == 5


def test_parallel_edges_are_merged_with_all_strategies() -> None:
    (link,) = prepare(self_join(), Level.OPERATOR).links
    assert link.strategies == ("HASH", "HASH", "BROADCAST")
    assert draw_plan(self_join()).edges[0].label == "2HB"


def test_a_node_without_a_vertex_is_its_own_member() -> None:
    plan = plan_of({"1": "a", "2": "b"}, [("1", "2", "HASH")], {"v": ["1"]})
    assert [m.id for m in prepare(plan, Level.VERTEX).members] == ["v", "2"]


def test_a_node_with_the_id_of_a_vertex_stays_separate() -> None:
    plan = plan_of({"1": "a", "v": "b"}, [("1", "v", "HASH")], {"v": ["1"]})
    ids = [m.id for m in prepare(plan, Level.VERTEX).members]
    assert len(set(ids)) == 2


def test_every_problem_has_a_message() -> None:
    plan = Plan(
        groups=(Group(name="used"), Group(name="idle")),
        nodes=(
            Node(id="1", desc="first", profile=NodeProfile(group="used")),
            Node(id="1", desc="second"),
            Node(id="2", desc="b", profile=NodeProfile(group="unknown")),
        ),
        edges=(Edge(source="1", target="9"), Edge(source="1", target="2")),
        vertices=(("v", ("1", "7")), ("w", ("1",))),
        problems=("Node 4 of 4 cannot be read: id is missing or wrong.",),
    )
    drawing = draw_plan(plan)
    text = "\n".join(drawing.problems)
    assert "Node 4 of 4" in text
    assert "2 nodes share the id 1" in text
    assert "1 → 9" in text
    assert "Vertex v names node 7" in text
    assert "in the vertices v and w" in text
    assert "Vertex w has no nodes" in text
    assert "group unknown" in text
    assert "group idle has no nodes" in text
    assert {box.id for box in drawing.boxes} == {"v", "2"}
    assert all(message.endswith(".") for message in drawing.problems)


def test_an_empty_plan_has_a_message() -> None:
    drawing = draw_plan(Plan())
    assert (drawing.width, drawing.height, drawing.text()) == (0, 0, "")
    assert drawing.problems == ("The plan has no nodes.",)


def test_hostile_ids_are_made_visible() -> None:
    drawing = draw_plan(plan_of({"\x1b[2J": "a\u202eb"}, [("\x1b[2J", "\r", "HASH")]), level=Level.OPERATOR, detail=2)
    shown = drawing.text() + "".join(drawing.problems)
    assert not {"\x1b", "\u202e", "\r"} & set(shown)
