"""Why a value that a hot update asked for does not run any more: a later hot update, or somebody's change."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from hottui.analysis.changes import PARALLELISM, value_text
from hottui.analysis.compare_values import same_value
from hottui.analysis.values_before import HotUpdate
from hottui.model.control_characters import shorten, visible
from hottui.model.effect import EffectItem
from hottui.model.job_reading import JobReading
from hottui.model.json_text import Json
from hottui.model.masking import mask_value
from hottui.model.result import HotUpdateJobResult
from hottui.model.state import FAILED

CHANGED_AFTERWARDS: Final = "changed afterwards"


def superseded(
    result: HotUpdateJobResult,
    items: tuple[EffectItem, ...],
    later: Sequence[HotUpdate],
    previous: Iterable[EffectItem] = (),
) -> tuple[tuple[EffectItem, ...], str]:
    """The items, with a reason for those that a later update asked for otherwise, and the latest such update's ID.

    A later update explains a value that runs as it asked or nearer to it, that ran as asked by `previous`, or that
    moved at all: a vertex that never moved keeps its own reason.
    """
    ran = {item.key for item in previous if item.carried}
    latest = ""
    for update in sorted(later, key=lambda update: update.at):
        if update.result.state == FAILED:
            continue
        explained = []
        for item in items:
            asked = _asked(update.result, item.key)
            other = asked is not None and not same_value(item.key, asked, _asked(result, item.key))
            if item.carried is False and other:
                shown = mask_value(item.key, asked)
                moved = item.before is not None and not same_value(item.key, item.before, item.running)
                towards = _is_between(item.asked, item.running, asked)
                if moved or towards or item.key in ran or same_value(item.key, shown, item.running):
                    latest = shorten(visible(update.id), 60)
                    why = f"hot update {latest} asked for {shorten(value_text(shown), 60)} later"
                    item = replace(item, why=why)  # noqa: PLW2901
            explained.append(item)
        items = tuple(explained)
    return items, latest


def _is_between(asked: Json, running: Json, later: Json) -> bool:
    """Whether what runs lies beyond what was asked for, towards what was asked for later."""
    if not (isinstance(asked, int) and isinstance(running, int) and isinstance(later, int)):
        return False
    return asked < running <= later or asked > running >= later


def _asked(result: HotUpdateJobResult, key: str) -> Json:
    if key == PARALLELISM:
        return result.asked_parallelism
    if key.startswith("vertex:"):
        return result.asked_vertices.get(key.removeprefix("vertex:"), result.asked_parallelism)
    asked: Json = result.asked_conf.get(key)
    return asked


def drifted(
    items: tuple[EffectItem, ...], reading: JobReading, previous: Iterable[EffectItem], ended_at: float | None
) -> tuple[tuple[EffectItem, ...], bool]:
    """The items, with a reason for each that was changed afterwards, and whether any was.

    A value was changed that ran as asked by `previous`; without a previous item, one that runs as the deployment was
    saved after the update ended.
    """
    earlier = {item.key: item for item in previous}
    result = []
    for item in items:
        was = earlier.get(item.key)
        if was is not None:
            changed = was.carried is True or was.why.startswith(CHANGED_AFTERWARDS)
        else:
            changed = _saved_afterwards(item, reading, ended_at)
        why = changed_by(reading, ended_at) if changed else item.why
        result.append(replace(item, why=why) if item.carried is False else item)
    return tuple(result), any(item.why.startswith(CHANGED_AFTERWARDS) for item in result)


def _saved_afterwards(item: EffectItem, reading: JobReading, ended_at: float | None) -> bool:
    """Whether the deployment was saved after the update with just what runs, which is not what ran before."""
    deployment = reading.deployment
    if deployment is None or ended_at is None or (deployment.modified_at or 0) <= ended_at or item.running is None:
        return False
    if item.before is None or same_value(item.key, item.before, item.running):
        return False
    saved: Json = deployment.conf.get(item.key)
    if item.key == PARALLELISM or item.key.startswith("vertex:"):
        saved = deployment.parallelism
    return saved is not None and same_value(item.key, mask_value(item.key, saved), item.running)


def changed_by(reading: JobReading, ended_at: float | None) -> str:
    """`changed afterwards`, by whom and when where the deployment or the job has it."""
    for settings in (reading.deployment, reading.job):
        at = settings.modified_at if settings else None
        if settings and at is not None and ended_at is not None and at > ended_at:
            by = f" by {shorten(visible(settings.changed_by), 60)}" if settings.changed_by else ""
            return f"{CHANGED_AFTERWARDS}{by} at {datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"
    return CHANGED_AFTERWARDS
