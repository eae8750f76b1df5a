"""The screen that compares two settings of a job: the differences as text, and both plans in one drawing."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from hottui.model.cell_width import cells, fit
from hottui.model.control_characters import visible
from hottui.model.tracking import Tracked
from hottui.render.comparison import Comparison
from hottui.render.diff_text import diff_lines
from hottui.render.lazy_lines import LazyLines, fixed, matching
from hottui.render.styled_text import Span, note
from hottui.tui.background_thread import free_in_thread, in_thread
from hottui.tui.commands import Command, Scope, bindings_for
from hottui.tui.detail.compared_plan import PlanOfComparison
from hottui.tui.detail.error_boundary import report_as_lines
from hottui.tui.detail.plan_actions import PlanTab
from hottui.tui.messages import SnapshotChanged
from hottui.tui.screens import copy_actions
from hottui.tui.screens.comparison_loading import Against, Pair, Sources, load, read_sources
from hottui.tui.screens.full_screen import FooterState, FullScreen
from hottui.tui.screens.resizing import drop_outdated
from hottui.tui.widgets.header_footer import Bar
from hottui.tui.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from hottui.monitor.interface import MonitorCommands
    from hottui.tui.screens.dashboard import Dashboard

_VIEWS = ("Differences", "Plans")
_BESIDE_TITLES = 36
"""Cells of the head beside the titles."""
_EVERY = 2.0
"""Seconds between two checks whether what is compared has changed; the job is read by the monitor."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """The comparison shown: of which pair and direction, made of what, and its text for a width."""

    key: tuple[Pair, bool]
    sources: Sources
    comparison: Comparison
    lines: LazyLines
    width: int


class ComparisonScreen(FullScreen[None]):
    """Shows one comparison, and follows changes of its sides. Reused: see `app_actions`."""

    DEFAULT_CSS = """
    ComparisonScreen.-plans #differences { display: none; }
    ComparisonScreen PlanTab { display: none; }
    ComparisonScreen.-plans PlanTab { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(Scope.COMPARE),
        *(Binding(str(number), f"view({number})", show=False) for number in range(1, len(_VIEWS) + 1)),
    ]

    def __init__(self, dashboard: "Dashboard", monitor: "MonitorCommands") -> None:
        super().__init__(dashboard.appearance)
        appearance = self.appearance
        self._dashboard, self._monitor = dashboard, monitor
        self._head = Bar(appearance, id="comparison-head")
        self._view = LinesView(appearance, id="differences")
        self._plan = PlanTab(appearance)
        self._words: dict[bool, tuple[str, ...]] = {}
        """The filter of each view: by whether it is that of the plans."""
        self._pair: Pair | None = None
        self._swapped = False
        self._rows: tuple[Tracked, ...] = ()
        """The rows of the hot updates that are compared."""
        self._shown: _Shown | None = None
        self._requested = self._updating = False

    def compose(self) -> ComposeResult:
        """Yield title, both views and footer."""
        yield self._head
        yield self._view
        yield self._plan
        yield self._footer

    def set_pair(self, pair: Pair) -> None:
        """Set what is compared when the screen is opened next."""
        self._pair, self._swapped, self._shown, self._rows = pair, False, None, ()
        self._words = {}
        self.remove_class("-plans")

    def on_mount(self) -> None:
        """Follow changes of what is compared."""
        self.set_interval(_EVERY, self._tick)

    def on_screen_resume(self) -> None:
        """Compare, and keep the job read while the screen is open."""
        if self._pair is not None and self._pair.against is Against.RUNNING:
            self._monitor.open_detail(self._pair.tracked.ref)
        if self._shown is None:
            self._view.show(fixed(note("Comparing…", 80)), (0, 0, 0))
        self._keys.focus()
        self._show_bars()
        self._update()

    def on_screen_suspend(self) -> None:
        """Stop reading the job, unless the detail of the hot update is open."""
        if self._pair is None or self._pair.against is not Against.RUNNING or self in self.app.screen_stack:
            return
        ref, current = self._pair.tracked.ref, self._dashboard.current
        if self._dashboard.detail is None or current is None or current.ref != ref:
            self._monitor.close_detail(ref)

    def on_snapshot_changed(self, event: SnapshotChanged) -> None:
        """Compare again if a side has changed."""
        refs = {each.ref for each in (self._pair.tracked, self._pair.other) if each} if self._pair else set()
        rows = tuple(row for row in event.snapshot.tracked if row.ref in refs)
        if rows != self._rows:
            self._rows = rows
            self._update()

    def _tick(self) -> None:
        self.expire_message()
        if self.is_current and self._pair is not None and self._pair.other is None:
            self._update()  # a snapshot does not show what is known of a job

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the text to the new width."""
        if not drop_outdated(self, event):
            self._show_bars()
            self._update()

    # The comparison

    @work(group="comparison", exit_on_error=False)
    async def _update(self) -> None:
        """Compare what differs from what is shown, one comparison at a time."""
        self._requested = True
        if self._updating:
            return
        self._updating = True
        try:
            while self._requested:
                self._requested = False
                await self._update_once()
        except Exception as error:  # noqa: BLE001 - reported
            self._view.show(report_as_lines(error, self.size.width), (0, 0, 0))
        finally:
            self._updating = False

    async def _update_once(self) -> None:
        pair, swapped, shown, width = self._pair, self._swapped, self._shown, max(self.size.width - 1, 20)
        if pair is None:
            return
        sources = await read_sources(pair, self._monitor)
        key = (pair, swapped)
        if shown is not None and shown.key == key and shown.sources == sources:
            if shown.width == width:
                return
            comparison = shown.comparison
        else:
            comparison = await load(pair, sources, swapped=swapped)
        lines = await in_thread(partial(_searchable_lines, comparison, width))
        if key == (self._pair, self._swapped):
            self._shown = _Shown(key, sources, comparison, lines, width)
            self._show_differences(top=shown is None or shown.key != key)
            self._show_plans()
            self._show_bars()
            replaced: list[object] = [shown]
            shown = None
            free_in_thread(replaced)

    def _show_differences(self, *, top: bool) -> None:
        if self._shown is None:
            return
        words = self._words.get(False, ())
        lines = matching(self._shown.lines, words)
        if words and not len(lines):
            lines = fixed(note(f"No matches for “{' '.join(words)}”.", self._shown.width))
        self._view.show(lines, (0, 0, 0) if top else None, width=lines.width)

    def _show_plans(self) -> None:
        """Give the plans to their view while it is open: it draws for the size that it has."""
        if self._shown is not None and self.has_class("-plans"):
            self._plan.show(PlanOfComparison(self._shown.comparison, self._shown.key))

    # Bars

    @property
    def footer_state(self) -> FooterState:
        """The keys of the open view, and its filter."""
        is_plan = self.has_class("-plans")
        scopes = (Scope.COMPARE, *((Scope.PLAN,) if is_plan else ()))
        filtered = " ".join(self._words.get(is_plan, ()))
        words = {"compare-close": "clear filter"} if filtered else {}
        return FooterState(scopes, filtered, words={**words, **self._plan.key_words} if is_plan else words)

    @property
    def _keys(self) -> Widget:
        return self._plan.keys if self.has_class("-plans") else self._view

    def _show_bars(self) -> None:
        open_view = self.has_class("-plans")
        tabs = tuple(
            Span(f" {number} {name} ", "bar.title" if (number == 2) == open_view else "bar.dim")
            for number, name in enumerate(_VIEWS, start=1)
        )
        self._head.show((Span(" Compare  ", "bar.title"), *self._titles()), (Span("  ", "bar"), *tabs))
        self.refresh_footer()

    def _titles(self) -> tuple[Span, ...]:
        """Return both titles, each cut to half of the space if they do not fit."""
        if self._shown is None:
            return ()
        arrow = f" {self.appearance.glyphs.arrow} "
        titles = [visible(side.title) for side in (self._shown.comparison.old, self._shown.comparison.new)]
        width = self.size.width - _BESIDE_TITLES - cells(arrow)
        if sum(map(cells, titles)) > width:
            shorter = min(cells(titles[0]), max(width - cells(titles[1]), width // 2))
            titles = [fit(titles[0], shorter).rstrip(), fit(titles[1], width - shorter).rstrip()]
        return Span(titles[0], "bar"), Span(arrow, "bar.dim"), Span(titles[1], "bar")

    def is_available(self, command: Command) -> bool:
        """Return whether `command` works in the current state."""
        match command.scope:
            case Scope.COMPARE:
                return command.id != "compare-copy-value" or bool(self._value)
            case Scope.PLAN:
                return self._plan.has_plan
            case scope:
                return scope is Scope.EVERYWHERE

    # Actions

    def action_view(self, number: int) -> None:
        """Open view `number`, counted from 1."""
        self.set_class(number == len(_VIEWS), "-plans")
        self._show_plans()
        self._show_bars()
        self.call_after_refresh(self._focus_view)

    def _focus_view(self) -> None:
        self._keys.focus()

    def action_compare_view(self) -> None:
        """Open the other view."""
        self.action_view(1 if self.has_class("-plans") else 2)

    def action_compare_swap(self) -> None:
        """Swap the sides."""
        self._swapped = not self._swapped
        self._update()

    def action_compare_close(self) -> None:
        """Clear the filter, or return to the table."""
        if self._words.pop(self.has_class("-plans"), ()):
            self._filter("")
        else:
            self.dismiss(None)

    def action_compare_filter(self) -> None:
        """Ask for words: only lines with all of them are listed, or the nodes with them are selected in turn."""
        before = " ".join(self._words.get(self.has_class("-plans"), ()))

        def done(text: str | None) -> None:
            self._filter(before if text is None else text)

        self.open_prompt("Filter", before, done, self._filter, hint="all words must match")

    def _filter(self, text: str) -> None:
        plans = self.has_class("-plans")
        self._words[plans] = tuple(text.lower().split())
        if plans:
            self._plan.find(self._words[plans])
        else:
            self._show_differences(top=True)
        self._show_bars()

    @property
    def _value(self) -> str | None:
        return self._plan.value if self.has_class("-plans") else self._view.value

    def action_compare_copy_value(self) -> None:
        """Copy the value under the cursor, or the selected node."""
        copy_actions.copy_shown_value(self, self._value)

    def action_compare_refresh(self) -> None:
        """Read what is compared again."""
        pair = self._pair
        for tracked in (pair.tracked, pair.other) if pair else ():
            if tracked is not None:
                self._monitor.refresh(tracked.ref)
        self.show_message("Reading again.")


def _searchable_lines(comparison: Comparison, width: int) -> LazyLines:
    lines = diff_lines(comparison.old, comparison.new, comparison.changed, width)
    _ = lines.texts  # computed here, in the thread
    return lines
