"""What became of hot updates that were read once: effect, interruption and cost, from their jobs and the store."""

import time
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from hottui.analysis.answer_summary import summarize
from hottui.analysis.cost_comparison import CostComparison, compare_costs
from hottui.analysis.effect import effect_of
from hottui.analysis.effect_document import effect_document
from hottui.cli import wiring
from hottui.model.answer import Answer
from hottui.model.effect import BeforeSource, Effect
from hottui.model.job_insight import Insight
from hottui.model.job_reading import JobReading
from hottui.model.ref import JobRef, Ref
from hottui.model.state import INIT, Freshness
from hottui.model.tracking import Observation, Tracked, Transition, first_in_progress
from hottui.monitor.effect_judgement import Subject, judge
from hottui.monitor.known_job import KnownJob
from hottui.store.jobs import masked_insight
from hottui.store.store import Store

if TYPE_CHECKING:
    from hottui.service.reading import Reading

NO_JOB: Final = JobReading(errors={"GetJob": "The answer names no job."})


@dataclass(frozen=True, slots=True)
class SavedUpdate:
    """What the store has of one hot update."""

    tracked: Tracked
    observation: Observation | None = None
    insight: Insight | None = None
    transitions: tuple[Transition, ...] = ()

    @property
    def started(self) -> float | None:
        """When it was first seen in progress."""
        return first_in_progress(self.transitions)


@dataclass(frozen=True, slots=True)
class EffectReport:
    """Everything known of one hot update; secrets are masked."""

    tracked: Tracked
    answer: Answer
    reading: JobReading
    insight: Insight
    effect: Effect
    cost: CostComparison

    @property
    def has_times(self) -> bool:
        """Whether its text contains times."""
        before, interruption = self.insight.before, self.insight.interruption
        observed = before.source is BeforeSource.OBSERVED and before.at is not None
        return observed or (interruption is not None and interruption.left is not None)

    @property
    def document(self) -> dict[str, Any]:
        """The keys that `get --effect -o json` adds."""
        return effect_document(
            self.effect,
            self.reading,
            job_id=self.answer.result.job_id,
            interruption=self.insight.interruption,
            cost=self.cost,
        )


def job_of(ref: Ref, answer: Answer) -> JobRef | None:
    """Return the job that an answer names; None if it names none."""
    named = answer.result.job_id.strip()
    return JobRef.of(ref, named) if named else None


def saved_updates(refs: Iterable[Ref], jobs: Iterable[JobRef] = ()) -> dict[Ref, SavedUpdate]:
    """Return what the store has of `refs` and of all hot updates of `jobs`; nothing if it cannot be read."""
    wanted, of_jobs = set(refs), set(jobs)

    def read(store: Store) -> dict[Ref, SavedUpdate]:
        rows = [row for row in store.tracked() if row.ref in wanted or _job_of(row) in of_jobs]
        return {
            row.ref: SavedUpdate(row, store.answer(row.ref), store.jobs.insight(row.ref), store.transitions(row.ref))
            for row in rows
        }

    return wiring.read_saved(read, {})


def _job_of(row: Tracked) -> JobRef | None:
    named = row.summary.job_id.strip() if row.summary else ""
    return JobRef.of(row.ref, named) if named else None


def judged(
    subjects: Mapping[Ref, Subject], known: Mapping[JobRef, KnownJob], saved: Mapping[Ref, SavedUpdate]
) -> dict[Ref, Insight]:
    """Return the insight of each of `subjects`, read now, and of the others in the store, where its job is known."""
    by_job: defaultdict[JobRef, list[Subject]] = defaultdict(list)
    for subject in (*subjects.values(), *others(saved, subjects)):
        job = _job_of(subject.tracked)
        if job is not None and job in known:
            by_job[job].append(subject)
    at = max((subject.observation.at for subject in subjects.values()), default=time.time())
    return {each.ref: each for job, members in by_job.items() for each in judge(known[job], members, at)}


def others(saved: Mapping[Ref, SavedUpdate], read: Container[Ref]) -> Iterator[Subject]:
    """Yield the hot updates with an answer that the store has, apart from those in `read`."""
    for ref, each in saved.items():
        if ref not in read and each.observation is not None:
            yield Subject(each.tracked, each.observation, each.insight, started=each.started)


def report_of(
    tracked: Tracked, answer: Answer, known: Mapping[JobRef, KnownJob], insight: Insight | None
) -> EffectReport:
    """Return the report on one hot update, with its insight if its job is known."""
    job = job_of(tracked.ref, answer)
    reading = known[job].reading if job is not None and job in known else NO_JOB
    insight = insight or Insight(tracked.ref, tracked.seen or 0.0)
    effect = insight.effect or effect_of(
        answer.result, reading, before=insight.before, plan=answer.plan.plan, ended_at=tracked.since
    )
    cost = compare_costs(answer.result, before=insight.before, reading=reading, plan=answer.plan.plan)
    shown = masked_insight(replace(insight, effect=effect))
    return EffectReport(tracked, answer, reading, shown, shown.effect or effect, cost)


def subject_of(ref: Ref, reading: "Reading", known: Mapping[JobRef, KnownJob], saved: SavedUpdate | None) -> Subject:
    """Return the hot update as just read, with the times that the store has."""
    summary = summarize(reading.answer)
    row = saved.tracked if saved else Tracked(ref)
    # A state that the store does not have began at some time since it was last read.
    since = row.since if row.state == summary.state else reading.at if row.seen is not None else None
    tracked = replace(row, summary=summary, freshness=Freshness.LIVE, seen=reading.at, since=since)
    observation = Observation(ref, reading.at, summary, reading.request_id, reading.answer.text)
    job = job_of(ref, reading.answer)
    first_read = known.get(job) if job and summary.state == INIT else None
    return Subject(tracked, observation, saved.insight if saved else None, first_read, saved.started if saved else None)
