"""Load what is known of the job of a hot update: effect, cost, failure and timeline, computed in a worker thread."""

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from hottui.analysis.cost_comparison import compare_costs
from hottui.analysis.failure_explanation import explain_failure
from hottui.analysis.job_timeline import job_timeline
from hottui.analysis.usual_duration import UsualDuration
from hottui.model.answer import Answer
from hottui.model.effect import Before
from hottui.model.job_reading import JobReading
from hottui.model.ref import JobRef
from hottui.model.tracking import Tracked, Transition
from hottui.monitor.job_history import EVENTS
from hottui.render.detail_context import NO_ANALYSIS, JobAnalysis
from hottui.tui.background_thread import in_thread

if TYPE_CHECKING:
    from hottui.model.job_insight import Insight
    from hottui.monitor.interface import Jobs
    from hottui.monitor.job_history import JobHistory
    from hottui.monitor.known_job import KnownJob


@dataclass(frozen=True)
class _Inputs:
    """Everything that a JobAnalysis is computed from."""

    tracked: Tracked
    answer: Answer | None
    transitions: tuple[Transition, ...]
    known: "KnownJob | None"
    insight: "Insight | None"
    history: "JobHistory | None"
    usual: UsualDuration | None
    gaps: tuple[tuple[float, float], ...]

    def same(self, other: "_Inputs") -> bool:
        """Whether both give the same JobAnalysis. Answers are compared by identity, see `DetailLoader`."""
        return (
            self.answer is other.answer
            and self.transitions is other.transitions
            and self.history is other.history
            and (self.tracked.ref, self.tracked.since) == (other.tracked.ref, other.tracked.since)
            and (self.usual, self.gaps) == (other.usual, other.gaps)
            and (self.insight is other.insight or self.insight == other.insight)
            and (self.known is other.known or self.known == other.known)
        )


class JobAnalysisLoader:
    """Returns the same JobAnalysis as long as nothing changes."""

    def __init__(self, jobs: "Jobs") -> None:
        self._jobs = jobs
        self._last: tuple[_Inputs, JobAnalysis] | None = None

    async def load(
        self,
        tracked: Tracked,
        answer: Answer | None,
        transitions: tuple[Transition, ...],
        *,
        history: "JobHistory | None" = None,
        usual: UsualDuration | None = None,
    ) -> JobAnalysis:
        """Return what is known of the job of `tracked`."""
        job = self._jobs.job_of(tracked.ref)
        known, insight, gaps = await asyncio.to_thread(self._read, tracked, job)
        inputs = _Inputs(tracked, answer, transitions, known, insight, history, usual, gaps)
        return await in_thread(partial(self._context, inputs))

    async def has_news(self, tracked: Tracked) -> bool:
        """Whether something else is known of the job of `tracked` than when it was loaded last."""
        last = self._last[0] if self._last is not None else None
        if last is None or last.tracked.ref != tracked.ref:
            return False
        known, insight, gaps = await asyncio.to_thread(self._read, tracked, self._jobs.job_of(tracked.ref))
        return not last.same(replace(last, known=known, insight=insight, gaps=gaps))

    def _read(
        self, tracked: Tracked, job: JobRef | None
    ) -> "tuple[KnownJob | None, Insight | None, tuple[tuple[float, float], ...]]":
        """Return what is known. It may wait for the store, so it is not for the background thread."""
        known = self._jobs.job(job) if job is not None else None
        return known, self._jobs.insight(tracked.ref), self._jobs.gaps(tracked.ref)

    def _context(self, inputs: _Inputs) -> JobAnalysis:
        if self._last is None or not self._last[0].same(inputs):
            self._last = (inputs, _judged(inputs))
        return self._last[1]


def _judged(inputs: _Inputs) -> JobAnalysis:
    """Return the analysis of `inputs`. Takes up to a second for large plans."""
    tracked, insight, history = inputs.tracked, inputs.insight, inputs.history
    if inputs.known is None and insight is None and inputs.answer is None and not inputs.transitions:
        return NO_ANALYSIS
    reading = inputs.known.reading if inputs.known else JobReading()
    before = insight.before if insight else Before()
    answer, events = inputs.answer, history.events if history else ()
    errors = history.errors if history else {}
    return JobAnalysis(
        insight=insight,
        reading=reading,
        costs=compare_costs(answer.result, before=before, reading=reading, plan=answer.plan.plan) if answer else None,
        failure=explain_failure(
            answer.result,
            reading=reading,
            request_id=answer.envelope.request_id,
            diagnosis=history.diagnosis if history else None,
            events=events,
            at=tracked.since,
        )
        if answer
        else None,
        timeline=job_timeline(inputs.transitions, reading=reading, events=events, gaps=inputs.gaps),
        usual=inputs.usual,
        events_error=errors[EVENTS].message if EVENTS in errors else "",
    )
