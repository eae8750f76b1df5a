"""The example answer of the vendor's page, with double escaping and quoted empty texts."""

import json

from hottui.analysis.answer_summary import summarize
from hottui.analysis.changes import changes, headline
from hottui.analysis.cost import plan_cost
from hottui.model.answer import read_answer
from hottui.model.memory_size import GIB
from hottui.model.plan import Plan
from hottui.model.result import BatchResourceSetting, StreamingResourceSetting
from hottui.model.tracking import Summary
from tests.model.answers import VENDOR_PAGE

ANSWER = read_answer(VENDOR_PAGE.encode())


def plan() -> Plan:
    assert ANSWER.plan.plan is not None
    return ANSWER.plan.plan


def streaming() -> StreamingResourceSetting:
    assert ANSWER.result.streaming is not None
    return ANSWER.result.streaming


def batch() -> BatchResourceSetting:
    assert ANSWER.result.batch is not None
    return ANSWER.result.batch


def test_the_plan_is_escaped_twice() -> None:
    raw = json.loads(VENDOR_PAGE)["data"]["targetResourceSetting"]["streamingResourceSetting"]
    assert raw["expertResourceSetting"]["resourcePlan"].startswith('{\\"ssgProfiles\\":')


def test_the_envelope() -> None:
    envelope = ANSWER.envelope
    assert envelope.success is True
    assert envelope.http_code == 200
    assert envelope.request_id == "CBC799F0-ABCF-1D30-8A4F-882ED4DD****"
    assert (envelope.error_code, envelope.error_message) == ("", "")


def test_the_text_is_unchanged() -> None:
    assert ANSWER.text == VENDOR_PAGE


def test_ids_and_status() -> None:
    result = ANSWER.result
    assert result.job_hot_update_id == "123hashd****"
    assert result.job_id == "5af678c0-7db0-4650-94c2-d2604f0a****"
    assert result.state == "HOT_UPDATED"
    assert result.status is not None
    assert result.status.request_id == "CBC799F0-AS7S-1D30-8A4F-882ED4DD****"


def test_a_failure_with_quoted_empty_texts_is_none() -> None:
    status = ANSWER.result.status
    assert status is not None
    assert status.failure is not None
    assert (status.failure.reason, status.failure.message, status.failure.failure_severity) == ("", "", "LOW")
    assert ANSWER.result.failure is None


def test_requested_and_target_values() -> None:
    assert ANSWER.result.asked_parallelism == 10
    assert ANSWER.result.asked_conf == {"test": "test", "test2": 1}
    assert ANSWER.result.flink_conf == {"test": "test", "test2": 1}
    assert headline(changes(ANSWER.result)) == "parallelism 4 → 10, 2 conf keys"


def test_batch_and_streaming_settings() -> None:
    assert batch().max_slot == 10
    basic = batch().basic_resource_setting
    assert basic is not None
    assert basic.parallelism == 4
    assert basic.jobmanager_resource_setting_spec == basic.taskmanager_resource_setting_spec
    assert basic.jobmanager_resource_setting_spec is not None
    assert basic.jobmanager_resource_setting_spec.cpu == 2.0
    assert basic.jobmanager_resource_setting_spec.memory == "4 GiB"
    assert ANSWER.result.target.mode == "EXPERT"
    assert streaming().basic_resource_setting is not None


def test_the_plan() -> None:
    assert ANSWER.plan.error == ""
    assert plan().problems == ()
    assert [(node.id, node.type, node.desc) for node in plan().nodes] == [
        ("1", "StreamExecTableSourceScan", "Source: datagen_source[78]"),
        ("2", "StreamExecSink", "Sink: blackhole_sink[79]"),
    ]
    assert [(n.group, n.parallelism, n.profile.min_parallelism, n.profile.max_parallelism) for n in plan().nodes] == [
        ("default", 1, 1, 32768)
    ] * 2
    assert [(e.source, e.target, e.mode, e.strategy) for e in plan().edges] == [("1", "2", "PIPELINED", "FORWARD")]
    assert plan().vertices == (("717c7b8afebbfb7137f6f0f99beb2a94", ("1", "2")),)
    (group,) = plan().groups
    assert (group.name, group.cpu, group.heap, group.off_heap) == ("default", 1.13, "1 gb", "32 mb")
    assert (group.managed, group.extended) == ({}, {})


def test_the_plan_as_an_object_equals_the_sent_one() -> None:
    document = ANSWER.plan.document
    assert isinstance(document, dict)
    assert list(document) == ["ssgProfiles", "nodes", "edges", "vertices"]


def test_cost_of_the_plan() -> None:
    expert = streaming().expert_resource_setting
    assert expert is not None
    cost = plan_cost(plan(), expert.jobmanager_resource_setting_spec)
    assert [(g.name, g.slots, g.nodes) for g in cost.groups] == [("default", 1, 2)]
    assert cost.total.cpu == 3.13
    assert cost.total.memory == 5 * GIB + 32 * 1024**2


def test_the_summary() -> None:
    assert summarize(ANSWER) == Summary(
        state="HOT_UPDATED",
        job_id="5af678c0-7db0-4650-94c2-d2604f0a****",
        change="parallelism 4 → 10, 2 conf keys",
        severity="",
        reason="",
        mode="EXPERT",
    )
