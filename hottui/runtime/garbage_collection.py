"""Postpone Python's cyclic garbage collection while a large plan is read and drawn.

A full collection visits every object while all threads wait: with a plan of 5,000 nodes it blocks key presses for a
tenth of a second, again and again. Plans and drawings have no reference cycles, so reference counting frees them.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_MAX_FREEZES: Final = 8
"""Freezes after which everything is collected once: frozen objects may have become garbage since."""


class _Collector:
    """Count the blocks that postpone the collection, and the freezes since the last full collection."""

    def __init__(self) -> None:
        self._blocks = 0
        self._was_enabled = False
        self._freezes = 0

    @contextmanager
    def postponed(self) -> Iterator[None]:
        """Disable the collection within the block. Blocks may be nested on one thread."""
        if not self._blocks:
            self._was_enabled = gc.isenabled()
            gc.disable()
        self._blocks += 1
        try:
            yield
        finally:
            self._blocks -= 1
            if not self._blocks and self._was_enabled:
                gc.enable()

    @contextmanager
    def frozen_afterwards(self) -> Iterator[None]:
        """Disable the collection within the block, and exclude the objects that exist at its end from later ones.

        The next collection would otherwise visit all of the block's objects. Existing garbage is collected first,
        which is quick because objects frozen earlier are visited only every `_MAX_FREEZES` times.
        """
        if self._freezes >= _MAX_FREEZES:
            gc.unfreeze()
            self._freezes = 0
        gc.collect()
        with self.postponed():
            yield
            gc.freeze()
            self._freezes += 1


_collector = _Collector()
postponed = _collector.postponed
frozen_afterwards = _collector.frozen_afterwards
