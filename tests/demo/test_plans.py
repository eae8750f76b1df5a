"""The demo's plans follow Flink's rules."""

import pytest

from hottui.demo.plan_builder import BROADCAST, FORWARD, GLOBAL, HASH, REBALANCE, Sketch
from hottui.demo.plans import SHAPES
from hottui.model.plan import Plan, read_plan

SOUND = sorted(SHAPES.keys() - {"feedback_loop"})


def plan_of(name: str, parallelism: int = 10) -> Plan:
    plan = read_plan(SHAPES[name](parallelism)).plan
    assert plan is not None
    assert plan.problems == ()
    return plan


@pytest.mark.parametrize("name", SOUND)
def test_edges_end_at_later_nodes(name: str) -> None:
    plan = plan_of(name)
    ids = [node.id for node in plan.nodes]
    assert len(set(ids)) == len(ids)
    place = {node: position for position, node in enumerate(ids)}
    assert all(place[edge.source] < place[edge.target] for edge in plan.edges)


@pytest.mark.parametrize("name", SOUND)
def test_forward_edges_join_equal_parallelism(name: str) -> None:
    plan = plan_of(name)
    for edge in plan.edges:
        source, target = plan.node_by_id[edge.source], plan.node_by_id[edge.target]
        if edge.strategy == FORWARD:
            assert source.parallelism == target.parallelism
        if edge.strategy == GLOBAL:
            assert target.parallelism == 1


@pytest.mark.parametrize("name", SOUND)
def test_every_node_is_in_one_vertex_and_vertices_are_uniform(name: str) -> None:
    plan = plan_of(name)
    members = [node for _, chain in plan.vertices for node in chain]
    assert sorted(members) == sorted(node.id for node in plan.nodes)
    for _, chain in plan.vertices:
        nodes = [plan.node_by_id[node] for node in chain]
        assert len({node.parallelism for node in nodes}) == 1
        assert len({node.group for node in nodes}) == 1
    assert len({vertex for vertex, _ in plan.vertices}) == len(plan.vertices)


@pytest.mark.parametrize("name", SOUND)
def test_groups_have_profiles(name: str) -> None:
    plan = plan_of(name)
    assert {node.group for node in plan.nodes} == set(plan.group_by_name)


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_operators_do_not_depend_on_parallelism(name: str) -> None:
    few, many = plan_of(name, 4), plan_of(name, 16)
    assert [(n.id, n.desc) for n in few.nodes] == [(n.id, n.desc) for n in many.nodes]
    assert [n.parallelism for n in few.nodes] != [n.parallelism for n in many.nodes]


def test_every_strategy_and_the_usual_operators_occur() -> None:
    plans = [plan_of(name) for name in SHAPES]
    strategies = {edge.strategy for plan in plans for edge in plan.edges}
    assert strategies == {"FORWARD", "HASH", "REBALANCE", "BROADCAST", "RESCALE", "GLOBAL"}
    kinds = {node.type.removeprefix("StreamExec") for plan in plans for node in plan.nodes}
    assert {
        "TableSourceScan", "Calc", "Join", "IntervalJoin", "LookupJoin", "LocalGroupAggregate", "GlobalGroupAggregate",
        "LocalWindowAggregate", "GlobalWindowAggregate", "WindowRank", "Rank", "Deduplicate", "Match", "Sink",
    } <= kinds  # fmt: skip


def test_one_plan_is_entirely_in_chinese() -> None:
    plan = plan_of("store_sales_in_chinese")
    assert sum(not node.desc.isascii() for node in plan.nodes) >= len(plan.nodes) - 3
    assert "关联与聚合" in plan.group_by_name


def test_one_plan_has_a_cycle_and_a_dangling_edge() -> None:
    plan = plan_of("feedback_loop")
    place = {node.id: position for position, node in enumerate(plan.nodes)}
    assert [edge.target for edge in plan.edges if edge.target not in place]
    assert [e for e in plan.edges if e.target in place and place[e.target] <= place[e.source]]


def test_statement_set_shares_its_scan() -> None:
    plan = plan_of("statement_set")
    scans = [node for node in plan.nodes if node.type == "StreamExecTableSourceScan"]
    sinks = [node for node in plan.nodes if node.type == "StreamExecSink"]
    assert len(scans) == 1
    assert len(sinks) == 6


def test_chains_end_where_flink_ends_them() -> None:
    plan = Sketch("test")
    left = plan.source("left", 4).calc("a")
    right = plan.source("right", 2)
    joined = left.join(right, "a = b", by=BROADCAST)  # two inputs: its own vertex, although the edge is FORWARD
    joined.calc("a").sink("elsewhere", group="other")  # another group: the chain ends
    joined.sink("fewer", at=1)  # FORWARD is impossible between 4 and 1
    document = plan.document()
    ids = [node["id"] for node in document["nodes"]]
    assert list(document["vertices"].values()) == [ids[:2], [ids[2]], [ids[3], ids[4]], [ids[5]], [ids[6]]]
    strategies = {(edge["source"], edge["target"]): edge["strategy"] for edge in document["edges"]}
    assert strategies[ids[1], ids[3]] == FORWARD
    assert strategies[ids[2], ids[3]] == BROADCAST
    assert strategies[ids[3], ids[6]] == REBALANCE


def test_a_union_is_not_an_operator() -> None:
    plan = Sketch("test")
    united = plan.source("a", 1).union(plan.source("b", 1), plan.source("c", 1))
    united.then("Deduplicate", by=HASH, at=4)
    document = plan.document()
    assert len(document["nodes"]) == 4
    assert [edge["strategy"] for edge in document["edges"]] == [HASH, HASH, HASH]
