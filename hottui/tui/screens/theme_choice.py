"""The list of themes. The screens behind it are drawn in the theme under the cursor."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.theme import Theme

from hottui.model.cell_width import pad
from hottui.render.styled_text import Line, line
from hottui.tui.appearance import Appearance
from hottui.tui.screens.resizing import drop_outdated
from hottui.tui.themes import PaletteTheme
from hottui.tui.widgets.lines_view import LinesView


class ThemeChoice(ModalScreen[str]):
    """A modal screen that is dismissed with the name of the theme in effect. Reused: see `app_actions`."""

    DEFAULT_CSS = """
    ThemeChoice { align: right middle; }
    ThemeChoice LinesView {
        width: 66; max-width: 90%; max-height: 90%; border: round $primary; background: $background;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "restore", show=False),
        Binding("enter", "keep", show=False),
        Binding("T", "keep", show=False, id="theme"),
    ]

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._themes: tuple[Theme, ...] = ()
        self._before = ""
        self._view = LinesView(appearance)
        self._view.border_title = "Theme"
        self._view.border_subtitle = "enter: keep, esc: back"

    def compose(self) -> ComposeResult:
        """Yield one view of lines."""
        yield self._view

    def set_themes(self, themes: tuple[Theme, ...], current: str) -> None:
        """Set the themes to choose from, and the name of the one in effect, when the screen is opened next."""
        self._themes, self._before = themes, current

    def on_screen_resume(self) -> None:
        """Focus the list, with the cursor on the theme in effect, whenever the screen is opened."""
        names = [theme.name for theme in self._themes]
        self._view.styles.height = len(names) + 2
        self._view.show(tuple(map(_line, self._themes)), (names.index(self._before), 0, 0))
        self._view.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Ignore an outdated size."""
        drop_outdated(self, event)

    @on(LinesView.Moved)
    def _preview(self) -> None:
        if self._view.value is not None:
            self.app.theme = self._view.value

    def action_restore(self) -> None:
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
