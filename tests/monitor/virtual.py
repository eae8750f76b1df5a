"""An event loop with virtual time: it skips to the next timer when it is idle."""

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, Final, ParamSpec

P = ParamSpec("P")

_PATIENCE: Final = 60.0
"""Real seconds to wait for a thread before the time is advanced nevertheless."""


class _LeapingSelector(selectors.DefaultSelector):
    """A selector that advances the time instead of waiting for timers; without timers it waits as usual.

    While a thread of an executor works, it waits for that: how far the time is afterwards must not depend on the speed
    of the machine.
    """

    now = 0.0
    jobs = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            return super().select(None)
        ready = super().select(0)
        if not ready and self.jobs and timeout > 0:
            ready = super().select(_PATIENCE)
        if not ready:
            self.now += max(timeout, 0.0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop with its own clock; `sleep_machine` suspends the machine, `stop_process` this process (ctrl-z)."""

    def __init__(self) -> None:
        self._leaping = _LeapingSelector()
        self._ahead = 1_700_000_000.0
        super().__init__(self._leaping)

    def time(self) -> float:
        """The monotonic clock."""
        return self._leaping.now

    def run_in_executor(self, *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        """Run in a thread; the time is not advanced meanwhile."""
        future: asyncio.Future[Any] = super().run_in_executor(*args)
        self._leaping.jobs += 1
        future.add_done_callback(self._end_job)
        return future

    def _end_job(self, _: asyncio.Future[Any]) -> None:
        self._leaping.jobs -= 1

    def wall(self) -> float:
        """Seconds since the epoch."""
        return self._leaping.now + self._ahead

    def sleep_machine(self, seconds: float) -> None:
        """Suspend the machine: as on Linux, the monotonic clock does not advance."""
        self._ahead += seconds

    def stop_process(self, seconds: float) -> None:
        """Stop the process: time passes, but nothing of it runs."""
        self._leaping.now += seconds


def virtual(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run an async test in virtual time."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run


def virtual_loop() -> VirtualLoop:
    """The running loop."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop
