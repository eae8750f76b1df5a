"""A scrolling view of lines with a cursor: every text pane is one of these."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from hottui.render.styled_text import Line, Span
from hottui.runtime import error_hooks
from hottui.tui.appearance import Appearance, to_strip
from hottui.tui.widgets.scrolling import BARS, ROWS


class LinesView(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws the lines it was shown, writing only those that changed. The cursor rests on lines with a value."""

    DEFAULT_CSS = f"LinesView {{ height: 1fr; {BARS} }}"
    BINDINGS: ClassVar[list[BindingType]] = [
        *ROWS,
        Binding("left,h", "sideways(-8)", show=False),
        Binding("right,l", "sideways(8)", show=False),
    ]

    def __init__(self, look: Appearance, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._look = look
        self._lines: Sequence[Line] = ()
        self._cursor: int | None = None

    @property
    def lines(self) -> Sequence[Line]:
        """What is shown."""
        return self._lines

    @property
    def value(self) -> str | None:
        """What copying gives: the value of the line under the cursor."""
        if self._cursor is None:
            return None
        try:
            return self._lines[self._cursor].copied
        except Exception as error:  # noqa: BLE001 - reported
            error_hooks.current_hooks().handle(error)
            return None

    @property
    def place(self) -> tuple[int | None, int, int]:
        """Cursor and scroll offsets, to be given back to `show` later."""
        return self._cursor, round(self.scroll_x), round(self.scroll_y)

    def show(
        self, lines: Sequence[Line], place: tuple[int | None, int, int] | None = None, *, width: int | None = None
    ) -> None:
        """Show `lines`. With a `place` it is another text: cursor and scroll position are set anew.

        `width` is that of the longest line in cells, where the caller knows it: lines may be written when asked for.
        """
        old, self._lines = self._lines, lines
        if width is None:
            width = max((cell_len(line.text) for line in lines), default=0)
        if (width, len(lines)) != self.virtual_size:
            self.virtual_size = Size(width, len(lines))
        if place is not None:
            self._cursor = self._nearest(place[0] or 0, 1)
            self.scroll_to(place[1], place[2], animate=False, force=True, immediate=True)
            self.refresh()
            return
        self._cursor = self._nearest(self._cursor or 0, 1)
        if len(old) != len(lines):
            self.refresh()
            return
        top = round(self.scroll_y)
        for y in range(min(self.size.height, len(lines) - top)):
            if _line(old, top + y) != _line(lines, top + y):
                self.refresh(Region(0, y, self.size.width, 1))

    def _nearest(self, index: int, step: int) -> int | None:
        """The line with a value at `index` or next to it in the direction of `step`, else the other way."""
        index = max(0, min(index, len(self._lines) - 1))
        for way in (step, -step):
            found = index
            while 0 <= found < len(self._lines):
                if _line(self._lines, found).value is not None:
                    return found
                found += way
        return None

    def render_line(self, y: int) -> Strip:
        """One line, from the horizontal scroll position on."""
        styles, (left, top), width = self._look.styles, self.scroll_offset, self.size.width
        base, index = styles["text"], top + y
        if index >= len(self._lines):
            return Strip.blank(width, base)
        over = None
        if index == self._cursor:
            over = styles["cursor"] if self.has_focus else styles["cursor.away"]
        strip = to_strip(_line(self._lines, index).spans, styles, over)
        return strip.crop(left, left + width).adjust_cell_length(width, base + over if over else base)

    def _refresh_row(self, index: int | None) -> None:
        if index is not None:
            y = index - round(self.scroll_y)
            if 0 <= y < self.size.height:
                self.refresh(Region(0, y, self.size.width, 1))

    def _put(self, index: int) -> None:
        self._refresh_row(self._cursor)
        self._cursor = index
        self._refresh_row(index)
        top, height = round(self.scroll_y), max(self.size.height, 1)
        if index < top:
            self._scroll(index)
        elif index >= top + height:
            self._scroll(index - height + 1)

    def _scroll(self, y: int) -> None:
        self.scroll_to(y=max(y, 0), animate=False, force=True, immediate=True)

    def action_move(self, rows: int) -> None:
        """Move to the next line with a value; where there is none, scroll."""
        target = None
        if self._cursor is not None:
            target = self._nearest(self._cursor + rows, 1 if rows > 0 else -1)
        if target is None or target == self._cursor or (target - (self._cursor or 0)) * rows < 0:
            self._scroll(max(0, min(round(self.scroll_y) + rows, self.max_scroll_y)))
        else:
            self._put(target)

    def action_page(self, pages: int) -> None:
        """Move by so many screens."""
        self.action_move(pages * max(self.size.height - 1, 1))

    def action_sideways(self, cells: int) -> None:
        """Scroll to the side."""
        self.scroll_to(x=self.scroll_x + cells, animate=False, force=True, immediate=True)

    def on_focus(self) -> None:
        """The cursor's colour tells where the keys go."""
        self._refresh_row(self._cursor)

    on_blur = on_focus

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on the line."""
        index = round(self.scroll_y) + event.y
        if index < len(self._lines) and _line(self._lines, index).value is not None:
            self._put(index)


def _line(lines: Sequence[Line], index: int) -> Line:
    """The line at `index`, which may be made now: a fault in that is reported, and costs this line alone."""
    try:
        return lines[index]
    except Exception as error:  # noqa: BLE001 - reported
        error_hooks.current_hooks().handle(error)
        return Line(
            (Span(f" This line cannot be shown because of a fault in hottui ({type(error).__name__}).", "stale"),)
        )
