"""The store's writes, one after another on a thread of their own, so that a slow disk never stops the event loop.

A write that fails is kept and tried again; what other processes wrote is noticed about once a second.
"""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Final

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked, Trouble
from hottui.monitor.backoff import full_jitter
from hottui.store.errors import StoreError

if TYPE_CHECKING:
    from hottui.store.store import Store

LOOK_EVERY: Final = 0.8
"""Seconds between two looks for changes by other processes."""
SIGHT_EVERY: Final = 10.0
"""Seconds for which an unchanged answer's time waits to be written: it is worth no disk access of its own."""
NOTICE_FOR: Final = 120.0
"""Seconds for which it is shown what was found and mended in the store."""


@dataclass(frozen=True, slots=True)
class Write:
    """One change of the store. A later write with the same `key` stands in for one that waits still."""

    act: Callable[["Store"], Any]
    refs: tuple[Ref, ...] = ()
    """Whose bookmarks it changes: until it is written, the store does not know better about these."""
    key: Hashable = None
    then: Callable[[Any], None] | None = None
    """Called on the event loop with what `act` gave."""
    change: str = ""
    """What the user changed, in words, to be named where it was not saved; empty for what was only observed."""
    an_answer: bool = False
    """Whether it keeps what a read brought, not what the user did: a fault in it is reported, and costs no more."""


class Journal:
    """Writes to one store. Methods are for the event loop; `act` and the reading of changes run elsewhere.

    `changed` is called on the event loop with all the store holds after another process changed it, and once at the
    start; with True when the store is another file than before, and may lack what that one held. `told` is called
    when `trouble` has become another.
    """

    def __init__(
        self,
        store: "Store",
        *,
        changed: Callable[[tuple[Tracked, ...], bool], None],
        told: Callable[[], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._changed = changed
        self._told = told
        self._clock = clock
        self._rng = Random()  # noqa: S311 — dice for a backoff, no secret
        self._ready = threading.Condition()
        self._queue: dict[Hashable, Write] = {}
        self._sights: dict[Ref, float] = {}
        self._under_way: Write | None = None
        self._closing = False
        self._confirmed = asyncio.Event()
        self._unconfirmed: Counter[Ref] = Counter()
        self._version: int | None = None
        self._generation = store.generation
        self._sights_due = False
        self._failures: dict[str, int] = {}
        self._troubles: dict[str, Trouble] = {}
        self._notice: Trouble | None = None
        self._mended = store.repairs
        self._loop: asyncio.AbstractEventLoop | None = None
        self.ended: asyncio.Future[None] | None = None

    @property
    def trouble(self) -> Trouble | None:
        """Why the store does not do as asked, or what was mended in it lately; None when all is well."""
        return self._troubles.get("write") or self._troubles.get("look") or self._notice

    @property
    def unsaved(self) -> int:
        """Writes that the store did not take; those that merely wait their turn do not count until the end."""
        if not self._troubles and not self._closing:
            return 0
        return len(self._waiting())

    @property
    def unsaved_changes(self) -> tuple[str, ...]:
        """What the user changed that is not in the store yet, in words and in order."""
        return tuple(write.change for write in self._waiting() if write.change)

    def _waiting(self) -> list[Write]:
        with self._ready:
            return [*((self._under_way,) if self._under_way else ()), *self._queue.values()]

    async def saved(self, patience: float) -> bool:
        """Wait until the store has what the user changed until now, at most `patience` seconds; whether it has."""
        try:
            async with asyncio.timeout(patience):
                while self._unconfirmed:
                    await self._confirmed.wait()
        except TimeoutError:
            return False
        return True

    def unconfirmed(self, ref: Ref) -> bool:
        """Whether a change of the bookmark of `ref` made here may not be in what `changed` was last told."""
        return self._unconfirmed[ref] > 0

    def write(self, write: Write) -> None:
        """Do `write` after those before it."""
        self._unconfirmed.update(write.refs)
        key = object() if write.key is None else write.key
        with self._ready:
            self._queue.pop(key, None)
            self._queue[key] = write
            self._ready.notify()

    def sighted(self, ref: Ref, at: float) -> None:
        """Note, some time soon, that `ref` was answered for at `at` as before."""
        with self._ready:
            self._sights[ref] = at

    def forget_sight(self, ref: Ref) -> None:
        """Drop what `sighted` noted of `ref`."""
        with self._ready:
            self._sights.pop(ref, None)

    def start(self) -> None:
        """Begin to write. Writes given before wait until then."""
        self._loop = asyncio.get_running_loop()
        self.ended = self._loop.create_future()
        self._closing = False
        threading.Thread(target=self._run, name="hottui-journal", daemon=True).start()

    async def close(self, patience: float = 2.0) -> None:
        """Write what waits, trying each write once more, and end; give up after `patience` seconds.

        A store that hangs (a dead network file system) must not keep the program from ending: the thread is left
        behind then, and `unsaved` tells how many writes were. Raises what ended the thread before its time.
        """
        if self.ended is None:
            return
        with self._ready:
            self._closing = True
            self._ready.notify()
        cancelled = await _outlasting_cancellation(self.ended, patience)
        with self._ready:
            self._loop = None
        if cancelled is not None:
            raise cancelled
        if self.ended.done():
            self.ended.result()

    def blame(self, error: StoreError) -> None:
        """Tell of trouble that somebody had reading the store, on any thread; the next look that succeeds ends it."""
        self._post(self._tell, "look", Trouble(self._clock(), error.message, error.hint))

    def _tell(self, what: str, trouble: Trouble | None) -> None:
        if trouble is None:
            self._troubles.pop(what, None)
        else:
            self._troubles[what] = trouble
        self._told()

    def _report(self, error: Exception) -> None:
        asyncio.get_running_loop().call_exception_handler({"message": "A fault in the store", "exception": error})

    def _show(self, notice: Trouble | None) -> None:
        self._notice = notice
        self._told()

    def _confirm(self, write: Write, result: Any) -> None:
        self._unconfirmed.subtract(write.refs)
        self._unconfirmed += Counter()
        self._confirmed.set()
        self._confirmed = asyncio.Event()
        if write.then is not None:
            write.then(result)

    # From here on: the thread

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 — whatever it is, the loop must hear of it and end with it
            self._post(self._end, error)
        else:
            self._post(self._end, None)

    def _end(self, error: BaseException | None) -> None:
        if self.ended is None or self.ended.done():
            return
        if error is None:
            self.ended.set_result(None)
        else:
            self.ended.set_exception(error)

    def _post(self, call: Callable[..., None], *values: Any) -> None:
        with self._ready:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(call, *values)

    def _work(self) -> None:
        look_at, write_at, sights_at = 0.0, 0.0, time.monotonic() + SIGHT_EVERY
        last = False
        while not last:
            last = self._closing
            now = time.monotonic()
            if last or now >= sights_at:
                self._sights_due = True
                sights_at = now + SIGHT_EVERY
            if last or now >= write_at:
                write_at = self._try("write", self._write_waiting)
            if not last and now >= look_at:
                look_at = max(self._try("look", self._look), now + LOOK_EVERY)
            with self._ready:
                wake_at = min(look_at, sights_at, write_at if self._queue or self._sights_due else look_at)
                if not self._closing and wake_at > time.monotonic():
                    self._ready.wait(wake_at - time.monotonic())

    def _try(self, what: str, act: Callable[[], None]) -> float:
        """Do it; gives the time before which it is not to be tried again. Writing and looking fail apart."""
        try:
            act()
        except StoreError as error:
            failures = self._failures.get(what, 0) + 1
            self._failures[what] = failures
            self._post(self._tell, what, Trouble(self._clock(), error.message, error.hint))
            return time.monotonic() + full_jitter(failures, self._rng, first=1.0, longest=30.0)
        if what in self._failures or what in self._troubles:
            self._failures.pop(what, None)
            self._post(self._tell, what, None)
        return 0.0

    def _write_waiting(self) -> None:
        self._drain()
        if self._sights_due:
            self._flush_sights()
            self._sights_due = False

    def _drain(self) -> None:
        while True:
            with self._ready:
                if not self._queue:
                    return
                key = next(iter(self._queue))
                write = self._queue.pop(key)
                self._under_way = write
            try:
                result = write.act(self._store)
            except StoreError:
                self._put_back(key, write)
                raise
            except Exception as error:
                if not write.an_answer:
                    raise
                result = None
                self._post(self._report, error)
            with self._ready:
                self._under_way = None
            self._post(self._confirm, write, result)

    def _put_back(self, key: Hashable, write: Write) -> None:
        with self._ready:
            self._under_way = None
            if key not in self._queue:
                self._queue = {key: write, **self._queue}

    def _flush_sights(self) -> None:
        with self._ready:
            sights, self._sights = self._sights, {}
        if not sights:
            return
        try:
            self._store.mark_all_seen(sights)
        except StoreError:
            with self._ready:
                self._sights = {**sights, **self._sights}
            raise

    def _look(self) -> None:
        version = self._store.data_version()
        if version != self._version:
            rows = self._store.tracked()
            anew, self._generation = self._store.generation != self._generation, self._store.generation
            self._version = version
            self._post(self._changed, rows, anew)
        self._look_at_notices()

    def _look_at_notices(self) -> None:
        """Show for a while what was mended since the store was opened: its files were damaged or taken away."""
        mended, now = self._store.repairs, self._clock()
        new = mended[len(self._mended) :]
        self._mended = mended
        if new:
            self._post(self._show, Trouble(now, " ".join(new)))
        elif self._notice is not None and now - self._notice.at > NOTICE_FOR:
            self._post(self._show, None)


async def _outlasting_cancellation(ended: asyncio.Future[None], patience: float) -> asyncio.CancelledError | None:
    """Wait for `ended`, at most `patience` seconds; gives the last cancellation that came meanwhile.

    A program that ends cancels its tasks more than once; what waits to be written must not be lost by that.
    """
    loop = asyncio.get_running_loop()
    end, cancelled = loop.time() + patience, None
    while not ended.done() and loop.time() < end:
        try:
            await asyncio.wait({ended}, timeout=end - loop.time())
        except asyncio.CancelledError as again:
            cancelled = again
    return cancelled
