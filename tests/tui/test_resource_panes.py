"""What the Streaming pane and the plan's legend tell of cores, memory and cost."""

import re
from typing import Any

from hottui.analysis.cost import Cost
from hottui.model.answer import read_answer
from hottui.model.json_text import write_json
from hottui.model.memory_size import GIB
from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.render.detail_context import DetailContext
from hottui.render.glyphs import UNICODE
from hottui.render.plan_legend import legend
from hottui.render.units import memory_text, spec_text
from hottui.tui.detail.overview import body as overview_body
from hottui.tui.detail.resources import streaming as streaming_body

SPEC = {"cpu": 1.0, "memory": "4 GiB"}
GROUP = {"name": "a", "cpu": 0.5, "heap": "1 gb", "offHeap": "32 mb", "managed": {"STATE_BACKEND": "512Mi"}}


def subject(data: dict[str, Any]) -> DetailContext:
    answer = read_answer(write_json({"success": True, "data": {"status": {"status": "HOT_UPDATED"}, **data}}))
    return DetailContext(Tracked(Ref("e", "w", "n", "i")), 0.0, 100, UNICODE, answer, 0.0)


def streaming(setting: dict[str, Any], conf: dict[str, Any] | None = None, asked: int | None = None) -> list[str]:
    target = {"streamingResourceSetting": setting, "flinkConf": conf or {}}
    params = {"rescaleJobParam": {"jobParallelism": asked}}
    return [
        line.text.rstrip()
        for line in streaming_body(subject({"targetResourceSetting": target, "hotUpdateParams": params}))
    ]


def expert(*groups: dict[str, Any], parallelism: int = 4, jobmanager: Any = SPEC) -> list[str]:
    nodes = [{"id": n, "profile": {"group": one["name"], "parallelism": parallelism}} for n, one in enumerate(groups)]
    plan = {"ssgProfiles": [one for one in groups if len(one) > 1], "nodes": nodes}
    return streaming({"expertResourceSetting": {"jobmanagerResourceSettingSpec": jobmanager, "resourcePlan": plan}})


def basic(parallelism: int, taskmanager: dict[str, Any], **more: Any) -> list[str]:
    setting = {
        "parallelism": parallelism,
        "jobmanagerResourceSettingSpec": SPEC,
        "taskmanagerResourceSettingSpec": taskmanager,
    }
    return streaming({"resourceSettingMode": "BASIC", "basicResourceSetting": setting}, **more)


def value(lines: list[str], name: str) -> str:
    """The last of the fields of this name: what is expert stands below what is basic."""
    found = [re.fullmatch(rf" {name} {{2,}}(.*)", line) for line in lines]
    return next(match[1] for match in reversed(found) if match)


def columns(lines: list[str]) -> list[list[str]]:
    """The cells of the table of groups: every column is two cells or more from the next."""
    first = next(n for n, line in enumerate(lines) if line.startswith(" GROUP"))
    return [re.split(r" {2,}", line.strip()) for line in lines[first : lines.index("", first)]]


def test_sizes_of_every_spelling_read_alike() -> None:
    for text in ("8 gibibytes", "8Gi", "8192Mi", "8 gb", "8.000gb (8589934592 bytes)"):
        lines = expert({**GROUP, "heap": text, "managed": {}}, jobmanager={"cpu": 1, "memory": text})
        assert columns(lines)[1] == ["a", "4", "0.5", "8 GiB", "32 MiB", "–", "2", "32.12 GiB"]
        assert value(lines, "Job") == "3 cores, 40.12 GiB, 10.03 CU"


def test_a_size_that_is_not_understood_shows_a_question_mark_and_makes_totals_at_least() -> None:
    lines = expert({**GROUP, "heap": "1 pb"})
    assert columns(lines)[1] == ["a", "4", "0.5", "1 pb ?", "32 MiB", "512 MiB", "2", "at least 2.12 GiB"]
    assert value(lines, "TaskManagers") == "2 cores, at least 2.12 GiB, at least 2 CU"
    assert value(lines, "Job") == "3 cores, at least 6.12 GiB, at least 3 CU"
    lines = expert({**GROUP, "managed": {"X": "some"}}, jobmanager={"cpu": 1, "memory": "1 parsec"})
    assert columns(lines)[1][5] == "?"
    assert [line for line in lines if "1 parsec ?" in line]
    assert value(lines, "Job") == "3 cores, at least 4.12 GiB, at least 3 CU"


def test_a_group_without_a_profile_makes_totals_at_least() -> None:
    lines = expert(GROUP, {"name": "b"})
    assert columns(lines)[2] == ["b", "4", "no profile", "?", "?"]
    assert value(lines, "Job") == "at least 3 cores, at least 10.12 GiB, at least 3 CU"


def test_the_gap_between_columns_is_never_lost() -> None:
    huge = {**GROUP, "name": "键" * 40, "cpu": 1e12, "heap": "1023.999tb (1125898833000000 bytes)", "offHeap": "x" * 90}
    lines = expert(GROUP, huge, parallelism=2**62)
    table = columns(lines)
    assert {len(row) for row in table} == {8}
    assert table[2][4].endswith("…")
    asked = {"updateJobConfigParam": {"newFlinkConf": {"k": "v" * 300}}}
    shown = overview_body(subject({"hotUpdateParams": asked, "targetResourceSetting": {"flinkConf": {"k": "w"}}}))
    assert any(re.search(r"v… {2,}currently w", line.text) for line in shown)


def test_basic_mode_shows_the_cost_of_the_job() -> None:
    lines = basic(10, {"cpu": 2, "memory": "8 GiB"}, conf={"taskmanager.numberOfTaskSlots": 4})
    assert value(lines, "Job") == "7 cores, 28 GiB, 7 CU with 3 TaskManagers"
    lines = basic(4, {"cpu": 20, "memory": "200 GiB"}, asked=1)
    assert value(lines, "Job") == "81 cores, 804 GiB, 201 CU with 13 TaskManagers"
    assert value(lines, "Job, changed") == "21 cores, 204 GiB, 51 CU with 4 TaskManagers"
    assert value(basic(1, {"cpu": 1, "memory": "much"}), "Job") == (
        "2 cores, at least 4 GiB, at least 2 CU with 1 TaskManager"
    )


def test_unknown_sizes_are_question_marks() -> None:
    assert spec_text(Cost(0, 0, cpu_known=False, memory_known=False)) == "? cores, ?, ?"
    assert spec_text(Cost(1, GIB)) == "1 core, 1 GiB, 1 CU"
    assert [memory_text(text) for text in ("", "  ", "0", "1 pb")] == ["–", "–", "0 MiB", "1 pb ?"]


def test_the_legend_of_the_plan_marks_what_is_not_understood() -> None:
    from hottui.graph.draw import draw_plan
    from hottui.model.plan import read_plan
    from hottui.render.plan_drawing import PlanInput, costs

    node = {"id": 1, "profile": {"group": "a", "parallelism": 2}}
    plan = read_plan({"ssgProfiles": [{**GROUP, "heap": "1 pb", "managed": {"X": "70"}}], "nodes": [node]}).plan
    assert plan is not None
    text = "\n".join(line.text for line in legend(draw_plan(plan), costs(PlanInput(plan, {}, None, None)), 76))
    assert "heap 1 pb ?, off-heap 32 mb, managed 70 (x)" in text
    assert "at least 1 CU" in text
