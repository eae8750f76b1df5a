"""Screens that are created when they are first needed, and reused: Textual's caches keep a removed screen in memory."""

from collections.abc import Callable
from typing import Any, TypeVar

from textual.app import App
from textual.screen import Screen

S = TypeVar("S", bound=Screen[Any])


def reusable(app: App[Any], screen_class: type[S], create: Callable[[], S]) -> S | None:
    """Return the one screen of `screen_class`, to be pushed; None while it is open, as when a key is pressed twice."""
    name = screen_class.__name__
    if not app.is_screen_installed(name):
        app.install_screen(create(), name)
    screen = app.get_screen(name, screen_class)
    return None if screen in app.screen_stack else screen
