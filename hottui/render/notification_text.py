"""The text of a notification: one event by the name of its hot update, several by their number."""

from collections.abc import Mapping
from typing import Final

from hottui.analysis.notification import Event, Notification
from hottui.model.control_characters import shorten, visible
from hottui.model.notify_settings import SLOW
from hottui.model.ref import Ref
from hottui.model.state import FAILED, HOT_UPDATED
from hottui.model.tracking import Tracked
from hottui.render.table_rows import display_name

LONGEST: Final = 200
"""Characters of a notification; terminals and desktops cut longer ones."""
_ORDER: Final = (FAILED, HOT_UPDATED, SLOW)
_WORDS: Final = {FAILED: "failed", HOT_UPDATED: "updated"}


def event_text(event: Event, row: Tracked | None) -> str:
    """Return an event in one line, with the reason or the change if `row` is still in that state."""
    row = row or Tracked(event.ref)
    name = display_name(row)
    summary = row.summary if row.state == event.kind else None
    if event.kind == SLOW:
        text = f"{name} takes longer than usual"
    elif event.kind in _WORDS:
        more = (summary.failure if event.kind == FAILED else summary.change) if summary else ""
        text = f"{name} {_WORDS[event.kind]}{f': {more}' if more else ''}"
    else:
        text = f"{name}: {event.kind}"
    return shorten(visible(text), LONGEST)


def notification_text(notification: Notification, rows: Mapping[Ref, Tracked]) -> str:
    """Return a notification in one line: its event, or `3 failed, 2 updated`."""
    if sum(notification.counts.values()) == 1:
        event = notification.events[0]
        return event_text(event, rows.get(event.ref))
    kinds = sorted(notification.counts, key=lambda kind: (_ORDER.index(kind) if kind in _ORDER else len(_ORDER), kind))
    return shorten(
        visible(", ".join(f"{notification.counts[kind]:,} {_WORDS.get(kind, kind)}" for kind in kinds)), LONGEST
    )
