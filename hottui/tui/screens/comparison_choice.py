"""The list from which to choose what a hot update is compared with."""

from typing import ClassVar, Final, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from hottui.model.cell_width import fit, pad
from hottui.render.styled_text import Line, line
from hottui.tui.appearance import Appearance
from hottui.tui.screens.resizing import drop_outdated
from hottui.tui.widgets.lines_view import LinesView

_NAME: Final = 23
"""Width of the names in cells."""


class Choice(NamedTuple):
    """One line. `about` is what it is, or why it is not available."""

    id: str
    key: str
    name: str
    about: str
    available: bool = True


class ComparisonChoice(ModalScreen[str | None]):
    """A modal screen that is dismissed with the ID of the choice, or None. Reused: see `app_actions`."""

    DEFAULT_CSS = """
    ComparisonChoice { align: center middle; }
    ComparisonChoice LinesView { width: 90%; max-width: 100; border: round $primary; background: $background; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("enter,D", "choose", show=False),
        Binding("m", "choose_key('m')", show=False),
        *(Binding(str(number), f"choose_key('{number}')", show=False) for number in range(1, 5)),
    ]

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._choices: tuple[Choice, ...] = ()
        self._view = LinesView(appearance)
        self._view.border_subtitle = "enter: choose, esc: close"

    def compose(self) -> ComposeResult:
        """Yield one view of lines."""
        yield self._view

    def set_choices(self, name: str, choices: tuple[Choice, ...]) -> None:
        """Set the choices for the hot update `name` that are listed when the screen is opened next."""
        self._choices = choices
        self._view.border_title = f"Compare {name} with".replace("[", "\\[")

    def on_screen_resume(self) -> None:
        """Focus the list, with the cursor on the first available choice, whenever the screen is opened."""
        self._show()
        self._view.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Cut the lines at the new width."""
        if not drop_outdated(self, event):
            self._show()

    def on_click(self) -> None:
        """Choose the clicked line."""
        self.action_choose()

    def _show(self) -> None:
        width = max(min(self.size.width * 9 // 10, 100) - 2, 20)
        self._view.styles.height = len(self._choices) + 2
        self._view.show(tuple(_line(choice, width) for choice in self._choices), (0, 0, 0))

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)

    def action_choose(self) -> None:
        """Close with the choice under the cursor."""
        self.dismiss(self._view.value)

    def action_choose_key(self, key: str) -> None:
        """Close with the choice of a key, if it is available."""
        choice = next((each for each in self._choices if each.key == key and each.available), None)
        if choice is not None:
            self.dismiss(choice.id)


def _line(choice: Choice, width: int) -> Line:
    about = fit(choice.about, max(width - _NAME - 5, 0)).rstrip()
    style = "text" if choice.available else "dim"
    return line(
        (f" {choice.key}  ", "accent" if choice.available else "dim"),
        (pad(choice.name, _NAME), style),
        (f" {about}", "dim"),
        value=choice.id if choice.available else None,
    )
