"""The settings that the target of a hot update, a job and a deployment share."""

from typing import Any

import pytest

from hottui.model.result import HotUpdateJobResult, TargetResourceSetting


def target(data: dict[str, Any]) -> TargetResourceSetting:
    return HotUpdateJobResult.read(data).target


def test_parallelism_prefers_streaming_over_batch() -> None:
    streaming = {"basicResourceSetting": {"parallelism": 3}}
    batch = {"basicResourceSetting": {"parallelism": 5}}
    both = {"targetResourceSetting": {"streamingResourceSetting": streaming, "batchResourceSetting": batch}}
    assert target(both).parallelism == 3
    assert target({"targetResourceSetting": {"batchResourceSetting": batch}}).parallelism == 5
    assert target({}).parallelism is None


@pytest.mark.parametrize(
    ("streaming", "mode"),
    [
        (None, ""),
        ({}, ""),
        ({"resourceSettingMode": "BASIC"}, "BASIC"),
        ({"resourceSettingMode": "AUTO"}, "AUTO"),
        ({"expertResourceSetting": {"resourcePlan": None}}, "EXPERT"),
    ],
)
def test_mode(streaming: Any, mode: str) -> None:
    assert target({"targetResourceSetting": {"streamingResourceSetting": streaming}}).mode == mode
