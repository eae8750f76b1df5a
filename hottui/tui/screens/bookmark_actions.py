"""Key actions on tracked hot updates and bookmarks: add, bookmark, annotate, remove, undo."""

import asyncio
from contextlib import suppress
from typing import Final

from hottui.model.control_characters import shorten, visible
from hottui.model.ref import InvalidName
from hottui.model.tracking import MAX_LABEL, MAX_NOTE, Bookmark, Tracked
from hottui.tui.appearance import Appearance
from hottui.tui.dashboard_options import Connection, DashboardOptions
from hottui.tui.screens.dashboard_base import DashboardBase, name_of

_SAVED_WITHIN: Final = 0.3
"""Seconds to wait for the store before a change is reported as not saved."""
_READ_WITHIN: Final = 2.0
"""Seconds to wait for the store to return what was removed."""
_UNDO: Final = " (u: undo)"


class BookmarkActions(DashboardBase):
    """Change what is tracked and saved; nothing changes on the service."""

    def __init__(self, opening: DashboardOptions, look: Appearance) -> None:
        super().__init__(opening, look)
        self._removed: list[Tracked] = []

    async def action_add(self) -> None:
        """Ask for IDs and bookmark them."""
        if self.opening.place is None:
            self.say(self.opening.place_missing, "bar.warning")
            return
        await self.live()
        self.ask("Add", "", self._add, hint="IDs, or the JSON that HotUpdateJob returned")

    async def _add(self, text: str | None) -> None:
        place, connection = self.opening.place, self.connection
        if not text or not text.strip() or place is None or connection is None:
            return
        from hottui.model.ids import read_ids  # noqa: PLC0415 - off the start-up path

        try:
            refs = [place.ref(found) for found in read_ids(text)]
        except InvalidName as error:
            self.say(str(error), "bar.error")
            return
        if not refs:
            self.say("No ID found. Enter IDs, or the JSON that HotUpdateJob returned.", "bar.error")
            return
        connection.monitor.track(refs, bookmark=True)
        self.take(connection.monitor.snapshot())
        self.table.move_to(refs[-1])
        await self._report(f"Added {refs[0].id}" if len(refs) == 1 else f"Added {len(refs)} hot updates")

    async def action_bookmark(self) -> None:
        """Add or remove the bookmark."""
        tracked, connection = self.current, await self.live()
        if tracked is None:
            return
        if tracked.bookmark is None:
            before = self._reuse_removed(tracked)
            connection.monitor.bookmark(tracked.ref, before.label, before.note)
            await self._report(f"Bookmarked {visible(shorten(before.label, 40)) or tracked.ref.id}")
        else:
            self._removed.append(tracked)
            connection.monitor.unbookmark(tracked.ref)
            await self._report(f"Bookmark of {name_of(tracked)} removed", _UNDO)

    def _reuse_removed(self, tracked: Tracked) -> Bookmark:
        """Return the bookmark of `tracked` last removed in this session, with its label and note, or a new one."""
        for kept in reversed(self._removed):
            if kept.ref == tracked.ref and kept.bookmark is not None:
                self._removed.remove(kept)
                return kept.bookmark
        return Bookmark(tracked.ref)

    async def action_annotate(self) -> None:
        """Ask for a label, then for a note."""
        tracked, connection = self.current, await self.live()
        if tracked is None:
            return
        mark = tracked.bookmark
        label, note = (mark.label, mark.note) if mark else ("", "")

        def with_label(text: str | None) -> None:
            if text is not None and self._fits("label", text, MAX_LABEL):
                self.ask("Note", note, lambda more: with_note(text.strip(), more))

        async def with_note(chosen: str, text: str | None) -> None:
            if text is None or not self._fits("note", text, MAX_NOTE):
                return
            if mark is None:
                connection.monitor.bookmark(tracked.ref, chosen, text.strip())
            else:
                connection.monitor.annotate(tracked.ref, chosen, text.strip())
            await self._report(f"Label and note of {tracked.ref.id} changed")

        self.ask("Label", label, with_label)

    def _fits(self, what: str, text: str, most: int) -> bool:
        """Return whether `text` is short enough for a label or note; show a message if it is not."""
        if len(text.strip()) <= most:
            return True
        self.say(f"{what.capitalize()} too long: {len(text.strip()):,} characters, at most {most:,}.", "bar.error")
        return False

    async def action_remove(self) -> None:
        """Remove the hot update from the table and the store."""
        tracked, connection = self.current, await self.live()
        if tracked is None:
            return
        self._removed.append(tracked)
        connection.monitor.untrack(tracked.ref)
        self.take(connection.monitor.snapshot())
        await self._report(f"{name_of(tracked)}{' and its bookmark' if tracked.bookmark else ''} removed", _UNDO)

    async def action_undo(self) -> None:
        """Restore what was removed last, in this session or, within 24 hours, in an earlier one."""
        connection = await self.live()
        tracked = self._restore_own(connection) if self._removed else await self._restore_stored(connection)
        if tracked is None:
            self.say("Nothing to undo: nothing was removed in the last 24 hours.")
            return
        self.take(connection.monitor.snapshot())
        self.table.move_to(tracked.ref)
        await self._report(f"Restored {name_of(tracked)}{' and its bookmark' if tracked.bookmark else ''}")

    def _restore_own(self, connection: Connection) -> Tracked:
        """Restore what was removed last in this session."""
        tracked = self._removed.pop()
        connection.monitor.track([tracked.ref])
        if tracked.bookmark:
            connection.monitor.bookmark(tracked.ref, tracked.bookmark.label, tracked.bookmark.note)
        return tracked

    async def _restore_stored(self, connection: Connection) -> Tracked | None:
        """Restore the bookmark removed last according to the store."""
        tracked = None
        with suppress(TimeoutError):  # the trouble line reports a store that does not answer
            async with asyncio.timeout(_READ_WITHIN):
                tracked = await connection.monitor.removed()
        if tracked is not None:
            connection.monitor.restore(tracked)
        return tracked

    async def _report(self, done: str, hint: str = "") -> None:
        """Show what was done, and whether it is saved."""
        saved = await (await self.live()).monitor.wait_until_saved(_SAVED_WITHIN)
        self.say(f"{done}{'' if saved else ', not saved yet'}{hint}", "bar" if saved else "bar.warning")
