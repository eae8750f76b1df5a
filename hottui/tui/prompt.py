"""A question asked in the line at the foot of the screen."""

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Label

from hottui.model.text import visible


class _Field(Input):
    """An input that takes a pasted text of many lines as one: an answer of HotUpdateJob has many."""

    def on_paste(self, event: events.Paste) -> None:
        """Put line ends and indents aside, show what would hide; Textual's own field would keep the first line only."""
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(visible(" ".join(event.text.split())))


class Prompt(Horizontal):
    """One line of input. Enter hands the text to `done`, escape hands None; `changed` hears every key."""

    DEFAULT_CSS = """
    Prompt { height: 1; background: $panel; }
    Prompt Label { padding: 0 1; color: $accent; text-style: bold; }
    Prompt Input { width: 1fr; border: none; height: 1; padding: 0; background: $panel; }
    Prompt Input:focus { border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]

    def __init__(
        self,
        title: str,
        value: str,
        done: Callable[[str | None], None],
        changed: Callable[[str], None] | None = None,
        *,
        hint: str = "",
    ) -> None:
        super().__init__()
        self._title, self._value, self._done, self._changed, self._hint = title, value, done, changed, hint

    def compose(self) -> ComposeResult:
        """The title and the field; its cursor does not blink, which would write all day."""
        yield Label(self._title, markup=False)
        field = _Field(self._value, placeholder=self._hint, select_on_focus=False)
        field.cursor_blink = False
        yield field

    def on_mount(self) -> None:
        """Take the keys."""
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _heard(self, event: Input.Changed) -> None:
        if self._changed:
            self._changed(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._leave(event.value)

    def action_cancel(self) -> None:
        """Leave without an answer."""
        self._leave(None)

    def _leave(self, value: str | None) -> None:
        done = self._done
        # the screen's signal would keep the field, and with it everything here, as long as the screen is there
        self.screen.text_selection_started_signal.unsubscribe(self.query_one(Input))
        self.remove()
        self.call_later(done, value)
