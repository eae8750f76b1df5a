"""Ending when the world says so: signals, a terminal that is gone, a parent that died."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable

_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
_AT_MOST = 0.8
"""Seconds a clean end may take. Nothing is known to keep it longer; what was observed is in the store by then."""
_LEFT: list[Callable[[], None]] = []
"""What must be done although the end cannot be a clean one."""


def listen(end: Callable[[int], None]) -> None:
    """Call `end` on the event loop with the exit code of a signal (128 and its number) when one comes.

    Textual itself lets SIGTERM and SIGHUP kill the process, which leaves the terminal in its alternate screen. A
    SIGHUP that is ignored (`nohup`, `trap '' HUP`) stays so; what comes with it, a lost terminal, is noticed anyway.
    """
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN or number != signal.SIGHUP:
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


def do_at_any_end(act: Callable[[], None]) -> None:
    """Have `act` done also where the process must be ended before everything has come to its own end."""
    _LEFT.append(act)


def leave_no_later(code: int, last_words: Callable[[], None]) -> None:
    """See to it that the process ends with `code` soon, whatever keeps it; then `last_words` are said before."""

    def leave() -> None:
        try:
            last_words()
            for act in _LEFT:
                act()
        finally:
            os._exit(code)

    timer = threading.Timer(_AT_MOST, leave)
    timer.daemon = True
    timer.start()
