"""Faults in hottui that no code waits for: in a thread, in a task nobody awaits, in an object that goes away.

Python would print each with its traceback, over the screen if need be. Here each is reported, told and logged once, and
the program goes on. Python has one hook of each kind for the whole process, so one `Unheard` hears at a time: the
`current` one.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from hottui import paths

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from sys import UnraisableHookArgs

    from hottui.runtime.crash_report import ErrorList


_REPORTED: Final = 5
"""Places of one run that have a report each: what goes wrong every second is told often enough by then."""
_LISTED: Final = 100
"""Places of one run that are heard of at all; those after the reported ones have a line each, in one list."""
_NO_FAULTS: Final = (KeyboardInterrupt, SystemExit)
"""What ends the program because somebody asked for it, wherever Python happened to be."""

_Place = tuple[type[BaseException], str, int]
_Listener = Callable[[str], None]


class ErrorHooks:
    """Hears of such faults, from any thread, and tells of each place where one came up once."""

    def __init__(self) -> None:
        self.told: tuple[str, ...] = ()
        """What the user has to be told, a message each."""
        self._listeners: tuple[_Listener, ...] = ()
        self._writers: tuple[_Listener, ...] = ()
        self._known: set[_Place] = set()
        self._listing: ErrorList | None = None
        self._lock = threading.RLock()  # the same thread comes again when a finaliser fails in the midst of it

    def hear(self) -> None:
        """Listen to all threads and finalisers of this process from now on."""
        threading.excepthook = self._in_thread
        sys.unraisablehook = self._unraisable

    def hear_tasks(self, loop: "AbstractEventLoop") -> None:
        """Listen to what nobody awaits on `loop`."""
        loop.set_exception_handler(self._in_loop)

    def listen(self, tell: _Listener) -> None:
        """Have each message for the user told, on whatever thread the fault came up."""
        with self._lock:
            self._listeners += (tell,)

    def log(self, write: _Listener) -> None:
        """Have each message written, and a line for each fault that the user is not told of one by one."""
        with self._lock:
            self._writers += (write,)

    def heard(self, error: BaseException) -> None:
        """Report `error` and tell of it, unless one of its kind came up at the same place before."""
        place = _place_of(error)
        with self._lock:
            if place in self._known or len(self._known) >= _LISTED:
                return
            self._known.add(place)
            number = len(self._known)
        try:
            self._report(error, number)
        except Exception as failure:  # noqa: BLE001 - told: Python would print this one as well
            names = f"{type(error).__name__}, then {type(failure).__name__}"
            self._tell(f"A fault in hottui was met and another in reporting it ({names}); it went on.")

    def _report(self, error: BaseException, number: int) -> None:
        from hottui.runtime import crash_report  # noqa: PLC0415 - never needed, one hopes

        if number <= _REPORTED:
            self._tell(crash_report.write_report(error, paths.state_dir(), ended=False))
            return
        last = number == _LISTED
        with self._lock:
            first = self._listing is None
            listing = self._listing = self._listing or crash_report.ErrorList(paths.state_dir())
            line = crash_report.summary_line(error)
            listing.add(line)
            if last:
                listing.add(crash_report.NO_MORE_LISTED)
        if first:
            self._tell(listing.message)
        self._call(self._writers, line)
        if last:
            self._call(self._writers, crash_report.NO_MORE_LISTED)

    def _tell(self, message: str) -> None:
        with self._lock:
            self.told += (message,)
        self._call((*self._listeners, *self._writers), message)

    def _call(self, listeners: tuple[_Listener, ...], words: str) -> None:
        """Call each. One that fails is called no more, so that telling of its failure comes to an end."""
        failures = []
        for tell in listeners:
            try:
                tell(words)
            except Exception as failure:  # noqa: BLE001 - reported below, once the others have been told
                failures.append(failure)
                with self._lock:
                    self._listeners = tuple(other for other in self._listeners if other != tell)
                    self._writers = tuple(other for other in self._writers if other != tell)
        for each in failures:
            self.heard(each)

    def _in_thread(self, fault: threading.ExceptHookArgs) -> None:
        if not issubclass(fault.exc_type, SystemExit):  # it ends a thread quietly, as Python has it
            self.heard(fault.exc_value or RuntimeError(fault.exc_type.__name__))

    def _unraisable(self, fault: "UnraisableHookArgs") -> None:
        # at Python's own end there is nothing left to go on with
        if not issubclass(fault.exc_type, _NO_FAULTS) and not sys.is_finalizing():
            self.heard(fault.exc_value or RuntimeError(fault.exc_type.__name__))

    def _in_loop(self, loop: "AbstractEventLoop", context: dict[str, Any]) -> None:  # noqa: ARG002 - asyncio's signature
        error = context.get("exception")
        if not isinstance(error, _NO_FAULTS):  # asyncio raises those besides
            self.heard(error if isinstance(error, BaseException) else RuntimeError(str(context.get("message"))))


def _place_of(error: BaseException) -> _Place:
    """What the fault is and where it came up."""
    trace: TracebackType | None = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error), _text(error), 0
    return type(error), trace.tb_frame.f_code.co_filename, trace.tb_lineno


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as failure:  # noqa: BLE001 - it stands for the text
        return type(failure).__name__


_current = ErrorHooks()


def current_hooks() -> ErrorHooks:
    """The one that hears now."""
    return _current


@contextmanager
def installed_hooks() -> Iterator[ErrorHooks]:
    """Let a new `Unheard` hear of all threads and finalisers of this process, and afterwards whoever did before."""
    global _current  # noqa: PLW0603 - Python's hooks are of the process as well
    before = _current, threading.excepthook, sys.unraisablehook
    _current = ErrorHooks()
    try:
        _current.hear()
        yield _current
    finally:
        _current, threading.excepthook, sys.unraisablehook = before
