"""CPU-bound work in one background thread, so that the event loop stays responsive.

Python runs one thread at a time. A computing thread releases the GIL between two bytecode instructions once the loop
has waited for the switch interval, but not within one C call (parsing JSON, sorting). All such work shares one thread:
with several, the loop would wait for each of them in turn.
"""

import asyncio
import gc
import sys
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

T = TypeVar("T")

SWITCH_INTERVAL = 0.0002
"""Seconds. While another thread computes, the loop waits this long after every system call, about fifty times per key:
with Python's default of 5 ms, handling a key would take a quarter of a second."""
THREAD = "hottui-background"
_LEVELS = 5
"""Levels of objects that are searched for large lists: a drawing, its fields, and the fields of one of them."""
_AT_ONCE = 500
"""Items of a large list that are freed at a time."""
_PLAIN_DATA = ("hottui.model.", "hottui.graph.", "hottui.render.")
"""Packages whose objects reference only data, never a widget or the app."""


class _Background:
    """A daemon thread, started on first use; shutdown does not wait for it."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._thread: Thread | None = None
        self._lock = Lock()

    def submit(self, job: Callable[[], None]) -> None:
        """Queue `job`, which must not raise; jobs run in order."""
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._run, name=THREAD, daemon=True)
                self._thread.start()
        self._jobs.put(job)

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            job()
            del job  # it references its result


_background = _Background()


def give_way() -> None:
    """Shorten the process-wide switch interval, so that a computing thread does not delay the event loop."""
    sys.setswitchinterval(SWITCH_INTERVAL)


async def in_thread(work: Callable[[], T]) -> T:
    """Return the result of `work`, run in the background thread after all work queued earlier.

    On cancellation, work that has started runs to its end, and work that has not is skipped.
    """
    give_way()
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def job() -> None:
        if future.cancelled():
            return
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - re-raised where it is awaited
            _deliver(loop, future, future.set_exception, error)
        else:
            _deliver(loop, future, future.set_result, result)

    _background.submit(job)
    return await future


def free_in_thread(objects: list[object]) -> None:
    """Empty `objects` in the background thread: freeing a large plan that nothing else references takes 50 ms."""
    _background.submit(partial(free, objects))


def free(objects: list[object]) -> None:
    """Empty `objects`, and free what only they reference in many steps, between which other threads can run.

    Freeing an object frees all that only it references in the same call. So the items of large lists are referenced
    here first, and dropped some at a time after the lists.
    """
    roots: list[object] = []
    items: list[object] = []
    level = list(objects)
    objects.clear()
    for _ in range(_LEVELS):
        roots += level
        parts = [gc.get_referents(each) for each in level]
        level = [each for some in parts if len(some) <= _AT_ONCE for each in some if _has_parts(each)]
        for some in parts:
            if len(some) > _AT_ONCE:
                items += some
        parts.clear()
    roots += level
    level.clear()
    roots.reverse()
    while roots:
        roots.pop()
    while items:
        del items[-_AT_ONCE:]


def _has_parts(value: object) -> bool:
    return isinstance(value, dict | list | tuple | set) or type(value).__module__.startswith(_PLAIN_DATA)


async def import_in_thread(load: Callable[[], T]) -> T:
    """Return the result of `load`, which imports what it returns: reading modules takes up to a tenth of a second.

    It is a thread of its own, because work queued earlier may take seconds.
    """
    give_way()
    return await asyncio.to_thread(load)


def _deliver(
    loop: asyncio.AbstractEventLoop, future: "asyncio.Future[Any]", outcome: Callable[[Any], None], value: object
) -> None:
    def set_outcome() -> None:
        if not future.done():
            outcome(value)

    if not loop.is_closed():
        try:
            loop.call_soon_threadsafe(set_outcome)
        except RuntimeError:  # closed in the meantime: nothing awaits the result
            return
