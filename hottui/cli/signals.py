"""Running a coroutine to its end, or to the end that a signal makes of it."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

from hottui import ending

T = TypeVar("T")


def run_until_signal(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, run on a loop of its own; a signal cancels it, unless it is an ignored one.

    Raises SystemExit with 128 and the signal's number then, no later than a second after it. A handler that raises, as
    the process has it elsewhere, would raise in whatever the loop is at: a task that misses its turn never ends.
    """
    handlers = {number: signal.getsignal(number) for number in ending.SIGNALS}
    handlers = {number: handler for number, handler in handlers.items() if handler not in {signal.SIG_IGN, None}}
    try:
        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            task = loop.create_task(work)
            for number in handlers:
                loop.add_signal_handler(number, _end, number, task)
            result = runner.run(_result_of(task))
    except asyncio.CancelledError:
        if ending.code() is None:
            raise
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if ending.code() is not None:
        raise SystemExit(ending.code())
    return result


def _end(number: int, task: asyncio.Task[Any]) -> None:
    """Cancel the task. What does not let itself be cancelled, a name that is looked up, is not waited for."""
    ending.begin(number)
    task.cancel()


async def _result_of(task: asyncio.Task[T]) -> T:
    return await task
