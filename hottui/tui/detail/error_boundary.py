"""Faults in a widget of the detail: what nobody expected ends no more than the method that met it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from textual.actions import SkipAction
from textual.message import Message
from textual.widget import Widget

P = ParamSpec("P")
W = TypeVar("W", bound=Widget)


class Fault(Message):
    """An exception that nobody expected, for the tab to report and to show in its place."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


def contained(method: Callable[Concatenate[W, P], None]) -> Callable[Concatenate[W, P], None]:
    """Post a `Fault` where `method` raises. Textual would end the program."""

    @wraps(method)
    def guarded(self: W, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            method(self, *args, **kwargs)
        except SkipAction:
            raise
        except Exception as error:  # noqa: BLE001 - posted, to be reported
            self.post_message(Fault(error))

    return guarded
