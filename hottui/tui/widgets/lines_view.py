"""A scrolling view of lines with a cursor, used by every text pane."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from hottui.render.styled_text import Line, Span
from hottui.runtime import error_hooks
from hottui.tui.appearance import SCROLLBARS, Appearance, to_strip
from hottui.tui.commands import SCROLL_KEYS


class LinesView(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows lines and redraws only those that changed. The cursor stops at lines with a value only."""

    class Moved(Message):
        """The cursor was moved."""

    DEFAULT_CSS = f"LinesView {{ height: 1fr; {SCROLLBARS} }}"
    BINDINGS: ClassVar[list[BindingType]] = [
        *SCROLL_KEYS,
        Binding("left,h", "sideways(-8)", show=False),
        Binding("right,l", "sideways(8)", show=False),
    ]

    def __init__(self, appearance: Appearance, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._appearance = appearance
        self._lines: Sequence[Line] = ()
        self._cursor: int | None = None

    @property
    def lines(self) -> Sequence[Line]:
        """The lines shown."""
        return self._lines

    @property
    def value(self) -> str | None:
        """The value to copy from the line under the cursor; None without one."""
        if self._cursor is None:
            return None
        try:
            return self._lines[self._cursor].copied
        except Exception as error:  # noqa: BLE001 - reported
            error_hooks.current_hooks().handle(error)
            return None

    @property
    def place(self) -> tuple[int | None, int, int]:
        """Cursor and scroll offsets, to pass to `show` later."""
        return self._cursor, round(self.scroll_x), round(self.scroll_y)

    def show(
        self, lines: Sequence[Line], place: tuple[int | None, int, int] | None = None, *, width: int | None = None
    ) -> None:
        """Show `lines`. A `place` sets cursor and scroll position, for another text; without one they are kept.

        `width` is that of the longest line in cells, if the caller has it: lines may be rendered on demand.
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
        """Return the nearest line with a value from `index` on in the direction of `step`, else in the other one."""
        index = max(0, min(index, len(self._lines) - 1))
        for direction in (step, -step):
            found = index
            while 0 <= found < len(self._lines):
                if _line(self._lines, found).value is not None:
                    return found
                found += direction
        return None

    def render_line(self, y: int) -> Strip:
        """Return the visible part of one line."""
        styles, (left, top), width = self._appearance.styles, self.scroll_offset, self.size.width
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

    def _move_cursor(self, index: int) -> None:
        self._refresh_row(self._cursor)
        self._cursor = index
        self._refresh_row(index)
        self.post_message(self.Moved())
        top, height = round(self.scroll_y), max(self.size.height, 1)
        if index < top:
            self._scroll(index)
        elif index >= top + height:
            self._scroll(index - height + 1)

    def _scroll(self, y: int) -> None:
        self.scroll_to(y=max(y, 0), animate=False, force=True, immediate=True)

    def action_move(self, rows: int) -> None:
        """Move to the next line with a value; if there is none, scroll."""
        target = None
        if self._cursor is not None:
            target = self._nearest(self._cursor + rows, 1 if rows > 0 else -1)
        if target is None or target == self._cursor or (target - (self._cursor or 0)) * rows < 0:
            self._scroll(max(0, min(round(self.scroll_y) + rows, self.max_scroll_y)))
        else:
            self._move_cursor(target)

    def move_to(self, index: int) -> None:
        """Move the cursor to the line at `index`, or to the next one with a value, which becomes visible."""
        target = self._nearest(index, 1)
        if target is not None:
            self._move_cursor(target)

    def action_page(self, pages: int) -> None:
        """Move by `pages` pages."""
        self.action_move(pages * max(self.size.height - 1, 1))

    def action_sideways(self, cells: int) -> None:
        """Scroll left or right by `cells`."""
        self.scroll_to(x=self.scroll_x + cells, animate=False, force=True, immediate=True)

    def on_focus(self) -> None:
        """Redraw the cursor, whose colour shows the focus."""
        self._refresh_row(self._cursor)

    on_blur = on_focus

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked line."""
        index = round(self.scroll_y) + event.y
        if index < len(self._lines) and _line(self._lines, index).value is not None:
            self._move_cursor(index)


def _line(lines: Sequence[Line], index: int) -> Line:
    """Return the line at `index`, which may be rendered on demand; an error in that is reported and shown instead."""
    try:
        return lines[index]
    except Exception as error:  # noqa: BLE001 - reported
        error_hooks.current_hooks().handle(error)
        return Line((Span(f" Internal error ({type(error).__name__}): this line cannot be shown.", "stale"),))
