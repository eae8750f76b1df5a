"""Ending when the world says so: signals, a terminal that is gone, a parent that died."""

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
"""Those that ask a program to end."""
_OF_FAULTS: Final = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL})
"""A Python handler would return to the instruction that failed, and the process would never end."""
_NOT_ENDING: Final = frozenset(
    getattr(signal, name, signal.SIGKILL)
    for name in ("SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGWINCH", "SIGINFO")
)
"""Those that do something else by default, and SIGKILL, which nothing can handle."""
ENDING: Final = tuple(sorted({*map(int, signal.valid_signals())} - _NOT_ENDING - _OF_FAULTS))
"""All that end a process by default, real-time signals among them, and that it can handle."""
SIGNAL_DEADLINE: Final = 0.8
"""Seconds that a clean end may take where the world asks for it. What was observed is in the store by then."""
QUIT_DEADLINE: Final = 3.0
"""Seconds that it may take where the user asks for it: more than a store in trouble is given for what waits."""
_REPORT_WITHIN = 0.5
"""Seconds that telling of what failed in the end may take."""
_CLEANUPS: list[Callable[[], None]] = []
"""What must be done although the end cannot be a clean one."""


def on_signal(
    end: Callable[[int], None], last_words: Callable[[], None], others: Mapping[int, Callable[[], None]]
) -> None:
    """Call `end` on the event loop with 128 and the number of a signal that ends a process; `others` likewise.

    A thread of its own receives the signals, so that one ends the process (after `last_words`) also while the event
    loop is busy. Textual itself lets signals kill the process, which leaves the terminal in its alternate screen. Those
    that are ignored (SIGHUP under `nohup`, SIGPIPE in Python) stay so; a lost terminal is noticed anyway.
    """
    import asyncio  # noqa: PLC0415 - every command is to end well, and most have no loop

    loop, context = asyncio.get_running_loop(), contextvars.copy_context()
    numbers = {number for number in ENDING if number in SIGNALS or signal.getsignal(number) is signal.SIG_DFL}
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        numbers.discard(signal.SIGHUP)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (*numbers, *others):
        signal.signal(number, noted)

    def receive() -> None:
        while received := os.read(reading, 1):
            number = received[0]
            try:
                if number in numbers:
                    exit_within(128 + number, last_words, QUIT_DEADLINE)  # in case the loop does not come to `end`
                    loop.call_soon_threadsafe(end, 128 + number, context=context)
                elif number in others:
                    loop.call_soon_threadsafe(others[number], context=context)
            except RuntimeError:  # the loop is closed
                if number in numbers:
                    _exit(128 + number, lambda: None)

    threading.Thread(target=receive, name="hottui-signals", daemon=True).start()


def noted(number: int, frame: FrameType | None) -> None:
    """Do nothing: the signal's number has been written to the thread that `listen` started."""


class OrphanDetector:
    """Notices a terminal that was closed, and a parent that died, where no signal tells."""

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._had_terminal = os.isatty(descriptor)
        self._parent = os.getppid()

    def lost(self) -> bool:
        """Whether nobody can be sitting in front of this any more."""
        return self._had_terminal and (not os.isatty(self._descriptor) or os.getppid() != self._parent)


@contextmanager
def cleanup_on_forced_exit(act: Callable[[], None]) -> Iterator[None]:
    """Have `act` done also where the process must be ended before this block has come to its own end."""
    _CLEANUPS.append(act)
    try:
        yield
    finally:
        with suppress(ValueError):  # it has just been done
            _CLEANUPS.remove(act)


_failure = 0


def fail_with(code: int) -> None:
    """Exit with `code` instead of 0 where the process is ended before it has come to its own end."""
    global _failure  # noqa: PLW0603 - the process has one exit code
    _failure = code


def briefly(act: Callable[[], None]) -> None:
    """Do `act`, which writes to a terminal or file that may take nothing; go on without it after a moment."""
    doing = threading.Thread(target=act, daemon=True)
    doing.start()
    doing.join(_REPORT_WITHIN)


def exit_within(code: int, last_words: Callable[[], None], within: float = SIGNAL_DEADLINE) -> None:
    """See to it that the process ends `within` seconds, whatever keeps it: then with `code`, after `last_words`.

    What fails then keeps nothing else from being done; it is reported and told, as far as that takes no long time.
    """
    timer = threading.Timer(within, _exit, (code, last_words))
    timer.daemon = True
    timer.start()


_code: int | None = None


def exit_code() -> int | None:
    """The exit code of the signal that `begin` was called for first; None before."""
    return _code


def begin_shutdown(number: int) -> int:
    """See to the end that signal `number` asks for, which comes soon in any case; the exit code of the first one.

    It is the code that a shell gives a killed program.
    """
    global _code  # noqa: PLW0603 - signals are of the process as well
    if _code is None:
        _code = 128 + number
        exit_within(_code, lambda: None)
    return _code


def exit_on_signal(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
    """End by way of every `finally`, and in any case soon.

    Raises SystemExit wherever the program is, which need not be heard: Python drops it in the callbacks that each
    import has, and makes a RuntimeError of it where a class is being made.
    """
    raise SystemExit(begin_shutdown(number))


def exit_at_once_on_signals() -> None:
    """Go on listening once the event loop is closed: the process would die in the midst of tidying up.

    The handlers of `listen` end the program by way of the loop.
    """
    signal.set_wakeup_fd(-1)
    for number in _listened_to():
        signal.signal(number, _exit_at_once)


def listen_no_more() -> None:
    """Give all signals their default action again."""
    for number in _listened_to():
        signal.signal(number, signal.SIG_DFL)


def _listened_to() -> list[int]:
    """The signals that have a handler of this module, or had one that asyncio took away."""
    handlers = {number: signal.getsignal(number) for number in ENDING}
    return [
        number
        for number, handler in handlers.items()
        if handler is not signal.SIG_IGN and (number in SIGNALS or handler in {noted, _exit_at_once})
    ]


def _exit_at_once(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
    for each in ENDING:
        signal.signal(each, signal.SIG_IGN)  # another one would end it before this is done
    _exit(128 + number, lambda: None)


def _exit(code: int, last_words: Callable[[], None]) -> None:
    try:
        failures = _attempt(last_words)
        while _CLEANUPS:
            failures += _attempt(_CLEANUPS.pop())
        if failures:
            briefly(partial(_report, failures))
    finally:
        os._exit(code or _failure)


def _attempt(act: Callable[[], None]) -> list[Exception]:
    try:
        act()
    except Exception as failure:  # noqa: BLE001 - reported once all else is done
        return [failure]
    return []


def _report(failures: list[Exception]) -> None:
    """Report each, and say so on the terminal. Log and terminal may take nothing: whoever calls this must not wait."""
    ears = error_hooks.current_hooks()
    before = len(ears.told)
    for failure in failures:
        ears.heard(failure)
    with suppress(OSError):  # the terminal is gone; the reports are there
        for message in ears.told[before:]:
            print(f"hottui: {visible(message)}", file=sys.__stderr__, flush=True)


T = TypeVar("T")


def run_until_signal(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, run on a loop of its own; a signal cancels it, unless it is an ignored one.

    Raises SystemExit with 128 and the signal's number then, no later than a second after it. A handler that raises, as
    the process has it elsewhere, would raise in whatever the loop is at: a task that misses its turn never ends.
    """
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    handlers = {number: handler for number, handler in handlers.items() if handler not in {signal.SIG_IGN, None}}
    try:
        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            task = loop.create_task(work)
            for number in handlers:
                loop.add_signal_handler(number, _end, number, task)
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


def _end(number: int, task: asyncio.Task[Any]) -> None:
    """Cancel the task. What does not let itself be cancelled, a name that is looked up, is not waited for."""
    begin_shutdown(number)
    task.cancel()


async def _result_of(task: asyncio.Task[T]) -> T:
    return await task
