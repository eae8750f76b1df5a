"""Prepare slow writes in a thread of their own, so that neither other writes nor the exit wait for them.

Masking an answer of megabytes takes seconds beside a busy screen. A write that is not prepared at the exit is dropped:
the store keeps the older answer, and the hot update is read again at the next start.
"""

import threading
from collections.abc import Callable, Hashable

from hottui.monitor.journal import Write


class WritePreparation:
    """All methods are thread-safe.

    `write` and `report` are called on the preparing thread, with the prepared write or with an unexpected exception.
    """

    def __init__(self, write: Callable[[Write], None], report: Callable[[Exception], None]) -> None:
        self._write = write
        self._report = report
        self._changed = threading.Condition()
        self._queue: dict[Hashable, Callable[[], Write]] = {}
        self._preparing = False
        """Whether there is a thread; it ends when nothing is left to prepare."""

    def submit(self, key: Hashable, prepare: Callable[[], Write]) -> None:
        """Add `prepare` to the queue, replacing a pending one with the same key."""
        with self._changed:
            self._queue.pop(key, None)
            self._queue[key] = prepare
            if not self._preparing:
                self._preparing = True
                threading.Thread(target=self._run, name="hottui-preparation", daemon=True).start()

    def wait(self, within: float) -> bool:
        """Wait at most `within` seconds until everything was prepared and passed to `write`; whether it was."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._preparing, within)

    def drop(self) -> None:
        """Drop what is pending. What is being prepared cannot be interrupted."""
        with self._changed:
            self._queue.clear()

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._queue:
                    self._preparing = False
                    self._changed.notify_all()
                    return
                prepare = self._queue.pop(next(iter(self._queue)))
            try:
                self._write(prepare())
            except Exception as error:  # noqa: BLE001 - reported
                self._report(error)
