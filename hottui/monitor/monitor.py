"""The live engine: reads what is due, notices what moved, and tells whoever listens. On asyncio, without Textual."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Final

from hottui.model.interval import DEFAULT_INTERVAL, MAX_INTERVAL, MIN_INTERVAL
from hottui.model.ref import Ref
from hottui.model.state import Freshness
from hottui.model.tracking import Bookmark, Observation, Tracked, Transition, Trouble
from hottui.monitor import transitions as noticing
from hottui.monitor.history import History
from hottui.monitor.journal import Journal
from hottui.monitor.notifier import Notifier
from hottui.monitor.poll_rate import PollRate
from hottui.monitor.read_dispatch import Dispatcher
from hottui.monitor.reader import ClockSkew, Consequence, KnowsCredentials, Reader, cause_of, consequence_of
from hottui.monitor.schedule import NEVER, Pace
from hottui.monitor.snapshot import Hold, LoopStatus, Slow, Snapshot
from hottui.monitor.store_sync import merge
from hottui.monitor.suspend_detection import SuspendDetector
from hottui.monitor.tracked_list import RecentlyRemoved, TrackedList
from hottui.service.errors import ServiceError, Throttled

if TYPE_CHECKING:
    from hottui.service.client import Reading
    from hottui.store.store import Store


_TICK: Final = 5.0
"""Seconds after which the loop looks up while anything is to come: a timer does not run while the machine sleeps."""
_CREDENTIALS_EVERY: Final = 2.0
_LARGE: Final = 50_000
"""Characters of an answer from which on it is summed up off the event loop."""
_NO_ANSWER_YET: Final = "The service has not answered, and other hot updates were waiting to be read."
_READ_AGAIN: Final = "It is read again with more time. If others answer, give this ID to the service's support."


class Monitor:
    """Watches hot updates while `run` runs. Commands may be given at any time, on the event loop; none blocks.

    `tracked` is what an earlier run left in `store`. Without a store, bookmarks live as long as the monitor. The
    store stays open: it is the caller's to close after `run` has ended.
    """

    def __init__(
        self,
        tracked: Iterable[Tracked],
        reader: Reader,
        store: "Store | None",
        *,
        interval: float = DEFAULT_INTERVAL,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        rng: Random | None = None,
    ) -> None:
        self._reader = reader
        self._clock = clock
        self._now = monotonic
        pace = Pace(_bounded(interval), rng or Random())  # noqa: S311 — dice for jitter, no secret
        self._dispatch = Dispatcher(reader.account_of, pace)
        self._roster = TrackedList()
        self._period = PollRate()
        self._pulse = SuspendDetector()
        self._sleeps = 0
        self._reads: dict[Ref, asyncio.Task[None]] = {}
        self._repeated: set[Ref] = set()
        self._wake = asyncio.Event()
        self._teller = Notifier(self.snapshot, self._wake.set)
        self._attic = RecentlyRemoved()
        self._journal = Journal(store, changed=self._merge, told=self._teller.soon, clock=clock) if store else None
        self._history = History(store, self._journal)
        self._look_at_credentials = 0.0
        self._offsets = ClockSkew(reader)
        for row in tracked:
            self._track(noticing.restored(row))

    # Commands

    def track(self, refs: Iterable[Ref], bookmark: bool = False, label: str = "") -> None:
        """Watch these too, for the session or, bookmarked, for longer."""
        refs = tuple(dict.fromkeys(refs))
        for ref in refs:
            if ref not in self._roster:
                self._track(self._attic.take(ref))
        if bookmark:
            self._bookmark([Bookmark(ref, label, "", self._clock()) for ref in refs])
        self._teller.now()

    def untrack(self, ref: Ref) -> None:
        """Watch `ref` no more; its bookmark goes too. Tracked again soon, it comes back with what was seen of it."""
        tracked = self._roster.get(ref)
        if tracked is None:
            return
        if tracked.bookmark is not None:
            self._history.unbookmarked(ref)
        self._untrack(ref)
        crowded_out = self._attic.put(tracked)
        if crowded_out is not None:
            self._history.forget(crowded_out)
        self._teller.now()

    def bookmark(self, ref: Ref, label: str = "", note: str = "") -> None:
        """Keep `ref` and what was seen of it in the store; a label or note given replaces the old one."""
        if ref in self._roster:
            self._bookmark([Bookmark(ref, label, note, self._clock())])
            self._teller.now()

    def restore(self, removed: Tracked) -> None:
        """Watch and bookmark again what `removed` gave, with what was seen of it."""
        if removed.ref not in self._roster:
            self._attic.drop(removed.ref)
            self._track(replace(noticing.restored(removed), bookmark=None))
        if removed.bookmark is not None:
            self._bookmark([removed.bookmark])
        self._teller.now()

    def unbookmark(self, ref: Ref) -> None:
        """Take `ref` out of the store; it is watched on for the session."""
        tracked = self._roster.get(ref)
        if tracked is not None and tracked.bookmark is not None:
            self._history.unbookmarked(ref)
            self._put(replace(tracked, bookmark=None))
            self._teller.now()

    def annotate(self, ref: Ref, label: str, note: str) -> None:
        """Give the bookmark of `ref` this label and note, empty ones too."""
        tracked = self._roster.get(ref)
        if tracked is not None and tracked.bookmark is not None:
            bookmark = replace(tracked.bookmark, label=label, note=note)
            self._history.annotated(bookmark)
            self._put(replace(tracked, bookmark=bookmark))
            self._teller.now()

    def looked_at(self, ref: Ref) -> None:
        """Note that the user has opened the detail of `ref`."""
        tracked = self._roster.get(ref)
        if tracked is not None and not tracked.looked_at:
            if tracked.bookmark is not None:
                self._history.looked_at(ref, self._clock())
            self._put(replace(tracked, looked_at=True))
            self._teller.now()

    def pause(self, on: bool) -> None:
        """Read nothing but what `refresh` asks for, or go on."""
        self._dispatch.pause(on)
        self._period.restart()
        self._teller.now()

    def refresh(self, ref: Ref | None = None) -> None:
        """Read `ref`, or everything, now: once, finished, held or paused though it be."""
        refs = tuple(self._roster) if ref is None else (ref,)
        self._dispatch.force(refs, self._now())
        for forced in refs:
            self._period.forget(forced)
        self._wake.set()

    def set_interval(self, seconds: float) -> None:
        """Read in-progress refs this often, within MIN_INTERVAL and MAX_INTERVAL."""
        self._dispatch.set_interval(_bounded(seconds), self._now())
        self._period.restart()
        self._teller.now()

    def listen(self, on_snapshot: Callable[[Snapshot], None], on_transition: Callable[[Transition], None]) -> None:
        """Be told, on the event loop: of each picture that differs from the last, and of each move, once."""
        self._teller.listen(on_snapshot, on_transition)

    # Questions

    def snapshot(self) -> Snapshot:
        """The picture as of now."""
        journal = self._journal
        trouble = journal.trouble if journal else None
        loop = LoopStatus(
            paused=self._dispatch.paused,
            interval=self._dispatch.interval,
            period=self._period.seconds(self._now(), self._dispatch.interval),
            in_flight=self._dispatch.in_flight,
            holds=self._dispatch.holds.told(),
            unsaved=journal.unsaved if journal else 0,
            trouble=trouble,
            slowed=self._dispatch.slowed,
            held=self._dispatch.held_refs,
            clock_offset=self._offsets.worst,
        )
        return Snapshot(self._roster.in_order(), loop, self._clock())

    def observation(self, ref: Ref) -> Observation | None:
        """The last good answer: as it came while memory holds it, else as the store keeps it, with secrets masked."""
        return self._history.observation(ref)

    def transitions(self, ref: Ref) -> tuple[Transition, ...]:
        """How the state of `ref` moved, oldest first."""
        return self._history.transitions(ref)

    async def removed(self) -> Tracked | None:
        """The bookmark that was removed last, at most a day ago, in this process or another; None without any."""
        here = {tracked.ref for tracked in self._roster.in_order() if tracked.bookmark is not None}
        kept = await asyncio.to_thread(self._history.removed)
        return next((tracked for tracked in kept if tracked.ref not in here), None)

    async def saved(self, patience: float) -> bool:
        """Wait until the store has what was changed until now, at most `patience` seconds; whether it has.

        A store that is in trouble is not waited for.
        """
        if self._journal is None:
            return True
        return await self._journal.saved(0.0 if self._journal.trouble else patience)

    @property
    def unsaved_changes(self) -> tuple[str, ...]:
        """What the user changed that the store has not taken yet, in words."""
        return self._journal.unsaved_changes if self._journal else ()

    @property
    def store_trouble(self) -> Trouble | None:
        """Why the store does not do as asked."""
        return self._journal.trouble if self._journal else None

    # The loop

    async def run(self) -> None:
        """Watch until cancelled; then every read has ended, and what the store would take is saved.

        What it would not take is told as `unsaved` by the snapshot from then on.
        """
        if self._journal:
            self._journal.start()
        try:
            async with asyncio.TaskGroup() as group:
                if self._journal and self._journal.ended:
                    group.create_task(_raised_by(self._journal.ended), name="hottui-journal")
                while True:
                    await self._turn(group)
        finally:
            for ref in self._reads:
                self._dispatch.interrupted(ref, self._now())
            self._reads.clear()
            if self._journal:
                await self._journal.close()

    async def _turn(self, group: asyncio.TaskGroup) -> None:
        self._wake.clear()
        now = self._beat()
        if self._dispatch.holds:
            self._ask_for_credentials(now)
        for ref in self._dispatch.overdue(now):
            self._cut(ref, now)
        for ref in self._dispatch.take(now):
            self._reads[ref] = group.create_task(self._read(ref), name=f"hottui-read {ref.id}")
        self._teller.tell(now)
        wait = self._next_turn(now)
        self._pulse.expect(None if wait is None else now + wait)
        try:
            async with asyncio.timeout(wait):
                await self._wake.wait()
        except TimeoutError:
            return

    def _next_turn(self, now: float) -> float | None:
        """Seconds until something is to be done unasked; None when nothing is."""
        times = [self._dispatch.next_look(), self._teller.due]
        if self._dispatch.holds and isinstance(self._reader, KnowsCredentials):
            times.append(self._look_at_credentials)
        nearest = min(times)
        if nearest == NEVER and not self._dispatch.in_flight:
            return None
        return min(max(nearest - now, 0.0), _TICK)

    def _beat(self) -> float:
        now = self._now()
        if self._pulse.beat(now, self._clock()):
            self._sleeps += 1
            self._period.restart()
            self._dispatch.resume(now)
        return now

    def _ask_for_credentials(self, now: float) -> None:
        """Try a held account at once when its credentials have changed."""
        if now < self._look_at_credentials or not isinstance(self._reader, KnowsCredentials):
            return
        self._look_at_credentials = now + _CREDENTIALS_EVERY
        for account, ref in self._dispatch.held().items():
            if self._reader.credentials_changed(ref):
                self._dispatch.holds.retry(now, account)

    async def _read(self, ref: Ref) -> None:
        sleeps = self._sleeps
        outcome = await self._outcome(ref)
        if self._ended(ref):
            now = self._beat()
            try:
                if isinstance(outcome, Observation):
                    self._answered(ref, outcome, now)
                else:
                    self._refused(ref, outcome, now, slept=sleeps != self._sleeps)
            except Exception as error:  # noqa: BLE001 — reported; it costs this one row its read
                if self._dispatch.reads(ref):
                    self._dispatch.failed(ref, now)
                self._blame(ref, Freshness.STALE, self._trouble_of(_reported(error, ref)))
        self._wake.set()

    async def _outcome(self, ref: Ref) -> Observation | ServiceError:
        """What a read of `ref` brought; an error that nobody expected is reported, and is this row's alone."""
        try:
            reading = await self._reader.read(ref)
            if len(reading.answer.text) < _LARGE:
                return _observation(ref, reading)
            return await asyncio.to_thread(_observation, ref, reading)
        except ServiceError as error:
            return error.with_traceback(None)  # which since Python 3.12 leads back to the caller that holds the error
        except Exception as error:  # noqa: BLE001 — reported
            return _reported(error, ref)

    def _ended(self, ref: Ref) -> bool:
        """Take note that this task's read came to its end; False when `ref` was untracked in the meantime."""
        if self._reads.get(ref) is not asyncio.current_task():
            return False
        del self._reads[ref]
        if self._offsets.note(ref.endpoint):
            self._teller.soon()
        return True

    # What a read brought

    def _answered(self, ref: Ref, observation: Observation, now: float) -> None:
        self._repeated.discard(ref)
        if not observation.summary.state:
            self._history.note(observation)
            self._dispatch.failed(ref, now)
            trouble = Trouble(
                self._clock(),
                "The answer names no state.",
                "Look at it in the Answer tab.",
                observation.request_id,
                "no state",
            )
            self._blame(ref, Freshness.STALE, trouble)
            return
        tracked, transition = noticing.observed(self._roster[ref], observation)
        self._dispatch.answered(ref, observation.summary.state, now)
        self._period.answered(ref, now, in_progress=tracked.in_progress)
        self._history.observed(observation, transition, bookmarked=tracked.bookmark is not None)
        self._put(tracked)
        if transition is not None:
            self._teller.announce(transition)

    def _refused(self, ref: Ref, error: ServiceError, now: float, *, slept: bool) -> None:
        meaning = consequence_of(error)
        repeat = error.repeat and ref not in self._repeated
        if repeat or (meaning is Consequence.FAILED and slept):
            (self._repeated.add if repeat else self._repeated.discard)(ref)
            self._dispatch.interrupted(ref, now)
            return
        self._repeated.discard(ref)
        match meaning:
            case Consequence.MISSING:
                self._dispatch.missing(ref, now)
                self._blame(ref, Freshness.GONE, self._trouble_of(error))
            case Consequence.THROTTLED:
                self._slow(ref, error, now)
            case Consequence.FAILED:
                self._dispatch.failed(ref, now)
                self._blame(ref, Freshness.STALE, self._trouble_of(error))
            case Consequence.REFUSED:
                self._hold(ref, error, now)
            case Consequence.FORBIDDEN:
                self._deny(ref, error, now)

    def _cut(self, ref: Ref, now: float) -> None:
        """End a read that hangs while others wait for its slot."""
        self._reads.pop(ref).cancel()
        self._dispatch.failed(ref, now)
        trouble = Trouble(self._clock(), _NO_ANSWER_YET, _READ_AGAIN, cause="timeout", interim=True)
        self._blame(ref, Freshness.STALE, trouble)

    def _slow(self, ref: Ref, error: ServiceError, now: float) -> None:
        """The account is to ask more slowly; of the ref itself nothing is known that was not known before."""
        hint = error.wait if isinstance(error, Throttled) else None
        slow = Slow(self._reader.account_of(ref), error.message, error.hint, self._clock(), wait=hint or 0.0)
        self._dispatch.throttled(ref, slow, hint, now)
        self._teller.soon()

    def _hold(self, ref: Ref, error: ServiceError, now: float) -> None:
        """The account is not accepted: nothing of it is read, and no row of it is live any more."""
        hold = Hold(self._reader.account_of(ref), error.message, error.hint, self._clock(), cause=cause_of(error))
        held = self._dispatch.refused(ref, hold, now)
        self._look_at_credentials = now + _CREDENTIALS_EVERY
        for other in {ref, *held}:
            before = self._roster[other]
            told = before.trouble and (before.freshness, before.trouble.message)
            if other == ref or told != (Freshness.DENIED, error.message):
                self._blame(other, Freshness.DENIED, self._trouble_of(error))
        self._teller.soon()

    def _deny(self, ref: Ref, error: ServiceError, now: float) -> None:
        """The account may not read `ref`. Of other rows nothing new is known, even where their namespace is held."""
        account, cause = self._reader.account_of(ref), cause_of(error)
        hold = Hold(account, error.message, error.hint, self._clock(), ref.namespace, cause)
        for other in self._dispatch.denied(ref, hold, now):
            self._period.forget(other)
        self._look_at_credentials = now + _CREDENTIALS_EVERY
        self._blame(ref, Freshness.DENIED, self._trouble_of(error))
        self._teller.soon()

    def _blame(self, ref: Ref, freshness: Freshness, trouble: Trouble) -> None:
        self._period.forget(ref)
        self._put(noticing.unread(self._roster[ref], freshness, trouble))

    def _trouble_of(self, error: ServiceError) -> Trouble:
        return Trouble(self._clock(), error.message, error.hint, error.request_id, cause_of(error))

    # What is tracked

    def _track(self, tracked: Tracked) -> None:
        self._dispatch.track(tracked)
        self._put(tracked)

    def _untrack(self, ref: Ref) -> None:
        self._dispatch.untrack(ref, self._now())
        read = self._reads.pop(ref, None)
        if read is not None:
            read.cancel()
        self._repeated.discard(ref)
        self._roster.drop(ref)
        self._period.forget(ref)
        self._teller.soon()

    def _bookmark(self, asked: list[Bookmark]) -> None:
        new = tuple(bookmark for bookmark in asked if self._roster[bookmark.ref].bookmark is None)
        for bookmark in asked:
            tracked = self._roster[bookmark.ref]
            old = tracked.bookmark
            if old is not None and (bookmark.label or bookmark.note):
                bookmark = replace(old, label=bookmark.label or old.label, note=bookmark.note or old.note)  # noqa: PLW2901
                self._history.annotated(bookmark)
            elif old is not None:
                bookmark = old  # noqa: PLW2901
            self._put(replace(tracked, bookmark=bookmark))
        if new:
            unseen = self._history.bookmarked(new)
            self._dispatch.force(unseen, self._now())

    def _merge(self, rows: tuple[Tracked, ...], anew: bool) -> None:
        """Take over what other processes changed in the store; into a store begun `anew` goes what it lacks."""
        if self._journal is None:
            return
        if anew:
            self._bring_back(frozenset(row.ref for row in rows))
        merged = merge(self._roster.in_order(), rows, self._journal.unconfirmed)
        for ref in merged.gone:
            self._untrack(ref)
            self._history.forget(ref)
        for tracked in merged.changed:
            known = tracked.ref in self._roster
            self._attic.drop(tracked.ref)
            self._track(tracked)
            if known:
                self._dispatch.reconsider(tracked)
        for transition in merged.transitions:
            self._history.moved(transition)
            self._teller.announce(transition)
        self._wake.set()

    def _bring_back(self, kept: frozenset[Ref]) -> None:
        """Nobody took these bookmarks away: the file that held them is gone."""
        lost = [one.bookmark for one in self._roster.in_order() if one.bookmark is not None and one.ref not in kept]
        if lost:
            self._dispatch.force(self._history.bookmarked(tuple(lost)), self._now())

    def _put(self, tracked: Tracked) -> None:
        before = self._roster.get(tracked.ref)
        if not self._roster.put(tracked):
            return
        if before is not None and noticing.only_seen_again(before, tracked):
            self._teller.sighted()
        else:
            self._teller.soon()


def _observation(ref: Ref, reading: "Reading") -> Observation:
    from hottui.analysis.summary import summarise  # noqa: PLC0415 — pydantic stays off the way to the first frame

    answer = reading.answer
    return Observation(ref, reading.at, summarise(answer), reading.request_id, answer.text)


def _reported(error: Exception, ref: Ref) -> ServiceError:
    """Report `error`; what is said of it beside the row."""
    from hottui.service.network_errors import report, unexpected  # noqa: PLC0415 — httpx comes with it

    report(error, f"reading {ref.id}")
    return unexpected(error)


def _bounded(interval: float) -> float:
    return min(max(interval, MIN_INTERVAL), MAX_INTERVAL)


async def _raised_by(ended: asyncio.Future[None]) -> None:
    """Wait for the end, and raise what caused it. Being cancelled does not end what is waited for."""
    await asyncio.shield(ended)
