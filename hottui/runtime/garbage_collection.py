"""Python's search for cyclic garbage, put off while a large plan is read and drawn.

A full search looks at every object there is while all threads wait: beside a plan of 5,000 nodes it takes a tenth of a
second, time and again, in which no key is answered. Plans and drawings have no cycles: they go when nothing holds them
any more, without a search.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_KEPT: Final = 8
"""Drawings after which everything is looked through once: what was frozen with them may have become garbage since."""


class _Collector:
    """How many want the search to wait, whether it was on before, and how often something was kept from it."""

    def __init__(self) -> None:
        self._asked = 0
        self._on = False
        self._kept = 0

    @contextmanager
    def put_off(self) -> Iterator[None]:
        """No search as long as this lasts; it may be asked for again meanwhile, on the same thread."""
        if not self._asked:
            self._on = gc.isenabled()
            gc.disable()
        self._asked += 1
        try:
            yield
        finally:
            self._asked -= 1
            if not self._asked and self._on:
                gc.enable()

    @contextmanager
    def kept_from(self) -> Iterator[None]:
        """No search as long as this lasts, and afterwards none of what there is by then.

        The first search would find more than all those before it, and take as long. What is garbage already goes
        before; that is soon done, because what was kept earlier is not looked at but now and then.
        """
        if self._kept >= _KEPT:
            gc.unfreeze()
            self._kept = 0
        gc.collect()
        with self.put_off():
            yield
            gc.freeze()
            self._kept += 1


_collector = _Collector()
postponed = _collector.put_off
kept_from = _collector.kept_from
