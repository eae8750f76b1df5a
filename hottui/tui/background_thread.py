"""Slow work in a thread, while the event loop goes on.

Python runs one thread at a time. A thread that computes gives way to the loop between two steps of Python, when the
loop has waited for the switch interval; within one call of C (reading JSON, sorting) it does not. So there is one
thread for all such work: with several, the loop would wait for each of them in turn.
"""

import asyncio
import sys
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

T = TypeVar("T")

SWITCH_INTERVAL = 0.0002
"""Seconds. The loop waits so long whenever it has called the operating system, some fifty times for a key: with
Python's own 5 ms a key would be answered after a quarter of a second."""
THREAD = "hottui-background"


class _Background:
    """A thread that is started when there is something to do. It is a daemon: nobody waits for it when hottui ends."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._thread: Thread | None = None
        self._lock = Lock()

    def do(self, job: Callable[[], None]) -> None:
        """Do `job`, which raises nothing, after all that came before it."""
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._run, name=THREAD, daemon=True)
                self._thread.start()
        self._jobs.put(job)

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            job()
            del job  # it holds what it made


_background = _Background()


def give_way() -> None:
    """Let the event loop have its turn soon while another thread computes. Python's setting is the process's."""
    sys.setswitchinterval(SWITCH_INTERVAL)


async def in_thread(work: Callable[[], T]) -> T:
    """What `work` returns, once all that was asked for before it is done.

    When this is cancelled, work that has begun goes on to its end; it is not begun any more.
    """
    give_way()
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def job() -> None:
        if future.cancelled():
            return
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - raised where it is awaited
            _tell(loop, future, future.set_exception, error)
        else:
            _tell(loop, future, future.set_result, result)

    _background.do(job)
    return await future


def _tell(
    loop: asyncio.AbstractEventLoop, future: "asyncio.Future[Any]", outcome: Callable[[Any], None], value: object
) -> None:
    def deliver() -> None:
        if not future.done():
            outcome(value)

    if not loop.is_closed():
        try:
            loop.call_soon_threadsafe(deliver)
        except RuntimeError:  # it was closed just now: nobody waits any more
            return
