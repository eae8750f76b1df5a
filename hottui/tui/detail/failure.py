"""The part of the Overview about a failure: its cause, the job, exceptions, diagnosis, events, and the rule broken."""

from collections.abc import Iterable
from typing import Final

from hottui.analysis.failure_explanation import FailureExplanation, TaskFailure
from hottui.analysis.stack_trace import Cause
from hottui.model.tracking import NO_REASON
from hottui.render.ages import clock_time
from hottui.render.detail_context import DetailContext
from hottui.render.glyphs import severity_style
from hottui.render.styled_text import Line, field, heading

_MOST_CAUSES: Final = 8
_MOST: Final = 5
"""Exceptions, symptoms and events of each kind that are shown."""


def failure_lines(subject: DetailContext) -> tuple[Line, ...]:
    """Return why the hot update failed; empty if it did not."""
    found = subject.job.failure
    if found is None:
        return ()
    width = subject.width
    failure = subject.answer.result.failure if subject.answer else None
    out = [*heading("Failure")]
    if found.severity:
        out += field("Severity", found.severity, severity_style(found.severity))
    if found.reason:
        out += field("Reason", found.reason, "failed", width=width)
    if not found.has_reason:
        out += field("Reason", f"{NO_REASON}.", "dim", width=width)
    out += _causes("Message", found.causes, width, copy=failure.message if failure else None)
    for rule in found.rules:
        out += field("Rule", rule, "warning", width=width)
    out += _named("Job", found.job, width)
    for each in found.exceptions[:_MOST]:
        out += _exception(each, width)
    out += _more(len(found.exceptions), "exceptions", width)
    out += _diagnosis(found, width)
    for event in found.events[-_MOST:]:
        at = clock_time(event.created_at or 0.0)
        out += field("Event", f"{at[11:]}  {event.event_name}: {event.message}".rstrip(": "), width=width)
    if subject.job.events_error and not found.events:
        out += field("Events", f"not known: {subject.job.events_error}", "dim", width=width)
    if found.request_id and not (subject.answer and found.request_id == subject.answer.envelope.request_id):
        out += field("Request of update", found.request_id, width=width)
    return tuple(out)


def _causes(name: str, causes: tuple[Cause, ...], width: int, copy: str | None = None) -> list[Line]:
    """Return the causes, the innermost first, with the first frames of each; the first line copies everything."""
    out: list[Line] = []
    for number, cause in enumerate(causes[:_MOST_CAUSES]):
        title = name if number == 0 else "which caused"
        exception = cause.exception.rpartition(".")[2]
        first, *more = [each for each in cause.message.splitlines() if each.strip()] or [""]
        text = ": ".join(part for part in (exception, first.strip()) if part)
        out += field(title, text, copy=copy if number == 0 else None, width=width)
        for each in more:
            out += field("", each, width=width)
        for frame in cause.folded:
            out += field("", f"  {frame}", "dim", width=width)
    if len(causes) > _MOST_CAUSES:
        out += field("", f"… {len(causes) - _MOST_CAUSES:,} more causes; v copies all", "dim", width=width)
    return out


def _named(name: str, texts: Iterable[str], width: int) -> list[Line]:
    out: list[Line] = []
    for number, text in enumerate(texts):
        out += field(name if number == 0 else "", text, width=width)
    return out


def _exception(failure: TaskFailure, width: int) -> list[Line]:
    task = failure.task or "the job"
    when = f" at {clock_time(failure.at)}" if failure.at is not None else ""
    out = [*field("Flink", f"{task}{when}", width=width)]
    if failure.causes:
        out += field("", failure.causes[0].headline, width=width)
    return out


def _diagnosis(found: FailureExplanation, width: int) -> list[Line]:
    out: list[Line] = []
    for area, symptom in found.symptoms[:_MOST]:
        head = ": ".join(part for part in (symptom.name, symptom.description.replace("\n", " ")) if part)
        out += field("Diagnosis", f"{area}: {head}", width=width)
        if symptom.recommendation:
            out += field("", symptom.recommendation.replace("\n", " "), "accent", width=width)
    return [*out, *_more(len(found.symptoms), "findings", width)]


def _more(count: int, what: str, width: int) -> tuple[Line, ...]:
    return field("", f"… {count - _MOST:,} more {what}", "dim", width=width) if count > _MOST else ()
