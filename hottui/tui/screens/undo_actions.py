"""Undo of what was removed or labelled, all of one action at once; and the messages after changes."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from hottui.model.tracking import Bookmark, Tracked
from hottui.tui.screens.marking_actions import name_of

if TYPE_CHECKING:
    from hottui.monitor.interface import MonitorCommands
    from hottui.tui.screens.dashboard import Dashboard

_SAVED_WITHIN: Final = 0.3
"""Seconds to wait for the store before a change is reported as not saved."""
_READ_WITHIN: Final = 2.0
"""Seconds to wait for the store to return what was removed."""


class Former(NamedTuple):
    """Hot updates as they were before one action, which removed them or their bookmarks, or changed their `labels`."""

    rows: tuple[Tracked, ...]
    labels: bool = False


async def undo(screen: "Dashboard") -> None:
    """Undo the last action of this session, or restore what was removed last in an earlier one, within 24 hours.

    It is an action of the dashboard.
    """
    monitor = await screen.wait_for_monitor()
    if screen.former:
        former = screen.former.pop()
        _restore(monitor, former)
    else:
        former = Former(await _restore_stored(monitor))
    if not former.rows:
        screen.show_message("Nothing to undo: nothing was removed in the last 24 hours.")
        return
    screen.call_later(screen.table.move_to, former.rows[0].ref)  # after the new snapshot is shown
    labels = f"the label{'s' if len(former.rows) > 1 else ''} of {name_of(former.rows)}"
    await report(screen, monitor, f"Restored {labels if former.labels else with_bookmarks(former.rows)}")


def _restore(monitor: "MonitorCommands", former: Former) -> None:
    """Restore what was removed or changed in this session."""
    with monitor.batch():
        if not former.labels:
            monitor.track([row.ref for row in former.rows])
        for row in former.rows:
            if row.bookmark is None:
                monitor.unbookmark(row.ref)  # it was bookmarked for its label
            elif former.labels:
                monitor.annotate(row.ref, row.bookmark.label, row.bookmark.note)
            else:
                monitor.bookmark(row.ref, row.bookmark.label, row.bookmark.note)


async def _restore_stored(monitor: "MonitorCommands") -> tuple[Tracked, ...]:
    """Restore the bookmark removed last according to the store."""
    tracked = None
    with suppress(TimeoutError):  # the trouble line reports a store that does not answer
        async with asyncio.timeout(_READ_WITHIN):
            tracked = await monitor.removed()
    if tracked is None:
        return ()
    monitor.restore(tracked)
    return (tracked,)


def reuse_removed(former: list[Former], tracked: Tracked) -> Bookmark:
    """Return the bookmark of `tracked` last removed in this session, with its label and note, or a new one."""
    for at, batch in reversed(list(enumerate(former))):
        kept = next((row for row in batch.rows if row.ref == tracked.ref and not batch.labels), None)
        if kept is not None and kept.bookmark is not None:
            others = tuple(row for row in batch.rows if row is not kept)
            former[at : at + 1] = [Former(others)] if others else []
            return kept.bookmark
    return Bookmark(tracked.ref)


def with_bookmarks(rows: Sequence[Tracked]) -> str:
    """Return the name of one hot update or how many they are, and that their bookmarks are meant too."""
    bookmarked = any(row.bookmark for row in rows)
    return f"{name_of(rows)}{(' and their bookmarks' if len(rows) > 1 else ' and its bookmark') if bookmarked else ''}"


async def report(screen: "Dashboard", monitor: "MonitorCommands", done: str, hint: str = "") -> None:
    """Show what was done, and whether it is saved."""
    saved = await monitor.wait_until_saved(_SAVED_WITHIN)
    screen.show_message(f"{done}{'' if saved else ', not saved yet'}{hint}", "bar" if saved else "bar.warning")
