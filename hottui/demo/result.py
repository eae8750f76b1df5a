"""Build the `data` of the answer for a hot update in one of its states."""

import json
from functools import lru_cache
from typing import Any

from hottui.demo.flink_confs import flink_conf
from hottui.demo.job_types import HotUpdate, Job, PlanEncoding, Setting
from hottui.demo.plans import SHAPES
from hottui.model.state import FAILED, HOT_UPDATED

QUOTES = '""'
"""How the service writes an empty string, as in the vendor's example."""


def result_of(update: HotUpdate, state: str, *, hot_update_id: str, job_id: str, request_id: str) -> dict[str, Any]:
    """Return the `data` object. The target setting has the requested values once the update has succeeded."""
    applied = state == HOT_UPDATED and not update.keeps_old_values
    return {
        "jobHotUpdateId": hot_update_id,
        "jobId": job_id,
        "targetResourceSetting": _target(update, applied),
        "hotUpdateParams": _requested(update),
        "status": _status(update, state, request_id),
    }


def _status(update: HotUpdate, state: str, request_id: str) -> dict[str, Any]:
    status: dict[str, Any] = {"status": state, "requestId": request_id}
    if state == FAILED and update.failed:
        failed = update.failed
        status["failure"] = {
            "reason": failed.reason,
            "message": failed.message,
            "failureSeverity": failed.severity,
        }
    elif state == HOT_UPDATED and update.keeps_old_values:
        status["failure"] = {"reason": QUOTES, "message": QUOTES, "failureSeverity": "LOW"}
    return status


def _requested(update: HotUpdate) -> dict[str, Any]:
    requested: dict[str, Any] = {}
    if update.rescale:
        requested["rescaleJobParam"] = {"jobParallelism": update.rescale[1]}
    if update.conf:
        requested["updateJobConfigParam"] = {"newFlinkConf": {key: new for key, (_, new) in update.conf.items()}}
    return requested


def _target(update: HotUpdate, applied: bool) -> dict[str, Any]:
    job = update.job
    if job.setting is Setting.BARE:
        return {}
    parallelism = update.rescale[applied] if update.rescale else update.parallelism
    conf = flink_conf(job.name, job.conf_keys, job.secrets)
    conf |= {key: values[applied] for key, values in update.conf.items()}
    if job.setting is Setting.BATCH:
        batch = {"maxSlot": parallelism, "basicResourceSetting": basic_setting(job, parallelism)}
        return {"flinkConf": conf, "batchResourceSetting": batch}
    # As in the vendor's example: the basic setting keeps the old parallelism while the plan has the new one.
    planned = update.rescale[1] if update.rescale and update.keeps_old_values else parallelism
    return {"flinkConf": conf, "streamingResourceSetting": streaming_setting(job, parallelism, planned=planned)}


def streaming_setting(job: Job, parallelism: int, *, planned: int) -> dict[str, Any]:
    """Return a `streamingResourceSetting`; `planned` is the parallelism in the plan."""
    if job.setting is Setting.BASIC:
        return {"resourceSettingMode": "BASIC", "basicResourceSetting": basic_setting(job, parallelism)}
    return {
        "resourceSettingMode": "EXPERT",
        "expertResourceSetting": {
            "jobmanagerResourceSettingSpec": {"cpu": 1.0, "memory": "4 GiB"},
            "resourcePlan": encoded_plan(job.plan, planned, job.encoding),
        },
        "basicResourceSetting": {"parallelism": parallelism},
    }


def basic_setting(job: Job, parallelism: int) -> dict[str, Any]:
    """Return a `basicResourceSetting`."""
    return {
        "parallelism": parallelism,
        "jobmanagerResourceSettingSpec": {"cpu": 1.0, "memory": "4 GiB"},
        "taskmanagerResourceSettingSpec": {"cpu": job.cpu, "memory": job.memory},
    }


@lru_cache(maxsize=256)
def encoded_plan(shape: str, parallelism: int, encoding: PlanEncoding) -> Any:
    """Return a plan as encoded in the answer. The object is shared between answers; do not modify it."""
    document = SHAPES[shape](parallelism)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    match encoding:
        case PlanEncoding.OBJECT:
            return document
        case PlanEncoding.ONCE:
            return text
        case PlanEncoding.TWICE:
            return json.dumps(text, ensure_ascii=False)[1:-1]
        case PlanEncoding.CUT:
            return text[: len(text) * 2 // 3]
