"""Hooks for unhandled errors: in a thread, in an asyncio task that nobody awaits, in a finalizer.

Python would print a traceback, over the dashboard if it is open. Instead, each error is written to a crash report,
shown and logged once, and the program continues. Python has one hook of each kind per process, so only one `ErrorHooks`
is installed at a time: `current_hooks()`.
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
"""Locations per run with a crash report each."""
_LISTED: Final = 100
"""Locations per run that are handled at all; those without a report have one line each, in one list."""
_EXITS: Final = (KeyboardInterrupt, SystemExit)
"""Exceptions that end the program on request; they are not errors."""

_Location = tuple[type[BaseException], str, int]
_Listener = Callable[[str], None]


class ErrorHooks:
    """Handle unhandled errors, from any thread: once for each location in the code."""

    def __init__(self) -> None:
        self.messages: tuple[str, ...] = ()
        """The messages for the user so far."""
        self._listeners: tuple[_Listener, ...] = ()
        self._log_listeners: tuple[_Listener, ...] = ()
        self._seen: set[_Location] = set()
        self._list: ErrorList | None = None
        self._lock = threading.RLock()  # reentrant: a finalizer may fail while this thread holds it

    def install(self) -> None:
        """Install the hooks for all threads and finalizers of this process."""
        threading.excepthook = self._in_thread
        sys.unraisablehook = self._unraisable

    def install_on_loop(self, loop: "AbstractEventLoop") -> None:
        """Install the exception handler for tasks on `loop` that nobody awaits."""
        loop.set_exception_handler(self._in_loop)

    def add_listener(self, listener: _Listener) -> None:
        """Call `listener` with each message for the user, on the thread of the error."""
        with self._lock:
            self._listeners += (listener,)

    def add_log_listener(self, listener: _Listener) -> None:
        """Call `listener` with each message, and with a line for each error that has no message of its own."""
        with self._lock:
            self._log_listeners += (listener,)

    def handle(self, error: BaseException) -> None:
        """Report `error`, unless an error of its type was reported for the same location before."""
        location = _location(error)
        with self._lock:
            if location in self._seen or len(self._seen) >= _LISTED:
                return
            self._seen.add(location)
            number = len(self._seen)
        try:
            self._report(error, number)
        except Exception as failure:  # noqa: BLE001 - shown instead: Python would print it
            names = f"{type(error).__name__}, then {type(failure).__name__} while reporting it"
            self._publish(f"Internal error ({names}); hottui continues.")

    def _report(self, error: BaseException, number: int) -> None:
        from hottui.runtime import crash_report  # noqa: PLC0415 - only for a bug

        if number <= _REPORTED:
            self._publish(crash_report.write_report(error, paths.state_dir(), ended=False))
            return
        last = number == _LISTED
        with self._lock:
            first = self._list is None
            error_list = self._list = self._list or crash_report.ErrorList(paths.state_dir())
            line = crash_report.summary_line(error)
            error_list.add(line)
            if last:
                error_list.add(crash_report.NO_MORE_LISTED)
        if first:
            self._publish(error_list.message)
        self._call(self._log_listeners, line)
        if last:
            self._call(self._log_listeners, crash_report.NO_MORE_LISTED)

    def _publish(self, message: str) -> None:
        with self._lock:
            self.messages += (message,)
        self._call((*self._listeners, *self._log_listeners), message)

    def _call(self, listeners: tuple[_Listener, ...], text: str) -> None:
        """Call each listener. One that raises is removed, so that reporting its error cannot recurse forever."""
        failures: list[Exception] = []
        for listener in listeners:
            try:
                listener(text)
            except Exception as failure:  # noqa: BLE001 - reported below, after the other listeners
                failures.append(failure)
                with self._lock:
                    self._listeners = tuple(other for other in self._listeners if other != listener)
                    self._log_listeners = tuple(other for other in self._log_listeners if other != listener)
        for each in failures:
            self.handle(each)

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        if not issubclass(args.exc_type, SystemExit):  # Python ignores it in a thread
            self.handle(args.exc_value or RuntimeError(args.exc_type.__name__))

    def _unraisable(self, args: "UnraisableHookArgs") -> None:
        # during interpreter shutdown nothing is left to report with
        if not issubclass(args.exc_type, _EXITS) and not sys.is_finalizing():
            self.handle(args.exc_value or RuntimeError(args.exc_type.__name__))

    def _in_loop(self, loop: "AbstractEventLoop", context: dict[str, Any]) -> None:  # noqa: ARG002 - asyncio's signature
        error = context.get("exception")
        if not isinstance(error, _EXITS):  # asyncio re-raises those itself
            self.handle(error if isinstance(error, BaseException) else RuntimeError(str(context.get("message"))))


def _location(error: BaseException) -> _Location:
    """Return the type, file and line of `error`; its text in place of the file if it has no traceback."""
    trace: TracebackType | None = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error), _text(error), 0
    return type(error), trace.tb_frame.f_code.co_filename, trace.tb_lineno


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as failure:  # noqa: BLE001 - its name replaces the text
        return type(failure).__name__


_current = ErrorHooks()


def current_hooks() -> ErrorHooks:
    """Return the installed hooks."""
    return _current


@contextmanager
def installed_hooks() -> Iterator[ErrorHooks]:
    """Install new hooks for the duration of the block, then restore those from before."""
    global _current  # noqa: PLW0603 - Python's hooks are process-wide as well
    before = _current, threading.excepthook, sys.unraisablehook
    _current = ErrorHooks()
    try:
        _current.install()
        yield _current
    finally:
        _current, threading.excepthook, sys.unraisablehook = before
