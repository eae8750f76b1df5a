"""Build the text that FlinkApiProxy returns: Flink's own REST answers, and what comes instead of them.

Source of the fields: Flink's REST API, versions 1.17 to 1.20.
"""

import json
import re
from collections.abc import Callable, Mapping
from math import inf
from typing import Any, Final

from hottui.demo.automatic_changes import automatic_restarts
from hottui.demo.flink_confs import INTERVAL, MIN_PAUSE, TIMEOUT
from hottui.demo.job_answers import flink_state
from hottui.demo.job_types import Setting, SimulatedJob
from hottui.demo.plan_builder import MAX_PARALLELISM
from hottui.demo.plans import SHAPES
from hottui.demo.running_job import STARTED, Interruption, RunningJob, created_at

_PAGE: Final = "<html><head><title>502 Bad Gateway</title></head><body>flink-ui</body></html>"
_SHAPES: Final = ("clean_log", "payments_agg", "shard_union", "two_nodes")
"""Shapes of jobs that have no plan in their settings."""
_UNALIGNED: Final = "execution.checkpointing.unaligned.enabled"
_UNITS: Final = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}
_RESTARTED_IN: Final = 12.0
"""Seconds that a restart by Autopilot or a schedule takes."""
_DURATION: Final = re.compile(r"(\d+) ?(ms|s|min|h)")
_PATH: Final = re.compile(r"/?(?:v1/)?jobs/([0-9a-f]{32})(/[a-z/]+)?")


def proxy_text(job: SimulatedJob, running: RunningJob, second: float, path: str) -> str:
    """Return the text for `path`.

    That is Flink's JSON, Flink's `{"errors": […]}`, an HTML page once the job's cluster is gone, or nothing for a job
    without settings.
    """
    if job.spec.setting is Setting.BARE:
        return ""
    if running.finished_at <= second:
        return _PAGE
    match = _PATH.fullmatch(path)
    if match is None or (match[2] or "") not in _ANSWERS:
        return json.dumps({"errors": [f"Not found: {path}"]})
    if match[1] != job.flink_id:
        return json.dumps({"errors": [f"Job {match[1]} not found"]})
    return json.dumps(_ANSWERS[match[2] or ""](job, running, second), ensure_ascii=False)


def vertices(job: SimulatedJob, running: RunningJob) -> list[dict[str, Any]]:
    """Return ID, name, parallelism and maximum parallelism of each JobVertex as it runs."""
    shape = SHAPES[job.spec.plan or _SHAPES[int(job.flink_id[1], 16) % len(_SHAPES)]]
    found = _vertices_of(shape(running.parallelism))
    if job.spec.setting is not Setting.EXPERT:
        found = [{**each, "parallelism": running.parallelism, "maxParallelism": MAX_PARALLELISM} for each in found]
    if running.kept is None:
        return found
    before = {each["id"]: each["parallelism"] for each in _vertices_of(shape(running.kept))}
    if job.spec.setting is not Setting.EXPERT:
        before = dict.fromkeys(before, running.kept)
    moving = [each for each in found if each["parallelism"] != before[each["id"]]]
    for vertex in moving[:1]:
        vertex["parallelism"] = before[vertex["id"]]
    for vertex in moving[1:2]:
        limit = max(1, (before[vertex["id"]] + vertex["parallelism"]) // 2)
        vertex.update({"parallelism": limit, "maxParallelism": limit})
    return found


def _vertices_of(plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    nodes = {node["id"]: node for node in plan["nodes"]}
    return [
        {
            "id": vertex,
            "name": " -> ".join(nodes[number]["desc"] for number in chain),
            "parallelism": nodes[chain[0]]["profile"]["parallelism"],
            "maxParallelism": min(nodes[number]["profile"]["maxParallelism"] for number in chain),
        }
        for vertex, chain in plan["vertices"].items()
    ]


def _job(job: SimulatedJob, running: RunningJob, second: float) -> dict[str, Any]:
    state = flink_state(running, second)
    task_state = {"RESTARTING": "CREATED", "FAILED": "CANCELED"}.get(state, state)
    stamps = _timestamps(job, running, second)
    ended = stamps["FAILED"] or -1
    shown = vertices(job, running)
    for each in shown:
        began = stamps["RUNNING"] if task_state == "RUNNING" else stamps["CREATED"]
        states = ("CREATED", "SCHEDULED", "DEPLOYING", "INITIALIZING", "RUNNING", "FINISHED", "CANCELING", "CANCELED")
        each |= {
            "status": task_state,
            "start-time": began,
            "end-time": ended,
            "duration": job.milliseconds(second) - began,
            "tasks": {**dict.fromkeys(states, 0), "FAILED": 0, task_state: each["parallelism"]},
        }
    return {
        "jid": job.flink_id,
        "name": job.spec.name,
        "isStoppable": False,
        "state": state,
        "job-type": "BATCH" if job.spec.setting is Setting.BATCH else "STREAMING",
        "start-time": job.milliseconds(STARTED),
        "end-time": ended,
        "duration": job.milliseconds(second) - job.milliseconds(STARTED),
        "maxParallelism": -1,
        "now": job.milliseconds(second),
        "timestamps": stamps,
        "vertices": shown,
        "status-counts": {task_state: len(shown)},
    }


def _timestamps(job: SimulatedJob, running: RunningJob, second: float) -> dict[str, int]:
    """Return when the job last entered each state, 0 for never."""
    states = ("FAILED", "RECONCILING", "SUSPENDED", "FINISHED", "CANCELED", "CANCELLING", "FAILING")
    stamps = {
        **dict.fromkeys(states, 0),
        "INITIALIZING": job.milliseconds(STARTED),
        "CREATED": job.milliseconds(STARTED + 1),
        "RUNNING": job.milliseconds(STARTED + 20),
        "RESTARTING": 0,
    }
    automatic = [Interruption(at, at + _RESTARTED_IN) for at in automatic_restarts(job, second)[-1:]]
    for each in sorted((*automatic, *running.interruptions), key=lambda each: each.left):
        stamps["RESTARTING"] = job.milliseconds(each.left)
        if created_at(each) <= second:
            stamps["CREATED"] = job.milliseconds(created_at(each))
        if each.back <= second:
            stamps["RUNNING"] = job.milliseconds(each.back)
    if running.failure:
        stamps["FAILING"] = job.milliseconds(running.failure.at - 0.2)
        stamps["FAILED"] = job.milliseconds(running.failure.at)
    return stamps


def _checkpoint_config(_job: SimulatedJob, running: RunningJob, _second: float) -> dict[str, Any]:
    conf = running.conf
    return {
        "mode": "exactly_once",
        "interval": _milliseconds(conf.get(INTERVAL), 180_000),
        "timeout": _milliseconds(conf.get(TIMEOUT), 600_000),
        "min_pause": _milliseconds(conf.get(MIN_PAUSE), 0),
        "max_concurrent": 1,
        "externalization": {"enabled": True, "delete_on_cancellation": False},
        "state_backend": "GeminiStateBackend",
        "checkpoint_storage": "FileSystemCheckpointStorage",
        "unaligned_checkpoints": conf.get(_UNALIGNED, False) is True,
        "tolerable_failed_checkpoints": 3,
        "aligned_checkpoint_timeout": 0,
        "checkpoints_after_tasks_finish": True,
        "state_changelog_enabled": False,
    }


def _checkpoints(job: SimulatedJob, running: RunningJob, second: float) -> dict[str, Any]:
    interval = _milliseconds(running.conf.get(INTERVAL), 180_000) / 1000
    until = min(second, running.failure.at if running.failure else inf)
    completed = max(int((until - STARTED) // interval), 1)
    restored = [each for each in running.interruptions if each.back <= second]
    last = STARTED + completed * interval
    path = f"oss://demo-flink-state/checkpoints/{job.flink_id}/chk-"
    latest = {
        "id": completed,
        "status": "COMPLETED",
        "is_savepoint": False,
        "trigger_timestamp": job.milliseconds(last - 2.5),
        "latest_ack_timestamp": job.milliseconds(last),
        "state_size": 734_003_200,
        "checkpointed_size": 25_165_824,
        "end_to_end_duration": 2500,
        "external_path": f"{path}{completed}",
        "discarded": False,
    }
    counts = {"restored": len(restored), "total": completed + 1, "in_progress": 0, "completed": completed, "failed": 1}
    found: dict[str, Any] = {"counts": counts, "latest": {"completed": latest, "savepoint": None, "failed": None}}
    found["latest"]["restored"] = None
    if restored:
        number = int((restored[-1].left - STARTED) // interval)
        found["latest"]["restored"] = {
            "id": number,
            "restore_timestamp": job.milliseconds(restored[-1].back - 0.3),
            "is_savepoint": False,
            "external_path": f"{path}{number}",
        }
    return found


def _exceptions(job: SimulatedJob, running: RunningJob, second: float) -> dict[str, Any]:
    """Return the failure of the job, else those of its failed hot updates, newest first."""
    found = [
        (ended, update.failed.message, "")
        for update in job.updates
        if update.failed and (ended := update.lifecycle.phases[-1][0]) <= second and "." in update.failed.message
    ]
    if running.failure:
        found = [one for one in found if one[0] != running.failure.at]
        found.append((running.failure.at, running.failure.failed.message, running.failure.task))
    entries: list[dict[str, Any]] = [
        {
            "exceptionName": message.partition(":")[0] if message.startswith("org.") else "java.lang.RuntimeException",
            "stacktrace": message,
            "timestamp": job.milliseconds(at),
            "taskName": task or None,
            "location": "10.0.17.42:37211" if task else None,
            "endpoint": "10.0.17.42:37211" if task else None,
            "taskManagerId": f"job-{job.flink_id[:8]}-taskmanager-1-3" if task else None,
            "failureLabels": {},
            "concurrentExceptions": [],
        }
        for at, message, task in sorted(found, reverse=True)
    ]
    root = entries[0] if entries else None
    return {
        "root-exception": root["stacktrace"] if root else None,
        "timestamp": root["timestamp"] if root else None,
        "all-exceptions": [],
        "truncated": False,
        "exceptionHistory": {"entries": entries, "truncated": False},
    }


def _milliseconds(value: Any, default: int) -> int:
    match = _DURATION.fullmatch(str(value))
    return int(match[1]) * _UNITS[match[2]] if match else default


_ANSWERS: Final[Mapping[str, Callable[[SimulatedJob, RunningJob, float], dict[str, Any]]]] = {
    "": _job,
    "/checkpoints": _checkpoints,
    "/checkpoints/config": _checkpoint_config,
    "/exceptions": _exceptions,
}
