"""Key actions on tracked hot updates and bookmarks: add, bookmark, annotate, remove, undo.

They change what is tracked and saved; nothing changes on the service. Each function is an action of the dashboard.
"""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from hottui.model.control_characters import shorten, visible
from hottui.model.ref import InvalidName
from hottui.model.tracking import MAX_LABEL, MAX_NOTE, Bookmark, Tracked
from hottui.render.table_rows import display_name
from hottui.tui.screens import first_run_actions

if TYPE_CHECKING:
    from hottui.monitor.interface import MonitorCommands
    from hottui.tui.screens.dashboard import Dashboard

_SAVED_WITHIN: Final = 0.3
"""Seconds to wait for the store before a change is reported as not saved."""
_READ_WITHIN: Final = 2.0
"""Seconds to wait for the store to return what was removed."""
_UNDO: Final = " (u: undo)"


async def add(screen: "Dashboard") -> None:
    """Ask for IDs and bookmark them; without a location, set one up first."""
    location = screen.options.location
    if location is None and screen.options.first_run is not None:
        first_run_actions.set_up(screen)
        return
    if location is None:
        screen.show_message(screen.options.location_hint, "bar.warning")
        return
    monitor = await screen.wait_for_monitor()

    async def add_ids(text: str | None) -> None:
        if not text or not text.strip():
            return
        from hottui.model.ids import read_ids  # noqa: PLC0415 - off the start-up path

        try:
            refs = [location.ref(found) for found in read_ids(text)]
        except InvalidName as error:
            screen.show_message(str(error), "bar.error")
            return
        if not refs:
            screen.show_message("No ID found. Enter IDs, or the JSON that HotUpdateJob returned.", "bar.error")
            return
        monitor.track(refs, bookmark=True)
        screen.call_later(screen.table.move_to, refs[-1])  # after the new snapshot is shown
        done = f"Added {refs[0].id}" if len(refs) == 1 else f"Added {len(refs)} hot updates"
        await _report(screen, monitor, done)

    screen.open_prompt("Add", "", add_ids, hint="IDs, or the JSON that HotUpdateJob returned")


async def toggle_bookmark(screen: "Dashboard") -> None:
    """Add or remove the bookmark."""
    tracked, monitor = screen.current, await screen.wait_for_monitor()
    if tracked is None:
        return
    if tracked.bookmark is None:
        before = _reuse_removed(screen.removed, tracked)
        monitor.bookmark(tracked.ref, before.label, before.note)
        await _report(screen, monitor, f"Bookmarked {visible(shorten(before.label, 40)) or tracked.ref.id}")
    else:
        screen.removed.append(tracked)
        monitor.unbookmark(tracked.ref)
        await _report(screen, monitor, f"Bookmark of {display_name(tracked)} removed", _UNDO)


def _reuse_removed(removed: list[Tracked], tracked: Tracked) -> Bookmark:
    """Return the bookmark of `tracked` last removed in this session, with its label and note, or a new one."""
    for kept in reversed(removed):
        if kept.ref == tracked.ref and kept.bookmark is not None:
            removed.remove(kept)
            return kept.bookmark
    return Bookmark(tracked.ref)


async def annotate(screen: "Dashboard") -> None:
    """Ask for a label, then for a note."""
    tracked, monitor = screen.current, await screen.wait_for_monitor()
    if tracked is None:
        return
    bookmark = tracked.bookmark
    old_label, old_note = (bookmark.label, bookmark.note) if bookmark else ("", "")

    def ask_note(label: str | None) -> None:
        if label is not None and _fits(screen, "label", label, MAX_LABEL):
            screen.open_prompt("Note", old_note, lambda note: save(label.strip(), note))

    async def save(label: str, note: str | None) -> None:
        if note is None or not _fits(screen, "note", note, MAX_NOTE):
            return
        if bookmark is None:
            monitor.bookmark(tracked.ref, label, note.strip())
        else:
            monitor.annotate(tracked.ref, label, note.strip())
        await _report(screen, monitor, f"Label and note of {tracked.ref.id} changed")

    screen.open_prompt("Label", old_label, ask_note)


def _fits(screen: "Dashboard", field: str, text: str, limit: int) -> bool:
    """Return whether `text` is short enough for a label or note; show a message if it is not."""
    length = len(text.strip())
    if length <= limit:
        return True
    screen.show_message(f"{field.capitalize()} too long: {length:,} characters, at most {limit:,}.", "bar.error")
    return False


async def remove(screen: "Dashboard") -> None:
    """Remove the hot update from the table and the store."""
    tracked, monitor = screen.current, await screen.wait_for_monitor()
    if tracked is None:
        return
    screen.removed.append(tracked)
    monitor.untrack(tracked.ref)
    bookmark = " and its bookmark" if tracked.bookmark else ""
    await _report(screen, monitor, f"{display_name(tracked)}{bookmark} removed", _UNDO)


async def undo(screen: "Dashboard") -> None:
    """Restore what was removed last, in this session or, within 24 hours, in an earlier one."""
    monitor = await screen.wait_for_monitor()
    tracked = _restore_own(monitor, screen.removed.pop()) if screen.removed else await _restore_stored(monitor)
    if tracked is None:
        screen.show_message("Nothing to undo: nothing was removed in the last 24 hours.")
        return
    screen.call_later(screen.table.move_to, tracked.ref)  # after the new snapshot is shown
    await _report(screen, monitor, f"Restored {display_name(tracked)}{' and its bookmark' if tracked.bookmark else ''}")


def _restore_own(monitor: "MonitorCommands", tracked: Tracked) -> Tracked:
    """Restore what was removed in this session."""
    monitor.track([tracked.ref])
    if tracked.bookmark:
        monitor.bookmark(tracked.ref, tracked.bookmark.label, tracked.bookmark.note)
    return tracked


async def _restore_stored(monitor: "MonitorCommands") -> Tracked | None:
    """Restore the bookmark removed last according to the store."""
    tracked = None
    with suppress(TimeoutError):  # the trouble line reports a store that does not answer
        async with asyncio.timeout(_READ_WITHIN):
            tracked = await monitor.removed()
    if tracked is not None:
        monitor.restore(tracked)
    return tracked


async def _report(screen: "Dashboard", monitor: "MonitorCommands", done: str, hint: str = "") -> None:
    """Show what was done, and whether it is saved."""
    saved = await monitor.wait_until_saved(_SAVED_WITHIN)
    screen.show_message(f"{done}{'' if saved else ', not saved yet'}{hint}", "bar" if saved else "bar.warning")
