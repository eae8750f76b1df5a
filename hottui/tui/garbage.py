"""Python's search for cyclic garbage, put off while a large plan is read and drawn.

A full search looks at every object there is while all threads wait: beside a plan of 5,000 nodes it takes a tenth of a
second, time and again, in which no key is answered. Plans and drawings have no cycles: they go when nothing holds them
any more, without a search.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


class _Search:
    """How many have asked for the search to wait, and whether it was on before."""

    def __init__(self) -> None:
        self._asked = 0
        self._on = False

    @contextmanager
    def put_off(self) -> Iterator[None]:
        """No search as long as this lasts; it may be asked for again meanwhile, on the same thread.

        Afterwards what there is by then is taken to stay, and never looked at again: else the first search would find
        more than all those before it. What is garbage already would stay too, so it goes before; that is soon done,
        because what stayed earlier is not looked at.
        """
        if not self._asked:
            self._on = gc.isenabled()
            gc.collect()
            gc.disable()
        self._asked += 1
        try:
            yield
        finally:
            self._asked -= 1
            if not self._asked:
                gc.freeze()
                if self._on:
                    gc.enable()


put_off = _Search().put_off
