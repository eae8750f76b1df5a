"""The effect of a hot update: how much of what was asked for the running job carries, as one verdict with a reason."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hottui.analysis.changes import PARALLELISM, value_text
from hottui.analysis.compare_values import same_value
from hottui.analysis.effect_items import effect_items
from hottui.analysis.later_changes import (
    SavedSetting,
    drifted,
    possibly_changed,
    possibly_superseded,
    superseded,
)
from hottui.analysis.stack_trace import failure_text
from hottui.analysis.unmoved_vertex import EXPLICIT
from hottui.analysis.values_before import HotUpdate
from hottui.model.control_characters import shorten, visible
from hottui.model.effect import Before, Effect, EffectItem, Verdict
from hottui.model.job import ENDED_STATES, JOB_FAILED
from hottui.model.job_reading import JOB_GONE, JobReading
from hottui.model.plan import Plan
from hottui.model.result import HotUpdateJobResult
from hottui.model.state import FAILED, HOT_UPDATED, is_final

_ENDED: Final = ENDED_STATES | {"CANCELED"}
"""Flink writes CANCELED with one L."""
_NOT_KNOWN_BEFORE: Final = Before()


def effect_of(
    result: HotUpdateJobResult,
    reading: JobReading,
    *,
    before: Before = _NOT_KNOWN_BEFORE,
    plan: Plan | None = None,
    later: Sequence[HotUpdate] = (),
    unordered: Sequence[HotUpdate] = (),
    previous: Effect | None = None,
    ended_at: float | None = None,
) -> Effect:
    """What became of `result` in the job as it was read.

    `plan` gives reasons (bounds, chained operators). `later` are later hot updates of the same job,
    `unordered` those that may have been earlier or later. `previous` is the last effect known of this update: with
    it, a value that ran and does not run now has drifted. `ended_at` is when the update ended, in seconds since the
    epoch.
    """
    items = effect_items(result, reading, before, plan)
    if ended := _job_ended(reading):
        # Nothing runs any more: the last answers show what ran.
        return Effect(*ended, tuple(replace(item, running=None, carried=None, why="") for item in items))
    if unknown := _unknown(result, reading, items):
        return Effect(Verdict.UNKNOWN, unknown, items)
    if result.state != HOT_UPDATED:
        return _by_count(result, reading, items)
    changed = _changed_later(
        result, reading, items, later=later, unordered=unordered, previous=previous, ended_at=ended_at
    )
    return changed or _by_count(result, reading, items)


def _changed_later(
    result: HotUpdateJobResult,
    reading: JobReading,
    items: tuple[EffectItem, ...],
    *,
    later: Sequence[HotUpdate],
    unordered: Sequence[HotUpdate],
    previous: Effect | None,
    ended_at: float | None,
) -> Effect | None:
    """The effect where values were changed after the update, or may have been; else None."""
    carried_before = previous.items if previous and previous.verdict is not Verdict.UNKNOWN else ()
    explained, superseding = superseded(result, items, later, carried_before)
    if superseding:
        return Effect(Verdict.SUPERSEDED, f"Hot update {superseding} asked for something else later.", explained)
    if other := possibly_superseded(result, items, unordered):
        return Effect(Verdict.UNKNOWN, f"It may have been superseded by {other}.", items)
    saved = SavedSetting(reading.deployment)
    explained, changed = drifted(items, reading, carried_before, ended_at, saved)
    if changed:
        return Effect(Verdict.DRIFTED, changed, explained)
    if changed := possibly_changed(counted(items), reading, carried_before, ended_at, saved):
        return Effect(Verdict.UNKNOWN, changed, items)
    return None


def _unknown(result: HotUpdateJobResult, reading: JobReading, items: tuple[EffectItem, ...]) -> str:
    """Why there is no verdict; empty where there is one."""
    if not is_final(result.state):
        return "The hot update has not ended." if result.state else "The hot update was not read yet."
    if not items:
        return "The answer contains no requested value."
    return _why_not_read(reading) if all(item.carried is None for item in items) else ""


def _by_count(result: HotUpdateJobResult, reading: JobReading, items: tuple[EffectItem, ...]) -> Effect:
    evidence = [item for item in counted(items) if item.carried is False or (item.carried and not _unchanged(item))]
    missing = [item for item in counted(items) if item.carried is False]
    prefix = "The hot update failed. " if result.state == FAILED else ""
    unread = [item for item in counted(items) if item.carried is None]
    suffix = f" Not known: {_names(unread)} ({_why_not_read(reading).rstrip('.')})." if unread else ""
    if not missing:
        reason = "Everything asked for is running." if evidence else "The job ran with everything asked for before."
        reason = ("All known values run as asked." if unread else reason) + _kept(items)
        return Effect(Verdict.APPLIED, prefix + reason + suffix, items)
    part = [item for item in missing if _moved(item)]
    if len(missing) == len(evidence) and not part:
        what = "The hot update failed and nothing of it" if prefix else "Nothing of what was asked for"
        return Effect(Verdict.NONE, f"{what} is running: {_exception(missing)}." + suffix, items)
    count = f"{len(evidence) - len(missing)} of {len(evidence)} values run as asked"
    nearer = f", {len(part)} changed in part" if part else ""
    reason = f"{count}{nearer}: {_exception(missing)}."
    return Effect(Verdict.PARTIAL, prefix + reason + suffix, items)


def _kept(items: Sequence[EffectItem]) -> str:
    """A sentence on the vertices that keep a parallelism of their own in the plan."""
    kept = sum(item.carried is True and item.why == EXPLICIT for item in items)
    return f" {kept} {'vertex keeps its' if kept == 1 else 'vertices keep their'} explicit parallelism." if kept else ""


def counted(items: Sequence[EffectItem]) -> list[EffectItem]:
    """The items that the verdict counts: without the job's parallelism where vertices show what runs."""
    by_vertex = any(item.key.startswith("vertex:") and item.carried is not None for item in items)
    return [item for item in items if not (by_vertex and item.key == PARALLELISM)]


def _unchanged(item: EffectItem) -> bool:
    return item.before is not None and same_value(item.key, item.before, item.asked)


def _moved(item: EffectItem) -> bool:
    """Whether a vertex moved towards the parallelism asked for, as one with a lower bound does."""
    before, running, asked = item.before, item.running, item.asked
    if not item.key.startswith("vertex:"):
        return False
    if not (isinstance(before, int) and isinstance(running, int) and isinstance(asked, int)):
        return False
    return before < running < asked or before > running > asked


def _exception(missing: list[EffectItem]) -> str:
    first = missing[0]
    why = f" ({first.why})" if first.why else ""
    more = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
    running = shorten(value_text(first.running), 60) if first.running is not None else "its default"
    return f"{shorten(first.name, 60)} runs with {running}, not {shorten(value_text(first.asked), 60)}{why}{more}"


def _names(items: list[EffectItem]) -> str:
    more = f" and {len(items) - 2} more" if len(items) > 2 else ""
    return ", ".join(item.name for item in items[:2]) + more


def _job_ended(reading: JobReading) -> tuple[Verdict, str] | None:
    if reading.gone:
        return Verdict.JOB_GONE, JOB_GONE
    job, flink = reading.job, reading.flink
    states = {job.state if job else "", flink.state if flink else ""} - {""}
    if JOB_FAILED in states:
        why = shorten(failure_text(job.failure), 300) if job and job.failure else ""
        return Verdict.JOB_FAILED, f"The job failed: {why}" if why else "The job failed."
    for state in sorted(states & _ENDED):
        return Verdict.JOB_GONE, f"The job is {state.lower()}."
    return None


def _why_not_read(reading: JobReading) -> str:
    if not reading.errors:
        unread = reading.job is None and reading.flink is None
        return "The job was not read yet." if unread else "The job's answers do not contain it."
    return " ".join(f"{call}: {shorten(visible(why), 200)}" for call, why in reading.errors.items())
