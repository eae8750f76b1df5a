"""An LRU cache of the last answers, unmasked and in memory only: an answer with a large plan has megabytes."""

import threading
from collections import OrderedDict
from typing import Final

from hottui.model.ref import Ref
from hottui.model.tracking import Observation

CAPACITY: Final = 32 * 1024 * 1024
"""Characters of all cached answers; the latest is cached regardless of its size."""


class AnswerCache:
    """The last observation of each ref; the least recently used are evicted first.

    Thread-safe: detail tabs are filled in worker threads.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._used = 0
        self._observations: OrderedDict[Ref, Observation] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, observation: Observation) -> None:
        """Store `observation`, replacing the previous one of its ref."""
        with self._lock:
            self._drop(observation.ref)
            self._observations[observation.ref] = observation
            self._used += len(observation.answer)
            while self._used > self._capacity and len(self._observations) > 1:
                self._drop(next(iter(self._observations)))

    def get(self, ref: Ref) -> Observation | None:
        """Return the last observation of `ref`; None if it was evicted."""
        with self._lock:
            if ref in self._observations:
                self._observations.move_to_end(ref)
            return self._observations.get(ref)

    def drop(self, ref: Ref) -> None:
        """Remove the observation of `ref`."""
        with self._lock:
            self._drop(ref)

    def _drop(self, ref: Ref) -> None:
        dropped = self._observations.pop(ref, None)
        if dropped is not None:
            self._used -= len(dropped.answer)
