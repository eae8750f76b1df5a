"""The polling loop: begins the reads that are due, and applies each outcome to schedule, tracked list and history."""

import asyncio
from collections.abc import Callable
from typing import Final

from hottui.model.ref import Ref
from hottui.model.state import Freshness
from hottui.model.tracking import Observation, Tracked, Trouble
from hottui.monitor.history import History
from hottui.monitor.job_observer import JobObserver
from hottui.monitor.loop_timing import PollRate, SuspendDetector
from hottui.monitor.notifier import Notifier
from hottui.monitor.read_dispatch import Dispatcher
from hottui.monitor.reader import (
    ClockSkew,
    Consequence,
    Reader,
    cause_of,
    consequence_of,
    no_state,
    observation_of,
    reported,
    trouble_of,
)
from hottui.monitor.schedule import NEVER
from hottui.monitor.snapshot import Hold, Slow
from hottui.monitor.tracked_list import TrackedList
from hottui.monitor.transitions import observed, unread, unwatched
from hottui.service.errors import ServiceError, Throttled
from hottui.service.reading import Repeated

_LONGEST_WAIT: Final = 5.0
"""Seconds between two turns while anything is scheduled: timers do not run while the machine is suspended."""
_CREDENTIALS_EVERY: Final = 2.0
"""Seconds between two checks for changed credentials while an account is on hold."""
_LARGE: Final = 50_000
"""Characters of an answer from which it is summarized in a worker thread."""
_CUT_SHORT: Final = "No answer yet, and other hot updates were waiting to be read."
_CUT_SHORT_HINT: Final = "It will be retried with more time. If others answer, contact support with this ID."


class PollLoop:
    """Reads what is due according to the dispatcher, while `run` runs. Setting `wake` starts the next turn at once.

    All methods are called on the event loop.
    """

    def __init__(
        self,
        reader: Reader,
        dispatcher: Dispatcher,
        *,
        tracked: TrackedList,
        history: History,
        notifier: Notifier,
        poll_rate: PollRate,
        wake: asyncio.Event,
        update: Callable[[Tracked], None],
        jobs: JobObserver,
        clock: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        self.clock_skew: Final = ClockSkew(reader)
        self._reader = reader
        self._dispatcher = dispatcher
        self._outcomes = dispatcher.outcomes
        self._tracked = tracked
        self._history = history
        self._notifier = notifier
        self._poll_rate = poll_rate
        self._update = update
        self._jobs = jobs
        self._clock = clock
        self._now = monotonic
        self._suspend_detector = SuspendDetector()
        self._suspends = 0
        self._reads: dict[Ref, asyncio.Task[None]] = {}
        self._repeated: set[Ref] = set()
        self._watched: set[Ref] = set()
        """The refs that were answered since the start or the last suspend."""
        self._wake = wake
        self._check_credentials_at = 0.0

    def cancel(self, ref: Ref) -> None:
        """Cancel a running read of `ref`, which is no longer tracked."""
        read = self._reads.pop(ref, None)
        if read is not None:
            read.cancel()
        self._repeated.discard(ref)
        self._watched.discard(ref)

    async def run(self, group: asyncio.TaskGroup) -> None:
        """Poll until cancelled; reads run as tasks in `group`."""
        while True:
            await self._turn(group)

    def interrupt_reads(self) -> None:
        """Report the running reads, whose tasks have been cancelled, as interrupted."""
        for ref in self._reads:
            self._outcomes.interrupted(ref, self._now())
        self._reads.clear()

    async def _turn(self, group: asyncio.TaskGroup) -> None:
        self._wake.clear()
        now = self._check_suspend()
        if self._dispatcher.holds:
            self._check_credentials(now)
        for ref in self._dispatcher.overdue(now):
            self._cut_short(ref, now)
        for ref in self._dispatcher.take(now):
            self._reads[ref] = group.create_task(self._read(ref), name=f"hottui-read {ref.id}")
        self._jobs.begin_due(now, group)
        self._notifier.publish_due(now)
        wait = self._seconds_to_next_turn(now)
        self._suspend_detector.expect(None if wait is None else now + wait)
        try:
            async with asyncio.timeout(wait):
                await self._wake.wait()
        except TimeoutError:
            return

    def _seconds_to_next_turn(self, now: float) -> float | None:
        """Return the seconds until something is scheduled; None if nothing is."""
        times = [self._dispatcher.next_turn(), self._notifier.due, self._jobs.next_turn(now)]
        if self._dispatcher.holds:
            times.append(self._check_credentials_at)
        nearest = min(times)
        if nearest == NEVER and not self._dispatcher.in_flight:
            return None
        return min(max(nearest - now, 0.0), _LONGEST_WAIT)

    def _check_suspend(self) -> float:
        """Return the current time, after resuming the schedule if the process was suspended."""
        now = self._now()
        if self._suspend_detector.check(now, self._clock()):
            self._suspends += 1
            self._watched.clear()
            self._poll_rate.restart()
            self._dispatcher.resume(now)
        return now

    def _check_credentials(self, now: float) -> None:
        """Probe an account on hold at once if its credentials have changed."""
        if now < self._check_credentials_at:
            return
        self._check_credentials_at = now + _CREDENTIALS_EVERY
        for account, ref in self._dispatcher.held().items():
            if self._reader.credentials_changed(ref):
                self._dispatcher.holds.retry(now, account)

    # Reads

    async def _read(self, ref: Ref) -> None:
        suspends = self._suspends
        outcome = await self._outcome(ref)
        if self._ended(ref):
            now = self._check_suspend()
            try:
                if isinstance(outcome, Observation):
                    self._answered(ref, outcome, now)
                else:
                    self._failed(ref, outcome, now, suspended=suspends != self._suspends)
            except Exception as error:  # noqa: BLE001 - reported; affects only this row
                if self._dispatcher.reads(ref):
                    self._outcomes.failed(ref, now)
                self._mark_unread(ref, Freshness.STALE, self._trouble_of(reported(error, f"reading {ref.id}")))
        self._wake.set()

    async def _outcome(self, ref: Ref) -> Observation | ServiceError:
        """Return the answer or the error of a read of `ref`; an unexpected exception is reported."""
        try:
            digest, summary = self._history.last(ref)
            reading = await (self._reader.read_again(ref, digest) if digest else self._reader.read(ref))
            if isinstance(reading, Repeated):
                return Observation(ref, reading.at, summary, reading.request_id, reading.text, digest)
            if len(reading.answer.text) < _LARGE:
                return observation_of(ref, reading)
            return await asyncio.to_thread(observation_of, ref, reading)
        except ServiceError as error:
            return error.with_traceback(None)  # since Python 3.12 it refers to the frame that refers to the error
        except Exception as error:  # noqa: BLE001 - reported
            return reported(error, f"reading {ref.id}")

    def _ended(self, ref: Ref) -> bool:
        """Note that the read of the current task has ended; False if `ref` was untracked meanwhile."""
        if self._reads.get(ref) is not asyncio.current_task():
            return False
        del self._reads[ref]
        if self.clock_skew.update(ref.endpoint):
            self._notifier.publish_soon()
        return True

    # Outcomes

    def _answered(self, ref: Ref, observation: Observation, now: float) -> None:
        self._repeated.discard(ref)
        if not observation.summary.state:
            self._history.cache(observation)
            self._outcomes.failed(ref, now)
            self._mark_unread(ref, Freshness.STALE, no_state(observation.request_id, self._clock()))
            return
        self._note_gap(self._tracked[ref], observation)
        tracked, transition = observed(self._tracked[ref], observation)
        self._outcomes.answered(ref, observation.summary.state, now)
        self._poll_rate.answered(ref, now, in_progress=tracked.in_progress)
        self._history.record(observation, transition, bookmarked=tracked.bookmark is not None)
        self._update(tracked)
        self._jobs.observed(tracked, transition)
        if transition is not None:
            self._notifier.publish_transition(transition)

    def _note_gap(self, tracked: Tracked, observation: Observation) -> None:
        """Record the time before the first answer since the start or a suspend in which nothing was read."""
        if tracked.ref in self._watched:
            return
        self._watched.add(tracked.ref)
        gap = unwatched(tracked, observation.at, self._dispatcher.interval)
        if gap is not None:
            self._history.record_gap(tracked.ref, gap, bookmarked=tracked.bookmark is not None)

    def _failed(self, ref: Ref, error: ServiceError, now: float, *, suspended: bool) -> None:
        consequence = consequence_of(error)
        repeat = error.repeat and ref not in self._repeated
        if repeat or (consequence is Consequence.FAILED and suspended):
            (self._repeated.add if repeat else self._repeated.discard)(ref)
            self._outcomes.interrupted(ref, now)
            return
        self._repeated.discard(ref)
        match consequence:
            case Consequence.MISSING:
                self._outcomes.missing(ref, now)
                self._mark_unread(ref, Freshness.GONE, self._trouble_of(error))
            case Consequence.THROTTLED:
                self._throttled(ref, error, now)
            case Consequence.FAILED:
                self._outcomes.failed(ref, now)
                self._mark_unread(ref, Freshness.STALE, self._trouble_of(error))
            case Consequence.REJECTED:
                self._rejected(ref, error, now)
            case Consequence.FORBIDDEN:
                self._denied(ref, error, now)

    def _cut_short(self, ref: Ref, now: float) -> None:
        """Cancel a read that hangs while others wait for its slot."""
        self._reads.pop(ref).cancel()
        self._outcomes.failed(ref, now)
        trouble = Trouble(self._clock(), _CUT_SHORT, _CUT_SHORT_HINT, cause="timeout", interim=True)
        self._mark_unread(ref, Freshness.STALE, trouble)

    def _throttled(self, ref: Ref, error: ServiceError, now: float) -> None:
        """Slow the account down. The row does not change: nothing new is known about the hot update."""
        retry_after = error.wait if isinstance(error, Throttled) else None
        account = self._reader.account_of(ref)
        slow = Slow(account, error.message, error.hint, self._clock(), wait=retry_after or 0.0)
        self._outcomes.throttled(ref, slow, retry_after, now)
        self._notifier.publish_soon()

    def _rejected(self, ref: Ref, error: ServiceError, now: float) -> None:
        """Put the whole account on hold: nothing of it is read, and its rows show "access denied"."""
        hold = Hold(self._reader.account_of(ref), error.message, error.hint, self._clock(), cause=cause_of(error))
        held = self._outcomes.rejected(ref, hold, now)
        self._check_credentials_at = now + _CREDENTIALS_EVERY
        for other in {ref, *held}:
            before = self._tracked[other]
            shown = before.trouble and (before.freshness, before.trouble.message)
            if other == ref or shown != (Freshness.DENIED, error.message):
                self._mark_unread(other, Freshness.DENIED, self._trouble_of(error))
        self._notifier.publish_soon()

    def _denied(self, ref: Ref, error: ServiceError, now: float) -> None:
        """Mark only `ref` as denied. Other rows do not change, even if their namespace is now on hold."""
        account, cause = self._reader.account_of(ref), cause_of(error)
        hold = Hold(account, error.message, error.hint, self._clock(), ref.namespace, cause)
        for other in self._outcomes.denied(ref, hold, now):
            self._poll_rate.forget(other)
        self._check_credentials_at = now + _CREDENTIALS_EVERY
        self._mark_unread(ref, Freshness.DENIED, self._trouble_of(error))
        self._notifier.publish_soon()

    def _mark_unread(self, ref: Ref, freshness: Freshness, trouble: Trouble) -> None:
        self._poll_rate.forget(ref)
        self._update(unread(self._tracked[ref], freshness, trouble))

    def _trouble_of(self, error: ServiceError) -> Trouble:
        return trouble_of(error, self._clock())
