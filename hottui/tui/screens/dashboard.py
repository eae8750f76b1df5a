"""The dashboard: the live table, the detail beside it, header and footer. The functions of its keys are in the action
modules beside it."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.worker import Worker, WorkerState

from hottui.model.state import FAILED, is_final, state_text
from hottui.model.tracking import Tracked, sort_key
from hottui.render.table_rows import display_name, next_row_change
from hottui.runtime import error_hooks
from hottui.tui.alarm import Alarm
from hottui.tui.appearance import Appearance
from hottui.tui.commands import Command, Scope, bindings_for, is_available
from hottui.tui.dashboard_options import DashboardOptions
from hottui.tui.layout import ALONE, TABS, place_of_detail
from hottui.tui.messages import SnapshotChanged, TransitionObserved
from hottui.tui.place_view import PlaceView
from hottui.tui.screens import (
    app_actions,
    bookmark_actions,
    comparison_actions,
    copy_actions,
    dashboard_footer,
    detail_actions,
    export_actions,
    filter_actions,
    first_run_actions,
    layout_actions,
    marking_actions,
    order_actions,
    place_actions,
    polling_actions,
    undo_actions,
)
from hottui.tui.screens.divider import Body
from hottui.tui.screens.full_screen import FooterState, FullScreen
from hottui.tui.screens.resizing import drop_outdated
from hottui.tui.session_log import SessionLog
from hottui.tui.widgets import status_text
from hottui.tui.widgets.header_footer import Bar
from hottui.tui.widgets.live_table import LiveTable
from hottui.tui.widgets.trouble_bar import TroubleBar
from hottui.tui.workers import start_worker

if TYPE_CHECKING:
    from hottui.monitor.interface import MonitorCommands
    from hottui.monitor.snapshot import Snapshot
    from hottui.tui.detail.pane import DetailPane
    from hottui.tui.screens.detail_loading import DetailLoading
    from hottui.tui.screens.undo_actions import Former
    from hottui.tui.slow_updates import UsualDurations


class Dashboard(FullScreen[None]):
    """Table, detail, header and footer; shows the monitor's snapshots and calls it for keys."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (12, "-normal")]  # noqa: RUF012 - declared so in Textual
    DEFAULT_CSS = """
    Dashboard #body { height: 1fr; layout: vertical; }
    Dashboard.-detail LiveTable { display: none; }
    Dashboard.-detail.-below LiveTable, Dashboard.-detail.-beside LiveTable { display: block; }
    Dashboard.-detail.-beside #body { layout: horizontal; }
    Dashboard.-detail.-beside DetailPane { border-left: solid $line; }
    Dashboard.-zoom.-detail LiveTable { display: none; }
    Dashboard.-zoom.-detail DetailPane { border-left: none; }
    Dashboard.-low #foot, Dashboard.-low #trouble { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(Scope.DASHBOARD, Scope.TABLE, Scope.DETAIL),
        *(Binding(str(number), f"tab({number})", show=False) for number in range(1, len(TABS) + 1)),
    ]

    action_add = bookmark_actions.add
    action_bookmark = bookmark_actions.toggle_bookmark
    action_annotate = bookmark_actions.annotate
    action_remove = bookmark_actions.remove
    action_undo = undo_actions.undo
    action_mark = marking_actions.mark
    action_mark_all = marking_actions.mark_all

    action_open = on_live_table_opened = detail_actions.open_detail
    action_close = detail_actions.close
    action_tab = detail_actions.open_tab
    action_next_tab = detail_actions.next_tab
    action_previous_tab = detail_actions.previous_tab
    action_arithmetic = detail_actions.show_arithmetic
    action_utc = detail_actions.switch_zone
    action_reveal = detail_actions.reveal
    action_switch = detail_actions.switch_focus
    action_zoom = detail_actions.zoom
    action_filter = filter_actions.edit_filter
    on_bar_clicked = filter_actions.filter_by_count
    action_next_attention = detail_actions.next_attention

    action_sort = order_actions.sort
    action_sort_reverse = order_actions.reverse
    action_sort_default = order_actions.default_order
    action_failures_first = order_actions.failures_first
    on_live_table_title_clicked = order_actions.sort_by_title

    action_turn = layout_actions.turn
    action_shrink_table = layout_actions.shrink_table
    action_grow_table = layout_actions.grow_table

    action_place = place_actions.choose_place

    action_copy_id = copy_actions.copy_id
    action_copy_value = copy_actions.copy_value
    action_copy_json = copy_actions.copy_json
    action_export = export_actions.export

    action_compare = comparison_actions.compare

    action_pause = polling_actions.pause
    action_refresh = polling_actions.refresh
    action_refresh_all = polling_actions.refresh_all
    action_interval = polling_actions.set_interval

    action_set_up = first_run_actions.set_up
    action_demo = first_run_actions.open_demo

    action_troubles = app_actions.list_troubles
    action_log = app_actions.show_log
    action_job = app_actions.show_job
    action_theme = app_actions.choose_theme
    action_exit = app_actions.leave

    def __init__(self, options: DashboardOptions, appearance: Appearance) -> None:
        super().__init__(appearance)
        self.options = options
        self.session_log = SessionLog(appearance.glyphs)
        self.monitor: MonitorCommands | None = None
        self.snapshot: Snapshot | None = None
        """The snapshot that is shown; None before the first one."""
        self.latest: Snapshot | None = None
        """The last snapshot, with the hot updates that are not shown."""
        self.view = PlaceView(options)
        self.tracked = tuple(sorted(self.view.of(options.tracked), key=sort_key))
        self.former: list[Former] = []
        """What actions of this session can be undone; the last one last."""
        self.secrets_shown = False
        self.table = LiveTable(appearance, first_run_actions.welcome(options, appearance), options, id="table")
        """The live table. It and the bars are attributes because Textual caches each query by name."""
        self._job_changed = False
        self._first_snapshot = asyncio.Event()
        self.detail_loading: DetailLoading | None = None
        self.usual_durations: UsualDurations | None = None
        self.pane: DetailPane | None = None
        """The detail pane once it was opened."""
        self.header = Bar(appearance, id="head")
        self._trouble_bar: TroubleBar | None = None
        self.body = Body(self)
        self.layout_memory = layout_actions.LayoutMemory(self)
        self._alarm = Alarm(self, appearance.clock, self._tick)

    def compose(self) -> ComposeResult:
        """Yield the widgets of the first frame; the detail is created when it is first opened."""
        yield self.header
        with self.body:
            yield self.table
        yield self._footer

    def on_mount(self) -> None:
        """Show the saved rows."""
        layout_actions.restore_table(self)
        self.table.show(self.tracked)
        self.table.focus()
        if self.options.cursor is not None:
            self.table.move_to(self.options.cursor)
            if len(self.tracked) == 1:
                self.call_after_refresh(self.action_open)
        message = " ".join(self.options.notices) or self.options.greeting
        if message:  # when the width of the footer is known
            self.call_after_refresh(self.show_message, message, "bar.warning" if self.options.notices else "bar")

    # State

    @property
    def current(self) -> Tracked | None:
        """The hot update under the cursor."""
        return self.table.current

    @property
    def detail(self) -> "DetailPane | None":
        """The detail pane while it is open."""
        return self.pane if self.has_class("-detail") else None

    @property
    def place_of_detail(self) -> str:
        """Where the detail is while it is open: beside or below the table, or alone."""
        return place_of_detail(self.layout_memory.layout.detail, *self.app.size)

    @property
    def fits_both(self) -> bool:
        """Whether the table is shown with the detail."""
        return self.place_of_detail != ALONE

    def is_available(self, command: Command) -> bool:
        """Return whether `command` works in the current state."""
        pane = self.detail
        return is_available(
            command,
            first_run=self.options.first_run is not None,
            can_add=self.view.location is not None,
            has_rows=bool(self.tracked),
            detail_open=pane is not None,
            has_plan=pane is not None and pane.has_plan,
            fits_both=self.fits_both,
        )

    # The monitor

    def attach(self, monitor: "MonitorCommands") -> None:
        """Use `monitor` for actions and details; its snapshots and transitions arrive as messages."""
        from hottui.tui.screens.detail_loading import DetailLoading  # noqa: PLC0415 - pydantic comes with it
        from hottui.tui.slow_updates import UsualDurations  # noqa: PLC0415 - off the start-up path

        self.monitor = monitor
        self.usual_durations = UsualDurations(monitor)
        self.table.note = self.usual_durations.note
        self.detail_loading = DetailLoading(self, monitor, self.usual_durations)
        self.load_detail()

    async def wait_for_monitor(self) -> "MonitorCommands":
        """Return the monitor once its first snapshot is shown: keys typed right after the start wait for it."""
        await self._first_snapshot.wait()
        assert self.monitor is not None, "attached before its first snapshot"  # noqa: S101
        return self.monitor

    def on_snapshot_changed(self, event: SnapshotChanged) -> None:
        """Show the snapshot; only changed cells are redrawn."""
        before = self.current
        self.snapshot, self.tracked = event.snapshot, event.snapshot.tracked
        self._first_snapshot.set()
        self._compare_durations()
        self.table.show(self.tracked)
        self.refresh_bars()
        if self.detail is not None and not self.tracked:
            detail_actions.hide(self)
        elif self.detail is not None:
            self._job_changed = True
            self.tick_soon()
            if self.current != before:
                self.load_detail()

    def on_transition_observed(self, event: TransitionObserved) -> None:
        """Show in the footer that a hot update has finished."""
        transition = event.transition
        if not transition.previous or not is_final(transition.state):
            return
        tracked = next((t for t in self.tracked if t.ref == transition.ref), None)
        if tracked is not None:
            style = "bar.failed" if transition.state == FAILED else "bar.updated"
            self._footer.announce(f"{display_name(tracked)}: {state_text(transition.state)}", style)
            self._expire_later()

    # Header and footer

    def refresh_bars(self) -> None:
        """Redraw header, trouble line and footer."""
        loop = self.snapshot.loop if self.snapshot else None
        head = status_text.head(self.view.context, self.tracked, loop, self.appearance.glyphs, self.size.width)
        self.header.show(*head)
        found = status_text.troubles(loop, self.snapshot.at if self.snapshot else 0.0)
        if self._trouble_bar is None and found:  # not part of the first frame
            self._trouble_bar = TroubleBar(self.appearance, id="trouble")
            self.mount(self._trouble_bar, after=self.header)
        if self._trouble_bar is not None:
            self._trouble_bar.show_troubles(found, self.tracked)
        self.refresh_footer()

    @property
    def footer_state(self) -> FooterState:
        """The keys of the focused part, its filter, and what is marked."""
        return dashboard_footer.footer_state(self)

    def _compare_durations(self) -> None:
        durations = self.usual_durations
        if durations is not None and durations.is_outdated(self.tracked):
            start_worker(self, partial(durations.keep_current, lambda: self.tracked, self.table.tick), "usual")

    def tick_soon(self) -> None:
        """Update what depends on the time and on the open detail at the next full second, so that changes are one."""
        self._alarm.within(0.0)

    def _tick(self) -> None:
        """Update everything that depends on the time, now and while the detail is open."""
        self._compare_durations()
        if self.detail_loading is not None:
            self.detail_loading.follow()
        if self._job_changed and self.detail is not None and self.detail_loading is not None:
            self._job_changed = False
            self.run_worker(self.detail_loading.check_job(), group="job", exit_on_error=False)
        self.table.tick()
        self.expire_message()
        if self.detail is not None:
            self.detail.tick()
            if self.current is not None:
                now = self.appearance.clock()
                self._alarm.within(min(self.detail.seconds_to_tick, next_row_change(self.current, now)))

    def on_resize(self, event: events.Resize) -> None:
        """Redraw the bars for the new width."""
        if not drop_outdated(self, event):
            layout_actions.arrange(self)
            self.refresh_bars()

    def on_live_table_moved(self) -> None:
        """Mask secrets again, and show the hot update under the cursor in the detail."""
        self.secrets_shown = False
        if self.detail is not None:
            self.tick_soon()
            self.load_detail()

    def on_descendant_focus(self) -> None:
        """Show the key hints of the focused part."""
        self.refresh_footer()

    # The detail

    def load_detail(self, *, history_too: bool = False) -> None:
        """Load the hot update under the cursor into the detail; `history_too` also reads events and diagnosis again."""
        if self.detail_loading is not None:
            self.detail_loading.request(history_too=history_too)

    def on_detail_pane_tab_opened(self) -> None:
        """Remember the tab, and load what it may show that was not requested yet, such as events."""
        if self.pane is not None:
            self.layout_memory.change(tab=self.pane.tab)
        self.load_detail()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Report an error in a worker; the dashboard continues."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            error_hooks.current_hooks().handle(event.worker.error)
