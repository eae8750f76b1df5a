"""The log of this session: transitions, troubles and notifications, the newest last; enter goes to the hot update."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from hottui.model.cell_width import pad
from hottui.model.ref import Ref
from hottui.render.lazy_lines import LazyLines, MappedLines, fixed, matching
from hottui.render.local_times import WIDTH, date_time, zone_title
from hottui.render.styled_text import Line, Span, line, note
from hottui.tui.appearance import Appearance
from hottui.tui.commands import Command, Scope, bindings_for
from hottui.tui.messages import SnapshotChanged
from hottui.tui.screens import copy_actions
from hottui.tui.screens.full_screen import FooterState, FullScreen
from hottui.tui.screens.resizing import drop_outdated
from hottui.tui.session_log import Entry, SessionLog
from hottui.tui.widgets.header_footer import Bar
from hottui.tui.widgets.lines_view import LinesView

_NARROW = 100
"""Columns of the terminal below which the year is left out."""
_KIND = 9
"""Cells of the kind of an entry."""


class LogScreen(FullScreen[Ref | None]):
    """Follows the log while the cursor is on the last entry."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (15, "-normal")]  # noqa: RUF012 - declared so in Textual
    DEFAULT_CSS = """
    LogScreen.-low #log-selected { display: none; }
    LogScreen #log-columns { height: 1; }
    LogScreen #log-lines { height: 1fr; scrollbar-size-horizontal: 0; }
    LogScreen #log-selected { height: 5; border-top: solid $line; scrollbar-size: 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for(Scope.LOG)]

    def __init__(self, appearance: Appearance, log: SessionLog) -> None:
        super().__init__(appearance)
        self._log = log
        self._title = Bar(appearance, id="log-title")
        self._columns = LinesView(appearance, id="log-columns")
        self._columns.can_focus = False
        self._view = LinesView(appearance, id="log-lines")
        self._selected = LinesView(appearance, id="log-selected")
        self._selected.can_focus = False
        self._words: tuple[str, ...] = ()
        self._shown: tuple[Entry, ...] = ()
        """The entries that match the filter."""
        self._counted = -1

    def compose(self) -> ComposeResult:
        """Yield title, column titles, lines, the selected entry in full, and footer."""
        yield self._title
        yield self._columns
        yield self._view
        yield self._selected
        yield self._footer

    def on_mount(self) -> None:
        """Look for new entries, and remove messages from the footer, once a second."""
        self.set_interval(1.0, self._tick)

    def on_screen_resume(self) -> None:
        """Show the newest entry when the screen is opened; under the help it stays as it is."""
        self._view.focus()
        if self._counted < 0:
            self._show(follow=True)
        self.refresh_footer()

    def on_screen_suspend(self) -> None:
        """Forget filter and place once the screen is closed."""
        if self not in self.app.screen_stack:
            self._words, self._shown, self._counted = (), (), -1

    def on_snapshot_changed(self, event: SnapshotChanged) -> None:  # noqa: ARG002 - the log has it already
        """Show new entries."""
        self._show_new()

    def _tick(self) -> None:
        self.expire_message()
        self._show_new()

    def _show_new(self) -> None:
        if self.is_attached and 0 <= self._counted != self._log.count:
            self._show(follow=self._is_at_end)

    @property
    def _is_at_end(self) -> bool:
        at = self._view.place[0]
        return at is None or at >= len(self._shown) - 1

    def _show(self, *, follow: bool) -> None:
        """Show the entries that match; with `follow` the cursor goes to the last one, else it stays on its entry."""
        (_, x, y), selected = self._view.place, self._entry
        top = self._shown[min(y, len(self._shown) - 1)] if self._shown else None
        self._counted = self._log.count
        entries = self._log.entries
        all_lines = MappedLines(entries, self._line, _searched)
        texts = all_lines.texts if self._words else ()
        self._shown = (
            tuple(one for one, text in zip(entries, texts, strict=True) if all(word in text for word in self._words))
            if self._words
            else entries
        )
        lines: LazyLines = matching(all_lines, self._words)
        if not len(lines):
            lines = fixed(note(self._nothing(), max(self.app.size.width - 1, 20)))
        last = len(self._shown) - 1
        if follow:
            place = (last, x, max(last - self._view.size.height + 1, 0))
        else:
            place = (_at(self._shown, selected), x, _at(self._shown, top))
        self._view.show(lines, place, width=lines.width)
        if follow and self._shown:
            self._view.move_to(last)
        self._show_bars()
        self._show_selected()

    def _show_selected(self) -> None:
        entry = self._entry
        self._selected.show(note(entry.text, self.app.size.width, entry.style) if entry else (), (None, 0, 0))

    def on_lines_view_moved(self) -> None:
        """Show the entry under the cursor in full."""
        self._show_selected()

    @property
    def _entry(self) -> Entry | None:
        """The entry under the cursor."""
        at = self._view.place[0]
        return self._shown[at] if at is not None and at < len(self._shown) else None

    @property
    def _cut(self) -> int:
        """The characters of the year, on a narrow terminal."""
        return len("2026-") if self.app.size.width < _NARROW else 0

    def _nothing(self) -> str:
        return f"No matches for “{' '.join(self._words)}”." if self._words else "Nothing has happened yet."

    def _show_bars(self) -> None:
        count = self._log.count
        kept = f"{count:,} {'entry' if count == 1 else 'entries'}"
        if count > len(self._log.entries):
            kept += f", the last {len(self._log.entries):,} are shown"
        self._title.show(
            (Span(" Log", "bar.title"), Span(" of this session", "bar.dim")), (Span(f"{kept} ", "bar.dim"),)
        )
        zone = zone_title(self.appearance.clock())
        titles = f" {pad(zone, WIDTH - self._cut)}  {pad('KIND', _KIND)} WHAT"
        self._columns.show((line((titles, "header")),), (None, 0, 0))
        self.refresh_footer()

    def _line(self, entry: Entry) -> Line:
        kind = "dim" if entry.kind != "trouble" else entry.style
        return line(
            (f" {date_time(entry.at)[self._cut :]}  ", "dim"),
            (f"{pad(entry.kind, _KIND)} ", kind),
            (entry.text, entry.style),
            value=entry.text,
        )

    def on_resize(self, event: events.Resize) -> None:
        """Show the hints that fit, the year only where there is space for it, and the entry under the cursor."""
        if not drop_outdated(self, event) and self._counted >= 0:
            self.call_after_refresh(self._show_resized)

    def _show_resized(self) -> None:
        self._show(follow=self._is_at_end)
        at = self._view.place[0]
        if at is not None:
            self._view.move_to(at)

    # Keys

    @property
    def footer_state(self) -> FooterState:
        """The keys of the log, and its filter."""
        filtered = f"{' '.join(self._words)} ({len(self._shown)}/{len(self._log.entries)})" if self._words else ""
        return FooterState((Scope.LOG,), filtered)

    def is_available(self, command: Command) -> bool:
        """Return whether `command` works here."""
        return command.scope in {Scope.LOG, Scope.EVERYWHERE}

    def action_log_close(self) -> None:
        """Clear the filter, or close."""
        if self._words:
            self._filter("")
        else:
            self.dismiss(None)

    def action_log_open(self) -> None:
        """Close and go to the hot update of the entry under the cursor."""
        entry = self._entry
        if entry is None or entry.ref is None:
            self.show_message("This entry is about no hot update.")
        else:
            self.dismiss(entry.ref)

    def action_log_filter(self) -> None:
        """Ask for words: only entries with all of them are listed."""
        before = " ".join(self._words)

        def done(text: str | None) -> None:
            self._filter(before if text is None else text)

        self.open_prompt("Filter", before, done, self._filter, hint="all words must match")

    def _filter(self, text: str) -> None:
        self._words = tuple(text.lower().split())
        self._show(follow=True)

    def action_log_copy_value(self) -> None:
        """Copy the text of the entry under the cursor."""
        copy_actions.copy_shown_value(self, self._view.value)


def _searched(entry: Entry) -> str:
    return f"{entry.kind} {entry.text} {entry.ref.id if entry.ref else ''}"


def _at(entries: tuple[Entry, ...], entry: Entry | None) -> int:
    """Return the index of `entry`, or of the first one after it if it was dropped."""
    if entry is None:
        return 0
    return next((at for at, one in enumerate(entries) if one.number >= entry.number), max(len(entries) - 1, 0))
