"""What the keys do with tracked hot updates and bookmarks: add, keep, label, remove, bring back."""

from hottui.model.ref import InvalidName
from hottui.model.text import shorten, visible
from hottui.model.tracking import Bookmark, Tracked
from hottui.tui.ground import Ground, name_of
from hottui.tui.look import Look
from hottui.tui.opening import Opening


class Keeping(Ground):
    """Changes what is tracked and what the store keeps; nothing changes on the service."""

    def __init__(self, opening: Opening, look: Look) -> None:
        super().__init__(opening, look)
        self._removed: list[Tracked] = []

    async def action_add(self) -> None:
        """Ask for IDs and bookmark them."""
        if self.opening.place is None:
            self.say(self.opening.place_missing, "bar.warning")
            return
        await self.live()
        self.ask("Add", "", self._add, hint="IDs, or the JSON that HotUpdateJob returned")

    def _add(self, text: str | None) -> None:
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
            self.say("There is no ID in that.", "bar.error")
            return
        connection.monitor.track(refs, bookmark=True)
        self.take(connection.monitor.snapshot())
        self.table.move_to(refs[-1])
        self.say(f"Added {refs[0].id}." if len(refs) == 1 else f"Added {len(refs)} hot updates.")

    async def action_bookmark(self) -> None:
        """Keep the hot update in the store, or for this session only."""
        tracked, connection = self.current, await self.live()
        if tracked is None:
            return
        if tracked.bookmark is None:
            before = self._take_back(tracked)
            connection.monitor.bookmark(tracked.ref, before.label, before.note)
            self.say(f"Bookmarked {visible(shorten(before.label, 40)) or tracked.ref.id}.")
        else:
            self._removed.append(tracked)
            connection.monitor.unbookmark(tracked.ref)
            self.say(f"{name_of(tracked)} is no bookmark any more; u brings it back.")

    def _take_back(self, tracked: Tracked) -> Bookmark:
        """The bookmark that `tracked` had until it was taken away here: its label and note come back with it."""
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
            if text is not None:
                self.ask("Note", note, lambda more: with_note(text.strip(), more))

        def with_note(chosen: str, text: str | None) -> None:
            if text is None:
                return
            if mark is None:
                connection.monitor.bookmark(tracked.ref, chosen, text.strip())
            else:
                connection.monitor.annotate(tracked.ref, chosen, text.strip())

        self.ask("Label", label, with_label)

    async def action_remove(self) -> None:
        """Take the hot update out of the table and the store."""
        tracked, connection = self.current, await self.live()
        if tracked is None:
            return
        self._removed.append(tracked)
        connection.monitor.untrack(tracked.ref)
        self.say(f"Removed {name_of(tracked)}; u brings it back.")

    async def action_undo(self) -> None:
        """Bring back what was removed last."""
        monitor = (await self.live()).monitor
        if not self._removed:
            self.say("Nothing to bring back.")
            return
        tracked = self._removed.pop()
        monitor.track([tracked.ref])
        if tracked.bookmark:
            monitor.bookmark(tracked.ref, tracked.bookmark.label, tracked.bookmark.note)
        self.take(monitor.snapshot())
        self.table.move_to(tracked.ref)
        self.say(f"Brought back {name_of(tracked)}.")
