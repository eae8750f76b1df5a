"""The one screen: the live table, the detail beside it, the bars, and what every command does."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.worker import Worker, WorkerState

from hottui.model.control_characters import visible
from hottui.model.ref import Ref
from hottui.model.state import FAILED, Freshness, is_final
from hottui.model.tracking import Transition
from hottui.render.styled_text import Span
from hottui.runtime import error_hooks
from hottui.tui.appearance import Appearance
from hottui.tui.commands import FOR_NONE, TABS, Command, Where, bindings_for, hints_for
from hottui.tui.dashboard_options import Connection, DashboardOptions
from hottui.tui.screens.bookmark_actions import BookmarkActions
from hottui.tui.screens.copy_actions import CopyActions
from hottui.tui.screens.dashboard_base import name_of
from hottui.tui.screens.polling_actions import PollingActions
from hottui.tui.widgets import status_text
from hottui.tui.widgets.header_footer import Bar, hints

if TYPE_CHECKING:
    from hottui.monitor.snapshot import Snapshot
    from hottui.tui.detail.loader import DetailLoader
    from hottui.tui.detail.pane import DetailPane


_SAVED_WITHIN = 0.3
"""Seconds that the store is given before quitting says that something is not saved yet."""
_IN_FULL = 20.0
"""Seconds that a trouble stands in a box when the line for it is too short."""
_QUICK, _PAUSE = 0.25, 5.0
"""Seconds that loading a detail may take without a pause after it, and the longest pause."""


@dataclass
class _Loading:
    """A hot update that is being loaded for the detail, with or without its secrets, and whether once more."""

    what: tuple[Ref, bool]
    again: bool = True


class Dashboard(BookmarkActions, PollingActions, CopyActions):
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
    Dashboard.-low #foot, Dashboard.-low #trouble { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(Where.ANYWHERE, Where.TABLE, Where.DETAIL),
        *(Binding(str(number), f"tab({number})", show=False) for number in range(1, len(TABS) + 1)),
    ]

    def __init__(self, opening: DashboardOptions, look: Appearance) -> None:
        super().__init__(opening, look)
        self._subjects: DetailLoader | None = None
        self._pane: DetailPane | None = None
        self._head, self._foot = Bar(look, id="head"), Bar(look, id="foot")
        self._body = Container(id="body")
        self._reveal = False
        self._loading: _Loading | None = None
        self._told = ""

    def compose(self) -> ComposeResult:
        """Everything of the first frame; the detail is built when it is first opened."""
        yield self._head
        with self._body:
            yield self.table
        yield self._foot

    def on_mount(self) -> None:
        """Paint from the store, then let time pass."""
        self.table.show(self.tracked)
        self.table.focus()
        self.set_interval(1.0, self._tick)
        if self.opening.notices:  # said when it is known how long a line is
            self.call_after_refresh(self.say, " ".join(self.opening.notices), "bar.warning")

    # What the widgets are

    @property
    def detail(self) -> "DetailPane | None":
        """The detail pane while it is open."""
        return self._pane if self.has_class("-detail") else None

    @property
    def _beside(self) -> bool:
        """Whether the screen has room for the table beside the detail."""
        return self.has_class("-vast") or (self.has_class("-wide") and self.has_class("-tall"))

    def offers(self, command: Command) -> bool:
        """Whether `command` makes sense as things are."""
        if not self.tracked:
            return command.id in FOR_NONE
        pane = self.detail
        if command.where in {Where.DETAIL, Where.PLAN} and pane is None:
            return False
        if command.where is Where.PLAN and pane is not None and not pane.has_plan:
            return False
        return command.id != "zoom" or self._beside

    @property
    def revealing(self) -> bool:
        """Whether secrets are on the screen."""
        return self._reveal

    # What comes in

    def connected(self, connection: Connection) -> None:
        """The monitor is there: from here on its snapshots are shown."""
        from hottui.tui.detail.loader import DetailLoader  # noqa: PLC0415 - pydantic comes with it

        self.connection = connection
        self._subjects = DetailLoader(connection.monitor, self.look)
        self.take(connection.monitor.snapshot())
        self._connected.set()
        self._load()

    def take(self, snapshot: "Snapshot") -> None:
        """Show a snapshot; only cells that read differently are written."""
        before = self.current
        self.snapshot, self.tracked = snapshot, snapshot.tracked
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
        tracked = next((t for t in self.tracked if t.ref == transition.ref), None)
        if tracked is not None:
            self.tell(
                f"{name_of(tracked)}: {transition.state}", "bar.failed" if transition.state == FAILED else "bar.updated"
            )

    def _tick(self) -> None:
        self.table.tick()
        if self.said and self.said.until <= self.look.clock():
            self.said = None
        self.draw_foot()
        if self.detail is not None:
            self.detail.tick()

    def _bars(self) -> None:
        loop = self.snapshot.loop if self.snapshot else None
        head = status_text.head(self.opening.context, self.tracked, loop, self.look.glyphs, self.size.width)
        self._head.show(*head)
        self._say_trouble(status_text.trouble(loop, self.snapshot.at if self.snapshot else 0.0))
        self.draw_foot()

    def _say_trouble(self, said: tuple[str, str, str]) -> None:
        """One line as long as it lasts; where that is too short and it is about more than a few, once in full."""
        message, hint, style = said
        bar = next(iter(self.query("#trouble").results(Bar)), None)
        if bar is None and message:  # the first frame does without it
            bar = Bar(self.look, id="trouble")
            self.mount(bar, after="#head")
        if bar is not None:
            bar.show(status_text.trouble_line(said, self.size.width))
            bar.display = bool(message)
        too_long = cell_len(message + hint) + 4 > self.size.width
        denied = sum(tracked.freshness is Freshness.DENIED for tracked in self.tracked)
        grave = style == "bar.warning" or 2 * denied >= len(self.tracked)
        if message and message != self._told and too_long and grave:
            self.app.notify(f"{message}\n{hint}", severity="warning", timeout=_IN_FULL, markup=False)
        self._told = message

    def draw_foot(self) -> None:
        """What was said last, or the filter and the keys that work here."""
        foot, width = self._foot, self.size.width
        if self.said:
            foot.show((self.said.span,))
            return
        words, pane = self.table.words, self.detail
        filtered = f" filter: {' '.join(words)} ({len(self.table.rows)}) " if words else ""
        if pane is not None and pane.keys.has_focus:
            filtered = f" filter: {' '.join(pane.words)} " if pane.words else ""
            places = (
                (Where.PLAN, Where.DETAIL, Where.ANYWHERE) if pane.tab == "plan" else (Where.DETAIL, Where.ANYWHERE)
            )
        else:
            places = (Where.TABLE, Where.ANYWHERE)
        mark = (Span(visible(filtered), "bar.warning"),) if filtered else ()
        foot.show((*mark, *hints(hints_for(*places, offers=self.offers), width - sum(len(span.text) for span in mark))))

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
        self.draw_foot()

    # The detail

    def _load(self) -> None:
        """Show the hot update under the cursor in the detail. What is being loaded already is loaded once more after
        that: a large answer that changes often would otherwise never be ready."""
        loading = self._loading
        if loading is not None and self.current is not None and loading.what == (self.current.ref, self._reveal):
            loading.again = True
        else:
            self._load_anew()

    @work(group="subject", exclusive=True, exit_on_error=False)
    async def _load_anew(self) -> None:
        if self.current is None:
            return
        loading = self._loading = _Loading((self.current.ref, self._reveal))
        try:
            while loading.again:
                loading.again = False
                began = time.monotonic()
                await self._load_once()
                took = time.monotonic() - began
                if took > _QUICK:  # leave as much time to all else
                    await asyncio.sleep(min(took, _PAUSE))
        finally:
            if self._loading is loading:
                self._loading = None

    async def _load_once(self) -> None:
        tracked, pane, reveal = self.current, self.detail, self._reveal
        if tracked is None or pane is None or self._subjects is None or self.connection is None:
            return
        pane.show(await self._subjects.load(tracked, self.tracked, reveal=reveal))
        if not tracked.looked_at:  # its row may move then: only after the table has its new size
            self.call_after_refresh(self.connection.monitor.mark_looked_at, tracked.ref)
        self.draw_foot()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Report a fault in a worker; the table goes on."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            error_hooks.current_hooks().handle(event.worker.error)

    async def action_open(self) -> None:
        """Open the detail and give it the keys."""
        if self.current is None:
            return
        if self._pane is None:
            from hottui.tui.detail.pane import DetailPane  # noqa: PLC0415 - pydantic comes with it

            self._pane = DetailPane(self.look)
            await self._body.mount(self._pane)
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
            self.draw_foot()

    async def action_next_tab(self, step: int = 1) -> None:
        """Open the tab to the right."""
        if self.detail is not None:
            await self.action_tab((self.detail.number + step) % len(TABS) + 1)

    async def action_previous_tab(self) -> None:
        """Open the tab to the left."""
        await self.action_next_tab(-1)

    async def action_reveal(self) -> None:
        """Show or mask the values of secret-looking keys. The store keeps none: they are asked for again then."""
        if self.detail is None or self.current is None:
            return
        from hottui.model.masking import MASK  # noqa: PLC0415 - off the start-up path

        self._reveal = not self._reveal
        ref, monitor = self.current.ref, (await self.live()).monitor
        observation = await asyncio.to_thread(monitor.observation, ref)
        if self._reveal and observation is not None and MASK in observation.answer:
            monitor.refresh(ref)
            self.say("The store keeps no secrets: reading the answer again.")
        self._load()

    def action_switch(self) -> None:
        """Give the keys to the table or to the detail; the table comes back where the detail has the whole screen."""
        pane = self.detail
        if pane is None:
            return
        if self.table.has_focus:
            pane.keys.focus()
        elif not self._beside:
            self._leave_detail(pane)
        else:
            self.remove_class("-zoom")
            self.table.focus()

    def action_zoom(self) -> None:
        """Give the detail the whole screen, or not."""
        if self.detail is not None and self._beside:
            self.toggle_class("-zoom")
            self.detail.keys.focus()

    def action_filter(self) -> None:
        """Ask for the filter of the table or of the open tab; it works while it is typed."""
        pane = self.detail
        target = pane if pane is not None and not self.table.has_focus else self.table
        before = " ".join(target.words)

        def done(text: str | None) -> None:
            target.filter(before if text is None else text)
            self.draw_foot()

        self.ask("Filter", before, done, target.filter, hint="words that all must be there")

    def action_next_attention(self) -> None:
        """Put the cursor on the next hot update that is updating or failed and not yet looked at."""
        rows, here = self.table.rows, self.table.cursor
        at = next((n for n, tracked in enumerate(rows) if tracked.ref == here), -1)
        wanted = [t for t in (*rows[at + 1 :], *rows[: at + 1]) if t.in_progress or t.needs_a_look]
        if wanted:
            self.table.move_to(wanted[0].ref)
        else:
            self.say("Nothing needs a look.")

    # The app

    def action_help(self) -> None:
        """Show the help; it is kept, for what Textual drew of a screen outlives the screen."""
        if not self.app.is_screen_installed("help"):
            from hottui.tui.screens.help import Help  # noqa: PLC0415 - seldom needed

            self.app.install_screen(Help(self.look), "help")
        if self.app.get_screen("help") not in self.app.screen_stack:  # asked for twice at once
            self.app.push_screen("help")

    def action_troubles(self) -> None:
        """List what is wrong; enter goes to the row it concerns."""
        from hottui.tui.troubles import Troubles  # noqa: PLC0415 - seldom needed

        if not self.app.is_screen_installed("troubles"):
            self.app.install_screen(Troubles(self.look), "troubles")
        screen = self.app.get_screen("troubles")
        if isinstance(screen, Troubles) and screen not in self.app.screen_stack:
            screen.take(self.snapshot)
            self.app.push_screen(screen, self._go_to)

    def _go_to(self, ref: "Ref | None") -> None:
        """Put the cursor on the row of `ref`, filtered out or not."""
        if ref is None:
            return
        if all(row.ref != ref for row in self.table.rows):
            self.table.filter("")
        self.table.move_to(ref)

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

    async def action_quit(self) -> None:
        """Leave. What the store has not taken yet is tried once more while the monitor ends."""
        if self.connection is not None and not await self.connection.monitor.wait_until_saved(_SAVED_WITHIN):
            count = len(self.connection.monitor.unsaved_changes)
            self.say(f"{count} {'change' if count == 1 else 'changes'} not saved yet: trying once more.", "bar.warning")
            drawn = asyncio.Event()
            self.call_after_refresh(drawn.set)
            with suppress(TimeoutError):
                async with asyncio.timeout(_SAVED_WITHIN):
                    await drawn.wait()
        self.app.exit(0)
