"""The journal of a store: writes in order on a worker thread, so that a slow disk never blocks the event loop.

A failed write is retried with backoff. Changes by other processes are detected about once a second.
"""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable
from random import Random
from typing import TYPE_CHECKING, Any, Final, TypeVar

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked, Trouble
from hottui.monitor.journal import Journal, Write
from hottui.monitor.schedule import full_jitter
from hottui.monitor.write_preparation import WritePreparation
from hottui.store.errors import StoreError

if TYPE_CHECKING:
    from hottui.store.store import Store

_T = TypeVar("_T")

POLL_EVERY: Final = 0.8
"""Seconds between two checks for changes by other processes."""
SEEN_EVERY: Final = 10.0
"""Seconds between two writes of the times of unchanged answers, so that each needs no disk access of its own."""
_PREPARED_WITHIN: Final = 0.3
"""Seconds that closing waits for writes in preparation."""
NOTICE_FOR: Final = 120.0
"""Seconds for which a repair of the store is shown."""


class StoreJournal(Journal):
    """Writes to one store. Methods are called on the event loop, `act` of each write on the worker thread.

    `on_change` is called on the event loop with all rows of the store after another process changed it, and once at
    the start; its second argument is whether the store was reopened because its file was replaced, and may lack rows.
    `on_trouble` is called when `trouble` has changed.
    """

    persistent = True

    def __init__(
        self,
        store: "Store",
        *,
        on_change: Callable[[tuple[Tracked, ...], bool], None],
        on_trouble: Callable[[], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._on_change = on_change
        self._on_trouble = on_trouble
        self._clock = clock
        self._rng = Random()  # noqa: S311 - random numbers for backoff, not for secrets
        self._ready = threading.Condition()
        self._queue: dict[Hashable, Write] = {}
        self._preparation = WritePreparation(self.write, lambda error: self._post(self._report, error))
        self._seen: dict[Ref, float] = {}
        self._under_way: Write | None = None
        self._closing = False
        self._confirmed = asyncio.Event()
        self._unconfirmed: Counter[Ref] = Counter()
        self._version: int | None = None
        self._generation = store.generation
        self._seen_due = False
        self._failures: dict[str, int] = {}
        self._troubles: dict[str, Trouble] = {}
        self._notice: Trouble | None = None
        self._repairs = store.repairs
        self._loop: asyncio.AbstractEventLoop | None = None
        self.ended: asyncio.Future[None] | None = None

    @property
    def trouble(self) -> Trouble | None:
        """Why changes cannot be saved, or what was repaired lately; None if there is nothing to report."""
        return self._troubles.get("write") or self._troubles.get("poll") or self._notice

    @property
    def unsaved(self) -> int:
        """The number of writes that could not be saved; pending writes count only after `close`."""
        if not self._troubles and not self._closing:
            return 0
        return len(self._waiting())

    @property
    def unsaved_changes(self) -> tuple[str, ...]:
        """Descriptions of the user's changes that are not saved yet, in order."""
        return tuple(write.description for write in self._waiting() if write.description)

    def _waiting(self) -> list[Write]:
        with self._ready:
            return [*((self._under_way,) if self._under_way else ()), *self._queue.values()]

    async def wait_until_saved(self, within: float) -> bool:
        """Wait at most `within` seconds until the user's changes so far are saved; whether they are."""
        try:
            async with asyncio.timeout(within):
                while self._unconfirmed:
                    await self._confirmed.wait()
        except TimeoutError:
            return False
        return True

    def unconfirmed(self, ref: Ref) -> bool:
        """Whether the rows last passed to `on_change` may lack a change of the bookmark of `ref`."""
        return self._unconfirmed[ref] > 0

    def write(self, write: Write) -> None:
        """Add `write` to the queue, replacing a pending one with the same key."""
        self._unconfirmed.update(write.refs)
        key = object() if write.key is None else write.key
        with self._ready:
            self._queue.pop(key, None)
            self._queue[key] = write
            self._ready.notify()

    def write_prepared(self, key: Hashable, prepare: Callable[[], Write]) -> None:
        """Add the write that `prepare` returns, called in another thread; dropped if closed before it has ended."""
        self._preparation.submit(key, prepare)

    async def wait_until_prepared(self, within: float) -> None:
        """Wait at most `within` seconds for the writes of `write_prepared`."""
        await asyncio.to_thread(self._preparation.wait, within)

    def mark_seen(self, ref: Ref, at: float) -> None:
        """Note that the service repeated the saved answer about `ref` at `at`; written within SEEN_EVERY."""
        with self._ready:
            self._seen[ref] = at

    def discard_seen(self, ref: Ref) -> None:
        """Discard what `mark_seen` noted about `ref`."""
        with self._ready:
            self._seen.pop(ref, None)

    def start(self) -> None:
        """Start the worker thread; earlier writes wait until then."""
        self._loop = asyncio.get_running_loop()
        self.ended = self._loop.create_future()
        self._closing = False
        threading.Thread(target=self._run, name="hottui-journal", daemon=True).start()

    async def close(self, within: float = 2.0) -> None:
        """Try each pending write once more, and stop; give up after `within` seconds.

        A store that hangs (an unreachable network file system) must not block the exit: then the thread is abandoned,
        and `unsaved` counts what it did not write. Raises the exception that ended the thread, if any.
        """
        if self.ended is None:
            return
        with self._ready:
            self._closing = True
            self._ready.notify()
        cancelled = await _wait_despite_cancellation(self.ended, within)
        with self._ready:
            self._loop = None
        if cancelled is not None:
            raise cancelled
        if self.ended.done():
            self.ended.result()

    async def watch(self) -> None:
        """Wait for the end of the thread, and raise what ended it unexpectedly. Cancelling this does not end it."""
        if self.ended is not None:
            await asyncio.shield(self.ended)

    def read(self, query: "Callable[[Store], _T]", default: _T) -> _T:
        """Return the result of `query`, or `default` if it raises StoreError, which is reported. Thread-safe."""
        try:
            return query(self._store)
        except StoreError as error:
            self._post(self._set_trouble, "poll", Trouble(self._clock(), error.message, error.hint))
            return default

    def _set_trouble(self, what: str, trouble: Trouble | None) -> None:
        if trouble is None:
            self._troubles.pop(what, None)
        else:
            self._troubles[what] = trouble
        self._on_trouble()

    def _report(self, error: Exception) -> None:
        asyncio.get_running_loop().call_exception_handler(
            {"message": "Internal error in the store", "exception": error}
        )

    def _set_notice(self, notice: Trouble | None) -> None:
        self._notice = notice
        self._on_trouble()

    def _confirm(self, write: Write, result: Any) -> None:
        self._unconfirmed.subtract(write.refs)
        self._unconfirmed += Counter()
        self._confirmed.set()
        self._confirmed = asyncio.Event()
        if write.on_done is not None:
            write.on_done(result)

    # On the worker thread

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - passed to the event loop, which raises it
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
        poll_at, write_at, seen_at = 0.0, 0.0, time.monotonic() + SEEN_EVERY
        last = False
        while not last:
            last = self._closing
            now = time.monotonic()
            if last or now >= seen_at:
                self._seen_due = True
                seen_at = now + SEEN_EVERY
            if last or now >= write_at:
                write_at = self._try("write", self._write_waiting)
            if last and not write_at:
                self._preparation.wait(_PREPARED_WITHIN)
                self._preparation.drop()
                self._try("write", self._write_waiting)
            if not last and now >= poll_at:
                poll_at = max(self._try("poll", self._poll), now + POLL_EVERY)
            with self._ready:
                wake_at = min(poll_at, seen_at, write_at if self._queue or self._seen_due else poll_at)
                if not self._closing and wake_at > time.monotonic():
                    self._ready.wait(wake_at - time.monotonic())

    def _try(self, what: str, act: Callable[[], None]) -> float:
        """Run `act`; returns when it may be retried. Failures of writing and polling are counted separately."""
        try:
            act()
        except StoreError as error:
            failures = self._failures.get(what, 0) + 1
            self._failures[what] = failures
            self._post(self._set_trouble, what, Trouble(self._clock(), error.message, error.hint))
            return time.monotonic() + full_jitter(failures, self._rng, first=1.0, longest=30.0)
        if what in self._failures or what in self._troubles:
            self._failures.pop(what, None)
            self._post(self._set_trouble, what, None)
        return 0.0

    def _write_waiting(self) -> None:
        self._drain()
        if self._seen_due:
            self._flush_seen()
            self._seen_due = False

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
                if not write.is_answer:
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

    def _flush_seen(self) -> None:
        with self._ready:
            times, self._seen = self._seen, {}
        if not times:
            return
        try:
            self._store.mark_all_seen(times)
        except StoreError:
            with self._ready:
                self._seen = {**times, **self._seen}
            raise

    def _poll(self) -> None:
        version = self._store.data_version()
        if version != self._version:
            rows = self._store.tracked()
            reopened, self._generation = self._store.generation != self._generation, self._store.generation
            self._version = version
            self._post(self._on_change, rows, reopened)
        self._check_repairs()

    def _check_repairs(self) -> None:
        """Show new repairs of the store for a while: its files were damaged or removed."""
        repairs, now = self._store.repairs, self._clock()
        new = repairs[len(self._repairs) :]
        self._repairs = repairs
        if new:
            self._post(self._set_notice, Trouble(now, " ".join(new)))
        elif self._notice is not None and now - self._notice.at > NOTICE_FOR:
            self._post(self._set_notice, None)


async def _wait_despite_cancellation(ended: asyncio.Future[None], within: float) -> asyncio.CancelledError | None:
    """Wait for `ended` at most `within` seconds; returns the last CancelledError received meanwhile.

    At exit, tasks are cancelled more than once; pending writes must not be lost by that.
    """
    loop = asyncio.get_running_loop()
    end, cancelled = loop.time() + within, None
    while not ended.done() and loop.time() < end:
        try:
            await asyncio.wait({ended}, timeout=end - loop.time())
        except asyncio.CancelledError as error:
            cancelled = error
    return cancelled
