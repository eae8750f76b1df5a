"""The live table: it draws its own rows, so that only a row that reads differently is written to the terminal."""

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.render.styled_text import Span, wrap
from hottui.render.table_rows import (
    ANY_LENGTH,
    header,
    longest_texts,
    matches,
    row_ages,
    row_content,
    row_spans,
    widths,
)
from hottui.tui.appearance import Appearance, to_strip
from hottui.tui.widgets.scrolling import ROWS

_WHEEL = 3
"""Rows that one step of the wheel moves."""

_Row = tuple[tuple[Span, ...], ...]


class LiveTable(Widget, can_focus=True):
    """Tracked hot updates, one a row, below a line of titles. The cursor stays on its ref whatever moves.

    It scrolls by itself, a row at a time: Textual's scroll views and their bars are a third of a start's cost.
    """

    DEFAULT_CSS = "LiveTable { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [*ROWS]

    class Moved(Message):
        """The cursor stands on another hot update, or on none."""

        def __init__(self, ref: Ref | None) -> None:
            super().__init__()
            self.ref = ref

        def can_replace(self, message: Message) -> bool:
            """Only the last of several moves matters."""
            return isinstance(message, LiveTable.Moved)

    class Opened(Message):
        """The hot update under the cursor was clicked twice."""

    def __init__(self, look: Appearance, welcome: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._look = look
        self._welcome = welcome
        self._all: tuple[Tracked, ...] = ()
        self._rows: list[Tracked] = []
        self._words: tuple[str, ...] = ()
        self._cursor: Ref | None = None
        self._index = 0
        self._top = 0
        self._longest = ANY_LENGTH
        self._columns = widths(0)
        self._width = 0
        self._said = ""
        self._drawn: dict[int, tuple[_Row, bool, bool] | None] = {}
        self._made: dict[Ref, tuple[tuple[object, ...], tuple[str, str], _Row]] = {}

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
        """What is shown, in order, the filter applied."""
        return tuple(self._rows)

    @property
    def words(self) -> tuple[str, ...]:
        """The filter's words."""
        return self._words

    def show(self, tracked: tuple[Tracked, ...]) -> None:
        """Show these, in this order; cursor and scroll position keep their hot update."""
        self._all = tracked
        self._longest = longest_texts(tracked)
        if self._share_width():
            self.refresh()
        self._arrange()

    def filter(self, text: str) -> None:
        """Show only the hot updates that hold every word of `text`."""
        self._words = tuple(text.lower().split())
        self._arrange()

    def tick(self) -> None:
        """Draw the rows that read differently by now: ages, and whatever `show` brought."""
        for y, drawn in list(self._drawn.items()):  # lines that were never drawn are about to be
            wanted = self._wanted(y)
            if drawn != wanted and y < self.size.height:
                self.refresh(Region(0, y, self._changed_until(drawn, wanted), 1))
        said = "" if self._rows else self._empty_text
        if said != self._said:
            self._said = said
            self.refresh()

    def move_to(self, ref: Ref) -> None:
        """Put the cursor on `ref` when it is shown."""
        for index, tracked in enumerate(self._rows):
            if tracked.ref == ref:
                self._put(index)

    def _share_width(self) -> bool:
        """Fit the columns to the table and to what is in them; returns whether that changed them."""
        columns = widths(self._width, self._longest)
        if columns == self._columns:
            return False
        self._columns = columns
        self._drawn.clear()
        self._made.clear()
        return True

    def _arrange(self) -> None:
        words = self._words
        self._rows = [t for t in self._all if matches(t, words)] if words else list(self._all)
        index = next((n for n, t in enumerate(self._rows) if t.ref == self._cursor), None)
        above = self._index - self._top
        if index is None:
            self._put(min(self._index, max(len(self._rows) - 1, 0)))
        elif index != self._index:
            self._index = index
            if self._top or index >= self._page:  # at the top, what needs a look may come in above
                self._show_from(index - above)
        self.tick()

    def _put(self, index: int) -> None:
        index = max(0, min(index, len(self._rows) - 1))
        ref = self._rows[index].ref if self._rows else None
        moved = ref != self._cursor
        self._index, self._cursor = index, ref
        self._show_from(min(max(self._top, index - self._page + 1), index))
        self.tick()
        if moved:
            self.post_message(self.Moved(ref))

    @property
    def _page(self) -> int:
        """Rows that are in sight at a time."""
        return max(self.size.height - 1, 1)

    def _show_from(self, top: int) -> None:
        self._top = max(min(top, len(self._rows) - self._page), 0)

    def _wanted(self, y: int) -> tuple[_Row, bool, bool] | None:
        index = self._top + y - 1
        if index >= len(self._rows):
            return None
        return self._row(self._rows[index]), index == self._index, self.has_focus

    def _row(self, tracked: Tracked) -> _Row:
        """The cells of a row, made anew only when something in it reads differently."""
        told, shown = row_ages(tracked, self._look.clock()), row_content(tracked)
        made = self._made.get(tracked.ref)
        if made is not None and made[:2] == (shown, told):
            return made[2]
        if len(self._made) > 4 * self._page:
            self._made.clear()
        row = row_spans(tracked, told, self._columns, self._look.glyphs)
        self._made[tracked.ref] = (shown, told, row)
        return row

    def _changed_until(self, drawn: tuple[_Row, bool, bool] | None, wanted: tuple[_Row, bool, bool] | None) -> int:
        """How many cells from the left must be written; what stands right of the last change is left alone."""
        if drawn is None or wanted is None or drawn[1:] != wanted[1:]:
            return self.size.width
        until = x = 0
        for old, new in zip(drawn[0], wanted[0], strict=False):
            x += sum(Segment(span.text).cell_length for span in new)
            if old != new:
                until = x
        return until

    def render_line(self, y: int) -> Strip:
        """The titles, a row, or nothing."""
        styles, width = self._look.styles, self.size.width
        if width != self._width:
            self._width = width
            self._share_width()
            self._drawn.clear()
            self._made.clear()
        base = styles["text"]
        if y == 0:
            return to_strip(header(self._columns), styles).adjust_cell_length(width, base)
        wanted = self._drawn[y] = self._wanted(y)
        if wanted is None:
            return to_strip(() if self._rows else self._empty_line(y), styles).adjust_cell_length(width, base)
        row, selected, focused = wanted
        over = (styles["cursor"] if focused else styles["cursor.away"]) if selected else None
        spans = [span for column in row for span in column]
        return to_strip(spans, styles, over).adjust_cell_length(width, base + over if over else base)

    @property
    def _empty_text(self) -> str:
        """What a table without rows says instead."""
        return f"Nothing holds “{' '.join(self._words)}”. Esc clears the filter." if self._words else self._welcome

    def _empty_line(self, y: int) -> tuple[Span, ...]:
        """What stands in line `y` of a table without rows."""
        lines = [piece for part in self._empty_text.splitlines() for piece in wrap(part, self.size.width - 4)]
        return (Span(f"  {lines[y - 2]}", "dim"),) if 0 <= y - 2 < len(lines) else ()

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - Textual's signature
        """Keep the cursor in sight; Textual may have drawn the new size before it tells."""
        self._put(self._index)

    def on_focus(self) -> None:
        """The cursor's colour tells where the keys go."""
        self.tick()

    on_blur = on_focus

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on a row, a second one opens it."""
        if event.y < 1:
            return
        index = self._top + event.y - 1
        if index < len(self._rows):
            self._put(index)
            if event.chain > 1:
                self.post_message(self.Opened())

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the rows; the cursor stays on its hot update."""
        self._show_from(self._top + _WHEEL)
        self.tick()

    def on_mouse_scroll_up(self) -> None:
        """As downwards."""
        self._show_from(self._top - _WHEEL)
        self.tick()

    def action_move(self, rows: int) -> None:
        """Move the cursor by so many rows."""
        self._put(self._index + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by so many screens."""
        self._put(self._index + pages * max(self._page - 1, 1))
