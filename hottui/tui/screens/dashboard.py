"""The dashboard: the live table, the detail beside it, header and footer, and the actions of its keys."""

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
from hottui.tui.commands import TABS, WITHOUT_ROWS, Command, Scope, bindings_for, hints_for
from hottui.tui.dashboard_options import Connection, DashboardOptions
from hottui.tui.screens.bookmark_actions import BookmarkActions
from hottui.tui.screens.copy_actions import CopyActions
from hottui.tui.screens.dashboard_base import name_of
from hottui.tui.screens.polling_actions import PollingActions
from hottui.tui.widgets import status_text
from hottui.tui.widgets.header_footer import Bar, fitting_hints

if TYPE_CHECKING:
    from hottui.monitor.snapshot import Snapshot
    from hottui.tui.detail.loader import DetailLoader
    from hottui.tui.detail.pane import DetailPane


_SAVED_WITHIN = 0.3
"""Seconds to wait for the store before quitting reports unsaved changes."""
_IN_FULL = 20.0
"""Seconds for which a trouble too long for its line is shown in a notification."""
_QUICK, _PAUSE = 0.25, 5.0
"""Seconds that loading a detail may take without a pause after it, and the longest pause."""


@dataclass
class _Loading:
    """A hot update being loaded for the detail, with or without its secrets, and whether to load it again."""

    what: tuple[Ref, bool]
    again: bool = True


class Dashboard(BookmarkActions, PollingActions, CopyActions):
    """Table, detail, header and footer; shows the monitor's snapshots and calls it for keys."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide"), (200, "-vast")]  # noqa: RUF012 - declared so in Textual
    VERTICAL_BREAKPOINTS = [(0, "-low"), (12, "-normal"), (30, "-tall")]  # noqa: RUF012 - declared so in Textual
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
        *bindings_for(Scope.ANYWHERE, Scope.TABLE, Scope.DETAIL),
        *(Binding(str(number), f"tab({number})", show=False) for number in range(1, len(TABS) + 1)),
    ]

    def __init__(self, opening: DashboardOptions, look: Appearance) -> None:
        super().__init__(opening, look)
        self._loader: DetailLoader | None = None
        self._pane: DetailPane | None = None
        self._head, self._foot = Bar(look, id="head"), Bar(look, id="foot")
        self._body = Container(id="body")
        self._reveal = False
        self._loading: _Loading | None = None
        self._last_trouble = ""

    def compose(self) -> ComposeResult:
        """Yield the widgets of the first frame; the detail is created when it is first opened."""
        yield self._head
        with self._body:
            yield self.table
        yield self._foot

    def on_mount(self) -> None:
        """Show the saved rows, and start the clock for ages."""
        self.table.show(self.tracked)
        self.table.focus()
        self.set_interval(1.0, self._tick)
        if self.opening.notices:  # when the width of the footer is known
            self.call_after_refresh(self.say, " ".join(self.opening.notices), "bar.warning")

    # State

    @property
    def detail(self) -> "DetailPane | None":
        """The detail pane while it is open."""
        return self._pane if self.has_class("-detail") else None

    @property
    def _beside(self) -> bool:
        """Whether the terminal is large enough for the table beside the detail."""
        return self.has_class("-vast") or (self.has_class("-wide") and self.has_class("-tall"))

    def offers(self, command: Command) -> bool:
        """Return whether `command` works in the current state."""
        if not self.tracked:
            return command.id in WITHOUT_ROWS
        pane = self.detail
        if command.scope in {Scope.DETAIL, Scope.PLAN} and pane is None:
            return False
        if command.scope is Scope.PLAN and pane is not None and not pane.has_plan:
            return False
        return command.id != "zoom" or self._beside

    @property
    def revealing(self) -> bool:
        """Whether secrets are on the screen."""
        return self._reveal

    # Snapshots, and what is drawn from them

    def connected(self, connection: Connection) -> None:
        """Show the monitor's snapshots from now on."""
        from hottui.tui.detail.loader import DetailLoader  # noqa: PLC0415 - pydantic comes with it

        self.connection = connection
        self._loader = DetailLoader(connection.monitor, self.look)
        self.take(connection.monitor.snapshot())
        self._connected.set()
        self._load()

    def take(self, snapshot: "Snapshot") -> None:
        """Show a snapshot; only changed cells are redrawn."""
        before = self.current
        self.snapshot, self.tracked = snapshot, snapshot.tracked
        self.table.show(snapshot.tracked)
        self._bars()
        if self.detail is not None and not snapshot.tracked:
            self._close_detail(self.detail)
        elif self.detail is not None and self.current != before:
            self._load()

    def moved(self, transition: Transition) -> None:
        """Show in the footer that a hot update has finished."""
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
        self._show_trouble(status_text.worst_trouble(loop, self.snapshot.at if self.snapshot else 0.0))
        self.draw_foot()

    def _show_trouble(self, trouble: tuple[str, str, str]) -> None:
        """Show the worst trouble in a line; one that is cut off and not about a few rows only, also once in full."""
        message, hint, style = trouble
        bar = next(iter(self.query("#trouble").results(Bar)), None)
        if bar is None and message:  # not part of the first frame
            bar = Bar(self.look, id="trouble")
            self.mount(bar, after="#head")
        if bar is not None:
            bar.show(status_text.trouble_line(trouble, self.size.width))
            bar.display = bool(message)
        too_long = cell_len(message + hint) + 4 > self.size.width
        denied = sum(tracked.freshness is Freshness.DENIED for tracked in self.tracked)
        grave = style == "bar.warning" or 2 * denied >= len(self.tracked)
        if message and message != self._last_trouble and too_long and grave:
            self.app.notify(f"{message}\n{hint}", severity="warning", timeout=_IN_FULL, markup=False)
        self._last_trouble = message

    def draw_foot(self) -> None:
        """Show the current message, or the filter and the keys that work here."""
        foot, width = self._foot, self.size.width
        if self.said:
            foot.show((self.said.span,))
            return
        words, pane = self.table.words, self.detail
        filtered = f" filter: {' '.join(words)} ({len(self.table.rows)}) " if words else ""
        if pane is not None and pane.keys.has_focus:
            filtered = f" filter: {' '.join(pane.words)} " if pane.words else ""
            places = (
                (Scope.PLAN, Scope.DETAIL, Scope.ANYWHERE) if pane.tab == "plan" else (Scope.DETAIL, Scope.ANYWHERE)
            )
        else:
            places = (Scope.TABLE, Scope.ANYWHERE)
        mark = (Span(visible(filtered), "bar.warning"),) if filtered else ()
        foot.show(
            (
                *mark,
                *fitting_hints(hints_for(*places, offers=self.offers), width - sum(len(span.text) for span in mark)),
            )
        )

    def on_resize(self) -> None:
        """Redraw the bars for the new width."""
        self._bars()

    def on_live_table_moved(self) -> None:
        """Mask secrets again, and show the hot update under the cursor in the detail."""
        self._reveal = False
        if self.detail is not None:
            self._load()

    async def on_live_table_opened(self) -> None:
        """Open the detail."""
        await self.action_open()

    def on_descendant_focus(self) -> None:
        """Show the key hints of the focused part."""
        self.draw_foot()

    # The detail

    def _load(self) -> None:
        """Load the hot update under the cursor into the detail.

        If it is being loaded already, it is loaded again after that instead of being cancelled: a large answer that
        changes often would otherwise never be shown.
        """
        loading = self._loading
        if loading is not None and self.current is not None and loading.what == (self.current.ref, self._reveal):
            loading.again = True
        else:
            self._restart_loading()

    @work(group="subject", exclusive=True, exit_on_error=False)
    async def _restart_loading(self) -> None:
        if self.current is None:
            return
        loading = self._loading = _Loading((self.current.ref, self._reveal))
        try:
            while loading.again:
                loading.again = False
                began = time.monotonic()
                await self._load_once()
                took = time.monotonic() - began
                if took > _QUICK:  # leave as much time for everything else
                    await asyncio.sleep(min(took, _PAUSE))
        finally:
            if self._loading is loading:
                self._loading = None

    async def _load_once(self) -> None:
        tracked, pane, reveal = self.current, self.detail, self._reveal
        if tracked is None or pane is None or self._loader is None or self.connection is None:
            return
        pane.show(await self._loader.load(tracked, self.tracked, reveal=reveal))
        if not tracked.viewed:  # this may move its row: only after the table has its new size
            self.call_after_refresh(self.connection.monitor.mark_viewed, tracked.ref)
        self.draw_foot()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Report an error in a worker; the dashboard continues."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            error_hooks.current_hooks().handle(event.worker.error)

    async def action_open(self) -> None:
        """Open and focus the detail."""
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
        """Go back one step: clear the detail's filter, close the detail, or clear the table's filter."""
        pane = self.detail
        if pane is not None and pane.words:
            pane.filter("")
        elif pane is not None:
            self._close_detail(pane)
        elif self.table.words:
            self.table.filter("")
        self._bars()

    def _close_detail(self, pane: "DetailPane") -> None:
        """Close the detail; secrets are masked when it is opened again."""
        self.remove_class("-detail", "-zoom")
        pane.display = False
        self._reveal = False
        self.table.focus()

    async def action_tab(self, number: int) -> None:
        """Open tab `number`, counted from 1, and the detail if it is closed."""
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
        """Show or mask secrets. They are not stored: an answer loaded from the store is read again to show them."""
        if self.detail is None or self.current is None:
            return
        from hottui.model.masking import MASK  # noqa: PLC0415 - off the start-up path

        self._reveal = not self._reveal
        ref, monitor = self.current.ref, (await self.live()).monitor
        observation = await asyncio.to_thread(monitor.observation, ref)
        if self._reveal and observation is not None and MASK in observation.answer:
            monitor.refresh(ref)
            self.say("Secrets are not stored; reading the answer again.")
        self._load()

    def action_switch(self) -> None:
        """Focus the table or the detail; close a full-screen detail."""
        pane = self.detail
        if pane is None:
            return
        if self.table.has_focus:
            pane.keys.focus()
        elif not self._beside:
            self._close_detail(pane)
        else:
            self.remove_class("-zoom")
            self.table.focus()

    def action_zoom(self) -> None:
        """Show the detail full screen, or the table beside it."""
        if self.detail is not None and self._beside:
            self.toggle_class("-zoom")
            self.detail.keys.focus()

    def action_filter(self) -> None:
        """Ask for the filter of the table or of the open tab, which is applied as the user types."""
        pane = self.detail
        target = pane if pane is not None and not self.table.has_focus else self.table
        before = " ".join(target.words)

        def done(text: str | None) -> None:
            target.filter(before if text is None else text)
            self.draw_foot()

        self.ask("Filter", before, done, target.filter, hint="all words must match")

    def action_next_attention(self) -> None:
        """Move the cursor to the next hot update that is updating, or that failed and has not been opened."""
        rows, cursor = self.table.rows, self.table.cursor
        at = next((n for n, tracked in enumerate(rows) if tracked.ref == cursor), -1)
        found = [t for t in (*rows[at + 1 :], *rows[: at + 1]) if t.in_progress or t.needs_attention]
        if found:
            self.table.move_to(found[0].ref)
        else:
            self.say("Nothing needs attention.")

    # The app

    def action_help(self) -> None:
        """Show the help. Its screen is reused, because Textual's caches keep a removed screen in memory."""
        if not self.app.is_screen_installed("help"):
            from hottui.tui.screens.help import Help  # noqa: PLC0415 - rarely needed

            self.app.install_screen(Help(self.look), "help")
        if self.app.get_screen("help") not in self.app.screen_stack:  # requested twice at once
            self.app.push_screen("help")

    def action_troubles(self) -> None:
        """List current troubles; enter goes to the affected row."""
        from hottui.tui.screens.troubles import Troubles  # noqa: PLC0415 - rarely needed

        if not self.app.is_screen_installed("troubles"):
            self.app.install_screen(Troubles(self.look), "troubles")
        screen = self.app.get_screen("troubles")
        if isinstance(screen, Troubles) and screen not in self.app.screen_stack:
            screen.take(self.snapshot)
            self.app.push_screen(screen, self._go_to)

    def _go_to(self, ref: "Ref | None") -> None:
        """Move the cursor to the row of `ref`; clear the filter if it hides the row."""
        if ref is None:
            return
        if all(row.ref != ref for row in self.table.rows):
            self.table.filter("")
        self.table.move_to(ref)

    def action_palette(self) -> None:
        """Show the command palette."""
        self.app.action_command_palette()

    def action_theme(self) -> None:
        """Switch to the next theme."""
        names = sorted(self.app.available_themes)
        self.app.theme = names[(names.index(self.app.theme) + 1) % len(names)]
        self.say(f"Theme: {self.app.theme}")

    def action_suspend(self) -> None:
        """Return to the shell."""
        self.app.action_suspend_process()

    async def action_quit(self) -> None:
        """Quit. Unsaved changes are retried while the monitor shuts down."""
        if self.connection is not None and not await self.connection.monitor.wait_until_saved(_SAVED_WITHIN):
            count = len(self.connection.monitor.unsaved_changes)
            self.say(f"{count} {'change' if count == 1 else 'changes'} not saved yet; retrying.", "bar.warning")
            drawn = asyncio.Event()
            self.call_after_refresh(drawn.set)
            with suppress(TimeoutError):
                async with asyncio.timeout(_SAVED_WITHIN):
                    await drawn.wait()
        self.app.exit(0)
