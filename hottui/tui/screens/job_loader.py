"""Loads everything about one job for its screen: first what the store has, then the history as its answers come."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from hottui.analysis.cost_comparison import compare_costs
from hottui.analysis.job_story import JobChange, TrackedUpdate, job_story
from hottui.analysis.values_before import HotUpdate
from hottui.model.answer import UnreadableAnswer, read_answer
from hottui.model.effect import Before
from hottui.model.ref import JobRef, Ref
from hottui.model.tracking import Observation, Tracked
from hottui.monitor.job_history import JobHistory
from hottui.monitor.known_job import KnownJob
from hottui.render.glyphs import UNICODE
from hottui.render.job_context import JobContext
from hottui.tui.background_thread import in_thread

if TYPE_CHECKING:
    from hottui.model.job import Job
    from hottui.model.job_insight import Insight
    from hottui.model.job_reading import JobReading
    from hottui.monitor.interface import Jobs


@dataclass(frozen=True, slots=True)
class _Saved:
    """What is known of a hot update; reading it may wait for the store."""

    tracked: Tracked
    observation: Observation | None
    insight: "Insight | None"


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A hot update as part of the job's story, parsed from `saved` when the job was as in `job`."""

    saved: _Saved
    job: "Job | None"
    update: TrackedUpdate
    running_cu: float | None


class JobLoader:
    """Loads `job`; an answer that was parsed is not parsed again while it is unchanged."""

    def __init__(self, monitor: "Jobs", job: JobRef, clock: Callable[[], float]) -> None:
        self.job = job
        self._monitor = monitor
        self._clock = clock
        self._history = JobHistory(job)
        self._known: KnownJob | None = None
        self._rows: tuple[Tracked, ...] = ()
        self._parsed: dict[Ref, _Parsed] = {}

    @property
    def hot_updates(self) -> dict[str, Ref]:
        """The refs of the tracked hot updates of the job, by their IDs."""
        return {row.ref.id: row.ref for row in self._monitor.hot_updates_of(self.job)}

    async def first(self) -> JobContext:
        """Return what is known of the job without its changes."""
        known = await asyncio.to_thread(self._monitor.job, self.job)
        return self._context(known, JobHistory(self.job))

    async def load(self) -> JobContext:
        """Return what is known of the job, with its changes so far."""
        self._known, history = await asyncio.to_thread(self._monitor.job, self.job), self._history
        self._rows = rows = self._monitor.hot_updates_of(self.job)
        saved = await asyncio.to_thread(lambda: [self._saved(row) for row in rows])
        story, cu = await in_thread(partial(self._story, saved, self._known.reading, history))
        return replace(self._context(self._known, history), story=story, running_cu=cu)

    async def has_changed(self) -> bool:
        """Return whether something else is known than at the last `load`."""
        known = await asyncio.to_thread(self._monitor.job, self.job)
        return known != self._known or self._monitor.hot_updates_of(self.job) != self._rows

    async def read_history(self, changed: Callable[[], None]) -> None:
        """Read the history of the job; `changed` is called after each answer, when read again only after the last."""
        again = self._history.complete
        async for history in self._monitor.load_job_history(self.job):
            if history.complete or not again:
                self._history = history
                changed()

    def _saved(self, tracked: Tracked) -> _Saved:
        return _Saved(tracked, self._monitor.observation(tracked.ref), self._monitor.insight(tracked.ref))

    def _story(
        self, saved: list[_Saved], reading: "JobReading", history: JobHistory
    ) -> tuple[tuple[JobChange, ...], float | None]:
        """Return the changes, and the CU of the settings that the job runs with, by its latest hot update."""
        parsed = [found for each in saved if (found := self._parse(each, reading)) is not None]
        cu = next((each.running_cu for each in parsed if each.running_cu is not None), None)
        return job_story([each.update for each in parsed], history.tunings, history.executions), cu

    def _parse(self, saved: _Saved, reading: "JobReading") -> _Parsed | None:
        known = self._parsed.get(saved.tracked.ref)
        if known is not None and known.saved == saved and known.job is reading.job:
            return known
        if saved.observation is None:
            return None
        try:
            answer = read_answer(saved.observation.answer)
        except UnreadableAnswer:
            return None
        tracked, insight = saved.tracked, saved.insight
        before = insight.before if insight else Before()
        costs = compare_costs(answer.result, before=before, reading=reading, plan=answer.plan.plan)
        update = TrackedUpdate(
            HotUpdate(tracked.ref.id, tracked.since or 0.0, answer.result),
            label=tracked.label,
            before=before,
            effect=insight.effect if insight and insight.effect else tracked.effect,
            asked_cost=costs.asked,
        )
        parsed = _Parsed(saved, reading.job, update, costs.running.cu if costs.running else None)
        self._parsed[tracked.ref] = parsed
        return parsed

    def _context(self, known: KnownJob, history: JobHistory) -> JobContext:
        reading = known.reading
        names = (row.job_name for row in self._monitor.hot_updates_of(self.job))
        return JobContext(
            self.job.job_id,
            reading=replace(reading, deployment=history.deployment or reading.deployment),
            now=self._clock(),
            width=80,
            glyphs=UNICODE,
            name=(reading.job.deployment_name if reading.job else "") or next(filter(None, names), ""),
            diagnosis=history.diagnosis,
            events=history.events,
            troubles={**known.troubles, **history.errors},
            complete=history.complete,
        )
