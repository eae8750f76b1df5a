"""Write to the terminal in a thread, so that a blocked terminal does not block the event loop."""

import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable

_SLOW_FROM = 128 * 1024
"""Pending bytes from which the terminal counts as slow: more than a full frame of a large screen."""
_STALLED_AFTER = 1.0
"""Seconds without progress after which it counts as slow, however little is pending."""


class TerminalWriter:
    """Writes to `descriptor` in order. The thread calls `drained` once everything is written after a dropped frame,
    and `broken` on an unexpected error, after which nothing more is written.

    Text is dropped once the terminal is gone; the driver then ends the program.
    """

    def __init__(
        self, descriptor: int, encoding: str, drained: Callable[[], None], broken: Callable[[Exception], None]
    ) -> None:
        self._descriptor = descriptor
        self._encoding = encoding
        self._drained = drained
        self._broken = broken
        self._pieces: deque[bytes] = deque()
        self._waiting = 0
        self._moved = 0.0
        self._dropping = self._closed = self._gone = False
        self._ready = threading.Condition()
        self._thread = threading.Thread(target=self._begin, name="hottui-writer", daemon=True)
        self._thread.start()

    def write(self, text: str) -> None:
        """Queue `text` without blocking."""
        data = text.encode(self._encoding, "replace")
        with self._ready:
            if self._closed or self._gone or not data:
                return
            if not self._waiting:
                self._moved = time.monotonic()
            self._pieces.append(data)
            self._waiting += len(data)
            self._ready.notify()

    def should_drop_frame(self) -> bool:
        """Return whether to drop a frame because the terminal is slow; `drained` is called when to redraw.

        After one dropped frame all are dropped until everything pending is written, since a frame holds only the
        differences to the one before.
        """
        with self._ready:
            stuck = self._waiting > 0 and time.monotonic() - self._moved > _STALLED_AFTER
            self._dropping = (self._dropping or stuck or self._waiting >= _SLOW_FROM) and not self._gone
            return self._dropping

    def close(self, timeout: float) -> None:
        """Accept nothing more, and wait at most `timeout` seconds for pending text."""
        with self._ready:
            self._closed = True
            self._ready.notify()
        self._thread.join(timeout)

    def _begin(self) -> None:
        try:
            self._run()
        except Exception as fault:  # noqa: BLE001 - passed on: without this thread nothing is displayed
            self._give_up()
            self._broken(fault)

    def _run(self) -> None:
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._pieces or self._closed)
                if not self._pieces:
                    return
                data = b"".join(self._pieces)
                self._pieces.clear()
            self._put(data)
            with self._ready:
                again = self._dropping and not self._pieces
                self._dropping = self._dropping and not again
            if again:
                self._drained()

    def _put(self, data: bytes) -> None:
        """Write all of `data`, blocking."""
        view = memoryview(data)
        while view and not self._gone:
            try:
                taken = os.write(self._descriptor, view[:4096])
            except BlockingIOError:  # another program sharing the terminal has set O_NONBLOCK
                select.select((), (self._descriptor,), ())
                continue
            except OSError:
                self._give_up()
                return
            view = view[taken:]
            with self._ready:
                self._waiting -= taken
                self._moved = time.monotonic()

    def _give_up(self) -> None:
        with self._ready:
            self._gone = True
            self._pieces.clear()
            self._waiting = 0
