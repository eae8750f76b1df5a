"""The last answers, kept in memory as they came, within bounds: an answer with a large plan has megabytes."""

import threading
from collections import OrderedDict
from typing import Final

from hottui.model.ref import Ref
from hottui.model.tracking import Observation

CAPACITY: Final = 32 * 1024 * 1024
"""Characters of answers kept; the latest is kept whatever its size."""


class AnswerCache:
    """The last observation of each ref, least recently used ones dropped first when room is short.

    Any thread may ask: panes are filled off the event loop.
    """

    def __init__(self, room: int = CAPACITY) -> None:
        self._room = room
        self._used = 0
        self._kept: OrderedDict[Ref, Observation] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, observation: Observation) -> None:
        """Keep `observation` in place of the one before."""
        with self._lock:
            self._drop(observation.ref)
            self._kept[observation.ref] = observation
            self._used += len(observation.answer)
            while self._used > self._room and len(self._kept) > 1:
                self._drop(next(iter(self._kept)))

    def get(self, ref: Ref) -> Observation | None:
        """The last observation of `ref`, unless it was dropped."""
        with self._lock:
            if ref in self._kept:
                self._kept.move_to_end(ref)
            return self._kept.get(ref)

    def drop(self, ref: Ref) -> None:
        """Forget the answer about `ref`."""
        with self._lock:
            self._drop(ref)

    def _drop(self, ref: Ref) -> None:
        dropped = self._kept.pop(ref, None)
        if dropped is not None:
            self._used -= len(dropped.answer)
