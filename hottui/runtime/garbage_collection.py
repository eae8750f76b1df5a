"""Postpone Python's cyclic garbage collection while a large answer is read and drawn, and exclude it from later ones.

A full collection visits every object while all threads wait: with a plan of 5,000 nodes it blocks key presses for a
tenth of a second, again and again. Plans and drawings have no reference cycles, so reference counting frees them.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Final

LARGE_ANSWER: Final = 200_000
"""Characters of an answer (about 1,000 operators) from which collections are postponed while it is processed."""
_THRESHOLDS: Final = (700, 10, 1)
"""Python's default thresholds (the command line raises them during start-up), except the last: every drawn line leaves
reference cycles of Textual's caches behind that are old by the time they are garbage. Objects from start-up are frozen,
so that a full collection takes milliseconds."""
_MAX_FREEZES: Final = 64
"""Freezes after which everything is collected once: frozen objects may have become garbage since, about 0.3 MB each
time (Textual's caches of the lines on screen). Beside a plan of 5,000 nodes that collection takes 0.1 to 0.3 s."""


class _Collector:
    """Count the blocks that postpone the collection, and the freezes since the last full collection."""

    def __init__(self) -> None:
        self._lock = RLock()  # a collection within may close an abandoned block
        self._blocks = 0
        self._was_enabled = False
        self._freezes = 0

    @contextmanager
    def postponed(self, *, when: bool = True) -> Iterator[None]:
        """Disable the collection within the block if `when`. Blocks may be nested, and overlap in tasks and threads."""
        if not when:
            yield
            return
        with self._lock:
            if not self._blocks:
                self._was_enabled = gc.isenabled()
                gc.disable()
            self._blocks += 1
        try:
            yield
        finally:
            with self._lock:
                self._blocks -= 1
                if not self._blocks and self._was_enabled:
                    gc.enable()

    @contextmanager
    def frozen_afterwards(self, *, when: bool = True) -> Iterator[None]:
        """Disable the collection within the block if `when`, and exclude the objects at its end from later ones.

        The next collection would otherwise visit all of the block's objects. Existing garbage is collected first,
        unless another block is building its objects. That is quick, because objects frozen earlier are left out; every
        `_MAX_FREEZES` times they are included, whatever other blocks do.
        """
        if not when:
            yield
            return
        if self._freezes >= _MAX_FREEZES:
            gc.unfreeze()
            self._freezes = 0
            gc.collect()
        elif not self._blocks:
            gc.collect()
        with self.postponed():
            try:
                yield
            finally:
                gc.freeze()  # before the collection is enabled again
                self._freezes += 1


def is_large(answer: str) -> bool:
    """Return whether collections are postponed while `answer` is processed."""
    return len(answer) >= LARGE_ANSWER


def after_startup() -> None:
    """Exclude the objects loaded by now from collections, which block the event loop, and set their thresholds."""
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)


_collector = _Collector()
postponed = _collector.postponed
frozen_afterwards = _collector.frozen_afterwards
