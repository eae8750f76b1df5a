"""Report unexpected errors in handlers of user input instead of ending the dashboard.

Textual ends the app at the first exception in a message handler, and some of its own widgets raise when a key arrives
before their first layout (a page key right after the one that opens the command palette).
"""

from typing import Any
from weakref import WeakSet

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

from hottui.runtime import error_hooks

_FROM_INPUT = (
    events.InputEvent, events.Paste, events.Resize, events.AppFocus, events.AppBlur, events.Focus, events.Blur,
    events.DescendantFocus, events.DescendantBlur, events.Enter, events.Leave, events.MouseCapture, events.MouseRelease,
    events.ScreenResume, events.ScreenSuspend, events.Show, events.Hide, events.Mount, events.Unmount, events.Callback,
)  # fmt: skip
"""Events caused by input, directly or through what it opens, focuses and calls."""
_WIDGETS = (
    "textual.widgets.",
    "textual.command",
    "textual.screen",
    "hottui.tui.widgets.live_table",
    "hottui.tui.detail",
)
"""Modules of widgets whose messages report a user's action."""


def is_from_input(message: Message) -> bool:
    """Return whether typing, clicking or resizing caused `message`."""
    return isinstance(message, _FROM_INPUT) or type(message).__module__.startswith(_WIDGETS)


def contain(app: App[Any]) -> None:
    """Report exceptions in handlers of input instead of letting them end `app`.

    Textual has no hook between a handler that raises and the end of the widget's message loop, so the method that calls
    the handlers is wrapped.
    """
    _apps.add(app)
    dispatch = MessagePump._dispatch_message
    if getattr(dispatch, "contains", False):
        return

    async def contained(self: MessagePump, message: Message) -> None:
        try:
            await dispatch(self, message)
        except Exception as fault:
            if self.app not in _apps or not is_from_input(message):
                raise
            if self.app.return_code is None:  # widgets are being removed: errors are expected
                error_hooks.current_hooks().handle(fault)

    contained.contains = True  # type: ignore[attr-defined]
    MessagePump._dispatch_message = contained  # type: ignore[method-assign]


_apps: WeakSet[App[Any]] = WeakSet()
