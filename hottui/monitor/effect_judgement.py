"""The insight into each hot update of one job: before, effect and interruption. Pure; slow for large answers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hottui.model.effect import Interruption
from hottui.model.job_insight import Insight, better_before
from hottui.model.state import is_final
from hottui.model.tracking import Observation, Tracked
from hottui.monitor.known_job import KnownJob

if TYPE_CHECKING:
    from hottui.model.job_reading import JobReading


@dataclass(frozen=True, slots=True)
class Subject:
    """One hot update of the job: its row, its last answer, what was known, and the job before it began."""

    tracked: Tracked
    observation: Observation
    saved: Insight | None = None
    first_read: KnownJob | None = None
    started: float | None = None
    """When it was first seen in progress."""


def judge(known: KnownJob, subjects: Iterable[Subject], at: float) -> tuple[Insight, ...]:
    """Return the insight of each of `subjects`, at `at` in seconds since the epoch.

    A subject whose answer cannot be read is left out.
    """
    from hottui.analysis.effect import effect_of  # noqa: PLC0415 - as above
    from hottui.analysis.values_before import HotUpdate, before_of, observed_before  # noqa: PLC0415 - pydantic is not needed for the first frame
    from hottui.model.answer import Answer, UnreadableAnswer, read_answer  # noqa: PLC0415 - as above

    reading = known.reading
    read: list[tuple[Subject, Answer, HotUpdate]] = []
    for subject in subjects:
        try:
            answer = read_answer(subject.observation.answer)
        except UnreadableAnswer:
            continue
        update = HotUpdate(subject.tracked.ref.id, subject.tracked.since or 0.0, answer.result)
        read.append((subject, answer, update))
    judged: list[Insight] = []
    for subject, answer, update in read:
        others: list[HotUpdate] = []
        unordered: list[HotUpdate] = []
        for one, _, other in read:
            if other is not update:
                (others if _order_is_known(subject, one) else unordered).append(other)
        observed = observed_before(subject.first_read.reading) if subject.first_read else None
        before = before_of(observed, [other for other in others if other.at < update.at])
        saved = subject.saved or Insight(subject.tracked.ref, at)
        before = better_before(saved.before, before)
        effect = None
        if is_final(subject.tracked.state):
            effect = effect_of(
                answer.result,
                reading,
                before=before,
                plan=answer.plan.plan,
                later=[other for other in others if other.at > update.at],
                unordered=unordered,
                previous=saved.effect,
                ended_at=subject.tracked.since,
            )
        name = known.job.value.deployment_name if known.job.value else ""
        judged.append(
            replace(
                saved,
                at=at,
                before=before,
                effect=effect,
                job_name=name or saved.job_name,
                interruption=_interruption(subject, reading) if effect else None,
            )
        )
    return tuple(judged)


def _order_is_known(one: Subject, other: Subject) -> bool:
    """Whether it is known which of the two was first.

    One that had ended when it was first seen ran at any time before that. So it precedes another only if that one was
    seen to begin later, and follows none.
    """
    if one.started is not None and other.started is not None:
        return True
    return any(
        later.started is not None and earlier.tracked.since is not None and earlier.tracked.since <= later.started
        for earlier, later in ((one, other), (other, one))
    )


def _interruption(subject: Subject, reading: "JobReading") -> Interruption | None:
    """Return the interruption; the saved one where Flink's times no longer show it."""
    from hottui.analysis.interruption import interruption_of  # noqa: PLC0415 - pydantic is not needed for the first frame

    saved = subject.saved.interruption if subject.saved else None
    found = interruption_of(reading, started=subject.started, ended=subject.tracked.since)
    if found.restarted is None and saved is not None:
        return saved if found.restarts is None else replace(saved, restarts=found.restarts)
    return found
