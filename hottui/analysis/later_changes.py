"""Why a requested value no longer runs: a later hot update, or a change by other means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from hottui.analysis.changes import PARALLELISM, value_text
from hottui.analysis.compare_values import same_value
from hottui.analysis.values_before import HotUpdate, planned_vertices
from hottui.analysis.vendor_rules import CHECKPOINT_KEYS
from hottui.model.control_characters import shorten, visible
from hottui.model.effect import EffectItem
from hottui.model.job import Deployment, JobSettings
from hottui.model.job_reading import JobReading
from hottui.model.json_text import Json
from hottui.model.masking import mask_value
from hottui.model.result import HotUpdateJobResult
from hottui.model.state import FAILED, HOT_UPDATED

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


def possibly_superseded(result: HotUpdateJobResult, items: Iterable[EffectItem], unordered: Iterable[HotUpdate]) -> str:
    """The ID of an update that may have been later, since values run as it asked and not as `result` asked; or empty.

    `unordered` are updates of the same job of which it is not known whether they were earlier or later.
    """
    missing = [item for item in items if item.carried is False]
    for update in unordered:
        if update.result.state != HOT_UPDATED:
            continue
        for item in missing:
            asked = _asked(update.result, item.key)
            other = asked is not None and not same_value(item.key, asked, _asked(result, item.key))
            if other and same_value(item.key, mask_value(item.key, asked), item.running):
                return shorten(visible(update.id), 60)
    return ""


@dataclass(frozen=True)
class SavedSetting:
    """The values saved in `deployment`; its plan is decoded once, and only if a vertex is looked up."""

    deployment: Deployment | None

    def value(self, key: str) -> Json:
        """Return the value that an item with `key` has in the deployment; None if it is unknown."""
        if self.deployment is None:
            return None
        saved: Json = self.deployment.conf.get(key)
        if key.startswith("vertex:"):
            saved = self._vertices.get(key.removeprefix("vertex:"), self.deployment.parallelism)
        elif key == PARALLELISM:
            saved = self.deployment.parallelism
        return None if saved is None else mask_value(key, saved)

    def is_asked(self, item: EffectItem) -> bool:
        """Return whether the deployment has the requested value, so that nobody changed it."""
        saved = self.value(item.key)
        return saved is not None and same_value(item.key, saved, item.asked)

    @cached_property
    def _vertices(self) -> dict[str, int]:
        return planned_vertices(self.deployment.raw_plan) if self.deployment else {}


def drifted(
    items: tuple[EffectItem, ...],
    reading: JobReading,
    previous: Iterable[EffectItem],
    ended_at: float | None,
    saved: SavedSetting,
) -> tuple[tuple[EffectItem, ...], str]:
    """The items, with a reason for each that was changed afterwards, and the sentence on that; empty if none was.

    A value was changed that ran as asked by `previous`; without a previous item, one that is neither as before nor as
    asked where the deployment was saved since.
    """
    earlier = {item.key: item for item in previous if item.carried is not None}
    result, changes, applied = [], [], ended_at is not None
    for item in items:
        was, why = earlier.get(item.key), ""
        if item.carried is not False:
            pass
        elif was is None:
            if _saved_afterwards(item, reading, ended_at, saved):
                why = changed_by(reading, _since(reading, ended_at))
        elif was.carried is True or was.why.startswith(CHANGED_AFTERWARDS):
            applied = applied or was.carried is True
            why = changed_by(reading, ended_at)
            why = was.why if why == CHANGED_AFTERWARDS and was.why.startswith(why) else why
        if why:
            changes.append(why)
        result.append(replace(item, why=why) if why else item)
    if not changes:
        return tuple(result), ""
    if applied:
        return tuple(result), f"It was applied and {changes[0]}."
    return tuple(result), f"The job runs with settings of its deployment that were {changes[0]}."


def possibly_changed(
    items: Iterable[EffectItem],
    reading: JobReading,
    previous: Iterable[EffectItem],
    ended_at: float | None,
    saved: SavedSetting,
) -> str:
    """The sentence on values that may have been changed after the update; empty if nothing points to that.

    A value that runs as before, or that was known not to run as asked, or that has a reason, was not.
    """
    judged = {item.key for item in previous if item.carried is not None}
    open_ = [item for item in items if item.key not in judged and _is_unexplained(item) and not saved.is_asked(item)]
    if not open_:
        return ""
    since = _since(reading, ended_at)
    if last := _last_change(reading, since):
        whose = "deployment" if last is reading.deployment else "job"
        return f"It may have been changed later: the {whose} was {changed_by(reading, since, 'changed')}."
    unobserved = ended_at is None and reading.job is not None and all(item.before is None for item in open_)
    return (
        "It may have been changed later: the deployment was not read." if unobserved and not reading.deployment else ""
    )


def _is_unexplained(item: EffectItem) -> bool:
    """Whether an item does not run as asked, without a reason, and is not known to run as before.

    Conf keys that need a restart are left out: that is the reason.
    """
    if item.carried is not False or item.why or item.running is None:
        return False
    if item.before is not None and same_value(item.key, item.before, item.running):
        return False
    return item.key == PARALLELISM or item.key.startswith("vertex:") or item.key in CHECKPOINT_KEYS


def _saved_afterwards(item: EffectItem, reading: JobReading, ended_at: float | None, saved: SavedSetting) -> bool:
    """Whether what runs is neither as before nor as asked, and is from a change of the deployment after the update.

    The change is known to be later by the time where the end of the update is known. Otherwise it is one since the
    start of the job that has just what runs: a hot update applies what is saved, so what was asked for was saved then.
    """
    if _last_change(reading, _since(reading, ended_at)) is None or item.running is None:
        return False
    if item.before is not None and same_value(item.key, item.before, item.running):
        return False
    value = saved.value(item.key)
    if value is not None and same_value(item.key, value, item.running):
        return item.before is not None or ended_at is None or _is_unexplained(item)
    return ended_at is not None and item.before is not None and _is_unexplained(item) and not saved.is_asked(item)


def _since(reading: JobReading, ended_at: float | None) -> float | None:
    """The end of the update; where it is not known, the start of the job, which was earlier."""
    return ended_at if ended_at is not None else reading.job.start_time if reading.job else None


def _last_change(reading: JobReading, since: float | None) -> JobSettings | None:
    """The deployment, else the job, if it was modified after `since`."""
    for settings in (reading.deployment, reading.job):
        at = settings.modified_at if settings else None
        if at is not None and since is not None and at > since:
            return settings
    return None


def changed_by(reading: JobReading, since: float | None, changed: str = CHANGED_AFTERWARDS) -> str:
    """`changed afterwards`, by whom and when where the deployment or the job has a change after `since`."""
    last = _last_change(reading, since)
    if last is None or last.modified_at is None:
        return changed
    by = f" by {shorten(visible(last.changed_by), 60)}" if last.changed_by else ""
    return f"{changed}{by} at {datetime.fromtimestamp(last.modified_at, UTC):%Y-%m-%d %H:%M:%S} UTC"
