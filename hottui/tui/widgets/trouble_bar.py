"""The lines under the header for troubles of polling as a whole."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from hottui.model.state import Freshness
from hottui.model.tracking import Tracked
from hottui.tui.appearance import Appearance, to_strip
from hottui.tui.widgets.header_footer import NOTIFICATION_SECONDS
from hottui.tui.widgets.status_text import QUIET, Parts, TroubleText, trouble_lines

_MOST: Final = 3
"""Lines; others are only counted."""
_TALL: Final = 20
"""Lines of the terminal from which there is space for more than one."""


class TroubleBar(Widget):
    """The worst troubles, one in a line; hidden while there is none."""

    DEFAULT_CSS = "TroubleBar { height: 1; }"

    def __init__(self, appearance: Appearance, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._appearance = appearance
        self._lines: tuple[Parts, ...] = ()
        self._last = ""

    def show_troubles(self, found: Sequence[TroubleText], tracked: tuple[Tracked, ...]) -> None:
        """Show message, hint and style of each trouble, the worst first.

        A new worst one that is cut off and concerns more than a few rows is also shown once in full, in a notification.
        """
        size = self.app.size
        lines = trouble_lines(found, _MOST if size.height >= _TALL else 1, size.width, self._appearance.key("troubles"))
        if lines != self._lines:
            if len(lines) != len(self._lines):
                self.styles.height = max(len(lines), 1)
            self._lines = lines
            self.refresh()
        self.display = bool(lines)
        message, hint, style = found[0] if found else ("", "", QUIET)
        too_long = cell_len(message + hint) + 4 > size.width
        denied = sum(one.freshness is Freshness.DENIED for one in tracked)
        grave = style == "bar.warning" or (style != QUIET and 2 * denied >= len(tracked))
        if message and message != self._last and too_long and grave:
            self.app.notify(f"{message}\n{hint}", severity="warning", timeout=NOTIFICATION_SECONDS, markup=False)
        self._last = message

    @property
    def text(self) -> str:
        """The text of all lines."""
        return "\n".join("".join(span.text for span in parts) for parts in self._lines)

    def render_line(self, y: int) -> Strip:
        """Return one trouble."""
        styles = self._appearance.styles
        parts = self._lines[y] if y < len(self._lines) else ()
        return to_strip(parts, styles).adjust_cell_length(self.size.width, styles["bar"])
