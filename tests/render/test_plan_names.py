"""Boxes with the same name are disambiguated."""

from hottui.graph.draw import draw_plan
from hottui.render.plan_names import NodeNames
from tests.graph.shapes import plan_of


def unique_names(*descriptions: str) -> list[str]:
    plan = plan_of(dict(zip("abcdef", descriptions, strict=False)), [])
    names = NodeNames(draw_plan(plan), plan)
    return [names.unique(box) for box in "abcdef"[: len(descriptions)]]


def test_an_argument_that_differs_disambiguates() -> None:
    assert unique_names("Agg(by=[x])", "Agg(by=[y])", "Join") == ["Agg by=[x]", "Agg by=[y]", "Join"]


def test_the_operator_id_is_added_where_the_argument_is_not_unique() -> None:
    assert unique_names("Agg(by=[x])", "Agg(by=[x])", "Agg(by=[y])") == ["Agg by=[x] #a", "Agg by=[x] #b", "Agg by=[y]"]


def test_the_operator_id_is_added_where_there_is_no_argument() -> None:
    assert unique_names("Join[1]", "Join[2]") == ["Join #a", "Join #b"]
