"""The live table: it draws its own rows, so that only a row that reads differently is written to the terminal."""

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.tui.lines import Span, to_strip
from hottui.tui.look import Look
from hottui.tui.rows import Widths, cells, header, matches, widths

_Row = tuple[tuple[Span, ...], ...]


class LiveTable(ScrollView, can_focus=True):
    """Tracked hot updates, one a row, below a line of titles. The cursor stays on its ref whatever moves."""

    DEFAULT_CSS = """
    LiveTable { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup,ctrl+u", "page(-1)", show=False),
        Binding("pagedown,ctrl+d", "page(1)", show=False),
        Binding("home,g", "move(-1000000000)", show=False),
        Binding("end,G", "move(1000000000)", show=False),
    ]

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

    def __init__(self, look: Look, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._look = look
        self._all: tuple[Tracked, ...] = ()
        self._rows: list[Tracked] = []
        self._words: tuple[str, ...] = ()
        self._cursor: Ref | None = None
        self._index = 0
        self._columns = Widths((0,) * 7)
        self._drawn: dict[int, tuple[_Row, bool, bool] | None] = {}

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
        self._arrange()

    def filter(self, text: str) -> None:
        """Show only the hot updates that hold every word of `text`."""
        self._words = tuple(text.lower().split())
        self._arrange()

    def tick(self) -> None:
        """Draw the rows that read differently by now: ages, and whatever `show` brought."""
        for y in range(1, self.size.height):
            drawn, wanted = self._drawn.get(y), self._wanted(y)
            if drawn == wanted:
                continue
            self.refresh(Region(0, y, self._changed_until(drawn, wanted), 1))

    def move_to(self, ref: Ref) -> None:
        """Put the cursor on `ref` when it is shown."""
        for index, tracked in enumerate(self._rows):
            if tracked.ref == ref:
                self._put(index)

    def _arrange(self) -> None:
        words = self._words
        self._rows = [t for t in self._all if matches(t, words)] if words else list(self._all)
        index = next((n for n, t in enumerate(self._rows) if t.ref == self._cursor), None)
        top = round(self.scroll_y)
        above = self._index - top
        size = Size(self.size.width, len(self._rows) + 1)
        if size.height != self.virtual_size.height:
            self.virtual_size = size
            self.refresh()
        if index is None:
            self._put(min(self._index, max(len(self._rows) - 1, 0)))
        elif index != self._index:
            self._index = index
            if top or index >= self.size.height - 1:  # at the top, what needs a look may come in above
                self._show_from(index - above)
        self.tick()

    def _put(self, index: int) -> None:
        index = max(0, min(index, len(self._rows) - 1))
        ref = self._rows[index].ref if self._rows else None
        moved = ref != self._cursor
        self._index, self._cursor = index, ref
        top, height = round(self.scroll_y), max(self.size.height - 1, 1)
        if index < top:
            self._show_from(index)
        elif index >= top + height:
            self._show_from(index - height + 1)
        self.tick()
        if moved:
            self.post_message(self.Moved(ref))

    def _show_from(self, y: int) -> None:
        self.scroll_to(y=max(y, 0), animate=False, force=True, immediate=True)

    def _wanted(self, y: int) -> tuple[_Row, bool, bool] | None:
        index = round(self.scroll_y) + y - 1
        if index >= len(self._rows):
            return None
        row = cells(self._rows[index], self._look.clock(), self._columns, self._look.glyphs)
        return row, index == self._index, self.has_focus

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
        base = styles["text"]
        if y == 0:
            return to_strip(header(self._columns), styles).adjust_cell_length(width, base)
        wanted = self._drawn[y] = self._wanted(y)
        if wanted is None:
            hint = self._empty_hint() if y == 2 and not self._rows else ()
            return to_strip(hint, styles).adjust_cell_length(width, base)
        row, selected, focused = wanted
        over = (styles["cursor"] if focused else styles["cursor.away"]) if selected else None
        spans = [span for column in row for span in column]
        return to_strip(spans, styles, over).adjust_cell_length(width, base + over if over else base)

    def _empty_hint(self) -> tuple[Span, ...]:
        if self._words:
            return (
                Span(f"  Nothing holds “{' '.join(self._words)}”. ", "dim"),
                Span("esc", "accent"),
                Span(" clears the filter.", "dim"),
            )
        return (
            Span("  No hot update is tracked yet. Press ", "dim"),
            Span("a", "accent"),
            Span(" to add an ID.", "dim"),
        )

    def on_resize(self, event: events.Resize) -> None:
        """Share the new width among the columns."""
        self._columns = widths(event.size.width)
        self._drawn.clear()
        self.virtual_size = Size(event.size.width, len(self._rows) + 1)
        self._put(self._index)
        self.refresh()

    def on_focus(self) -> None:
        """The cursor's colour tells where the keys go."""
        self.tick()

    on_blur = on_focus

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on a row, a second one opens it."""
        if event.y < 1:
            return
        index = round(self.scroll_y) + event.y - 1
        if index < len(self._rows):
            self._put(index)
            if event.chain > 1:
                self.post_message(self.Opened())

    def action_move(self, rows: int) -> None:
        """Move the cursor by so many rows."""
        self._put(self._index + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by so many screens."""
        self._put(self._index + pages * max(self.size.height - 2, 1))
