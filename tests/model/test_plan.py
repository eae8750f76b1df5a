"""Plans in every encoding of the service, and values that are not plans."""

import json
from typing import Any

import pytest

from hottui.model.answer import read_answer
from hottui.model.plan import Plan, PlanReading, read_plan
from tests.model.answers import body, encoded, plan_of, with_plan


def read(document: Any) -> Plan:
    reading = read_plan(document)
    assert reading.plan is not None, reading.error
    return reading.plan


@pytest.mark.parametrize("layers", [0, 1, 2])
def test_every_encoding_gives_the_same_plan(layers: int) -> None:
    document = plan_of(3)
    reading = read_plan(encoded(document, layers))
    assert reading.plan == read(document)
    assert reading.document == document
    assert (reading.error, reading.absent) == ("", False)


@pytest.mark.parametrize("layers", [0, 1, 2])
def test_chinese_quotes_and_backslashes_in_every_encoding(layers: int) -> None:
    name = "Source: 订单表[1] \"quoted\" \\back\\slash\ttab\nline 'single' é😀"
    assert read(encoded(plan_of(1, desc=name), layers)).nodes[0].desc == name


def test_a_plan_within_an_answer() -> None:
    for layers in (0, 1, 2):
        answer = read_answer(body(with_plan(encoded(plan_of(4), layers))))
        assert answer.plan.plan == read(plan_of(4))


def test_a_quoted_or_indented_second_layer() -> None:
    text = json.dumps(plan_of(2), indent=2)
    assert read(json.dumps(text)) == read(plan_of(2))
    assert read(json.dumps(text)[1:-1]) == read(plan_of(2))
    assert read("\ufeff" + text) == read(plan_of(2))


@pytest.mark.parametrize("raw", [None, "", "  ", '""', "{}", " {} ", "null", {}, '"{}"', '"null"'])
def test_a_missing_plan_is_not_an_error(raw: Any) -> None:
    assert read_plan(raw) == PlanReading()
    assert read_plan(raw).absent


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("garbage", "not JSON"),
        ("<html>", "not JSON"),
        ("{", "not JSON"),
        ('{\\"', "not JSON"),
        ("[1]", "a list, not an object"),
        ([1], "a list, not an object"),
        ([], "a list, not an object"),
        ("7", "a number, not an object"),
        (7, "a number, not an object"),
        (True, "true or false, not an object"),
        ('"text"', "not JSON"),
        ('"\\"twice\\""', "text, not an object"),
        ('{"a":1}', "no nodes"),
        ({"a": 1}, "no nodes"),
        ('{"nodes":' + "[" * 200 + "]" * 200 + "}", "nested too deeply"),
        ('{"nodes":' + "[" * 200_000, "nested too deeply"),
        ('{\\"nodes\\":' + "[" * 200_000, "nested too deeply"),
    ],
)
def test_an_unreadable_plan_is_kept_as_text_with_the_reason(raw: Any, why: str) -> None:
    reading = read_plan(raw)
    assert reading.plan is None
    assert why in reading.error
    assert reading.text == (raw if isinstance(raw, str) else json.dumps(raw, separators=(",", ":")))
    assert not reading.absent


@pytest.mark.parametrize("layers", [1, 2])
def test_a_truncated_plan_is_an_error_with_its_text(layers: int) -> None:
    text = encoded(plan_of(2), layers)
    for length in range(1, len(text)):
        reading = read_plan(text[:length])
        assert reading.plan is None
        assert reading.error
        assert reading.text == text[:length]


def test_huge_numbers_and_lone_surrogates_in_a_plan() -> None:
    node_text = '{"id":1111,"desc":"\\ud800","profile":{"parallelism":9999}}'
    text = f'{{"nodes":[{node_text}]}}'.replace("1111", "1" * 9000).replace("9999", "9" * 9000)
    (node,) = read(text).nodes
    assert node.id == "1" * 9000
    assert node.desc == "\N{REPLACEMENT CHARACTER}"
    assert node.parallelism is None


@pytest.mark.parametrize("profile", [None, "x", [], 7, {}])
def test_a_node_may_lack_a_profile(profile: Any) -> None:
    (node,) = read({"nodes": [{"id": 1, "profile": profile}]}).nodes
    assert (node.id, node.group, node.parallelism) == ("1", "", None)
    assert read({"nodes": [{"id": 1}]}).nodes == (node,)


def test_ids_are_text_in_nodes_edges_and_vertices() -> None:
    plan = read(
        {
            "nodes": [{"id": 1}, {"id": "2"}, {"id": 3.0}],
            "edges": [{"source": "1", "target": 2}, {"from": 2.0, "to": "3"}],
            "vertices": {"v": [1, "2", 3.0]},
        }
    )
    assert [node.id for node in plan.nodes] == ["1", "2", "3"]
    assert [(edge.source, edge.target) for edge in plan.edges] == [("1", "2"), ("2", "3")]
    assert plan.vertices == (("v", ("1", "2", "3")),)


def test_unknown_fields_are_kept() -> None:
    plan = read(
        {
            "nodes": [{"id": 1, "chainingStrategy": "ALWAYS", "profile": {"x": 1}}],
            "edges": [{"source": 1, "target": 1, "y": 2}],
            "ssgProfiles": [{"name": "g", "z": 3}],
            "more": True,
        }
    )
    assert plan.nodes[0].model_extra == {"chainingStrategy": "ALWAYS"}
    assert plan.nodes[0].profile.model_extra == {"x": 1}
    assert plan.edges[0].model_extra == {"y": 2}
    assert plan.groups[0].model_extra == {"z": 3}


def test_an_inconsistent_plan_is_not_corrected() -> None:
    plan = read(
        {
            "nodes": [{"id": 1, "desc": "first"}, {"id": 1, "desc": "second"}],
            "edges": [{"source": 1, "target": 1}, {"source": 1, "target": 99}, {"source": 1, "target": 1}],
        }
    )
    assert [node.desc for node in plan.nodes] == ["first", "second"]
    assert plan.node_by_id["1"].desc == "first"
    assert len(plan.edges) == 3
    assert plan.problems == ()


def test_invalid_parts_are_omitted_and_reported() -> None:
    plan = read(
        {
            "ssgProfiles": "x",
            "nodes": [{"id": 1}, {"desc": "no id"}, None, "text", {"id": True}],
            "edges": [{"source": 1}, {"source": 1, "target": 1}],
            "vertices": {"good": [1], "bad": [None], "w\x1borse": "1"},
        }
    )
    assert [node.id for node in plan.nodes] == ["1"]
    assert len(plan.edges) == 1
    assert plan.vertices == (("good", ("1",)),)
    assert plan.problems == (
        "The groups are text, not a list.",
        "Node 2 of 5 cannot be read: its id is missing or wrong.",
        "Node 3 of 5 cannot be read: it is not an object.",
        "Node 4 of 5 cannot be read: it is not an object.",
        "Node 5 of 5 cannot be read: its id is missing or wrong.",
        "Edge 1 of 2 cannot be read: its target is missing or wrong.",
        "Vertex bad does not list node ids.",
        "Vertex w␛orse does not list node ids.",
    )


def test_thousands_of_invalid_parts_have_few_messages() -> None:
    plan = read({"nodes": [{}] * 5_000, "vertices": {str(i): 0 for i in range(3_000)}})
    assert len(plan.problems) == 42
    assert plan.problems[20] == "4,980 more nodes cannot be read."
    assert plan.problems[-1] == "2,980 more vertices do not list node ids."


@pytest.mark.parametrize("shape", ["x", {}, 7, True])
def test_invalid_lists_are_reported(shape: Any) -> None:
    plan = read({"nodes": shape, "edges": shape})
    assert (plan.nodes, plan.edges) == ((), ())
    assert len(plan.problems) == 2


def test_an_empty_plan_is_a_plan() -> None:
    assert read({"ssgProfiles": [], "nodes": [], "edges": [], "vertices": {}}) == Plan()
    assert read({"nodes": None}) == Plan()


def test_five_thousand_nodes() -> None:
    plan = read(encoded(plan_of(5_000), 2))
    assert (len(plan.nodes), len(plan.edges), plan.problems) == (5_000, 4_999, ())
    assert plan.node_by_id["5000"].parallelism == 4
