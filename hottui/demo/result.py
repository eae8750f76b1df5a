"""Build the `data` of the answer for a hot update in one of its states."""

import json
from functools import lru_cache
from typing import Any

from hottui.demo.flink_confs import flink_conf
from hottui.demo.job_types import Encoding, HotUpdate, Job, Setting
from hottui.demo.plans import SHAPES
from hottui.model.state import FAILED, HOT_UPDATED

QUOTES = '""'
"""How the service writes an empty string, as in the vendor's example."""


def result_of(member: HotUpdate, state: str, *, hot_update_id: str, job_id: str, request_id: str) -> dict[str, Any]:
    """Return the `data` object. The target setting has the requested values once the update has succeeded."""
    arrived = state == HOT_UPDATED and not member.kept
    return {
        "jobHotUpdateId": hot_update_id,
        "jobId": job_id,
        "targetResourceSetting": _target(member, arrived),
        "hotUpdateParams": _asked(member),
        "status": _status(member, state, request_id),
    }


def _status(member: HotUpdate, state: str, request_id: str) -> dict[str, Any]:
    status: dict[str, Any] = {"status": state, "requestId": request_id}
    if state == FAILED and member.failed:
        failed = member.failed
        status["failure"] = {
            "reason": failed.reason,
            "message": failed.message,
            "failureSeverity": failed.severity,
        }
    elif state == HOT_UPDATED and member.kept:
        status["failure"] = {"reason": QUOTES, "message": QUOTES, "failureSeverity": "LOW"}
    return status


def _asked(member: HotUpdate) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    if member.rescale:
        asked["rescaleJobParam"] = {"jobParallelism": member.rescale[1]}
    if member.conf:
        asked["updateJobConfigParam"] = {"newFlinkConf": {key: new for key, (_, new) in member.conf.items()}}
    return asked


def _target(member: HotUpdate, arrived: bool) -> dict[str, Any]:
    job = member.job
    if job.setting is Setting.BARE:
        return {}
    parallelism = member.rescale[arrived] if member.rescale else member.parallelism
    conf = flink_conf(job.name, job.conf_keys, job.secrets)
    conf |= {key: values[arrived] for key, values in member.conf.items()}
    if job.setting is Setting.BATCH:
        batch = {"maxSlot": parallelism, "basicResourceSetting": _basic(job, parallelism)}
        return {"flinkConf": conf, "batchResourceSetting": batch}
    return {"flinkConf": conf, "streamingResourceSetting": _streaming(member, parallelism)}


def _streaming(member: HotUpdate, parallelism: int) -> dict[str, Any]:
    job = member.job
    if job.setting is Setting.BASIC:
        return {"resourceSettingMode": "BASIC", "basicResourceSetting": _basic(job, parallelism)}
    # As in the vendor's example: the basic setting keeps the old parallelism while the plan has the new one.
    planned = member.rescale[1] if member.rescale and member.kept else parallelism
    return {
        "resourceSettingMode": "EXPERT",
        "expertResourceSetting": {
            "jobmanagerResourceSettingSpec": {"cpu": 1.0, "memory": "4 GiB"},
            "resourcePlan": encoded_plan(job.plan, planned, job.encoding),
        },
        "basicResourceSetting": {"parallelism": parallelism},
    }


def _basic(job: Job, parallelism: int) -> dict[str, Any]:
    return {
        "parallelism": parallelism,
        "jobmanagerResourceSettingSpec": {"cpu": 1.0, "memory": "4 GiB"},
        "taskmanagerResourceSettingSpec": {"cpu": job.cpu, "memory": job.memory},
    }


@lru_cache(maxsize=256)
def encoded_plan(shape: str, parallelism: int, encoding: Encoding) -> Any:
    """Return a plan as encoded in the answer. The object is shared between answers; do not modify it."""
    document = SHAPES[shape](parallelism)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    match encoding:
        case Encoding.OBJECT:
            return document
        case Encoding.ONCE:
            return text
        case Encoding.TWICE:
            return json.dumps(text, ensure_ascii=False)[1:-1]
        case Encoding.CUT:
            return text[: len(text) * 2 // 3]
