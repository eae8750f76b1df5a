"""A one-line prompt in place of the footer."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Label

from hottui.model.control_characters import visible

Answered = Callable[[str | None], Awaitable[None] | None]
"""Callback with the entered text, or None on escape; later keys wait until it is done."""


class _Field(Input):
    """An input that joins the lines of a pasted text: the JSON that HotUpdateJob returns has many."""

    def on_paste(self, event: events.Paste) -> None:
        """Collapse line ends and indents and escape control characters; Textual's Input keeps the first line only."""
        event.prevent_default()
        event.stop()
        self.replace(visible(" ".join(event.text.split())), *sorted(self.selection))


class Prompt(Horizontal):
    """One line of input, reused for every question: Textual's caches keep a removed widget in memory.

    Enter calls `done` with the text, escape with None; `changed` is called with the text after every edit.
    """

    DEFAULT_CSS = """
    Prompt { height: 1; background: $panel; }
    Prompt Label { padding: 0 1; color: $accent; text-style: bold; }
    Prompt Input { width: 1fr; border: none; height: 1; padding: 0; background: $panel; }
    Prompt Input:focus { border: none; }
    Prompt #prompt-status { color: $warning; text-style: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("ctrl+j", "submit", show=False),  # Enter, until the terminal is in raw mode
    ]

    def __init__(self) -> None:
        super().__init__()
        self._title = Label(markup=False)
        self._field = _Field(select_on_focus=False)
        self._field.cursor_blink = False  # a blinking cursor would write to the terminal all the time
        self._status_label = Label(markup=False, id="prompt-status")
        self._shown_status = ""
        self._done: Answered | None = None
        self._changed: Callable[[str], None] | None = None
        self._status: Callable[[], str] | None = None

    def compose(self) -> ComposeResult:
        """Yield the title, the input and the status."""
        yield self._title
        yield self._field
        yield self._status_label

    def on_mount(self) -> None:
        """Focus the input, which was not mounted yet when the first question was asked."""
        self._field.focus()

    def ask(
        self,
        title: str,
        value: str,
        done: Answered,
        changed: Callable[[str], None] | None = None,
        *,
        hint: str = "",
        status: Callable[[], str] | None = None,
    ) -> None:
        """Show and focus the input with `value`, which typing replaces, and beside it the `status`."""
        self._done, self._changed, self._status = done, changed, status
        self.refresh_status()
        self._title.update(title)
        with self._field.prevent(Input.Changed):
            self._field.value = value
        self._field.action_select_all()
        self._field.placeholder = hint
        self.display = True
        self._field.focus()

    def refresh_status(self) -> None:
        """Show the current status."""
        status = self._status() if self._status else ""
        if status != self._shown_status:
            self._shown_status = status
            self._status_label.update(visible(status))
        self._status_label.display = bool(status)

    @on(Input.Changed)
    def _on_changed(self, event: Input.Changed) -> None:
        if self._changed:
            self._changed(event.value)
            self.refresh_status()

    @on(Input.Submitted)
    def _on_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._close(event.value)

    async def action_submit(self) -> None:
        """Submit the text."""
        await self._field.action_submit()

    def action_cancel(self) -> None:
        """Close without an answer."""
        self._close(None)

    def _close(self, value: str | None) -> None:
        done, self._done, self._changed, self._status = (
            self._done,
            None,
            None,
            None,
        )  # later keys must not call them again
        self.display = False
        if done is not None:
            self.call_later(done, value)
