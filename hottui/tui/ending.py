"""Ending when the world says so: signals, a terminal that is gone, a parent that died."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable

_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
_AT_MOST = 0.8
"""Seconds a clean end may take once the terminal may be gone: writing to it can block for ever."""


def listen(end: Callable[[int], None]) -> None:
    """Call `end` on the event loop with the exit code of a signal (128 and its number) when one comes.

    Textual itself lets SIGTERM and SIGHUP kill the process, which leaves the terminal in its alternate screen.
    """
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, end, 128 + number)


class Watch:
    """Notices a terminal that was closed, and a parent that died, where no signal tells."""

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._had_terminal = os.isatty(descriptor)
        self._parent = os.getppid()

    def lost(self) -> bool:
        """Whether nobody can be sitting in front of this any more."""
        return self._had_terminal and (not os.isatty(self._descriptor) or os.getppid() != self._parent)


def leave_no_later(code: int) -> None:
    """See to it that the process ends with `code` soon, even if its terminal never takes another byte."""
    timer = threading.Timer(_AT_MOST, os._exit, (code,))
    timer.daemon = True
    timer.start()
