"""Two settings compared: applying the differences to the first gives the second."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hottui.analysis.changes import ABSENT
from hottui.analysis.job_setting import Setting, setting_of_before, setting_of_reading, setting_of_result
from hottui.analysis.plan_diff import plan_diff
from hottui.analysis.result_diff import Section, SettingDiff, diff, diff_document
from hottui.analysis.values_before import observed_before
from hottui.model.effect import Before
from hottui.model.flink_rest import FlinkJob
from hottui.model.job import Job
from hottui.model.job_reading import JobReading
from hottui.model.json_text import Json
from hottui.model.masking import MASK, mask_json
from hottui.model.result import HotUpdateJobResult
from tests.analysis.jobs import flink_of, job_of, reading_of, result_of
from tests.model.json_values import conf, flink_jobs, jobs, results


def mostly(known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A part that is known three times in four."""
    return st.one_of(known, known, known, st.none())


sizes = st.sampled_from(["4 GiB", "4096m", "4g", "8 GiB", 1, 1.0, "1", None, "", "odd"])
keys = st.sampled_from(["a.size", "a.timeout", "b", "password", "60 s"])
values = st.dictionaries(keys, sizes | st.sampled_from(["60 s", "1 min", 60000, True, "true"])) | conf
fields = st.fixed_dictionaries({"parallelism": st.integers(1, 3), "group": st.sampled_from("ab")})
nodes = st.sampled_from("123")
edge_keys = st.tuples(nodes, nodes, st.sampled_from(["HASH", ""]), st.just("PIPELINED"))
made = st.builds(
    Setting,
    parallelism=st.none() | st.integers(1, 3),
    conf=mostly(values),
    resources=mostly(st.dictionaries(st.sampled_from(["taskmanager memory", "mode"]), sizes)),
    vertices=mostly(st.dictionaries(st.sampled_from("xyz"), st.integers(1, 3))),
    nodes=mostly(st.dictionaries(nodes, fields)),
    edges=mostly(st.dictionaries(edge_keys, st.integers(1, 2))),
)


def read_job(job: Any, flink: Any) -> JobReading:
    return JobReading(Job.read(job), FlinkJob.read(flink))


read = st.one_of(
    st.builds(lambda data: setting_of_result(HotUpdateJobResult.read(data)), results()),
    st.builds(lambda job, flink: setting_of_reading(read_job(job, flink)), jobs(), flink_jobs),
    st.builds(lambda job: setting_of_before(observed_before(read_job(job, None)) or Before()), jobs()),
)


@given(made, made)
def test_applying_the_differences_to_the_first_gives_the_second(one: Setting, other: Setting) -> None:
    check_applying(one, other)


def document_of(one: Setting, other: Setting) -> dict[str, Json]:
    return diff_document(one, other, diff(one, other))


def apply(changed: SettingDiff, setting: Setting) -> Setting:
    """`setting` with the differences applied; sections that were not compared stay as they are."""
    parts: dict[str, Any] = {}
    for each in changed.differences:
        if each.section is Section.PARALLELISM:
            parts[each.section.value] = each.new
            continue
        values = parts.setdefault(each.section.value, dict(getattr(setting, each.section.value) or {}))
        if each.new is ABSENT:
            values.pop(each.key, None)
        else:
            values[each.key] = each.new
    return replace(setting, **parts)


def check_applying(one: Setting, other: Setting) -> None:
    changed = diff(one, other)
    applied = apply(changed, one)
    assert diff(applied, other).same
    assert diff(applied, other).unknown == changed.unknown
    for section in (Section.VERTICES, Section.NODES, Section.EDGES):
        if section not in changed.unknown:
            assert getattr(applied, section.value) == getattr(other, section.value)
    assert diff(one, one).same
    assert not changed.same or applied == one
    assert {each.key for each in diff(other, one).differences} == {each.key for each in changed.differences}


@settings(max_examples=50)
@given(read, read)
def test_any_two_answers_are_compared(one: Setting, other: Setting) -> None:
    check_applying(one, other)
    json.dumps(document_of(one, other))
    both = plan_diff(one, other, diff(one, other))
    if both is not None:
        assert {*one.plan.node_by_id, *other.plan.node_by_id} == both.plan.node_by_id.keys()  # type: ignore[union-attr]
        assert not both.added & both.removed


def target(parallelism: int, **flink_conf: Any) -> dict[str, Any]:
    spec = {"taskmanagerResourceSettingSpec": {"cpu": 1, "memory": "4 GiB"}, "parallelism": parallelism}
    streaming = {"resourceSettingMode": "BASIC", "basicResourceSetting": spec}
    return {"streamingResourceSetting": streaming, "flinkConf": flink_conf}


def test_conf_resources_and_cost_of_two_updates() -> None:
    one = setting_of_result(result_of(parallelism=4, targetResourceSetting=target(4, timeout="60 s", token="one")))
    other = setting_of_result(result_of(parallelism=8, targetResourceSetting=target(4, timeout="1 min", token="two")))
    document = document_of(one, other)
    assert document["same"] is False
    assert document["differences"] == [
        {"section": "parallelism", "key": "parallelism", "old": 4, "new": 8},
        {"section": "conf", "key": "token", "old": MASK, "new": MASK},
    ]
    assert isinstance(document["cost"], dict)
    assert [document["cost"][side]["cores"] for side in ("old", "new")] == [4, 8]  # type: ignore[call-overload, index]
    assert document_of(one, one)["same"] is True


def test_a_masked_secret_is_not_compared_with_the_live_one() -> None:
    raw = result_of(targetResourceSetting=target(4, token="one", url="jdbc:x?user=a&password=b", other="1"))
    live = setting_of_result(raw)
    saved = setting_of_result(HotUpdateJobResult.read(mask_json(raw.model_dump(mode="json", by_alias=True))))
    for one, other in ((live, saved), (saved, live), (saved, saved)):
        document = document_of(one, other)
        assert document["same"] is True
        assert document["masked"] == [{"section": "conf", "key": "token"}, {"section": "conf", "key": "url"}]
    # what is set, and what is beside a masked part, is compared
    for changed in ({"url": "jdbc:x?user=a&password=b"}, {"token": "one", "url": "jdbc:x?user=z&password=b"}):
        without = setting_of_result(result_of(targetResourceSetting=target(4, other="1", **changed)))
        assert len(diff(saved, without).differences) == len(diff(without, saved).differences) == 1
    secret: dict[str, dict[str, Json]] = {"1": {"desc": "Source(password=b)", "parallelism": 1}}
    hidden: dict[str, dict[str, Json]] = {"1": {"desc": f"Source(password={MASK})", "parallelism": 1}}
    nodes = diff(Setting(nodes=secret), Setting(nodes=hidden))
    assert (nodes.same, nodes.masked) == (True, ((Section.NODES, "1"),))
    moved = diff(Setting(nodes=secret), Setting(nodes={"1": {**hidden["1"], "parallelism": 2}}))
    assert [each.fields for each in moved.differences] == [("parallelism",)]


def test_an_update_against_the_job_as_it_runs() -> None:
    asked = setting_of_result(result_of(parallelism=8, targetResourceSetting=target(8, a="1")))
    job = job_of(8, flinkConf={"a": "1"})
    assert diff(asked, setting_of_reading(reading_of(job, flink_of(8, 1)))).of(Section.PARALLELISM) == ()
    moved = diff(asked, setting_of_reading(reading_of(job, flink_of(4, 4))))
    assert [(each.old, each.new) for each in moved.of(Section.PARALLELISM)] == [(8, 4)]
    assert Section.CONF in diff(asked, setting_of_reading(reading_of(None, flink_of(8)))).unknown


def test_vertices_that_run_as_asked_do_not_differ() -> None:
    document = {
        "nodes": [{"id": key, "profile": {"parallelism": own}} for key, own in ((1, 4), (2, 4), (3, 1))],
        "vertices": {"v1": [1], "v2": [2], "v3": [3]},
    }
    expert = {"streamingResourceSetting": {"expertResourceSetting": {"resourcePlan": document}}}
    asked = setting_of_result(result_of(vertices={"v1": 8}, targetResourceSetting=expert))
    runs = setting_of_reading(reading_of(job_of(4), flink_of(8, 4, 1)))
    assert diff(asked, runs).of(Section.VERTICES) == ()
    assert Section.VERTICES not in diff(asked, runs).unknown
    job = Job.read(expert)
    assert not diff(setting_of_result(result_of(targetResourceSetting=expert)), setting_of_reading(reading_of(job))).of(
        Section.RESOURCES
    )
    stuck = setting_of_reading(reading_of(job_of(4), flink_of(4, 4, 1)))
    assert [each.key for each in diff(asked, stuck).of(Section.VERTICES)] == ["v1"]
    # without a plan only v1 is known of what was asked for
    asked = setting_of_result(result_of(vertices={"v1": 8}))
    assert diff(asked, runs).of(Section.VERTICES) == ()
    assert Section.VERTICES in diff(asked, runs).unknown
    assert [each.key for each in diff(asked, stuck).of(Section.VERTICES)] == ["v1"]


def test_two_plans_in_one_drawing() -> None:
    def plan(nodes: dict[int, tuple[str, int]], *edges: tuple[int, int, str]) -> dict[str, Any]:
        document = {
            "ssgProfiles": [{"name": "a", "cpu": 1}],
            "nodes": [
                {"id": key, "desc": f"op {key}", "profile": {"group": group, "parallelism": parallelism}}
                for key, (group, parallelism) in nodes.items()
            ],
            "edges": [{"source": s, "target": t, "strategy": strategy} for s, t, strategy in edges],
            "vertices": {f"v{key}": [key] for key in nodes},
        }
        expert = {"resourceSettingMode": "EXPERT", "expertResourceSetting": {"resourcePlan": document}}
        return {"streamingResourceSetting": expert}

    old = plan({1: ("a", 4), 2: ("a", 4), 3: ("a", 4)}, (1, 2, "HASH"), (2, 3, "FORWARD"))
    new = plan({1: ("a", 8), 2: ("b", 4), 4: ("a", 1)}, (1, 2, "REBALANCE"), (2, 4, "FORWARD"))
    first, second = (setting_of_result(result_of(targetResourceSetting=each)) for each in (old, new))
    both = plan_diff(first, second, diff(first, second))
    assert both is not None
    assert (both.added, both.removed) == (frozenset("4"), frozenset("3"))
    assert both.parallelism == {"1": (4, 8)}
    assert both.groups == {"2": ("a", "b")}
    assert {key[:3] for key in both.added_edges} == {("1", "2", "REBALANCE"), ("2", "4", "FORWARD")}
    assert {key[:3] for key in both.removed_edges} == {("1", "2", "HASH"), ("2", "3", "FORWARD")}
    assert [node.id for node in both.plan.nodes] == ["1", "2", "4", "3"]
    assert len(both.plan.edges) == 4
    assert dict(both.plan.vertices)["v3"] == ("3",)
