"""The operators whose parallelism a hot update changes."""

from dataclasses import replace
from typing import Any

from hottui.analysis.requested_parallelism import has_requested, plan_changes, requested_changes
from hottui.model.plan import Plan, read_plan
from tests.analysis.jobs import result_of
from tests.model.answers import plan_of


def plan(*profiles: dict[str, Any]) -> Plan:
    """Return nodes numbered from 1 with these profiles, none of them chained."""
    document = plan_of(len(profiles))
    for node, profile in zip(document["nodes"], profiles, strict=True):
        node["profile"] = profile
    reading = read_plan(document)
    assert reading.plan is not None
    return replace(reading.plan, vertices=())


def test_plans_are_compared_by_node() -> None:
    before = plan({"parallelism": 1}, {"parallelism": 2}, {})
    now = plan({"parallelism": 4}, {"parallelism": 2}, {"parallelism": 3}, {"parallelism": 9})
    assert plan_changes(now, before=before) == {"1": (1, 4)}
    assert plan_changes(now, 10, before=before) == {"1": (1, 4), "2": (2, 10), "3": (3, 10), "4": (9, 10)}


def test_a_rescale_changes_nodes_whose_bounds_allow_it() -> None:
    now = plan(
        {"parallelism": 4},
        {"parallelism": 10},
        {"parallelism": 4, "maxParallelism": 8},
        {"parallelism": 20, "minParallelism": 16},
        {"parallelism": 4, "minParallelism": 1, "maxParallelism": 10},
        {},
    )
    assert plan_changes(now, 10) == {"1": (4, 10), "5": (4, 10)}
    assert plan_changes(now) == {}


def chained(now: Plan, *vertices: tuple[str, ...]) -> Plan:
    return replace(now, vertices=tuple((f"v{n}", members) for n, members in enumerate(vertices)))


def test_chained_operators_change_together() -> None:
    """A sink with a maximum parallelism of 1 limits the operators chained with it."""
    free, alone = {"parallelism": 1, "maxParallelism": 32768}, {"parallelism": 1, "maxParallelism": 1}
    now = plan(free, free, alone, free)
    assert set(plan_changes(now, 10)) == {"1", "2", "4"}
    assert set(plan_changes(chained(now, ("1", "2", "3"), ("4",)), 10)) == {"4"}
    assert set(plan_changes(chained(now, ("1", "2"), ("3", "4")), 10)) == {"1", "2"}


def test_the_bounds_of_chained_operators_are_intersected() -> None:
    now = plan(
        {"parallelism": 4, "minParallelism": 2, "maxParallelism": 64},
        {"parallelism": 4, "minParallelism": 8, "maxParallelism": 16},
        {"parallelism": 4, "minParallelism": 32},
    )
    pair = chained(now, ("1", "2"))
    assert [set(plan_changes(pair, asked)) for asked in (2, 8, 16, 32)] == [set(), {"1", "2"}, {"1", "2"}, {"3"}]
    assert not plan_changes(chained(now, ("1", "2", "3")), 16)  # no value is within all bounds


def test_a_node_in_two_vertices_counts_for_the_first() -> None:
    now = plan({"parallelism": 1}, {"parallelism": 1, "maxParallelism": 1}, {"parallelism": 1})
    assert set(plan_changes(chained(now, ("1", "gone"), ("1", "2", "3", "3")), 5)) == {"1"}


def test_an_earlier_plan_takes_precedence_over_bounds() -> None:
    now = chained(plan({"parallelism": 4}, {"parallelism": 4, "maxParallelism": 1}), ("1", "2"))
    before = plan({"parallelism": 2}, {"parallelism": 2})
    assert plan_changes(now, 4, before) == {"1": (2, 4), "2": (2, 4)}


def test_a_requested_vertex_parallelism_overrides_that_of_the_job() -> None:
    now = chained(
        plan({"parallelism": 4}, {"parallelism": 4, "maxParallelism": 4}, {"parallelism": 4}), ("1", "2"), ("3",)
    )
    assert plan_changes(now, asked_vertices={"v0": 8}) == {"1": (4, 8), "2": (4, 8)}
    assert plan_changes(now, 6, asked_vertices={"v0": 4, "none": 9}) == {"3": (4, 6)}
    assert plan_changes(now, 6, asked_vertices={"v1": 2}) == {"3": (4, 2)}
    twice = chained(now, ("1",), ("1", "2"))
    assert plan_changes(twice, asked_vertices={"v0": 8, "v1": 2}) == {"1": (4, 8), "2": (4, 2)}


def three(*parallelism: int) -> Plan:
    """A plan with a vertex for each number, named v0, v1, …"""
    return chained(plan(*({"parallelism": each} for each in parallelism)), *((str(n + 1),) for n in range(3)))


def test_a_plan_with_what_ran_before_is_not_what_was_requested() -> None:
    asked = result_of(parallelism=8)
    stale = three(4, 4, 8)
    assert has_requested(stale, asked), "what ran before is not known"
    assert not has_requested(stale, asked, {"v0": 4, "v1": 4, "v2": 8})
    moved = requested_changes(stale, asked, before_vertices={"v0": 4, "v1": 4, "v2": 8})
    assert moved == {"1": (4, 8), "2": (4, 8)}
    written = three(8, 8, 1)
    assert has_requested(written, asked, {"v0": 4, "v1": 4, "v2": 1})
    assert requested_changes(written, asked, before_vertices={"v0": 4, "v1": 4, "v2": 1}) == {}
    by_vertex = result_of(parallelism=8, vertices={"v2": 8})
    assert not has_requested(stale, by_vertex), "v2 has what was requested for it alone"
    assert not has_requested(three(4, 4, 1), result_of(conf={"a": 1}))
