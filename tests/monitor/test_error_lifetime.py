"""The error of a failed read is freed without a garbage collection."""

import asyncio
import gc
import weakref

from hottui.model.ref import Ref
from hottui.monitor.monitor import Monitor
from hottui.monitor.reader import Reader
from hottui.service.call import Place
from hottui.service.errors import Unreachable
from hottui.service.reading import Reading


class Failing(Reader):
    """A reader that always fails, and tracks which of its errors are still alive."""

    def __init__(self) -> None:
        self.reads = 0
        self.left: weakref.WeakSet[Unreachable] = weakref.WeakSet()

    async def read(self, ref: Ref) -> Reading:
        self.reads += 1
        error = Unreachable(f"{ref.id} cannot be read.")
        self.left.add(error)
        try:
            raise error
        finally:
            del error  # otherwise this frame and the error refer to each other

    def account_of(self, place: Place) -> str:
        return place.endpoint


async def test_the_error_of_a_failed_read_is_freed() -> None:
    reader = Failing()
    monitor = Monitor((), reader, None)
    gc.disable()
    try:
        monitor.track([Ref("https://h", "w", "n", str(number)) for number in range(5)])
        running = asyncio.create_task(monitor.run())
        while not all(tracked.trouble for tracked in monitor.snapshot().tracked):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert reader.reads == 5
        assert not reader.left
        running.cancel()
        await asyncio.wait([running])
    finally:
        gc.enable()
