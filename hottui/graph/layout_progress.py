"""Progress reporting and cancellation of a layout."""

from collections.abc import Callable

OnProgress = Callable[[str, float], None]
"""Called between steps with the stage and its completed fraction (0 to 1). Raises `Cancelled` to stop the layout."""


class Cancelled(Exception):
    """The caller cancelled the layout."""
