"""How long work tells what it is at, and hears that it is no longer wanted."""

from collections.abc import Callable

Watch = Callable[[str, float], None]
"""Called between steps with the stage and how much of it is done (0 to 1). Raises `Cancelled` to stop the work."""


class Cancelled(Exception):
    """The drawing is no longer wanted."""
