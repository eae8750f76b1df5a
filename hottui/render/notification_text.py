"""What a notification says: as text, and as JSON lines and variables for a command.

One event is named by its hot update, several are counted.
"""

from collections.abc import Mapping
from typing import Any, Final

from hottui.analysis.notification import Event, Notification
from hottui.model.control_characters import escaped, shorten, visible
from hottui.model.notify_settings import SLOW
from hottui.model.ref import Ref
from hottui.model.state import FAILED, HOT_UPDATED
from hottui.model.times import iso
from hottui.model.tracking import Tracked, Transition
from hottui.render.documents import transition_document
from hottui.render.table_rows import display_name

LONGEST: Final = 200
"""Characters of a notification; terminals and desktops cut longer ones."""
_LONGEST_VARIABLE: Final = 2_000
"""Characters."""
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
    if notification.total == 1:
        event = notification.events[0]
        return event_text(event, rows.get(event.ref))
    kinds = sorted(notification.counts, key=lambda kind: (_ORDER.index(kind) if kind in _ORDER else len(_ORDER), kind))
    return shorten(
        visible(", ".join(f"{notification.counts[kind]:,} {_WORDS.get(kind, kind)}" for kind in kinds)), LONGEST
    )


def notification_lines(notification: Notification, rows: Mapping[Ref, Tracked]) -> str:
    """Return one JSON object per event: what `watch -o jsonl` has, `event` (`transition` or `slow`) and `message`."""
    import json  # noqa: PLC0415 - start-up time: most notify in no way

    lines = (_document(event, rows.get(event.ref, Tracked(event.ref))) for event in notification.events)
    return "".join(escaped(json.dumps(each, ensure_ascii=False, allow_nan=False)) + "\n" for each in lines)


def _document(event: Event, row: Tracked) -> dict[str, Any]:
    slow = event.kind == SLOW
    transition = Transition(event.ref, event.at, *((row.state, row.state) if slow else (event.kind, event.previous)))
    kind = SLOW if slow else "transition"
    return {"event": kind, "message": event_text(event, row), **transition_document(row, transition)}


def notification_variables(notification: Notification, rows: Mapping[Ref, Tracked]) -> dict[str, str]:
    """Return the environment variables for a command: the text and number of events, and a single event's values."""
    variables = {"MESSAGE": notification_text(notification, rows), "COUNT": str(notification.total)}
    if notification.total == 1:
        event = notification.events[0]
        row = rows.get(event.ref, Tracked(event.ref))
        document = _document(event, row)
        variables |= {
            "EVENT": document["event"],
            "ID": event.ref.id,
            "STATE": document["state"] or "",
            "PREVIOUS": document["previous"] or "",
            "LABEL": row.label,
            "JOB": row.job,
            "CHANGE": document["change"],
            "REASON": document["reason"],
            "AT": iso(event.at) or "",
        }
    return {f"HOTTUI_{name}": visible(shorten(value, _LONGEST_VARIABLE)) for name, value in variables.items()}
