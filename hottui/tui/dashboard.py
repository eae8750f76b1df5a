"""The one screen: the live table, the detail beside it, the bars, and what every command does."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen

from hottui.model.ref import InvalidName
from hottui.model.state import FAILED, is_final
from hottui.model.text import shorten, visible
from hottui.model.tracking import Tracked, Transition, sort_key
from hottui.tui import status
from hottui.tui.bars import Bar, hints
from hottui.tui.clipboard import TooLong
from hottui.tui.commands import TABS, Where, bindings_for, hints_for
from hottui.tui.lines import Span
from hottui.tui.look import Look
from hottui.tui.opening import Connection, Opening
from hottui.tui.table import LiveTable

if TYPE_CHECKING:
    from hottui.monitor.snapshot import Snapshot
    from hottui.tui.detail.pane import DetailPane
    from hottui.tui.subjects import Subjects

_SAID = 5.0
"""Seconds a message stands at the foot."""
_SHORTEST, _LONGEST = 0.5, 3_600.0
"""Bounds of the interval in seconds."""


class Dashboard(Screen[None]):
    """Table, detail, bars; hears the monitor's snapshots and turns keys into its commands."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide"), (200, "-vast")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (12, "-normal"), (30, "-tall")]  # noqa: RUF012 - as Textual declares it
    DEFAULT_CSS = """
    Dashboard { layout: vertical; overflow: hidden; background: $background; }
    Dashboard #body { height: 1fr; layout: vertical; }
    Dashboard.-detail LiveTable { display: none; }
    Dashboard.-detail.-wide.-tall LiveTable, Dashboard.-detail.-vast.-tall LiveTable { display: block; height: 34%; }
    Dashboard.-detail.-vast #body { layout: horizontal; }
    Dashboard.-detail.-vast LiveTable { display: block; height: 1fr; width: 50%; }
    Dashboard.-zoom.-detail LiveTable, Dashboard.-zoom.-detail.-wide.-tall LiveTable,
    Dashboard.-zoom.-detail.-vast LiveTable { display: none; }
    Dashboard.-asking #foot { display: none; }
    Dashboard.-low #foot { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(Where.ANYWHERE, Where.TABLE, Where.DETAIL),
        *(Binding(str(number), f"tab({number})", show=False) for number in range(1, len(TABS) + 1)),
    ]

    def __init__(self, opening: Opening, look: Look) -> None:
        super().__init__()
        self._opening = opening
        self._look = look
        self._snapshot: Snapshot | None = None
        self._tracked = tuple(sorted(opening.tracked, key=sort_key))
        self._connection: Connection | None = None
        self._subjects: Subjects | None = None
        self._pane: DetailPane | None = None
        self._reveal = False
        self._removed: list[Tracked] = []
        self._said: tuple[float, Span] | None = None

    def compose(self) -> ComposeResult:
        """Everything of the first frame; the detail is built when it is first opened."""
        yield Bar(self._look, id="head")
        with Container(id="body"):
            yield LiveTable(self._look, _welcome(self._opening), id="table")
        yield Bar(self._look, id="foot")

    def on_mount(self) -> None:
        """Paint from the store, then let time pass."""
        self.table.show(self._tracked)
        self.table.focus()
        self.set_interval(1.0, self._tick)
        for notice in self._opening.notices:
            self.say(notice, "bar.warning")

    # What the widgets are

    @property
    def table(self) -> LiveTable:
        """The live table."""
        return self.query_one("#table", LiveTable)

    @property
    def detail(self) -> "DetailPane | None":
        """The detail pane while it is open."""
        return self._pane if self.has_class("-detail") else None

    @property
    def current(self) -> Tracked | None:
        """The hot update under the cursor."""
        return self.table.current

    # What comes in

    def connected(self, connection: Connection) -> None:
        """The monitor is there: from here on its snapshots are shown."""
        from hottui.tui.subjects import Subjects  # noqa: PLC0415 - pydantic comes with it

        self._connection = connection
        self._subjects = Subjects(connection.monitor, self._look)
        self.take(connection.monitor.snapshot())
        self._load()

    def take(self, snapshot: "Snapshot") -> None:
        """Show a snapshot; only cells that read differently are written."""
        before = self.current
        self._snapshot, self._tracked = snapshot, snapshot.tracked
        self.table.show(snapshot.tracked)
        self._bars()
        if self.detail is not None and not snapshot.tracked:
            self._leave_detail(self.detail)
        elif self.detail is not None and self.current != before:
            self._load()

    def moved(self, transition: Transition) -> None:
        """Say that a hot update came to its end while it was watched."""
        if not transition.previous or not is_final(transition.state):
            return
        tracked = next((t for t in self._tracked if t.ref == transition.ref), None)
        if tracked is not None:
            style = "bar.failed" if transition.state == FAILED else "bar.updated"
            self.say(f"{_name_of(tracked)}: {transition.state}", style)

    def _tick(self) -> None:
        self.table.tick()
        if self._said and self._said[0] <= self._look.clock():
            self._said = None
        self._bars()
        if self.detail is not None:
            self.detail.tick()

    def _bars(self) -> None:
        loop = self._snapshot.loop if self._snapshot else None
        head = status.head(self._opening.context, self._tracked, loop, self._look.glyphs, self.size.width)
        self.query_one("#head", Bar).show(*head)
        for parts, bar in zip(status.trouble(loop, self.size.width), self._troubles(bool(loop)), strict=False):
            bar.show(parts)
            bar.display = bool(parts)
        self._foot()

    def _troubles(self, live: bool) -> list[Bar]:
        """The bars for what is wrong; the first frame does without them."""
        bars = list(self.query(".trouble").results(Bar))
        if live and not bars:
            bars = [Bar(self._look, classes="trouble"), Bar(self._look, classes="trouble")]
            self.mount_all(bars, after="#head")
        return bars

    def _foot(self) -> None:
        foot, width = self.query_one("#foot", Bar), self.size.width
        if self._said:
            foot.show((self._said[1],))
            return
        words = self.table.words
        mark = (Span(f" filter: {' '.join(words)} ({len(self.table.rows)}) ", "bar.warning"),) if words else ()
        pane = self.detail
        if pane is not None and pane.keys.has_focus:
            places = (
                (Where.PLAN, Where.DETAIL, Where.ANYWHERE) if pane.tab == "plan" else (Where.DETAIL, Where.ANYWHERE)
            )
        else:
            places = (Where.TABLE, Where.ANYWHERE)
        foot.show((*mark, *hints(hints_for(*places), width - sum(len(span.text) for span in mark))))

    def say(self, text: str, style: str = "bar") -> None:
        """Say something at the foot for a moment; what is too long for one line stands in a box for longer."""
        if cell_len(text) >= self.size.width > 0:
            self.app.notify(visible(text), timeout=4 * _SAID, markup=False)
            return
        self._said = (self._look.clock() + _SAID, Span(f" {visible(text)}", style))
        self._foot()

    def on_resize(self) -> None:
        """The bars know their width only now."""
        self._bars()

    def on_live_table_moved(self) -> None:
        """Another hot update: its secrets are masked again, and the detail follows the cursor."""
        self._reveal = False
        if self.detail is not None:
            self._load()

    async def on_live_table_opened(self) -> None:
        """A double click opens."""
        await self.action_open()

    def on_descendant_focus(self) -> None:
        """The hints follow the keys."""
        self._foot()

    # The detail

    @work(group="subject", exclusive=True, exit_on_error=False)
    async def _load(self) -> None:
        tracked, pane = self.current, self.detail
        if tracked is None or pane is None or self._subjects is None or self._connection is None:
            return
        if not tracked.looked_at:
            self._connection.monitor.looked_at(tracked.ref)
        pane.show(await self._subjects.load(tracked, self._tracked, reveal=self._reveal))
        self._foot()

    async def action_open(self) -> None:
        """Open the detail and give it the keys."""
        if self.current is None:
            return
        if self._pane is None:
            from hottui.tui.detail.pane import DetailPane  # noqa: PLC0415 - pydantic comes with it

            self._pane = DetailPane(self._look)
            await self.query_one("#body").mount(self._pane)
        self._pane.display = True
        self.add_class("-detail")
        self._load()
        self._pane.keys.focus()

    def action_close(self) -> None:
        """Step back: clear the filter here, then leave the detail, then clear the table's filter."""
        pane = self.detail
        if pane is not None and pane.words:
            pane.filter("")
        elif pane is not None:
            self._leave_detail(pane)
        elif self.table.words:
            self.table.filter("")
        self._bars()

    def _leave_detail(self, pane: "DetailPane") -> None:
        """Give the screen back to the table; what was revealed is masked when the detail is opened again."""
        self.remove_class("-detail", "-zoom")
        pane.display = False
        self._reveal = False
        self.table.focus()

    async def action_tab(self, number: int) -> None:
        """Open tab `number`, counted from 1, and the detail where it is closed."""
        if self.detail is None:
            await self.action_open()
        if self.detail is not None:
            await self.detail.open(number - 1)
            self.detail.keys.focus()
            self._foot()

    async def action_next_tab(self, step: int = 1) -> None:
        """Open the tab to the right."""
        if self.detail is not None:
            await self.action_tab((self.detail.number + step) % len(TABS) + 1)

    async def action_previous_tab(self) -> None:
        """Open the tab to the left."""
        await self.action_next_tab(-1)

    def action_reveal(self) -> None:
        """Show or mask the values of secret-looking keys."""
        if self.detail is not None:
            self._reveal = not self._reveal
            self._load()

    def action_switch(self) -> None:
        """Give the keys to the table or to the detail."""
        pane = self.detail
        if pane is None:
            return
        if self.table.has_focus or not self.table.display:
            pane.keys.focus()
        else:
            self.table.focus()

    def action_zoom(self) -> None:
        """Give the detail the whole screen, or not."""
        if self.detail is not None:
            self.toggle_class("-zoom")
            self.detail.keys.focus()

    # The tracked hot updates

    def action_filter(self) -> None:
        """Ask for the filter of the table or of the open tab; it works while it is typed."""
        pane = self.detail
        target = pane if pane is not None and not self.table.has_focus else self.table
        before = " ".join(target.words)

        def done(text: str | None) -> None:
            target.filter(before if text is None else text)
            self._foot()

        self._ask("Filter", before, done, target.filter, hint="words that all must stand in the row")

    def action_add(self) -> None:
        """Ask for IDs and bookmark them."""
        if self._opening.place is None:
            self.say(self._opening.place_missing, "bar.warning")
            return
        self._ask("Add", "", self._add, hint="IDs, or the JSON that HotUpdateJob returned")

    def _add(self, text: str | None) -> None:
        place, connection = self._opening.place, self._connection
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

    def action_bookmark(self) -> None:
        """Keep the hot update in the store, or for this session only."""
        tracked, connection = self.current, self._connection
        if tracked is None or connection is None:
            return
        if tracked.bookmark is None:
            connection.monitor.bookmark(tracked.ref)
            self.say(f"Bookmarked {tracked.ref.id}.")
        else:
            self._removed.append(tracked)
            connection.monitor.unbookmark(tracked.ref)
            self.say(f"{_name_of(tracked)} is no bookmark any more; u brings it back.")

    def action_annotate(self) -> None:
        """Ask for a label, then for a note."""
        tracked, connection = self.current, self._connection
        if tracked is None or connection is None:
            return
        mark = tracked.bookmark
        label, note = (mark.label, mark.note) if mark else ("", "")

        def with_label(text: str | None) -> None:
            if text is not None:
                self._ask("Note", note, lambda more: with_note(text.strip(), more))

        def with_note(chosen: str, text: str | None) -> None:
            if text is None:
                return
            if mark is None:
                connection.monitor.bookmark(tracked.ref, chosen, text.strip())
            else:
                connection.monitor.annotate(tracked.ref, chosen, text.strip())

        self._ask("Label", label, with_label)

    def action_remove(self) -> None:
        """Take the hot update out of the table and the store."""
        tracked, connection = self.current, self._connection
        if tracked is None or connection is None:
            return
        self._removed.append(tracked)
        connection.monitor.untrack(tracked.ref)
        self.say(f"Removed {_name_of(tracked)}; u brings it back.")

    def action_undo(self) -> None:
        """Bring back what was removed last."""
        if not self._removed or self._connection is None:
            self.say("Nothing to bring back.")
            return
        tracked, monitor = self._removed.pop(), self._connection.monitor
        monitor.track([tracked.ref])
        if tracked.bookmark:
            monitor.bookmark(tracked.ref, tracked.bookmark.label, tracked.bookmark.note)
        self.take(monitor.snapshot())
        self.table.move_to(tracked.ref)
        self.say(f"Brought back {_name_of(tracked)}.")

    def action_next_attention(self) -> None:
        """Put the cursor on the next hot update that is updating or failed and not yet looked at."""
        rows, here = self.table.rows, self.table.cursor
        at = next((n for n, tracked in enumerate(rows) if tracked.ref == here), -1)
        wanted = [t for t in (*rows[at + 1 :], *rows[: at + 1]) if t.in_progress or t.needs_a_look]
        if wanted:
            self.table.move_to(wanted[0].ref)
        else:
            self.say("Nothing needs a look.")

    # The loop

    def action_pause(self) -> None:
        """Stop reading the service, or go on."""
        if self._connection and self._snapshot:
            self._connection.monitor.pause(not self._snapshot.loop.paused)

    def action_refresh(self) -> None:
        """Read the hot update under the cursor now."""
        if self._connection and self.current:
            self._connection.monitor.refresh(self.current.ref)
            self.say(f"Reading {_name_of(self.current)}.")

    def action_refresh_all(self) -> None:
        """Read every hot update once."""
        if self._connection:
            self._connection.monitor.refresh()
            self.say(f"Reading all {len(self._tracked)}.")

    def action_interval(self) -> None:
        """Ask for the interval in seconds."""
        loop = self._snapshot.loop if self._snapshot else None
        self._ask("Interval in seconds", f"{loop.interval:g}" if loop else "", self._set_interval)

    def _set_interval(self, text: str | None) -> None:
        if not text or self._connection is None:
            return
        try:
            seconds = float(text.strip().removesuffix("s"))
        except ValueError:
            seconds = 0.0
        if not _SHORTEST <= seconds <= _LONGEST:
            self.say(f"The interval is a number of seconds from {_SHORTEST:g} to {_LONGEST:g}.", "bar.error")
            return
        self._connection.monitor.set_interval(seconds)

    # Copying

    def action_copy_id(self) -> None:
        """Copy the ID."""
        if self.current:
            self._copy(self.current.ref.id, "ID")

    def action_copy_value(self) -> None:
        """Copy what the cursor of the detail stands on."""
        from hottui.model.masking import MASK  # noqa: PLC0415 - off the start-up path

        value = self.detail.value if self.detail else None
        if value == MASK:
            self.say("The value is masked; s shows it, then it can be copied.")
        elif value:
            self._copy(value, "value")
        else:
            self.say("There is no value under the cursor.")

    def action_copy_json(self) -> None:
        """Copy the answer, secrets masked."""
        from hottui.model.masking import mask_answer  # noqa: PLC0415 - off the start-up path

        observation = (
            self._connection.monitor.observation(self.current.ref) if self._connection and self.current else None
        )
        if observation is None:
            self.say("There is no answer to copy yet.")
        else:
            self._copy(mask_answer(observation.answer), "JSON")

    def _copy(self, text: str, what: str) -> None:
        try:
            self.app.copy_to_clipboard(text)
        except TooLong as error:
            self.say(f"{error} `hottui get -o json` prints it.", "bar.warning")
        else:
            self.say(f"Copied {what}: {shorten(text, 60)}")

    # The app

    def action_help(self) -> None:
        """Show the help."""
        from hottui.tui.help import Help  # noqa: PLC0415 - seldom needed

        self.app.push_screen(Help(self._look))

    def action_palette(self) -> None:
        """Show the command palette."""
        self.app.action_command_palette()

    def action_theme(self) -> None:
        """Wear the next theme."""
        names = sorted(self.app.available_themes)
        self.app.theme = names[(names.index(self.app.theme) + 1) % len(names)]
        self.say(f"Theme {self.app.theme}.")

    def action_suspend(self) -> None:
        """Go back to the shell."""
        self.app.action_suspend_process()

    def action_quit(self) -> None:
        """Leave."""
        self.app.exit(0)

    def _ask(
        self,
        title: str,
        value: str,
        done: Callable[[str | None], None],
        changed: Callable[[str], None] | None = None,
        *,
        hint: str = "",
    ) -> None:
        if self.has_class("-asking"):
            return
        from hottui.tui.prompt import Prompt  # noqa: PLC0415 - the widget's import is off the start-up path

        keys = self.focused
        self.add_class("-asking")

        def answered(text: str | None) -> None:
            self.remove_class("-asking")
            self.set_focus(keys)  # at once: what follows may ask again, and must find them there
            done(text)

        self.mount(Prompt(title, value, answered, changed, hint=hint))


def _welcome(opening: Opening) -> str:
    """What a newcomer reads in the empty table."""
    if opening.place is None:
        return f"No hot update is tracked yet, and hottui does not know where to look.\n{opening.place_missing}"
    return (
        "No hot update is tracked yet.\nPress a and give the ID that HotUpdateJob returned; ? tells everything else. "
        "Or in a shell: hottui add ID --label WORDS"
    )


def _name_of(tracked: Tracked) -> str:
    return visible((tracked.bookmark.label if tracked.bookmark else "") or tracked.ref.id)
