"""Recognize the vendor's rules that a hot update may have violated, as far as the answers show it.

Source: the vendor's page on dynamic updates. That the conf keys changed without a restart are these three is taken
from its wording ("checkpoint interval, timeout, minimum pause").
"""

import re
from typing import Final

from hottui.analysis.changes import value_text
from hottui.model.control_characters import shorten, visible
from hottui.model.job import RUNNING, Job
from hottui.model.job_reading import JobReading
from hottui.model.result import EXPERT, HotUpdateJobResult

CHECKPOINT_KEYS: Final = {
    "execution.checkpointing.interval": "interval",
    "execution.checkpointing.timeout": "timeout",
    "execution.checkpointing.min-pause": "min_pause",
}
"""Conf keys that Flink reports itself, and that change without a restart."""

_LONGEST_UPDATE: Final = 300.0
"""Seconds between the end of a job and a failed update above which the update is not the cause."""
_OLDEST: Final = (8, 0, 1)
_VERSION: Final = re.compile(r"vvr[-_ ]?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?", re.IGNORECASE)
_UNALIGNED_KEYS: Final = ("execution.checkpointing.unaligned", "execution.checkpointing.unaligned.enabled")


def broken_rules(result: HotUpdateJobResult, reading: JobReading, at: float | None = None) -> tuple[str, ...]:
    """Return one sentence for each violated rule; empty if none is recognized.

    That the job did not run is one only where it had ended before the update failed `at`.
    """
    rescales = result.asked_parallelism is not None or bool(result.asked_vertices)
    found = []
    if rescales and is_expert(result, reading):
        found.append("Parallelism cannot be changed in EXPERT mode: change the resource plan and restart the job.")
    if rescales and is_unaligned(result, reading):
        found.append("Parallelism cannot be changed with unaligned checkpoints: turn them off and restart the job.")
    version = reading.job.engine_version if reading.job else ""
    if is_too_old(version):
        found.append(f"Hot updates need VVR 8.0.1 or later; the job runs {shorten(visible(version), 60)}.")
    if reading.job is not None and at is not None and _ended_before(reading.job, at):
        found.append(f"Hot updates need a running job; it was {shorten(visible(reading.job.state), 40)} before.")
    needing = [shorten(visible(key), 80) for key in result.asked_conf if key not in CHECKPOINT_KEYS]
    if needing:
        more = f" and {len(needing) - 3} more" if len(needing) > 3 else ""
        verb = "needs" if len(needing) == 1 else "need"
        found.append(f"{', '.join(needing[:3])}{more} {verb} a restart of the job to take effect.")
    return tuple(found)


def _ended_before(job: Job, at: float) -> bool:
    ended = job.end_time or (job.failure.failed_at if job.failure else None)
    return job.state not in ("", RUNNING) and ended is not None and ended < at - _LONGEST_UPDATE


def is_too_old(engine_version: str) -> bool:
    """Whether an engine version such as `vvr-8.0.0-flink-1.17` is below VVR 8.0.1; False if it cannot be parsed."""
    match = _VERSION.search(engine_version[:200])
    return match is not None and tuple(int(part or 0) for part in match.groups()) < _OLDEST


def is_expert(result: HotUpdateJobResult, reading: JobReading) -> bool:
    """Return whether the target or the job is in EXPERT mode."""
    return EXPERT in (result.target.mode, reading.job.mode if reading.job else "")


def is_unaligned(result: HotUpdateJobResult, reading: JobReading) -> bool:
    """Return whether the job has unaligned checkpoints, by Flink, otherwise by the configuration."""
    if reading.checkpoint_config and reading.checkpoint_config.unaligned_checkpoints is not None:
        return reading.checkpoint_config.unaligned_checkpoints
    conf = {**result.flink_conf, **(reading.job.conf if reading.job else {})}
    return any(value_text(conf.get(key)).strip().lower() == "true" for key in _UNALIGNED_KEYS)
