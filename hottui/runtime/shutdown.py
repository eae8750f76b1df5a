"""Shut down on signals, a lost terminal or a dead parent process."""

import asyncio
import contextvars
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType
from typing import Any, Final, TypeVar

from hottui.model.control_characters import visible
from hottui.runtime import error_hooks

SIGNALS: Final = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
"""Signals that request termination."""
_CRASH_SIGNALS: Final = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL})
"""A Python handler would return to the failed instruction, and the process would never end."""
_NOT_TERMINATING: Final = frozenset(
    getattr(signal, name, signal.SIGKILL)
    for name in ("SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGWINCH", "SIGINFO")
)
"""Signals that do not terminate by default, and SIGKILL, which cannot be handled."""
TERMINATING: Final = tuple(sorted({*map(int, signal.valid_signals())} - _NOT_TERMINATING - _CRASH_SIGNALS))
"""All signals that terminate a process by default and can be handled, real-time signals included."""
SIGNAL_DEADLINE: Final = 0.8
"""Seconds that a clean shutdown may take after a signal. Observations are in the store by then."""
QUIT_DEADLINE: Final = 3.0
"""Seconds that it may take when the user quits: more than the timeout for unsaved changes."""
_REPORT_TIMEOUT = 0.5
"""Seconds that reporting errors of the shutdown may take."""
_CLEANUPS: list[Callable[[], None]] = []
"""Functions to call before a forced exit."""


def on_signal(
    end: Callable[[int], None], before_exit: Callable[[], None], others: Mapping[int, Callable[[], None]]
) -> None:
    """Handle signals on the event loop: call `end` with the exit code (128 + number) for a terminating signal.

    `others` maps further signals to their handlers. A separate thread receives the signals, so that one terminates the
    process (after `before_exit`) even while the event loop is busy. Textual lets signals kill the process, which leaves
    the terminal in its alternate screen. Ignored signals (SIGHUP under `nohup`, SIGPIPE in Python) stay ignored; a lost
    terminal is detected separately.
    """
    loop, context = asyncio.get_running_loop(), contextvars.copy_context()
    numbers = {number for number in TERMINATING if number in SIGNALS or signal.getsignal(number) is signal.SIG_DFL}
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        numbers.discard(signal.SIGHUP)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (*numbers, *others):
        signal.signal(number, ignore)

    def receive() -> None:
        while received := os.read(reading, 1):
            number = received[0]
            try:
                if number in numbers:
                    exit_within(128 + number, before_exit, QUIT_DEADLINE)  # in case the loop is too busy to call `end`
                    loop.call_soon_threadsafe(end, 128 + number, context=context)
                elif number in others:
                    loop.call_soon_threadsafe(others[number], context=context)
            except RuntimeError:  # the loop is closed
                if number in numbers:
                    _exit(128 + number, lambda: None)

    threading.Thread(target=receive, name="hottui-signals", daemon=True).start()


def ignore(number: int, frame: FrameType | None) -> None:
    """Do nothing: Python has written the signal number to the pipe of the thread that `on_signal` started."""


class OrphanDetector:
    """Detect a closed terminal or a dead parent process if no signal arrives."""

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._had_terminal = os.isatty(descriptor)
        self._parent = os.getppid()

    def lost(self) -> bool:
        """Return whether the terminal was closed or the parent process has changed."""
        return self._had_terminal and (not os.isatty(self._descriptor) or os.getppid() != self._parent)


@contextmanager
def cleanup_on_forced_exit(act: Callable[[], None]) -> Iterator[None]:
    """Call `act` if the process is forced to exit before the end of this block."""
    _CLEANUPS.append(act)
    try:
        yield
    finally:
        with suppress(ValueError):  # a forced exit has taken it
            _CLEANUPS.remove(act)


_failure = 0


def fail_with(code: int) -> None:
    """Exit with `code` instead of 0 if the process is forced to exit."""
    global _failure  # noqa: PLW0603 - the process has one exit code
    _failure = code


def run_briefly(act: Callable[[], None]) -> None:
    """Call `act` in a thread and wait for at most half a second: it may write to a blocked terminal or file."""
    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    thread.join(_REPORT_TIMEOUT)


def exit_within(code: int, before_exit: Callable[[], None], within: float = SIGNAL_DEADLINE) -> None:
    """Start a timer that exits the process with `code`, after calling `before_exit`, in `within` seconds.

    Errors at that point do not stop the remaining cleanups; they are reported if that is quick enough.
    """
    timer = threading.Timer(within, _exit, (code, before_exit))
    timer.daemon = True
    timer.start()


_code: int | None = None


def exit_code() -> int | None:
    """Return the exit code of the first signal that `begin_shutdown` was called for, or None."""
    return _code


def begin_shutdown(number: int) -> int:
    """Start the shutdown for signal `number`, with a deadline; return the exit code of the first signal.

    The exit code is that of a shell for a killed program: 128 + number.
    """
    global _code  # noqa: PLW0603 - signals are process-wide as well
    if _code is None:
        _code = 128 + number
        exit_within(_code, lambda: None)
    return _code


def exit_on_signal(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
    """Raise SystemExit, so that every `finally` runs, and exit at the deadline in any case.

    SystemExit may not propagate: Python drops it in the callbacks of each import, and turns it into a RuntimeError
    while a class is created.
    """
    raise SystemExit(begin_shutdown(number))


def exit_at_once_on_signals() -> None:
    """Exit immediately on a signal, with the cleanups, from now on: for use once the event loop is closed.

    The handlers of `on_signal` need the loop.
    """
    signal.set_wakeup_fd(-1)
    for number in _handled_signals():
        signal.signal(number, _exit_at_once)


def restore_default_signals() -> None:
    """Restore the default action of all signals."""
    for number in _handled_signals():
        signal.signal(number, signal.SIG_DFL)


def _handled_signals() -> list[int]:
    """Return the signals that have a handler of this module, or had one that asyncio removed."""
    handlers = {number: signal.getsignal(number) for number in TERMINATING}
    return [
        number
        for number, handler in handlers.items()
        if handler is not signal.SIG_IGN and (number in SIGNALS or handler in {ignore, _exit_at_once})
    ]


def _exit_at_once(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
    for each in TERMINATING:
        signal.signal(each, signal.SIG_IGN)  # a second signal would interrupt the cleanups
    _exit(128 + number, lambda: None)


def _exit(code: int, before_exit: Callable[[], None]) -> None:
    try:
        failures = _attempt(before_exit)
        while _CLEANUPS:
            failures += _attempt(_CLEANUPS.pop())
        if failures:
            run_briefly(partial(_report, failures))
    finally:
        os._exit(code or _failure)


def _attempt(act: Callable[[], None]) -> list[Exception]:
    try:
        act()
    except Exception as failure:  # noqa: BLE001 - reported after the cleanups
        return [failure]
    return []


def _report(failures: list[Exception]) -> None:
    """Report each failure, and print the message. Log and terminal may block: call this in a thread."""
    hooks = error_hooks.current_hooks()
    before = len(hooks.messages)
    for failure in failures:
        hooks.handle(failure)
    with suppress(OSError):  # the terminal is closed; the reports are written
        for message in hooks.messages[before:]:
            print(f"hottui: {visible(message)}", file=sys.__stderr__, flush=True)


T = TypeVar("T")


def run_until_signal(work: Coroutine[Any, Any, T]) -> T:
    """Return the result of `work`, run on a new event loop; a signal that is not ignored cancels it.

    Raises SystemExit with 128 + the signal's number then, within a second. A handler that raises, as elsewhere in the
    process, would raise in whatever callback the loop is running, and that task would never finish.
    """
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    handlers = {number: handler for number, handler in handlers.items() if handler not in {signal.SIG_IGN, None}}
    try:
        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            task = loop.create_task(work)
            for number in handlers:
                loop.add_signal_handler(number, _cancel, number, task)
            result = runner.run(_result_of(task))
    except asyncio.CancelledError:
        if exit_code() is None:
            raise
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if exit_code() is not None:
        raise SystemExit(exit_code())
    return result


def _cancel(number: int, task: asyncio.Task[Any]) -> None:
    """Cancel the task. Work that cannot be cancelled, such as a DNS lookup, is not waited for."""
    begin_shutdown(number)
    task.cancel()


async def _result_of(task: asyncio.Task[T]) -> T:
    return await task
