"""Faults in hottui that no code waits for: in a thread, in a task nobody awaits, in an object that goes away.

Python would print each with its traceback, over the screen if need be. Here each is reported, told and logged once, and
the program goes on. Python has one hook of each kind for the whole process, so there is one of these: `UNHEARD`.
"""

import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from hottui import paths

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from sys import UnraisableHookArgs

_AT_MOST: Final = 5
"""Reports of one run: what goes wrong every second is told often enough by then."""

_Place = tuple[type[BaseException], str, int]


class Unheard:
    """Hears of such faults from `hear` on. Any thread may bring one."""

    def __init__(self) -> None:
        self.told: tuple[str, ...] = ()
        """A sentence for each fault that was reported."""
        self._listeners: list[Callable[[str], None]] = []
        self._known: set[_Place] = set()

    def hear(self) -> None:
        """Listen to all threads and finalisers of this process from now on."""
        threading.excepthook = self._in_thread
        sys.unraisablehook = self._unraisable

    def hear_tasks(self, loop: "AbstractEventLoop") -> None:
        """Listen to what nobody awaits on `loop`."""
        loop.set_exception_handler(self._in_loop)

    def listen(self, tell: Callable[[str], None]) -> None:
        """Have each sentence told, on whatever thread the fault came up."""
        self._listeners.append(tell)

    def heard(self, error: BaseException) -> None:
        """Report `error` and tell of it, unless one of its kind came up at the same place before."""
        place = _place_of(error)
        if place in self._known or len(self._known) >= _AT_MOST:
            return
        self._known.add(place)
        from hottui import crash  # noqa: PLC0415 - never needed, one hopes

        sentence = crash.keep(error, paths.state_dir(), ended=False)
        self.told += (sentence,)
        for tell in self._listeners:
            tell(sentence)

    def _in_thread(self, fault: threading.ExceptHookArgs) -> None:
        if fault.exc_value is not None and not isinstance(fault.exc_value, SystemExit):
            self.heard(fault.exc_value)

    def _unraisable(self, fault: "UnraisableHookArgs") -> None:
        # At Python's own end there is nothing left to go on with; a ctrl-c is no fault.
        if isinstance(fault.exc_value, Exception) and not sys.is_finalizing():
            self.heard(fault.exc_value)

    def _in_loop(self, loop: "AbstractEventLoop", context: dict[str, Any]) -> None:  # noqa: ARG002 - asyncio's signature
        error = context.get("exception")
        self.heard(error if isinstance(error, BaseException) else RuntimeError(str(context.get("message"))))


def _place_of(error: BaseException) -> _Place:
    """What the fault is and where it came up."""
    trace: TracebackType | None = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (type(error), trace.tb_frame.f_code.co_filename, trace.tb_lineno) if trace else (type(error), str(error), 0)


UNHEARD: Final = Unheard()
