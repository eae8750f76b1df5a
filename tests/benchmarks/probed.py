"""Run `hottui` and measure the turns of its event loop: `python -m tests.benchmarks.probed FILE [ARGUMENT]...`.

The product has no code for this. The loop's selector is measured: everything that the loop does happens between
two calls of `select`. FILE gets a line for each turn of the loop longer than TELL_FROM: seconds since the start, how
long the turn was, and how much of that was CPU of the loop's own thread (the rest was spent waiting for a processor, a
lock or a disk).
"""

import asyncio
import selectors
import sys
import time
from pathlib import Path
from typing import TextIO

TELL_FROM = 0.02
"""Seconds."""


class StoppedSelector(selectors.DefaultSelector):
    """Measures the time from the end of one `select` to the beginning of the next."""

    def __init__(self, output: TextIO) -> None:
        super().__init__()
        self._output = output
        self._started = time.monotonic()
        self._began: float | None = None
        self._cpu = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Select, without measuring the time of the wait."""
        if self._began is not None:
            turn = time.perf_counter() - self._began
            if turn >= TELL_FROM:
                cpu = time.thread_time() - self._cpu
                print(f"{time.monotonic() - self._started:.3f} {turn:.4f} {cpu:.4f}", file=self._output, flush=True)
        ready = super().select(timeout)
        self._began, self._cpu = time.perf_counter(), time.thread_time()
        return ready


def main() -> None:
    """Run `hottui` with the arguments after the file's."""
    output = Path(sys.argv[1]).open("a")  # noqa: SIM115 — open as long as the process is
    sys.argv[:2] = ["hottui"]
    asyncio.events.new_event_loop = lambda: asyncio.SelectorEventLoop(StoppedSelector(output))
    from hottui.cli import main as hottui

    hottui()


if __name__ == "__main__":
    main()
