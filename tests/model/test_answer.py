"""Valid, nearly valid and invalid response bodies."""

import json
from typing import Any

import pytest

from hottui.analysis.answer_summary import summarize
from hottui.model.answer import UnreadableAnswer, answer_of, read_answer
from hottui.model.result import HotUpdateJobResult
from tests.model.answers import VENDOR_PAGE, body


def failed(reason: Any, message: Any = None) -> dict[str, Any]:
    return {"status": {"status": "FAILED", "failure": {"reason": reason, "message": message, "failureSeverity": "LOW"}}}


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"", "not JSON"),
        (b"<html><body>Log in</body></html>", "not JSON"),
        (VENDOR_PAGE.encode()[:700], "not JSON"),
        (b"null", "not a JSON object"),
        (b"[]", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"{}", "`success`"),
        (b'{"success": null}', "`success`"),
        (b'{"success": "perhaps"}', "`success`"),
        (b'{"success": {}, "data": {}}', "`success`"),
        (b'{"success": true, "data": "text"}', "`data` is not an object"),
        (b'{"success": true, "data": []}', "`data` is not an object"),
        (b'{"data": 7}', "`data` is not an object"),
        (b'{"success": true, "data": {"a": NaN}}', "NaN"),
        ('{"success": true, "errorMessage": "成功"}'.encode("gbk"), "not UTF-8"),
        ('{"success": true}'.encode("utf-16"), "not UTF-8"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"success":true,"data":' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"}", "nested too deeply"),
    ],
)
def test_unreadable_answers_have_a_reason(sent: bytes, why: str) -> None:
    with pytest.raises(UnreadableAnswer, match=why):
        read_answer(sent)


@pytest.mark.parametrize("success", [True, "true", "TRUE", 1, "1"])
def test_success_in_every_notation(success: Any) -> None:
    assert read_answer(body({}, success=success)).envelope.success is True


@pytest.mark.parametrize("success", [False, "false", "False", 0, "0"])
@pytest.mark.parametrize("data", [None, "", "nothing", [], 0, {}])
def test_an_error_may_have_any_data(success: Any, data: Any) -> None:
    answer = read_answer(body(data, success=success, errorCode="E1", errorMessage="No."))
    assert answer.envelope.success is False
    assert (answer.envelope.error_code, answer.envelope.error_message) == ("E1", "No.")
    assert answer.result == HotUpdateJobResult()


def test_data_without_success_counts_as_success() -> None:
    assert read_answer('{"data": {"jobId": "j"}}').envelope.success is True
    assert read_answer('{"success": null, "data": {"jobId": "j"}}').result.job_id == "j"


def test_success_without_data_is_an_empty_result() -> None:
    assert read_answer(body(None)).result.state == ""


def test_a_byte_order_mark_is_removed() -> None:
    assert read_answer(b"\xef\xbb\xbf" + body({"jobId": "j"}).encode()).result.job_id == "j"
    assert read_answer("\ufeff" + body({"jobId": "j"})).result.job_id == "j"


def test_lone_surrogates_become_replacement_characters() -> None:
    escaped = read_answer(body({}).replace("R-1", "\\ud800"))
    raw = read_answer(body({}).replace("R-1", "\udc80"))
    assert escaped.envelope.request_id == raw.envelope.request_id == "\N{REPLACEMENT CHARACTER}"
    raw.text.encode()


def test_numbers_out_of_range_are_accepted() -> None:
    text = '{"success":true,"data":{"jobId":' + "7" * 6000 + ',"targetResourceSetting":{"flinkConf":{"a":1e999}}}}'
    answer = read_answer(text)
    assert answer.result.job_id == "7" * 6000
    assert answer.result.flink_conf == {"a": "1e999"}


def test_unknown_fields_are_kept() -> None:
    answer = read_answer(body({"jobId": "j", "newThing": {"a": [1]}, "state": "extra"}, traceId="t"))
    assert answer.envelope.model_extra == {"traceId": "t"}
    assert answer.result.model_extra == {"newThing": {"a": [1]}, "state": "extra"}
    assert answer.result.state == ""


def test_an_unknown_state_is_unchanged() -> None:
    assert summarize(read_answer(body({"status": {"status": "ROLLING_BACK"}}))).state == "ROLLING_BACK"


@pytest.mark.parametrize("shape", [None, {}, [], "text", 7, True])
def test_parts_of_unexpected_types_are_none(shape: Any) -> None:
    data = {
        "status": shape,
        "hotUpdateParams": shape,
        "targetResourceSetting": {
            "flinkConf": shape,
            "batchResourceSetting": shape,
            "streamingResourceSetting": {"expertResourceSetting": shape, "basicResourceSetting": shape},
        },
    }
    result = read_answer(body(data)).result
    assert (result.state, result.failure, result.asked_parallelism, result.asked_conf) == ("", None, None, {})
    assert result.flink_conf == {}
    assert result.raw_plan is None
    assert read_answer(body({"targetResourceSetting": shape})).result.streaming is None


def test_the_summary_of_a_failure_joins_reason_and_message() -> None:
    summary = summarize(read_answer(body(failed("Rescale failed", "no slots"))))
    assert (summary.state, summary.severity, summary.reason) == ("FAILED", "LOW", "Rescale failed: no slots")


def test_a_severity_alone_counts_if_the_update_failed() -> None:
    summary = summarize(read_answer(body(failed('""', None))))
    assert (summary.severity, summary.reason) == ("LOW", "")
    done = failed("", "") | {"status": {"status": "HOT_UPDATED", "failure": {"failureSeverity": "LOW"}}}
    assert summarize(read_answer(body(done))).severity == ""


def test_secrets_in_a_failure_are_masked_in_the_summary() -> None:
    summary = summarize(read_answer(body(failed("bad conf", "'password' = 'geheim' at jdbc://u:hunter2@db"))))
    assert "geheim" not in summary.reason
    assert "hunter2" not in summary.reason


def test_a_stack_trace_is_masked_then_truncated_in_the_summary() -> None:
    trace = "x" * 1_970 + " jdbc:x://user:geheim-geheim-geheim@host/" + "y" * 100_000
    summary = summarize(read_answer(body(failed(trace))))
    assert len(summary.reason) == 2_000
    assert summary.reason.endswith("…")
    assert "geheim" not in summary.reason


def test_decoding_the_plan_does_not_change_the_answer() -> None:
    answer = read_answer(VENDOR_PAGE)
    before = answer.envelope.model_dump_json()
    assert answer.plan is answer.plan
    assert answer.envelope.model_dump_json() == before
    assert json.loads(answer.text) == json.loads(VENDOR_PAGE)


def test_the_plan_is_shared_with_the_result() -> None:
    for plan in ('{\\"nodes\\":[]}' * 3, {"nodes": [{"id": 1}]}):
        setting = {"streamingResourceSetting": {"expertResourceSetting": {"resourcePlan": plan}}}
        envelope = {"success": True, "data": {"jobHotUpdateId": "x", "targetResourceSetting": setting}}
        answer = read_answer(json.dumps(envelope))
        assert answer.document == envelope
        document: Any = answer.document["data"]
        for key in ("targetResourceSetting", "streamingResourceSetting", "expertResourceSetting", "resourcePlan"):
            document = document[key]
        assert answer.result.raw_plan is document, "a copy would keep a large plan in memory twice"
        assert answer_of(answer.document) == read_answer(answer_of(answer.document).text)
