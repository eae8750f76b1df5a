"""Dialogs to choose one of a few: what a hot update is compared with, the column to sort by."""

from typing import ClassVar, Final, NamedTuple

from textual.binding import Binding, BindingType

from hottui.model.cell_width import fit, pad
from hottui.render.styled_text import Line, line
from hottui.tui.appearance import Appearance
from hottui.tui.screens.list_dialog import ListDialog

_NAME: Final = 23
"""Width of the names in cells."""


class Choice(NamedTuple):
    """One line. `about` is what it is, or why it is not available."""

    id: str
    key: str
    name: str
    about: str
    available: bool = True


class ChoiceDialog(ListDialog[str | None]):
    """Dismissed with the ID of the choice, or None. Opened, the cursor is on the first available choice."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", show=False),
        *(Binding(str(number), f"choose_key('{number}')", show=False) for number in range(10)),
    ]

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance, "", "enter: choose, esc: close")
        self._choices: tuple[Choice, ...] = ()

    def set_choices(self, title: str, choices: tuple[Choice, ...]) -> None:
        """Set the title, and the choices that are listed when the screen is opened next."""
        self._choices = choices
        self.view.border_title = title.replace("[", "\\[")
        self.view.styles.height = len(choices) + 2

    def lines(self, width: int) -> tuple[Line, ...]:
        """Return the choices, cut to the width."""
        return tuple(_line(choice, width) for choice in self._choices)

    def on_click(self) -> None:
        """Choose the clicked line."""
        self.action_choose()

    def action_choose(self) -> None:
        """Close with the choice under the cursor."""
        self.dismiss(self.view.value)

    def action_choose_key(self, key: str) -> None:
        """Close with the choice of a key, if it is available."""
        choice = next((each for each in self._choices if each.key == key and each.available), None)
        if choice is not None:
            self.dismiss(choice.id)


class ComparisonChoice(ChoiceDialog):
    """What a hot update is compared with."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("D", "choose", show=False, id="compare"),
        Binding("m", "choose_key('m')", show=False),
    ]


class PlaceChoice(ChoiceDialog):
    """The profile whose hot updates are shown."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("P", "choose", show=False, id="place")]


class SortChoice(ChoiceDialog):
    """The column by which the table is sorted."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("o", "choose", show=False, id="sort")]


def _line(choice: Choice, width: int) -> Line:
    about = fit(choice.about, max(width - _NAME - 5, 0)).rstrip()
    style = "text" if choice.available else "dim"
    return line(
        (f" {choice.key}  ", "accent" if choice.available else "dim"),
        (pad(choice.name, _NAME), style),
        (f" {about}", "dim"),
        value=choice.id if choice.available else None,
    )
