"""Key actions on tracked hot updates and bookmarks: add, bookmark, annotate, remove.

They change what is tracked and saved, of all marked hot updates or of the one under the cursor; nothing changes on the
service. Each public function is an action of the dashboard.
"""

from typing import TYPE_CHECKING

from hottui.model.control_characters import shorten, visible
from hottui.model.ref import InvalidName
from hottui.model.tracking import MAX_LABEL, MAX_NOTE, Bookmark
from hottui.tui.screens import first_run_actions
from hottui.tui.screens.marking_actions import name_of, targets
from hottui.tui.screens.undo_actions import Former, report, reuse_removed, with_bookmarks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hottui.model.tracking import Tracked
    from hottui.tui.screens.dashboard import Dashboard


async def add(screen: "Dashboard") -> None:
    """Ask for IDs and bookmark them; without a location, set one up first."""
    location = screen.view.location
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
        await report(screen, monitor, done)

    screen.open_prompt("Add", "", add_ids, hint="IDs, or the JSON that HotUpdateJob returned")


async def toggle_bookmark(screen: "Dashboard") -> None:
    """Bookmark the hot updates; if all of them are bookmarked, remove the bookmarks."""
    rows, monitor = targets(screen), await screen.wait_for_monitor()
    new = [row for row in rows if row.bookmark is None]
    if new:
        with monitor.batch():
            for row in new:
                before = reuse_removed(screen.former, row)
                monitor.bookmark(row.ref, before.label, before.note)
        only = before.label if len(new) == 1 else ""
        await report(screen, monitor, f"Bookmarked {visible(shorten(only, 40)) or _id_or_count(new)}")
    elif rows:
        screen.former.append(Former(rows))
        with monitor.batch():
            for row in rows:
                monitor.unbookmark(row.ref)
        await report(screen, monitor, f"Bookmark{_plural(rows)} of {name_of(rows)} removed", undo_hint(screen))


def undo_hint(screen: "Dashboard") -> str:
    """Return the end of a message about what can be undone."""
    return f" ({screen.appearance.key('undo')}: undo)"


def _id_or_count(rows: "Sequence[Tracked]") -> str:
    return rows[0].ref.id if len(rows) == 1 else name_of(rows)


def _plural(rows: "Sequence[Tracked]") -> str:
    return "s" if len(rows) > 1 else ""


async def annotate(screen: "Dashboard") -> None:
    """Ask for a label, and for a note unless it is for several hot updates, which keep theirs."""
    rows, monitor = targets(screen), await screen.wait_for_monitor()
    if not rows:
        return
    bookmark = rows[0].bookmark or Bookmark(rows[0].ref)
    one_label = len({row.label for row in rows}) == 1

    def ask_note(label: str | None) -> None:
        if label is not None and _fits(screen, "label", label, MAX_LABEL):
            screen.open_prompt("Note", bookmark.note, lambda note: save(label.strip(), note))

    async def save(label: str, note: str | None) -> None:
        if note is not None and _fits(screen, "note", note, MAX_NOTE):
            change(label, note.strip())
            await report(screen, monitor, f"Label and note of {rows[0].ref.id} changed", undo_hint(screen))

    async def save_labels(label: str | None) -> None:
        if label is None or not _fits(screen, "label", label, MAX_LABEL):
            return
        if not label.strip() and not one_label:
            screen.show_message("No label entered: nothing is changed.")
            return
        change(label.strip(), None)
        await report(screen, monitor, f"Label of {name_of(rows)} changed", undo_hint(screen))

    def change(label: str, note: str | None) -> None:
        screen.former.append(Former(rows, labels=True))
        with monitor.batch():
            for row in rows:
                old = row.bookmark.note if row.bookmark else ""
                if row.bookmark is None:
                    monitor.bookmark(row.ref, label, old if note is None else note)
                else:
                    monitor.annotate(row.ref, label, old if note is None else note)

    old_label = bookmark.label if one_label else ""
    if len(rows) == 1:
        screen.open_prompt("Label", old_label, ask_note)
    else:
        screen.open_prompt(f"Label of {name_of(rows)}", old_label, save_labels, hint="replaces different labels")


def _fits(screen: "Dashboard", field: str, text: str, limit: int) -> bool:
    """Return whether `text` is short enough for a label or note; show a message if it is not."""
    length = len(text.strip())
    if length <= limit:
        return True
    screen.show_message(f"{field.capitalize()} too long: {length:,} characters, at most {limit:,}.", "bar.error")
    return False


async def remove(screen: "Dashboard") -> None:
    """Remove the hot updates from the table and the store."""
    rows, monitor = targets(screen), await screen.wait_for_monitor()
    if not rows:
        return
    screen.former.append(Former(rows))
    with monitor.batch():
        for row in rows:
            monitor.untrack(row.ref)
    await report(screen, monitor, f"{with_bookmarks(rows)} removed", undo_hint(screen))
