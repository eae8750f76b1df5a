"""Workers that may be cancelled before they begin.

Textual accepts a coroutine, too, but one that is cancelled before it begins is never awaited. Python warns of it where
it happens to be collected, which fails in the methods of named tuples.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode

Work = Callable[[], Coroutine[Any, Any, None]]


def start_worker(owner: DOMNode, work: Work, group: str, *, exclusive: bool = False) -> None:
    """Start `work` in a worker of `group`, `exclusive` in place of those in it; its errors do not end the app."""
    owner.run_worker(work, group=group, exclusive=exclusive, exit_on_error=False)  # type: ignore[arg-type]  # too narrow
