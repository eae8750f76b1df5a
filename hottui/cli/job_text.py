"""A job and its changes as text."""

from collections.abc import Iterator

from hottui.cli.effect_text import named
from hottui.cli.job_report import JobReport
from hottui.cli.output import TextLine
from hottui.render.ages import clock_time
from hottui.render.effect_text import verdict_label


def job_lines(report: JobReport, most: int) -> Iterator[TextLine]:
    """Yield the job and its changes, the newest first: at most `most` of them, all for 0."""
    job = report.document["job"]
    yield TextLine(f"{job['name'] or report.job.job_id}  {job['state'] or 'not known'}")
    for name in ("deployment_id", "health", "risk", "restarts", "engine_version", "changed_by"):
        yield named(name.replace("_", " "), "not known" if job[name] is None else str(job[name]))
    for change in report.changes[: most or None]:
        at = "unknown" if change.at is None else clock_time(change.at)
        outcome = verdict_label(change.verdict) if change.verdict else change.outcome
        yield TextLine(f"  {at:19}  {change.source:10}  {outcome:12}  ", change.what)
    for action, trouble in report.troubles.items():
        yield named(action, trouble.message)
