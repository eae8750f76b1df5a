"""Sizes, slots, cores and compute units."""

from typing import Any

import pytest

from hottui.model.plan import Group, Plan, read_plan
from hottui.model.resources import GIB, Cost, managed_bytes, parse_size, plan_cost, spec_cost
from hottui.model.result import ResourceSettingSpec

MIB = 1024**2


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("4 GiB", 4 * GIB),
        ("1 gb", GIB),
        ("32 mb", 32 * MIB),
        ("1.5g", 3 * GIB // 2),
        (" 512 M ", 512 * MIB),
        ("10 kb", 10_240),
        ("2 TiB", 2048 * GIB),
        ("7", 7),
        ("7 bytes", 7),
        (1073741824, GIB),
        (1.5, 2),
        ("0", 0),
        ("", None),
        ("GiB", None),
        ("4 parsecs", None),
        ("-1 gb", None),
        ("4,5 gb", None),
        ("٤ gb", None),
        ("9" * 400, None),
        ("1" + " " * 100_000 + "!", None),
        (10**400, None),
        (1e300, None),
        (True, None),
        (None, None),
        ({}, None),
    ],
)
def test_memory_texts(text: Any, size: int | None) -> None:
    assert parse_size(text) == size


def test_managed_memory_is_sizes_and_not_weights() -> None:
    assert managed_bytes(Group(managed={"STATE_BACKEND": "512 mb", "OPERATOR": "1 gb"})) == GIB + 512 * MIB
    assert managed_bytes(Group(managed={"STATE_BACKEND": "70", "OPERATOR": 30, "PYTHON": None, "X": "heavy"})) == 0
    assert managed_bytes(Group()) == 0


@pytest.mark.parametrize(
    ("cost", "units"),
    [(Cost(1, 4 * GIB), 1), (Cost(2, 4 * GIB), 2), (Cost(1, 16 * GIB), 4), (Cost(), 0), (Cost(0.5, GIB), 0.5)],
)
def test_a_compute_unit_is_a_core_or_four_gib_whichever_is_more(cost: Cost, units: float) -> None:
    assert cost.cu == units


def test_a_spec_costs_what_it_says() -> None:
    assert spec_cost(ResourceSettingSpec(cpu=2, memory="4 GiB")) == Cost(2.0, 4 * GIB)
    assert spec_cost(ResourceSettingSpec(memory="much")) == Cost(0.0, 0)
    assert spec_cost(None) == Cost()


def plan(document: dict[str, Any]) -> Plan:
    reading = read_plan(document)
    assert reading.plan is not None
    return reading.plan


def node(name: int, group: str | None, parallelism: Any) -> dict[str, Any]:
    return {"id": name, "profile": {"group": group, "parallelism": parallelism}}


def test_a_group_needs_as_many_slots_as_its_widest_node() -> None:
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
    assert cost.taskmanagers == Cost(5.0, 10 * (GIB + 544 * MIB))
    assert cost.total == Cost(6.0, 10 * (GIB + 544 * MIB) + 2 * GIB)
    assert cost.total.cu == 6.0


def test_absurd_numbers_still_make_a_sum() -> None:
    document = {
        "ssgProfiles": [{"name": "a", "cpu": 1e14, "heap": "9" * 30, "managed": {"X": "9" * 30 + " tb"}}],
        "nodes": [node(1, "a", 2**63 - 1), node(2, "a", 10**300), node(3, "a", -5)],
    }
    cost = plan_cost(plan(document))
    assert cost.groups[0].slots == 2**63 - 1
    assert cost.total.cu > 0


def test_thousands_of_groups_are_summed_in_one_pass() -> None:
    count = 5_000
    document = {
        "ssgProfiles": [{"name": str(i), "cpu": 1} for i in range(count)],
        "nodes": [node(i, str(i), 2) for i in range(count)],
    }
    assert plan_cost(plan(document)).total.cpu == 2.0 * count
