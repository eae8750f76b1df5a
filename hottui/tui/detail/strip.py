"""The line of tabs."""

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from hottui.tui.detail.subject import Subject
from hottui.tui.detail.tabs import TABS
from hottui.tui.lines import Span, to_strip
from hottui.tui.look import Look

_ROOMY = 100
"""Cells from which on the tabs carry their notes."""


class TabStrip(Widget):
    """The names of the tabs, the open one underlined."""

    DEFAULT_CSS = """
    TabStrip { height: 1; }
    """

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._open = 0
        self._labels: tuple[str, ...] = ()

    def show(self, subject: Subject | None, number: int) -> None:
        """Show the notes of `subject` and underline tab `number`."""
        labels = tuple(tab.label(subject, narrow=self.size.width < _ROOMY) for tab in TABS)
        if (labels, number) != (self._labels, self._open):
            self._labels, self._open = labels, number
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The tabs, two cells apart."""
        styles, spans = self._look.styles, [Span(" ", "tab")]
        for number, label in enumerate(self._labels):
            spans += [Span(label, "tab.open" if number == self._open else "tab"), Span("  ", "tab")]
        return to_strip(spans, styles).adjust_cell_length(self.size.width, styles["tab"])

    def on_click(self, event: events.Click) -> None:
        """Open the tab that was clicked."""
        x = 1
        for number, label in enumerate(self._labels):
            if x <= event.x < x + cell_len(label):
                self.post_message(self.Chosen(number))
            x += cell_len(label) + 2
