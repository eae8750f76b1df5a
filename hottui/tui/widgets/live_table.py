"""The live table of hot updates. It draws its own rows, so that only changed cells are written to the terminal."""

import math
from collections.abc import Callable, Iterable
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from hottui.model.ref import Ref
from hottui.model.state import FAILED
from hottui.model.tracking import Tracked
from hottui.render.row_order import RowOrder
from hottui.render.shown_rows import ShownRows
from hottui.render.styled_text import Span, wrap
from hottui.render.table_columns import (
    ANY_LENGTH,
    TITLES,
    columns_for,
    header,
    longest_texts,
    order_text,
    title_at,
    with_place,
)
from hottui.render.table_rows import next_row_change, row_ages, row_content, row_spans
from hottui.tui.alarm import Alarm
from hottui.tui.appearance import Appearance, to_strip
from hottui.tui.commands import SCROLL_KEYS
from hottui.tui.dashboard_options import DashboardOptions

_WHEEL = 3
"""Rows scrolled by one step of the mouse wheel."""

_Row = tuple[tuple[Span, ...], ...]


def _no_note(tracked: Tracked, now: float) -> str:  # noqa: ARG001
    return ""


class LiveTable(Widget, can_focus=True):
    """Tracked hot updates, one per row, below a header. The cursor stays on its ref when rows move.

    It implements its own scrolling by rows: Textual's scroll views and scrollbars take a third of the start-up time.
    """

    DEFAULT_CSS = "LiveTable { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [*SCROLL_KEYS]

    class Moved(Message):
        """The cursor is on another hot update, or on none."""

        def __init__(self, ref: Ref | None) -> None:
            super().__init__()
            self.ref = ref

        def can_replace(self, message: Message) -> bool:
            """Return True for an earlier Moved: only the last one matters."""
            return isinstance(message, LiveTable.Moved)

    class Opened(Message):
        """The hot update under the cursor was double-clicked."""

    class TitleClicked(Message):
        """The title of a column was clicked."""

        def __init__(self, title: str) -> None:
            super().__init__()
            self.title = title

    def __init__(
        self,
        appearance: Appearance,
        welcome: str,
        options: DashboardOptions,
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._appearance = appearance
        self._welcome = welcome
        self.note: Callable[[Tracked, float], str] = _no_note
        """Returns the note on an update in progress that takes longer than usual, at a time."""
        self._all: tuple[Tracked, ...] = ()
        self._rows: list[Tracked] = []
        self._shown = ShownRows(options.profiles)
        self._marks: dict[Ref, None] = {}
        self._cursor: Ref | None = None
        self._index = 0
        self._top = 0
        self._longest = ANY_LENGTH
        self._place_of = options.place_of
        self._places: set[str] = set()
        self._titles = options.columns or TITLES
        self._columns = columns_for(0, chosen=self._titles)
        self._width = 0
        self._drawn_empty_text = ""
        self._drawn: dict[int, tuple[_Row, bool, bool] | None] = {}
        self._cache: dict[Ref, tuple[tuple[object, ...], tuple[str, str], _Row]] = {}
        self._alarm = Alarm(self, appearance.clock, self.tick)

    @property
    def cursor(self) -> Ref | None:
        """The ref under the cursor; None when no row is shown."""
        return self._cursor

    @property
    def current(self) -> Tracked | None:
        """The hot update under the cursor."""
        return self._rows[self._index] if self._rows else None

    @property
    def rows(self) -> tuple[Tracked, ...]:
        """The rows that match the filter, in order."""
        return tuple(self._rows)

    @property
    def filter_text(self) -> str:
        """The filter; empty if there is none."""
        return self._shown.filter.text

    @property
    def filter_problem(self) -> str:
        """Why a term of the filter is invalid; empty if none is."""
        return self._shown.filter.problem

    @property
    def filter_count(self) -> str:
        """How many of the hot updates are shown: `7/31`."""
        return f"{len(self._rows)}/{len(self._all)}"

    def show(self, tracked: tuple[Tracked, ...]) -> None:
        """Show `tracked` in this order; cursor and scroll position stay with their hot update.

        The row under the cursor stays while it no longer matches the filter, so that the next key does not hit another.
        """
        self._all = tracked
        if self._marks:
            known = {one.ref for one in tracked}
            self._marks = {ref: None for ref in self._marks if ref in known}
        self._longest = longest_texts(tracked)
        self._places = {self._place_of(one.ref) for one in tracked}
        if self._fit_columns():
            self.refresh()
        self._arrange(kept=self._cursor)

    def filter(self, text: str) -> None:
        """Show only the hot updates that match `text`: see `hottui.render.row_filter`."""
        self._shown.set_filter(text)
        self._arrange()

    @property
    def marks(self) -> tuple[Ref, ...]:
        """The marked hot updates, in the order of marking."""
        return tuple(self._marks)

    def mark(self, refs: Iterable[Ref]) -> None:
        """Mark `refs` and no others."""
        self._marks = dict.fromkeys(refs)
        self.tick()

    @property
    def order(self) -> RowOrder:
        """The order of the rows."""
        return self._shown.order

    @property
    def hidden_order(self) -> str:
        """The column that the rows are sorted by and the direction, if the title that shows them is hidden."""
        visible = self.order.column in dict(self._columns)
        return "" if visible else order_text(self.order, self._appearance.glyphs)

    def sort(self, order: RowOrder) -> None:
        """Show the rows in `order`; the cursor stays on its hot update."""
        self._shown.order = order
        self._arrange()
        self.refresh(Region(0, 0, self.size.width, 1))

    def tick(self) -> None:
        """Redraw the rows whose text has changed, now and when the next age on screen changes."""
        for y, drawn in list(self._drawn.items()):  # lines never drawn will be drawn by Textual
            wanted = self._wanted(y)
            if drawn != wanted and y < self.size.height:
                self.refresh(Region(0, y, self._changed_until(drawn, wanted), 1))
        empty_text = "" if self._rows else self._empty_text
        if empty_text != self._drawn_empty_text:
            self._drawn_empty_text = empty_text
            self.refresh()
        if self.is_running:
            now, visible = self._appearance.clock(), self._rows[self._top : self._top + self._page]
            self._alarm.within(min((next_row_change(tracked, now) for tracked in visible), default=math.inf))

    def move_to(self, ref: Ref) -> None:
        """Move the cursor to `ref` if it is shown."""
        for index, tracked in enumerate(self._rows):
            if tracked.ref == ref:
                self._move_cursor(index)

    def _fit_columns(self) -> bool:
        """Fit the column widths to the table and its contents; return whether they changed."""
        columns = with_place(self._width, self._longest, self._titles, self._places)
        if columns == self._columns:
            return False
        self._columns = columns
        self._drawn.clear()
        self._cache.clear()
        return True

    def _arrange(self, kept: Ref | None = None) -> None:
        self._rows = self._shown.of(self._all, kept)
        index = next((n for n, t in enumerate(self._rows) if t.ref == self._cursor), None)
        above = self._index - self._top
        if index is None:
            self._move_cursor(min(self._index, max(len(self._rows) - 1, 0)))
        elif index != self._index:
            self._index = index
            if self._top or index >= self._page:  # at the top, new rows that need attention may appear above
                self._scroll_to_row(index - above)
        self.tick()

    def _move_cursor(self, index: int) -> None:
        index = max(0, min(index, len(self._rows) - 1))
        ref = self._rows[index].ref if self._rows else None
        moved = ref != self._cursor
        self._index, self._cursor = index, ref
        self._scroll_to_row(min(max(self._top, index - self._page + 1), index))
        self.tick()
        if moved:
            self.post_message(self.Moved(ref))

    @property
    def _page(self) -> int:
        """The number of rows visible at a time."""
        return max(self.size.height - 1, 1)

    def _scroll_to_row(self, top: int) -> None:
        self._top = max(min(top, len(self._rows) - self._page), 0)

    def _wanted(self, y: int) -> tuple[_Row, bool, bool] | None:
        index = self._top + y - 1
        if index >= len(self._rows):
            return None
        return self._row(self._rows[index]), index == self._index, self.has_focus

    def _row(self, tracked: Tracked) -> _Row:
        """Return the cells of a row, which are cached until one of its texts changes."""
        now = self._appearance.clock()
        slow = self.note(tracked, now)
        dimmed = self.order.failures_first and tracked.state == FAILED and tracked.viewed
        marked = tracked.ref in self._marks
        age_texts, content = row_ages(tracked, now), (*row_content(tracked), slow, marked, dimmed)
        cached = self._cache.get(tracked.ref)
        if cached is not None and cached[:2] == (content, age_texts):
            return cached[2]
        if len(self._cache) > 4 * self._page:
            self._cache.clear()
        glyphs, place = self._appearance.glyphs, self._place_of(tracked.ref)
        row = row_spans(tracked, age_texts, self._columns, glyphs, slow, place=place, marked=marked, dimmed=dimmed)
        self._cache[tracked.ref] = (content, age_texts, row)
        return row

    def _changed_until(self, drawn: tuple[_Row, bool, bool] | None, wanted: tuple[_Row, bool, bool] | None) -> int:
        """Return how many cells from the left must be redrawn; cells right of the last change are not."""
        if drawn is None or wanted is None or drawn[1:] != wanted[1:]:
            return self.size.width
        until = x = 0
        for old, new in zip(drawn[0], wanted[0], strict=False):
            x += sum(Segment(span.text).cell_length for span in new)
            if old != new:
                until = x
        return until

    def render_line(self, y: int) -> Strip:
        """Return the header, a row, or an empty line."""
        styles, width = self._appearance.styles, self.size.width
        if width != self._width:
            self._width = width
            self._fit_columns()
            self._drawn.clear()
            self._cache.clear()
        base = styles["text"]
        if y == 0:
            return to_strip(header(self._columns, self.order, self._appearance.glyphs), styles).adjust_cell_length(
                width, base
            )
        wanted = self._drawn[y] = self._wanted(y)
        if wanted is None:
            return to_strip(() if self._rows else self._empty_line(y), styles).adjust_cell_length(width, base)
        row, selected, focused = wanted
        over = (styles["cursor"] if focused else styles["cursor.away"]) if selected else None
        spans = [span for column in row for span in column]
        return to_strip(spans, styles, over).adjust_cell_length(width, base + over if over else base)

    @property
    def _empty_text(self) -> str:
        """The text shown instead of rows."""
        if not self._shown.filter:
            return self._welcome
        problem = f"\n{self.filter_problem}" if self.filter_problem else ""
        return f"No matches for “{self.filter_text}”. Esc clears the filter.{problem}"

    def _empty_line(self, y: int) -> tuple[Span, ...]:
        """Return line `y` of a table without rows."""
        lines = [piece for part in self._empty_text.splitlines() for piece in wrap(part, self.size.width - 4)]
        return (Span(f"  {lines[y - 2]}", "dim"),) if 0 <= y - 2 < len(lines) else ()

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - Textual's signature
        """Keep the cursor visible; Textual may have drawn the new size before this event."""
        self._move_cursor(self._index)

    def on_focus(self) -> None:
        """Redraw the cursor, whose colour shows the focus."""
        self.tick()

    on_blur = on_focus

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row; a double click opens it. A click on a title is reported."""
        if event.y < 1:
            if title := title_at(self._columns, event.x):
                self.post_message(self.TitleClicked(title))
            return
        index = self._top + event.y - 1
        if index < len(self._rows):
            self._move_cursor(index)
            if event.chain > 1:
                self.post_message(self.Opened())

    def on_mouse_scroll_down(self) -> None:
        """Scroll down; the cursor stays on its hot update."""
        self._scroll_to_row(self._top + _WHEEL)
        self.tick()

    def on_mouse_scroll_up(self) -> None:
        """Scroll up."""
        self._scroll_to_row(self._top - _WHEEL)
        self.tick()

    def action_move(self, rows: int) -> None:
        """Move the cursor by `rows` rows."""
        self._move_cursor(self._index + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by `pages` pages."""
        self._move_cursor(self._index + pages * max(self._page - 1, 1))
