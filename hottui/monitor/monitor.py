"""The monitor: the tracked hot updates, the commands on them, and the snapshots of their state. On asyncio."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from hottui.model.job_insight import Insight
from hottui.model.ref import JobRef, Ref
from hottui.model.times import DEFAULT_INTERVAL, bounded_interval
from hottui.model.tracking import Bookmark, Observation, Tracked, Transition, Trouble
from hottui.monitor.history import History
from hottui.monitor.job_cache import JobCache
from hottui.monitor.job_history import HISTORY_ACTIONS, JobHistory
from hottui.monitor.job_observer import JobObserver
from hottui.monitor.journal import Journal, NullJournal
from hottui.monitor.known_job import KnownJob
from hottui.monitor.loop_timing import PollRate
from hottui.monitor.notifier import Notifier
from hottui.monitor.poll_loop import PollLoop
from hottui.monitor.read_dispatch import Dispatcher
from hottui.monitor.reader import Reader
from hottui.monitor.schedule import Pace
from hottui.monitor.snapshot import LoopStatus, Snapshot
from hottui.monitor.store_journal import StoreJournal
from hottui.monitor.store_sync import merge, missing_bookmarks
from hottui.monitor.tracked_list import RecentlyRemoved, TrackedList, relabeled
from hottui.monitor.transitions import only_seen_again, restored

if TYPE_CHECKING:
    from hottui.service.job_client import JobClient
    from hottui.store.store import Store


class Monitor:
    """Polls hot updates while `run` runs. Commands are called on the event loop at any time and never block.

    `tracked` comes from the store or the command line. Without a store, bookmarks last as long as the monitor. The
    caller closes the store after `run` has ended. `jobs` reads the jobs behind the hot updates; without it, only what
    the store has is known of them.
    """

    def __init__(
        self,
        tracked: Iterable[Tracked],
        reader: Reader,
        store: "Store | None",
        *,
        jobs: "JobClient | None" = None,
        interval: float = DEFAULT_INTERVAL,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        rng: Random | None = None,
    ) -> None:
        self._clock = clock
        self._now = monotonic
        self._tracked = TrackedList()
        self._recently_removed = RecentlyRemoved()
        self._wake = asyncio.Event()
        self._notifier = Notifier(self.snapshot, self._wake.set)
        self._journal: Journal = NullJournal()
        if store is not None:
            self._journal = StoreJournal(
                store, on_change=self._merge, on_trouble=self._notifier.publish_soon, clock=clock
            )
        self._history = History(self._journal)
        pace = Pace(bounded_interval(interval), rng or Random())  # noqa: S311 - random numbers for jitter, not for secrets
        self._dispatcher = Dispatcher(reader.account_of, pace)
        self._poll_rate = PollRate()
        self._job_cache = JobCache(self._journal, clock)
        self._jobs = JobObserver(
            jobs,
            self._dispatcher,
            tracked=self._tracked,
            history=self._history,
            cache=self._job_cache,
            notifier=self._notifier,
            update=self._update,
            wake=self._wake.set,
            clock=clock,
            monotonic=monotonic,
        )
        self._loop = PollLoop(
            reader,
            self._dispatcher,
            tracked=self._tracked,
            history=self._history,
            notifier=self._notifier,
            poll_rate=self._poll_rate,
            wake=self._wake,
            update=self._update,
            jobs=self._jobs,
            clock=clock,
            monotonic=monotonic,
        )
        for row in tracked:
            self._track(restored(row))

    # Commands

    def batch(self) -> AbstractContextManager[None]:
        """Return a context in which commands publish one snapshot at its end."""
        return self._notifier.one_snapshot()

    def track(self, refs: Iterable[Ref], bookmark: bool = False, label: str = "") -> None:
        """Track these refs for the session; with `bookmark`, also bookmark them."""
        refs = tuple(dict.fromkeys(refs))
        for ref in refs:
            if ref not in self._tracked:
                self._track(self._recently_removed.pop(ref))
        if bookmark:
            self._bookmark([Bookmark(ref, label, "", self._clock()) for ref in refs])
        self._notifier.publish_now()

    def untrack(self, ref: Ref) -> None:
        """Stop tracking `ref` and remove its bookmark. Tracking it again soon restores its history."""
        tracked = self._tracked.get(ref)
        if tracked is None:
            return
        if tracked.bookmark is not None:
            self._history.remove_bookmark(ref)
        self._untrack(ref)
        evicted = self._recently_removed.add(tracked)
        if evicted is not None:
            self._history.forget(evicted)
        self._notifier.publish_now()

    def bookmark(self, ref: Ref, label: str = "", note: str = "") -> None:
        """Bookmark `ref` with its history; a label or note, if not empty, replaces the old one."""
        if ref in self._tracked:
            self._bookmark([Bookmark(ref, label, note, self._clock())])
            self._notifier.publish_now()

    def restore(self, removed: Tracked) -> None:
        """Track and bookmark again what the method `removed` returned, with its history."""
        if removed.ref not in self._tracked:
            self._recently_removed.discard(removed.ref)
            self._track(replace(restored(removed), bookmark=None))
        if removed.bookmark is not None:
            self._bookmark([removed.bookmark])
        self._notifier.publish_now()

    def unbookmark(self, ref: Ref) -> None:
        """Remove the bookmark of `ref`, which stays tracked for the session."""
        tracked = self._tracked.get(ref)
        if tracked is not None and tracked.bookmark is not None:
            self._history.remove_bookmark(ref)
            self._update(replace(tracked, bookmark=None))
            self._notifier.publish_now()

    def annotate(self, ref: Ref, label: str, note: str) -> None:
        """Set label and note of the bookmark of `ref`, even to empty."""
        tracked = self._tracked.get(ref)
        if tracked is not None and tracked.bookmark is not None:
            bookmark = replace(tracked.bookmark, label=label, note=note)
            self._history.annotate(bookmark)
            self._update(replace(tracked, bookmark=bookmark))
            self._notifier.publish_now()

    def mark_viewed(self, ref: Ref) -> None:
        """Note that the user has opened the detail of `ref`."""
        tracked = self._tracked.get(ref)
        if tracked is not None and not tracked.viewed:
            if tracked.bookmark is not None:
                self._history.mark_viewed(ref, self._clock())
            self._update(replace(tracked, viewed=True))
            self._notifier.publish_now()

    def pause(self, on: bool) -> None:
        """Pause or resume polling. While paused, only `refresh` reads."""
        self._dispatcher.pause(on)
        self._poll_rate.restart()
        self._notifier.publish_now()

    def refresh(self, ref: Ref | None = None) -> None:
        """Read `ref`, or everything, once now, even if finished, on hold or paused."""
        refs = tuple(self._tracked) if ref is None else (ref,)
        self._dispatcher.force(refs, self._now())
        for forced in refs:
            self._poll_rate.forget(forced)
        self._jobs.refresh(ref)
        self._wake.set()

    def set_interval(self, seconds: float) -> None:
        """Set the polling interval of in-progress refs, between MIN_INTERVAL and MAX_INTERVAL."""
        self._dispatcher.set_interval(bounded_interval(seconds), self._now())
        self._poll_rate.restart()
        self._notifier.publish_now()

    def open_detail(self, ref: Ref) -> None:
        """Note that the detail of `ref` is open: its job is read at once, then every 30 seconds."""
        self._jobs.open_detail(ref)

    def close_detail(self, ref: Ref) -> None:
        """Note that the detail of `ref` is no longer open."""
        self._jobs.close_detail(ref)

    def listen(self, on_snapshot: Callable[[Snapshot], None], on_transition: Callable[[Transition], None]) -> None:
        """Add listeners, called on the event loop for each changed snapshot and each transition."""
        self._notifier.listen(on_snapshot, on_transition)

    # Queries

    def snapshot(self) -> Snapshot:
        """Return the current snapshot."""
        dispatcher, journal = self._dispatcher, self._journal
        status = LoopStatus(
            paused=dispatcher.paused,
            interval=dispatcher.interval,
            period=self._poll_rate.seconds(self._now(), dispatcher.interval),
            in_flight=dispatcher.in_flight,
            holds=dispatcher.holds.shown(),
            unsaved=journal.unsaved,
            trouble=journal.trouble,
            slowed=dispatcher.slowed,
            held=dispatcher.held_refs,
            clock_offset=self._loop.clock_skew.worst,
            not_permitted=self._jobs.not_permitted,
        )
        return Snapshot(self._tracked.in_order(), status, self._clock())

    def observation(self, ref: Ref) -> Observation | None:
        """Return the last good answer: unmasked if it is in memory, else as saved in the store, with secrets masked."""
        return self._history.observation(ref)

    def transitions(self, ref: Ref) -> tuple[Transition, ...]:
        """Return the transitions of `ref`, oldest first."""
        return self._history.transitions(ref)

    def gaps(self, ref: Ref) -> tuple[tuple[float, float], ...]:
        """Return begin and end of each time in which `ref` was in progress and not read. May block."""
        return self._history.gaps(ref)

    def job_of(self, ref: Ref) -> JobRef | None:
        """Return the job of `ref`; None as long as it is not known."""
        return self._jobs.job_of(ref)

    def job(self, job: JobRef) -> KnownJob:
        """Return the last answers about `job`, each with its time and the error of the last read. May block."""
        return self._job_cache.job(job)

    def hot_updates_of(self, job: JobRef) -> tuple[Tracked, ...]:
        """Return the tracked hot updates of `job`, the latest first."""
        return self._jobs.hot_updates_of(job)

    def insight(self, ref: Ref) -> Insight | None:
        """Return before, effect with its items, and interruption of `ref`; None if nothing is known. May block."""
        return self._job_cache.insight(ref)

    def load_job_history(self, job: JobRef, actions: Collection[str] = HISTORY_ACTIONS) -> AsyncIterator[JobHistory]:
        """Read the history of `job` by `actions`: yields what is loaded so far after each answer, the newest first."""
        return self._jobs.load_history(job, actions)

    async def removed(self) -> Tracked | None:
        """Return the bookmark removed last, within a day, by this or another process; None if there is none."""
        bookmarked = {tracked.ref for tracked in self._tracked.in_order() if tracked.bookmark is not None}
        removed = await asyncio.to_thread(self._history.removed)
        return next((tracked for tracked in removed if tracked.ref not in bookmarked), None)

    async def wait_until_saved(self, within: float) -> bool:
        """Wait at most `within` seconds until all changes are saved; whether they are. Returns at once on an error."""
        return await self._journal.wait_until_saved(0.0 if self._journal.trouble else within)

    async def wait_until_answers_saved(self, within: float) -> None:
        """Wait at most `within` seconds for large answers, which are masked first; `run` drops them at its end."""
        await self._journal.wait_until_prepared(within)

    @property
    def unsaved_changes(self) -> tuple[str, ...]:
        """Descriptions of the user's changes that are not saved yet."""
        return self._journal.unsaved_changes

    @property
    def store_trouble(self) -> Trouble | None:
        """Why changes cannot be saved; None if there is no error."""
        return self._journal.trouble

    # The loop

    async def run(self) -> None:
        """Poll until cancelled; then cancel all reads and save what is left.

        What could not be saved is counted by `unsaved` in later snapshots.
        """
        self._journal.start()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._journal.watch(), name="hottui-journal")
                await self._loop.run(group)
        finally:
            self._loop.interrupt_reads()
            await self._journal.close()

    # What is tracked

    def _track(self, tracked: Tracked) -> None:
        self._dispatcher.track(tracked)
        self._update(tracked)
        self._jobs.restored(tracked)

    def _untrack(self, ref: Ref) -> None:
        self._dispatcher.untrack(ref, self._now())
        self._loop.cancel(ref)
        self._tracked.remove(ref)
        self._poll_rate.forget(ref)
        self._jobs.untracked(ref)
        self._notifier.publish_soon()

    def _bookmark(self, bookmarks: list[Bookmark]) -> None:
        new = tuple(bookmark for bookmark in bookmarks if self._tracked[bookmark.ref].bookmark is None)
        for bookmark in bookmarks:
            tracked = self._tracked[bookmark.ref]
            wanted = relabeled(tracked.bookmark, bookmark)
            if tracked.bookmark not in (None, wanted):
                self._history.annotate(wanted)
            self._update(replace(tracked, bookmark=wanted))
        if new:
            self._dispatcher.force(self._history.add_bookmarks(new), self._now())
            self._job_cache.save_all(bookmark.ref for bookmark in new)

    def _merge(self, rows: tuple[Tracked, ...], reopened: bool) -> None:
        """Merge changes that other processes made in the store; add what is missing if the store was `reopened`."""
        if reopened and (lost := missing_bookmarks(self._tracked.in_order(), rows)):
            self._dispatcher.force(self._history.add_bookmarks(lost), self._now())
        merged = merge(self._tracked.in_order(), rows, self._journal.unconfirmed)
        for ref in merged.removed:
            self._untrack(ref)
            self._history.forget(ref)
        for tracked in merged.changed:
            known = tracked.ref in self._tracked
            self._recently_removed.discard(tracked.ref)
            self._track(tracked)
            if known:
                self._dispatcher.reconsider(tracked)
        for transition in merged.transitions:
            self._history.add_transition(transition)
            self._notifier.publish_transition(transition)
        self._wake.set()

    def _update(self, tracked: Tracked) -> None:
        before = self._tracked.get(tracked.ref)
        if not self._tracked.update(tracked):
            return
        if before is not None and only_seen_again(before, tracked):
            self._notifier.publish_ages()
        else:
            self._notifier.publish_soon()
