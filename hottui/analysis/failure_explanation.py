"""Why a hot update failed: its message, the job's failure, Flink's exceptions, diagnosis, events, and the rule broken.

Every text is masked and its control characters are made visible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hottui.analysis.stack_trace import Cause, failure_text, read_trace
from hottui.analysis.vendor_rules import broken_rules
from hottui.model.control_characters import visible
from hottui.model.flink_rest import FlinkException
from hottui.model.job_diagnosis import JobDiagnosis, Symptom
from hottui.model.job_history import Event
from hottui.model.job_reading import JOB_GONE, JobReading
from hottui.model.masking import mask_text, masked_line
from hottui.model.result import HotUpdateJobResult
from hottui.model.state import FAILED
from hottui.model.tracking import NO_REASON

AROUND: Final = 600.0
"""Seconds before and after the failure in which events and exceptions are given."""
_MOST: Final = 20
_LONGEST: Final = 100_000
"""Characters of a text that are read."""


@dataclass(frozen=True, slots=True)
class TaskFailure:
    """A failure that Flink recorded: the task, when (seconds since the epoch), and its causes, the innermost first."""

    task: str
    at: float | None
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class FailureExplanation:
    """Everything known of why a hot update failed. `causes` of its message, the innermost first.

    `headline` is one line. `job` are lines about the job's state and failure. `rules` are the vendor's rules that it
    violated. `request_id` is that of the request that caused the update, else of the answer.
    """

    headline: str
    severity: str = ""
    reason: str = ""
    causes: tuple[Cause, ...] = ()
    rules: tuple[str, ...] = ()
    job: tuple[str, ...] = ()
    exceptions: tuple[TaskFailure, ...] = ()
    symptoms: tuple[tuple[str, Symptom], ...] = ()
    events: tuple[Event, ...] = ()
    request_id: str = ""

    @property
    def has_reason(self) -> bool:
        """Whether the service gave a reason."""
        return bool(self.reason or self.causes)


def explain_failure(
    result: HotUpdateJobResult,
    *,
    reading: JobReading,
    request_id: str = "",
    diagnosis: JobDiagnosis | None = None,
    events: Sequence[Event] = (),
    at: float | None = None,
) -> FailureExplanation | None:
    """Explain why `result` failed `at`, in seconds since the epoch; None where it did not fail.

    Without `at`, Flink's latest exceptions are given and no events.
    """
    failure = result.failure
    if result.state != FAILED and failure is None:
        return None
    reason = _line(failure.reason) if failure else ""
    causes = _causes(failure.message) if failure else ()
    innermost = causes[0].headline if causes else ""
    status = result.status
    return FailureExplanation(
        headline=": ".join(part for part in (reason, innermost) if part) or f"{NO_REASON}.",
        severity=_line(status.failure.failure_severity) if status and status.failure else "",
        reason=reason,
        causes=causes,
        rules=broken_rules(result, reading, at),
        job=_job_lines(reading),
        exceptions=_exceptions(reading, at),
        symptoms=tuple((area, _symptom(each)) for area, each in diagnosis.findings[:_MOST]) if diagnosis else (),
        events=_events(events, at),
        request_id=_line((status.request_id if status else "") or request_id),
    )


def _line(text: str) -> str:
    return masked_line(text, 2_000)


def _causes(text: str) -> tuple[Cause, ...]:
    read = read_trace(mask_text(text[:_LONGEST]))
    return tuple(
        Cause(visible(each.exception), _block(each.message), tuple(visible(frame) for frame in each.frames))
        for each in read
    )


def _block(text: str) -> str:
    return "\n".join(visible(each) for each in text.splitlines())


def _job_lines(reading: JobReading) -> tuple[str, ...]:
    job = reading.job
    if reading.gone:
        return (JOB_GONE,)
    if job is None:
        return tuple(f"{call}: {_line(why)}" for call, why in reading.errors.items())
    flink = f", Flink: {_line(job.flink_state)}" if job.flink_state else ""
    restarts = (
        f", {job.restarts:,} {'restart' if job.restarts == 1 else 'restarts'}" if job.restarts is not None else ""
    )
    lines = [f"The job is {_line(job.state) or 'in an unknown state'}{flink}{restarts}."]
    if job.failure:
        lines.append(f"The job failed: {failure_text(job.failure)}")
    return tuple(lines)


def _exceptions(reading: JobReading, at: float | None) -> tuple[TaskFailure, ...]:
    entries = reading.exceptions.entries if reading.exceptions else ()
    near = [each for each in entries if at is None or each.timestamp is None or abs(each.timestamp - at) <= AROUND]
    return tuple(_task_failure(each) for each in near[:_MOST])


def _task_failure(each: FlinkException) -> TaskFailure:
    causes = _causes(each.stacktrace) or _causes(each.exception_name)
    return TaskFailure(_line(each.task_name), each.timestamp, causes)


def _symptom(symptom: Symptom) -> Symptom:
    return Symptom(
        name=_line(symptom.name),
        description=_block(mask_text(symptom.description[:_LONGEST])),
        recommendation=_block(mask_text(symptom.recommendation[:_LONGEST])),
    )


def _events(events: Sequence[Event], at: float | None) -> tuple[Event, ...]:
    """The events around `at`, the closest ones, in time order."""
    if at is None:
        return ()
    timed = [(abs(event.created_at - at), event) for event in events if event.created_at is not None]
    near = [pair for pair in timed if pair[0] <= AROUND]
    closest = [event for _, event in sorted(near, key=lambda pair: pair[0])[:_MOST]]
    shown = [
        event.model_copy(update={"event_name": _line(event.event_name), "message": _line(event.message)})
        for event in closest
    ]
    return tuple(sorted(shown, key=lambda event: event.created_at or 0.0))
