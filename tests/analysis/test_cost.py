"""Sizes, slots, cores and compute units."""

from typing import Any

import pytest

from hottui.analysis.cost import SLOTS_KEY, Cost, basic_cost, managed_bytes, plan_cost, spec_cost
from hottui.model.memory_size import GIB
from hottui.model.plan import Group, Plan, read_plan
from hottui.model.result import BasicResourceSetting, ResourceSettingSpec

MIB = 1024**2


def test_managed_memory_excludes_weights() -> None:
    assert managed_bytes(Group(managed={"STATE_BACKEND": "512 mb", "OPERATOR": "1 gb"})) == GIB + 512 * MIB
    assert managed_bytes(Group(managed={"STATE_BACKEND": "70", "OPERATOR": 30, "PYTHON": None})) == 0
    assert managed_bytes(Group(managed={"type": "STATE_BACKEND", "size": "512Mi"})) == 512 * MIB
    assert managed_bytes(Group()) == 0
    for not_understood in ("heavy", "1 pb", {"size": "1 gb"}, ["1 gb"]):
        assert managed_bytes(Group(managed={"STATE_BACKEND": "1 gb", "X": not_understood})) is None


@pytest.mark.parametrize(
    ("cost", "units"),
    [(Cost(1, 4 * GIB), 1), (Cost(2, 4 * GIB), 2), (Cost(1, 16 * GIB), 4), (Cost(), 0), (Cost(0.5, GIB), 0.5)],
)
def test_a_compute_unit_is_one_core_or_four_gib_whichever_is_more(cost: Cost, units: float) -> None:
    assert cost.cu == units


def test_cost_of_a_spec() -> None:
    assert spec_cost(ResourceSettingSpec(cpu=2, memory="4 GiB")) == Cost(2.0, 4 * GIB)
    assert spec_cost(ResourceSettingSpec(cpu=1, memory="much")) == Cost(1.0, 0, memory_known=False)
    assert spec_cost(ResourceSettingSpec(memory="1Gi")) == Cost(0.0, GIB, cpu_known=False)
    assert spec_cost(ResourceSettingSpec(cpu=1)) == Cost(1.0, 0, memory_known=False)
    assert spec_cost(None) == Cost()


def plan(document: dict[str, Any]) -> Plan:
    reading = read_plan(document)
    assert reading.plan is not None
    return reading.plan


def node(name: int, group: str | None, parallelism: Any) -> dict[str, Any]:
    return {"id": name, "profile": {"group": group, "parallelism": parallelism}}


def test_a_group_has_as_many_slots_as_its_largest_parallelism() -> None:
    document = {
        "ssgProfiles": [
            {"name": "a", "cpu": 0.5, "heap": "1 gb", "offHeap": "32 mb", "managed": {"STATE_BACKEND": "512 mb"}},
            {"name": "unused", "cpu": 9},
        ],
        "nodes": [node(1, "a", 4), node(2, "a", 10), node(3, "elsewhere", 2), node(4, None, None)],
    }
    cost = plan_cost(plan(document), ResourceSettingSpec(cpu=1, memory="2 GiB"))
    assert [(g.name, g.slots, g.nodes, g.group is not None) for g in cost.groups] == [
        ("a", 10, 2, True),
        ("unused", 0, 0, True),
        ("elsewhere", 2, 1, False),
        ("", 0, 1, False),
    ]
    assert cost.groups[0].slot == Cost(0.5, GIB + 544 * MIB)
    known = sum((group.total for group in cost.groups if group.group), Cost())
    assert known == Cost(5.0, 10 * (GIB + 544 * MIB))
    assert known + cost.jobmanager == Cost(6.0, 10 * (GIB + 544 * MIB) + 2 * GIB)
    assert cost.total == Cost(6.0, 10 * (GIB + 544 * MIB) + 2 * GIB, cpu_known=False, memory_known=False)
    assert cost.total.cu == 6.0


def test_unparsable_values_make_sums_lower_bounds() -> None:
    good = {"name": "a", "cpu": 1, "heap": "1 gb", "offHeap": "32 mb", "managed": {"STATE_BACKEND": "1 gb"}}
    nodes = [node(1, "a", 4)]
    assert plan_cost(plan({"ssgProfiles": [good], "nodes": nodes})).total.known
    for part in ({"heap": "1 pb"}, {"offHeap": "much"}, {"managed": {"X": "1 parsec"}}, {"cpu": None}):
        total = plan_cost(plan({"ssgProfiles": [{**good, **part}], "nodes": nodes})).total
        assert (total.known, total.cpu_known) == (False, "cpu" not in part), part
        idle = plan_cost(plan({"ssgProfiles": [good, {**good, **part, "name": "idle"}], "nodes": nodes})).total
        assert idle.known, "a group without slots costs nothing"
    assert not plan_cost(plan({"ssgProfiles": [{"name": "a", "cpu": 1}], "nodes": nodes})).total.memory_known
    sized = plan_cost(plan({"ssgProfiles": [good], "nodes": nodes}), ResourceSettingSpec(cpu=1, memory="lots"))
    assert sized.taskmanagers.known
    assert not sized.total.known


def basic(parallelism: int | None, cpu: float | None, memory: str) -> BasicResourceSetting:
    return BasicResourceSetting(
        parallelism=parallelism,
        jobmanager_resource_setting_spec=ResourceSettingSpec(cpu=1, memory="4 GiB"),
        taskmanager_resource_setting_spec=ResourceSettingSpec(cpu=cpu, memory=memory),
    )


def test_basic_mode_divides_subtasks_among_taskmanagers() -> None:
    for slots, managers in ((None, 10), (1, 10), ("4", 3), (4.0, 3), (10, 1), (100, 1)):
        found = basic_cost(basic(10, 2, "8 GiB"), {SLOTS_KEY: slots})
        assert found is not None
        assert (found.taskmanagers, found.workers) == (managers, Cost(2.0 * managers, 8 * GIB * managers)), slots
        assert found.total.cu == 2 * managers + 1
    assert basic_cost(basic(10, 2, "8 GiB"), {}, 3) == basic_cost(basic(3, 2, "8 GiB"), {})


def test_a_taskmanager_beyond_16_cores_or_64_gib_is_split() -> None:
    expected = (
        (4, 16, "64 GiB", 4),
        (4, 17, "16 GiB", 5),  # 68 cores in 16s
        (4, 20, "200 GiB", 13),  # 800 GiB in 64s are more than 80 cores in 16s
        (1, 1, "65 GiB", 2),
        (3, 16.5, "1 GiB", 4),
        (2, 32, "64 GiB", 4),
    )
    for parallelism, cpu, memory, managers in expected:
        found = basic_cost(basic(parallelism, cpu, memory), {})
        assert found is not None
        gib = int(memory.split()[0])
        assert found.taskmanagers == managers, (parallelism, cpu, memory)
        assert found.workers == Cost(parallelism * cpu, parallelism * gib * GIB)
        assert found.total.cu == max(parallelism * cpu + 1, (parallelism * gib + 4) / 4)


def test_an_incomplete_basic_setting_has_no_cost() -> None:
    assert basic_cost(BasicResourceSetting(parallelism=4), {}) is None
    for parallelism, slots in ((None, 1), (0, 1), (-1, 1), (4, 0), (4, -2), (4, "many"), (4, True)):
        assert basic_cost(basic(parallelism, 1, "4 GiB"), {SLOTS_KEY: slots}) is None, (parallelism, slots)
    found = basic_cost(basic(4, None, "1 pb"), {})
    assert found is not None
    assert (found.taskmanagers, found.total) == (4, Cost(1.0, 4 * GIB, cpu_known=False, memory_known=False))


def test_huge_numbers_are_summed() -> None:
    document = {
        "ssgProfiles": [{"name": "a", "cpu": 1e14, "heap": "9" * 30, "managed": {"X": "9" * 30 + " tb"}}],
        "nodes": [node(1, "a", 2**63 - 1), node(2, "a", 10**300), node(3, "a", -5)],
    }
    cost = plan_cost(plan(document))
    assert cost.groups[0].slots == 2**63 - 1
    assert cost.total.cu > 0


def test_thousands_of_groups_take_linear_time() -> None:
    count = 5_000
    document = {
        "ssgProfiles": [{"name": str(i), "cpu": 1} for i in range(count)],
        "nodes": [node(i, str(i), 2) for i in range(count)],
    }
    assert plan_cost(plan(document)).total.cpu == 2.0 * count
