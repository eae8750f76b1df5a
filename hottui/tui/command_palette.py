"""The command palette."""

from contextlib import suppress
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.command import CommandList, CommandPalette


class Palette(CommandPalette):
    """Textual's palette, with page keys for a list that has no lines: not laid out yet, or without room on the screen.

    Textual looks for a line all the same, and raises.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page(1)", "Next page", show=False),
        Binding("pageup", "page(-1)", "Previous page", show=False),
        Binding("ctrl+c", "app.quit", "Quit", show=False),
    ]

    def action_page(self, direction: int) -> None:
        """Move the highlight by one page."""
        commands = self.query_one(CommandList)
        with suppress(KeyError):  # no line of its options is on the screen
            if direction > 0:
                commands.action_page_down()  # type: ignore[no-untyped-call]  # as Textual has it
            else:
                commands.action_page_up()  # type: ignore[no-untyped-call]
