"""Boxes with the same name are disambiguated by their descriptions."""

from hottui.graph.disambiguate import disambiguate
from hottui.graph.draw import draw_plan
from hottui.graph.plan_graph import Level, prepare
from tests.graph.shapes import multi_way_join, plan_of

AGGREGATE = "GlobalGroupAggregate(groupBy=[{}], select=[{}, COUNT(*) AS n])[7]"


def marks(*descriptions: str, chains: dict[str, list[str]] | None = None) -> dict[str, str]:
    names = dict(zip(map(str, range(len(descriptions))), descriptions, strict=True))
    return disambiguate(prepare(plan_of(names, [], chains), Level.VERTEX).members)


def test_the_first_argument_that_differs_for_all_is_used() -> None:
    found = marks(AGGREGATE.format("page", "page"), AGGREGATE.format("city", "city"), "Calc(select=[a])")
    assert found == {"0": "groupBy=[page]", "1": "groupBy=[city]"}


def test_the_argument_with_more_distinct_values_is_used() -> None:
    join = "Join(joinType=[{}], where=[({} = {}0)], select=[a])"
    found = marks(*(join.format(kind, key, key) for kind, key in (("Inner", "a"), ("Left", "b"), ("Inner", "c"))))
    assert list(found.values()) == ["where=[(a = a0)]", "where=[(b = b0)]", "where=[(c = c0)]"]


def test_brackets_inside_an_argument() -> None:
    found = marks("Scan2(on=[f[0], x], k=[1])", "Scan2(on=[f[1], x], k=[1])")
    assert found == {"0": "on=[f[0], x]", "1": "on=[f[1], x]"}


def test_no_marks_without_shared_names_or_differences() -> None:
    assert marks("Join[1]", "Join[2]") == {}
    assert marks("Join(a=[1])[1]", "Join(a=[1])[2]") == {}
    assert marks("Join(a=[1])", "Rank(a=[2])") == {}
    assert marks() == {}


def test_a_member_without_the_argument_has_no_mark() -> None:
    assert marks("Join(a=[1])", "Join(a=[2])", "Join") == {"0": "a=[1]", "1": "a=[2]"}


def test_a_chain_is_distinguished_by_the_operator_that_names_it() -> None:
    chains = {"v": ["0", "1"], "w": ["2", "3"]}
    found = marks("Calc(x=[1])", "Rank(by=[a])", "Calc(x=[2])", "Rank(by=[b])", chains=chains)
    assert found == {"v": "by=[a]", "w": "by=[b]"}


def test_marks_appear_only_at_the_highest_detail() -> None:
    plan = plan_of({"1": AGGREGATE.format("page", "p"), "2": AGGREGATE.format("city", "c")}, [("1", "2", "HASH")])
    assert "groupBy" not in draw_plan(plan, detail=1).text()
    assert "│ groupBy=[page] " in draw_plan(plan, detail=2).text()
    assert "Join[1]" in draw_plan(multi_way_join(), level=Level.OPERATOR, detail=2).text()
