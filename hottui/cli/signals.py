"""Running a coroutine to its end, or to the end that a signal makes of it."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

from hottui.tui.ending import leave_no_later

T = TypeVar("T")

_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def run_until_signal(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, run on a loop of its own; a signal cancels it, unless it is an ignored one.

    Raises SystemExit with 128 and the signal's number then, no later than a second after it. A handler that raises, as
    the process has it elsewhere, would raise in whatever the loop is at: a task that misses its turn never ends.
    """
    handlers = {number: signal.getsignal(number) for number in _SIGNALS}
    handlers = {number: handler for number, handler in handlers.items() if handler not in {signal.SIG_IGN, None}}
    running = _Running(work)
    try:
        with asyncio.Runner() as runner:
            for number in handlers:
                runner.get_loop().add_signal_handler(number, running.end, 128 + number)
            result = runner.run(running.run())
    except asyncio.CancelledError:
        if running.code is None:
            raise
    finally:
        work.close()
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if running.code is not None:
        raise SystemExit(running.code)
    return result


class _Running(Generic[T]):
    """Work, and the exit code of the signal that ended it."""

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self.code: int | None = None
        self._work = work
        self._task: asyncio.Task[T] | None = None

    async def run(self) -> T:
        """Do it, unless a signal came before."""
        self._task = asyncio.current_task()
        if self.code is not None:
            raise asyncio.CancelledError
        return await self._work

    def end(self, code: int) -> None:
        """Cancel it. What does not let itself be cancelled, a name that is looked up, is not waited for."""
        if self.code is None:
            self.code = code
            leave_no_later(code, lambda: None)
        if self._task is not None:
            self._task.cancel()
