"""A question asked in the line at the foot of the screen."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Label

from hottui.model.control_characters import visible

Answered = Callable[[str | None], Awaitable[None] | None]
"""Called with an answer, or with None where there is none; later keys wait until it is done."""


class _Field(Input):
    """An input that takes a pasted text of many lines as one: an answer of HotUpdateJob has many."""

    def on_paste(self, event: events.Paste) -> None:
        """Put line ends and indents aside, show what would hide; Textual's own field would keep the first line only."""
        event.prevent_default()
        event.stop()
        self.replace(visible(" ".join(event.text.split())), *sorted(self.selection))


class Prompt(Horizontal):
    """One line of input, kept for the next question: what Textual drew of a widget outlives the widget.

    Enter hands the text to `done`, escape hands None; `changed` hears every key.
    """

    DEFAULT_CSS = """
    Prompt { height: 1; background: $panel; }
    Prompt Label { padding: 0 1; color: $accent; text-style: bold; }
    Prompt Input { width: 1fr; border: none; height: 1; padding: 0; background: $panel; }
    Prompt Input:focus { border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("ctrl+j", "submit", show=False),  # what Enter becomes until the terminal is in raw mode
    ]

    def __init__(self) -> None:
        super().__init__()
        self._title = Label(markup=False)
        self._field = _Field(select_on_focus=False)
        self._field.cursor_blink = False  # it would write all day
        self._done: Answered | None = None
        self._changed: Callable[[str], None] | None = None

    def compose(self) -> ComposeResult:
        """The title and the field."""
        yield self._title
        yield self._field

    def on_mount(self) -> None:
        """Take the keys of the first question; there was no field yet when it was asked."""
        self._field.focus()

    def ask(
        self,
        title: str,
        value: str,
        done: Answered,
        changed: Callable[[str], None] | None = None,
        *,
        hint: str = "",
        selected: bool = False,
    ) -> None:
        """Show the question with `value` in its field, `selected` or with the cursor behind it, and take the keys."""
        self._done, self._changed = done, changed
        self._title.update(title)
        with self._field.prevent(Input.Changed):
            self._field.value = value
        self._field.cursor_position = len(value)
        if selected:
            self._field.action_select_all()
        self._field.placeholder = hint
        self.display = True
        self._field.focus()

    @on(Input.Changed)
    def _heard(self, event: Input.Changed) -> None:
        if self._changed:
            self._changed(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._leave(event.value)

    async def action_submit(self) -> None:
        """Enter the text."""
        await self._field.action_submit()

    def action_cancel(self) -> None:
        """Leave without an answer."""
        self._leave(None)

    def _leave(self, value: str | None) -> None:
        done, self._done, self._changed = self._done, None, None  # a key still on its way is nobody's
        self.display = False
        if done is not None:
            self.call_later(done, value)
