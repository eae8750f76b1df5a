"""The list of themes. The screens behind it are drawn in the theme under the cursor."""

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.theme import Theme

from hottui.model.cell_width import pad
from hottui.render.styled_text import Line, line
from hottui.tui.appearance import Appearance
from hottui.tui.screens.list_dialog import ListDialog
from hottui.tui.themes import PaletteTheme
from hottui.tui.widgets.lines_view import LinesView


class ThemeChoice(ListDialog[str]):
    """Dismissed with the name of the theme in effect. Opened, the cursor is on the theme in effect."""

    MAX_WIDTH = 66
    DEFAULT_CSS = """
    ThemeChoice { align: right middle; }
    ThemeChoice LinesView { max-height: 90%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "keep", show=False),
        Binding("T", "keep", show=False, id="theme"),
    ]

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance, "Theme", "enter: keep, esc: back")
        self._themes: tuple[Theme, ...] = ()
        self._before = ""

    def set_themes(self, themes: tuple[Theme, ...], current: str) -> None:
        """Set the themes to choose from, and the name of the one in effect, when the screen is opened next."""
        self._themes, self._before = themes, current
        self.view.styles.height = len(themes) + 2

    def lines(self, width: int) -> tuple[Line, ...]:  # noqa: ARG002 - short lines
        """Return a line for each theme."""
        return tuple(map(_line, self._themes))

    def _show(self, place: tuple[int, int, int] | None) -> None:
        names = [theme.name for theme in self._themes]
        super()._show(None if place is None else (names.index(self.app.theme), 0, 0))

    @on(LinesView.Moved)
    def _preview(self) -> None:
        if self.view.value is not None:
            self.app.theme = self.view.value

    def action_leave(self) -> None:
        """Close, with the theme that was in effect before."""
        self.app.theme = self._before
        self.dismiss(self._before)

    def action_keep(self) -> None:
        """Close, with the theme under the cursor."""
        self._preview()
        self.dismiss(self.app.theme)


def _line(theme: Theme) -> Line:
    colors = ", the terminal's own 16 colours" if isinstance(theme, PaletteTheme) else ""
    about = f"{'dark' if theme.dark else 'light'}{colors}"
    return line((f" {pad(theme.name, 22)} ", "text"), (about, "dim"), value=theme.name)
