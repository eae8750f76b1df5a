"""Summarize an answer for the table and the store."""

from hottui.analysis.changes import changes, headline
from hottui.model.answer import LONGEST_REASON, Answer
from hottui.model.control_characters import shorten
from hottui.model.masking import mask_text
from hottui.model.result import Failure, HotUpdateJobResult
from hottui.model.state import FAILED
from hottui.model.tracking import Summary


def _severity(result: HotUpdateJobResult) -> str:
    """Return the severity of a failure; the service also sends one after a success, which is ignored."""
    failure = result.status.failure if result.status else None
    return failure.failure_severity if failure is not None and (failure or result.state == FAILED) else ""


def _reason(failure: Failure) -> str:
    text = ": ".join(part for part in (failure.reason, failure.message) if part)
    return shorten(mask_text(text), LONGEST_REASON)


def summarize(answer: Answer) -> Summary:
    """Return the summary of `answer`, secrets masked."""
    result = answer.result
    failure = result.failure
    return Summary(
        state=result.state,
        job_id=result.job_id,
        change=headline(changes(result)),
        severity=_severity(result),
        reason=_reason(failure) if failure else "",
        mode=result.target.mode,
    )
