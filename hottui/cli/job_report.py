"""What is known of one job: the job, its hot updates, and its history; read for `hottui job`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hottui.analysis.cost_comparison import compare_costs, running_cost
from hottui.analysis.cost_estimate import CostEstimate
from hottui.analysis.effect_document import cost_document, job_document
from hottui.analysis.job_story import ChangeSource, JobChange, TrackedUpdate, job_story, level_over_time
from hottui.analysis.values_before import HotUpdate
from hottui.cli.effect_reports import SavedUpdate, judged, others, subject_of
from hottui.model.answer import UnreadableAnswer, read_answer
from hottui.model.job_reading import JobReading
from hottui.model.masking import mask_json
from hottui.model.ref import JobRef, Ref
from hottui.model.times import iso
from hottui.model.tracking import Trouble
from hottui.monitor.job_history import JobHistory
from hottui.monitor.known_job import Known, KnownJob
from hottui.store.jobs import masked_insight

if TYPE_CHECKING:
    from hottui.service.reading import Reading


@dataclass(frozen=True, slots=True)
class JobReport:
    """One job as it was read at `at`, and every change known of it, the newest first.

    `troubles` has why each failed action failed.
    """

    job: JobRef
    at: float
    reading: JobReading
    changes: tuple[JobChange, ...]
    cost: CostEstimate | None
    history: JobHistory
    troubles: Mapping[str, Trouble]

    @property
    def document(self) -> dict[str, Any]:
        """What `hottui job -o json` prints; times are UTC, unknown values null."""
        place, history = self.job, self.history
        return {
            "ref": {
                "endpoint": place.endpoint,
                "workspace": place.workspace,
                "namespace": place.namespace,
                "job_id": place.job_id,
            },
            "observed_at": iso(self.at),
            "job": mask_json(job_document(self.reading, place.job_id)),
            "gone": self.reading.gone,
            "cost": cost_document(self.cost),
            "changes": [_change_document(change) for change in self.changes],
            "over_time": [
                {"at": iso(at), "parallelism": parallelism, "cu": cu}
                for at, parallelism, cu in level_over_time(self.changes)
            ],
            "diagnosis": mask_json(history.diagnosis.model_dump(mode="json")) if history.diagnosis else None,
            "events": [
                {"at": iso(each.created_at), "name": each.event_name, "message": mask_json(each.message)}
                for each in history.events
            ],
            "errors": {action: trouble.message for action, trouble in self.troubles.items()},
        }


def _change_document(change: JobChange) -> dict[str, Any]:
    return {
        "at": iso(change.at),
        "source": change.source.value,
        "id": change.id or None,
        "what": change.what,
        "old": change.old or None,
        "new": change.new or None,
        "outcome": change.outcome or None,
        "effect": change.verdict.value if change.verdict else None,
        "detail": change.detail or None,
        "parallelism": change.parallelism,
        "cu": change.cu,
        "job_id": change.job_id or None,
    }


def job_report(
    known: KnownJob, history: JobHistory, updates: "Mapping[Ref, Reading]", saved: Mapping[Ref, SavedUpdate], at: float
) -> JobReport:
    """Return the report on a job, with its hot updates: those read now (`updates`), and those that the store has."""
    if history.deployment is not None:
        known = replace(known, deployment=Known(history.deployment, at))
    reading = known.reading
    subjects = {ref: subject_of(ref, each, {known.ref: known}, saved.get(ref)) for ref, each in updates.items()}
    insights = judged(subjects, {known.ref: known}, saved)
    tracked = []
    for subject in (*subjects.values(), *others(saved, subjects)):
        try:
            answer = read_answer(subject.observation.answer)
        except UnreadableAnswer:
            continue
        ref, row = subject.tracked.ref, subject.tracked
        insight = insights.get(ref)
        insight = masked_insight(insight) if insight else None
        cost = compare_costs(answer.result, before=insight.before, reading=reading) if insight else None
        # A hot update whose state was never seen to change has no time of its own.
        tracked.append(
            TrackedUpdate(
                HotUpdate(ref.id, row.since or 0.0, answer.result),
                label=row.label,
                effect=insight.effect if insight else None,
                asked_cost=cost.asked if cost else None,
                **({"before": insight.before} if insight else {}),
            )
        )
    story = job_story(tracked, history.tunings, history.executions)
    changes = tuple(
        replace(change, at=None) if change.source is ChangeSource.HOT_UPDATE and not change.at else change
        for change in story
    )
    return JobReport(
        known.ref, at, reading, changes, running_cost(reading), history, known.troubles | dict(history.errors)
    )
