"""Error boundary for the widgets of the detail pane: an unexpected exception ends only the method that raised it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from textual.actions import SkipAction
from textual.message import Message
from textual.widget import Widget

from hottui.render.lazy_lines import LazyLines, fixed
from hottui.render.styled_text import note
from hottui.runtime import error_hooks

P = ParamSpec("P")
W = TypeVar("W", bound=Widget)


class InternalError(Message):
    """An unexpected exception, which the tab reports and shows in place of its content."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


def contained(method: Callable[Concatenate[W, P], None]) -> Callable[Concatenate[W, P], None]:
    """Post an `InternalError` when `method` raises; Textual would end the program."""

    @wraps(method)
    def guarded(self: W, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            method(self, *args, **kwargs)
        except SkipAction:
            raise
        except Exception as error:  # noqa: BLE001 - posted, to be reported
            self.post_message(InternalError(error))

    return guarded


def report_as_lines(error: Exception, width: int) -> LazyLines:
    """Report `error` and return a message about it."""
    error_hooks.current_hooks().handle(error)
    return fixed(note(internal_error_text(error), width, "stale"))


def internal_error_text(error: Exception) -> str:
    """Return the message shown in place of a tab."""
    name = type(error).__name__
    return (
        f"Internal error ({name}): this tab cannot be shown. Press r to read again. "
        "The path of the crash report is printed on exit."
    )
