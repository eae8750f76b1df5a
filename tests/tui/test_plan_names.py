"""Names of boxes in words are told apart, whatever their descriptions say."""

from hottui.graph.draw import draw_plan
from hottui.render.plan_names import NodeNames
from tests.graph.shapes import plan_of


def apart(*descriptions: str) -> list[str]:
    plan = plan_of(dict(zip("abcdef", descriptions, strict=False)), [])
    names = NodeNames(draw_plan(plan), plan)
    return [names.apart(box) for box in "abcdef"[: len(descriptions)]]


def test_by_an_argument_where_it_tells_from_all() -> None:
    assert apart("Agg(by=[x])", "Agg(by=[y])", "Join") == ["Agg by=[x]", "Agg by=[y]", "Join"]


def test_by_the_operator_as_well_where_it_does_not() -> None:
    assert apart("Agg(by=[x])", "Agg(by=[x])", "Agg(by=[y])") == ["Agg by=[x] #a", "Agg by=[x] #b", "Agg by=[y]"]


def test_by_the_operator_where_there_is_no_argument() -> None:
    assert apart("Join[1]", "Join[2]") == ["Join #a", "Join #b"]
