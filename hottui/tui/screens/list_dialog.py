"""A modal screen with one list of lines in a border: the help, the troubles, the choice of a comparison."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, ScreenResultType

from hottui.render.styled_text import Line
from hottui.tui.appearance import Appearance
from hottui.tui.screens.resizing import drop_outdated
from hottui.tui.widgets.lines_view import LinesView

_BORDER = 2
"""Cells of the border."""
_LEAST = 20
"""Cells to which lines are wrapped at least."""


class ListDialog(ModalScreen[ScreenResultType]):
    """The lines are wrapped again for another size, with cursor and scroll position kept; it opens at the beginning."""

    MAX_WIDTH: ClassVar[int] = 100
    """Columns of the list at most; it takes nine tenths of the terminal."""
    DEFAULT_CSS = """
    ListDialog { align: center middle; }
    ListDialog LinesView { width: 90%; border: round $primary; background: $background; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "leave", show=False)]

    def __init__(self, appearance: Appearance, title: str, keys: str) -> None:
        super().__init__()
        self.appearance = appearance
        self.view = LinesView(appearance)
        self.view.styles.max_width = self.MAX_WIDTH
        self.view.border_title, self.view.border_subtitle = title, keys
        self._is_new = True

    def lines(self, width: int) -> Sequence[Line]:
        """Return the list in lines of `width` cells."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Yield one view of lines."""
        yield self.view

    def on_screen_resume(self) -> None:
        """Focus the list, and scroll to its beginning if the screen was opened."""
        if self._is_new:
            self.show_from_top()
            if self.first_line:
                self._show((0, 0, self.first_line))
        else:
            self._show(None)
        self._is_new = False
        self.view.focus()

    @property
    def first_line(self) -> int:
        """The line at the top when the screen is opened."""
        return 0

    def show_from_top(self) -> None:
        """Show the list from its first line on."""
        self._show((0, 0, 0))

    def on_screen_suspend(self) -> None:
        """Show the beginning again when the screen is opened next; under the palette it stays open."""
        self._is_new = self not in self.app.screen_stack

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the texts to the new width."""
        if not drop_outdated(self, event):
            self._show(None)

    def _show(self, place: tuple[int, int, int] | None) -> None:
        width = min(self.size.width * 9 // 10, self.MAX_WIDTH) - _BORDER
        self.view.show(self.lines(max(width, _LEAST)), place)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)
