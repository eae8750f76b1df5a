"""Observes the jobs behind the tracked hot updates: schedules reads of them, judges the effect, saves what is known."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from hottui.model.effect import Verdict
from hottui.model.job_insight import Insight
from hottui.model.ref import JobRef, Ref
from hottui.model.state import INIT, is_final
from hottui.model.tracking import Tracked, Transition, first_in_progress
from hottui.monitor import job_schedule, known_job
from hottui.monitor.effect_judgement import Subject, judge
from hottui.monitor.history import History
from hottui.monitor.job_api import GET_JOB, JobCall
from hottui.monitor.job_cache import JobCache
from hottui.monitor.job_calls import JobCalls
from hottui.monitor.job_history import HISTORY_ACTIONS, JobHistory, JobHistoryLoader, unknown_history
from hottui.monitor.job_schedule import FOLLOW_UPS, JobSchedule
from hottui.monitor.known_job import Known, KnownJob
from hottui.monitor.notifier import Notifier
from hottui.monitor.read_dispatch import Dispatcher
from hottui.monitor.reader import reported, trouble_of
from hottui.monitor.schedule import NEVER
from hottui.monitor.tracked_list import TrackedList
from hottui.service.errors import ServiceError

if TYPE_CHECKING:
    from hottui.service.job_client import JobClient

_LARGE: Final = 50_000
"""Characters of all answers of a job from which its hot updates are judged in a worker thread."""


class JobObserver:
    """Without a reader nothing is read, and what the store has is shown. Methods are called on the event loop."""

    def __init__(
        self,
        client: "JobClient | None",
        dispatcher: Dispatcher,
        *,
        tracked: TrackedList,
        history: History,
        cache: JobCache,
        notifier: Notifier,
        update: Callable[[Tracked], None],
        wake: Callable[[], None],
        clock: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        self._calls: Final = (
            None
            if client is None
            else JobCalls(
                client,
                dispatcher,
                cache=cache,
                listener=self,
                wake=wake,
                publish=notifier.publish_soon,
                clock=clock,
                monotonic=monotonic,
            )
        )
        self._tracked = tracked
        self._history = history
        self._cache = cache
        self._update = update
        self._clock = clock
        self._now = monotonic
        self._refs: defaultdict[JobRef, set[Ref]] = defaultdict(set)
        self._jobs: dict[Ref, JobRef] = {}
        self._read_once: set[Ref] = set()
        self._first_reads: dict[Ref, KnownJob] = {}
        self._started: dict[Ref, float] = {}
        self._open: set[Ref] = set()
        self._flink_reread: set[JobRef] = set()
        self._judging: dict[JobRef, bool] = {}
        self._group: asyncio.TaskGroup | None = None

    # What happens to the hot updates

    def restored(self, tracked: Tracked) -> None:
        """After `tracked` was added with what the store or this session knows of it: reads that are still to come."""
        job = self._register(tracked)
        if job is None or not is_final(tracked.state):
            return
        if tracked.effect is None or (tracked.effect.verdict is Verdict.UNKNOWN and not tracked.job_name):
            self._schedule_first_read(tracked.ref, job)  # never read, or not permitted at the time
        elif tracked.since is not None and tracked.since + FOLLOW_UPS[-1] > self._clock():
            age, now = self._clock() - tracked.since, self._now()
            self._schedule(job, lambda schedule: job_schedule.follow_up(schedule, now - age, now))

    def observed(self, tracked: Tracked, transition: Transition | None) -> None:
        """After a good answer about `tracked`, with the transition that it showed."""
        job = self._register(tracked)
        if job is None:
            return
        if transition is None or not transition.previous:
            if tracked.ref not in self._read_once and (transition is not None or not tracked.job_name):
                self._schedule_first_read(tracked.ref, job)
            return
        now = self._now()
        self._read_once.add(tracked.ref)
        if is_final(tracked.state):
            self._flink_reread.discard(job)
        else:
            self._flink_reread.add(job)
        change = job_schedule.ended if is_final(tracked.state) else job_schedule.transitioned
        self._schedule(job, lambda schedule: change(schedule, now))

    def untracked(self, ref: Ref) -> None:
        """After `ref` was removed."""
        job = self._jobs.pop(ref, None)
        self._started.pop(ref, None)
        self._first_reads.pop(ref, None)
        self._read_once.discard(ref)
        self._open.discard(ref)
        self._cache.forget(ref)
        if job is not None:
            self._leave(ref, job)

    def refresh(self, ref: Ref | None) -> None:
        """Read the job of `ref` now, or each job once."""
        if ref is not None and ref in self._jobs:
            self._schedule(self._jobs[ref], lambda schedule: job_schedule.forced(schedule, self._now()))
        elif ref is None:
            for job in tuple(self._refs):
                self._schedule(job, lambda schedule: job_schedule.forced(schedule, self._now(), (JobCall.JOB,)))

    def open_detail(self, ref: Ref) -> None:
        """Read the job of `ref` as long as its detail is open."""
        self._open.add(ref)
        if ref in self._jobs:
            now = self._now()
            self._schedule(self._jobs[ref], lambda schedule: job_schedule.detail(schedule, now, is_open=True))

    def close_detail(self, ref: Ref) -> None:
        """Read the job of `ref` no longer because of its detail."""
        self._open.discard(ref)
        job = self._jobs.get(ref)
        if job is not None and self._open.isdisjoint(self._refs[job]):
            now = self._now()
            self._schedule(job, lambda schedule: job_schedule.detail(schedule, now, is_open=False))

    # Queries

    def job_of(self, ref: Ref) -> JobRef | None:
        """Return the job of `ref`; None if it is not known."""
        tracked = self._tracked.get(ref)
        named = tracked.summary.job_id if tracked and tracked.summary else ""
        return JobRef.of(ref, named) if named else None

    def hot_updates_of(self, job: JobRef) -> tuple[Tracked, ...]:
        """Return the tracked hot updates of `job`, the latest first."""
        found = [tracked for tracked in self._tracked.in_order() if self.job_of(tracked.ref) == job]
        return tuple(sorted(found, key=lambda tracked: tracked.since or 0.0, reverse=True))

    # The history of a job

    async def load_history(self, job: JobRef, actions: Collection[str] = HISTORY_ACTIONS) -> AsyncIterator[JobHistory]:
        """Yield what is loaded of the history of `job` so far by `actions`, after each answer."""
        calls = self._calls
        if calls is None or job not in self._refs:
            yield JobHistory(job, complete=True)
            return
        await self._cache.load(job)
        found = self._cache.known(job).job.value
        try:
            if found is None:
                read = await calls.ask(job, GET_JOB, partial(calls.client.get_job, job))
                found = read.value
                self._cache.put(known_job.answered(self._cache.known(job), JobCall.JOB, found, read.at))
        except ServiceError as error:
            yield JobHistory(job, errors={GET_JOB: trouble_of(error, self._clock())}, complete=True)
            return
        if not found.deployment_id:
            yield unknown_history(job, self._clock())
            return
        loader = JobHistoryLoader(calls.client, partial(calls.ask, job), job, found.deployment_id, self._clock())
        async for history in loader.load(actions):
            known = self._cache.known(job)
            if history.deployment is not None and history.deployment != known.deployment.value:
                self._cache.put(replace(known, deployment=Known(history.deployment, self._clock())))
                self.settled(job)
            yield history

    @property
    def not_permitted(self) -> str:
        """One line about what is denied; empty if nothing is."""
        return self._calls.permissions.line() if self._calls is not None else ""

    # The loop

    def begin_due(self, now: float, group: asyncio.TaskGroup) -> None:
        """Begin the reads that are due, as tasks in `group`."""
        self._group = group
        if self._calls is not None:
            self._calls.dispatcher.begin_due(now, group)

    def next_turn(self, now: float) -> float:
        """Return when to call `begin_due` again."""
        return self._calls.dispatcher.next_turn(now) if self._calls is not None else NEVER

    # What is known of the jobs: the interface JobListener

    def answered(self, job: JobRef, call: JobCall, known: KnownJob) -> None:
        """Keep what the job ran with before hot updates that have not begun."""
        if call not in job_schedule.FIRST_READ:
            return
        for ref in self._refs.get(job, ()):
            if self._tracked[ref].state == INIT:
                self._first_reads[ref] = known

    def is_bookmarked(self, job: JobRef) -> bool:
        """Whether a hot update of `job` is bookmarked."""
        return any(self._tracked[ref].bookmark is not None for ref in self._refs.get(job, ()))

    def settled(self, job: JobRef) -> None:
        """Judge the hot updates of `job`, or read Flink again once if what it showed is outdated."""
        known = self._cache.known(job)
        again = known.flink_is_outdated or (known.flink.error is not None and known.job.error is None)
        if again and job not in self._flink_reread and job in self._refs:
            self._flink_reread.add(job)
            now = self._now()
            self._schedule(job, lambda schedule: job_schedule.read_again(schedule, now, (JobCall.FLINK_JOB,)))
            return
        if job in self._judging:
            self._judging[job] = True
        elif self._group is not None:
            self._judging[job] = False
            self._group.create_task(self._judge(job), name=f"hottui-judge {job.job_id}")

    async def _judge(self, job: JobRef) -> None:
        try:
            await self._judge_once(job)
        except Exception as error:  # noqa: BLE001 - reported; affects only this job
            reported(error, f"judging job {job.job_id}")
        if self._judging.pop(job, False):
            self.settled(job)

    async def _judge_once(self, job: JobRef) -> None:
        rows = [self._tracked[ref] for ref in self._refs.get(job, ()) if ref in self._tracked]
        known, at = self._cache.known(job), self._clock()
        first_reads, started = dict(self._first_reads), dict(self._started)
        cached = [(row, self._history.cached(row.ref), self._cache.cached(row.ref)) for row in rows]

        def compute() -> tuple[Insight, ...]:
            subjects: list[Subject] = []
            for row, seen, saved in cached:
                observation = seen or self._history.observation(row.ref)
                saved = saved or self._cache.insight(row.ref)  # noqa: PLW2901
                began = started.get(row.ref)
                if began is None and len(cached) > 1:
                    began = first_in_progress(self._history.transitions(row.ref))
                if observation is not None:
                    subjects.append(Subject(row, observation, saved, first_reads.get(row.ref), began))
            return judge(known, subjects, at)

        size = sum(len(seen.answer) if seen else _LARGE for _, seen, _ in cached)
        in_memory = self._cache.in_memory(row.ref for row in rows)
        in_memory &= len(rows) == 1 or all(row.ref in started for row in rows)
        judged = compute() if size < _LARGE and in_memory else await asyncio.to_thread(compute)
        for insight in judged:
            self._apply(insight)

    def _apply(self, insight: Insight) -> None:
        tracked = self._tracked.get(insight.ref)
        if tracked is None:
            return
        self._cache.keep(insight, bookmarked=tracked.bookmark is not None)
        if tracked.state != INIT:
            self._first_reads.pop(insight.ref, None)
        effect = replace(insight.effect, items=()) if insight.effect else tracked.effect
        if effect == tracked.effect:
            effect = tracked.effect
        self._update(replace(tracked, effect=effect, job_name=insight.job_name, interruption=insight.interruption))

    # Scheduling

    def _register(self, tracked: Tracked) -> JobRef | None:
        """Return the job of `tracked`, noted as one to read; None if it is not known or nothing is read."""
        job = self.job_of(tracked.ref)
        if self._calls is None or job is None:
            return None
        if tracked.in_progress and tracked.since is not None:
            self._started.setdefault(tracked.ref, tracked.since)
        known = self._jobs.get(tracked.ref)
        if known != job:
            if known is not None:
                self._leave(tracked.ref, known)
            self._jobs[tracked.ref] = job
            self._refs[job].add(tracked.ref)
            if tracked.ref in self._open:
                self.open_detail(tracked.ref)
        return job

    def _leave(self, ref: Ref, job: JobRef) -> None:
        """Read `job` no longer for `ref`."""
        self._refs[job].discard(ref)
        if not self._refs[job]:
            del self._refs[job]
            if self._calls is not None:
                self._calls.dispatcher.forget(job)

    def _schedule_first_read(self, ref: Ref, job: JobRef) -> None:
        if ref not in self._read_once:
            self._read_once.add(ref)
            now = self._now()
            self._schedule(job, lambda schedule: job_schedule.first_read(schedule, now))

    def _schedule(self, job: JobRef, change: Callable[[JobSchedule], JobSchedule]) -> None:
        if self._calls is not None and job in self._refs:
            self._calls.dispatcher.schedule(job, change)
