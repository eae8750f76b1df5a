"""Any JSON, and JSON similar to an answer, is parsed or raises UnreadableAnswer."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hottui.analysis.answer_summary import summarize
from hottui.analysis.changes import changes, headline
from hottui.analysis.cost import plan_cost, spec_cost
from hottui.analysis.requested_parallelism import plan_changes
from hottui.model.answer import Answer, UnreadableAnswer, read_answer
from hottui.model.json_text import write_json
from hottui.model.masking import mask_answer
from hottui.model.plan import PlanReading, read_plan
from tests.model.answers import encoded
from tests.model.json_values import any_json, plans, results, words

encodings = st.builds(encoded, plans, st.sampled_from([0, 1, 2]))
cut = st.builds(lambda raw, end: raw[:end] if isinstance(raw, str) else raw, encodings, st.integers(-300, -1))
raw_plans = encodings | cut | words | any_json()


def read_everything(answer: Answer) -> None:
    """Use an answer in every way that other packages do."""
    result = answer.result
    summary = summarize(answer)
    assert all(isinstance(getattr(summary, name), str) for name in summary.__slots__)
    found = changes(result)
    assert headline(found) == summary.change
    assert result.target.mode == summary.mode
    for setting in (result.streaming, result.batch):
        if setting and setting.basic_resource_setting:
            assert spec_cost(setting.basic_resource_setting.jobmanager_resource_setting_spec).cu < float("inf")
    assert answer.plan == check_plan(result.raw_plan)
    assert read_answer(mask_answer(answer.text)).result.state == result.state


def check_plan(raw: Any) -> PlanReading:
    reading = read_plan(raw)
    assert (reading.plan is not None) + bool(reading.error) + reading.absent == 1
    assert reading.text or not reading.error
    write_json(reading.document)
    if reading.plan is not None:
        assert plan_cost(reading.plan).total.cpu < float("inf")
        plan_changes(reading.plan, 10)
        plan_changes(reading.plan, before=reading.plan)
    return reading


def read(body: str | bytes) -> None:
    try:
        answer = read_answer(body)
    except UnreadableAnswer:
        return
    read_everything(answer)


@given(any_json())
def test_any_json_raises_only_unreadable_answer(value: Any) -> None:
    read(json.dumps(value))
    read(json.dumps({"success": True, "data": value}))


@given(results(raw_plans), st.booleans())
def test_any_answer_like_json_is_parsed(data: Any, ascii_only: bool) -> None:
    read(json.dumps({"success": True, "data": data}, ensure_ascii=ascii_only))


@given(raw_plans)
def test_any_plan_like_json_is_decoded(raw: Any) -> None:
    check_plan(raw)


@given(st.text(st.characters(exclude_categories=())) | st.text(st.sampled_from('{}[]":,\\u1d8e"null ')))
def test_any_text_raises_only_unreadable_answer(text: str) -> None:
    read(text)
    check_plan(text)


@given(st.binary())
def test_any_bytes_raise_only_unreadable_answer(body: bytes) -> None:
    read(body)


@given(results(encodings), st.data())
def test_an_answer_truncated_anywhere(data: Any, draw: st.DataObject) -> None:
    body = json.dumps({"success": True, "data": data}, ensure_ascii=False).encode()
    read(body[: draw.draw(st.integers(0, len(body)))])
