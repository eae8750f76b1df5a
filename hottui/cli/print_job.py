"""A job and its changes as text."""

from collections.abc import Iterator

from hottui.cli.job_report import JobReport
from hottui.render.ages import clock_time, time_zone
from hottui.render.glyphs import ASCII, UNICODE
from hottui.render.job_context import JobContext
from hottui.render.job_text import job_text
from hottui.render.styled_text import EMPTY, Line, field, line


def job_lines(report: JobReport, most: int, width: int, ascii_only: bool) -> Iterator[Line]:
    """Yield the job and its changes, the newest first: at most `most` of them, all for 0.

    Changes whose time is not known are last. Others are left out before them: they may well be the newest.
    """
    story = sorted(report.changes, key=lambda change: change.at is None)
    job, deployment = report.reading.job, report.reading.deployment
    text = job_text(
        JobContext(
            job_id=report.job.job_id,
            reading=report.reading,
            now=report.at,
            width=width,
            glyphs=ASCII if ascii_only else UNICODE,
            name=(job.deployment_name if job else "") or (deployment.name if deployment else ""),
            story=tuple(story),
            diagnosis=report.history.diagnosis,
            troubles=report.troubles,
            complete=True,
            running_cu=report.cost.cu if report.cost else None,
        )
    )
    shown = min(most, len(story)) if most else len(story)
    yield from field("Job", f"{report.job.job_id}, in {report.job.namespace}")
    timed = sum(change.at is not None for change in story)
    last = min(shown, len(story) - timed)
    yield from text.lines[: text.first_change + shown - last]
    yield from text.lines[text.first_change + timed : text.first_change + timed + last]
    if shown < len(story):
        yield line((f" and {len(story) - shown:,} more; --changes 0 prints all", "dim"))
    yield EMPTY
    yield line((f" Read {clock_time(report.at)}. Times are local: {time_zone()}.", "dim"))
