"""The summary of an answer that the table shows and the store keeps."""

from hottui.analysis.changes import changes, headline, mode_of
from hottui.model.answer import _LONGEST_REASON, Answer
from hottui.model.control_characters import shorten
from hottui.model.masking import mask_text
from hottui.model.result import Failure, HotUpdateJobResult
from hottui.model.state import FAILED
from hottui.model.tracking import Summary


def _severity(result: HotUpdateJobResult) -> str:
    """The severity of a failure; the service writes one beside an empty failure on a success, too."""
    told = result.status.failure if result.status else None
    return told.failure_severity if told is not None and (told or result.state == FAILED) else ""


def _reason(failure: Failure) -> str:
    said = ": ".join(part for part in (failure.reason, failure.message) if part)
    return shorten(mask_text(said), _LONGEST_REASON)


def summarise(answer: Answer) -> Summary:
    """What the table shows of `answer`; secrets are masked."""
    result = answer.result
    failure = result.failure
    return Summary(
        state=result.state,
        job_id=result.job_id,
        change=headline(changes(result)),
        severity=_severity(result),
        reason=_reason(failure) if failure else "",
        mode=mode_of(result),
    )
