"""The screen of a job as lines: its fields, parallelism and CU over time, changes, events."""

from collections.abc import Sequence
from typing import NamedTuple

from hottui.analysis.job_story import JobChange, level_over_time
from hottui.model.job_history import Event
from hottui.model.masking import masked_line
from hottui.render.ages import clock_time
from hottui.render.glyphs import ASCII
from hottui.render.job_changes import change_lines, title_line
from hottui.render.job_context import JobContext
from hottui.render.job_fields import finding_lines, job_fields, trouble_lines
from hottui.render.lazy_lines import ConcatenatedLines, LazyLines, MappedLines, fixed
from hottui.render.level_chart import ASCII_BLOCKS, UNICODE_BLOCKS, Levels, chart_lines
from hottui.render.styled_text import Line, heading, line, note


class JobText(NamedTuple):
    """All lines of the screen, and the numbers of those with the first change and the first event."""

    lines: LazyLines
    first_change: int
    first_event: int
    story: tuple[JobChange, ...]

    def change_at(self, number: int | None) -> JobChange | None:
        """Return the change in line `number`; None if that is another line."""
        at = -1 if number is None else number - self.first_change
        return self.story[at] if 0 <= at < len(self.story) else None

    @property
    def sections(self) -> tuple[int, ...]:
        """The first line of each section to which the cursor can go."""
        starts = (
            0,
            self.first_change if self.story else 0,
            self.first_event if self.first_event < len(self.lines) else 0,
        )
        return tuple(sorted(set(starts)))


def job_text(context: JobContext) -> JobText:
    """Return the text; the lines of changes and events are rendered on access."""
    top = fixed(
        (
            *job_fields(context),
            *trouble_lines(context),
            *finding_lines(context),
            *_chart(context),
            *_changes_title(context),
        )
    )
    changes = change_lines(context.story, context.width, context.glyphs)
    title = fixed(heading("Events", f"{len(context.events):,}, the newest first") if context.events else ())
    lines = ConcatenatedLines(top, changes, title, _events(context.events, context.width))
    return JobText(lines, len(top), len(top) + len(changes) + len(title), context.story)


def _chart(context: JobContext) -> tuple[Line, ...]:
    """Return the charts; nothing while no change of a level is known."""
    levels, job, read = level_over_time(context.story), context.job, context.reading.at
    running = float(job.parallelism) if job is not None and job.parallelism is not None else None
    charts = (
        _levels("parallelism", [(at, float(value)) for at, value, _ in levels if value is not None], running, read),
        _levels("CU", [(at, value) for at, _, value in levels if value is not None], context.running_cu, read),
    )
    if all(len({level for _, level in chart.points}) < 2 for chart in charts):
        return ()
    ended = job.end_time if job is not None else None
    return (
        *heading("Parallelism and CU over time"),
        *chart_lines(
            charts,
            until=context.now if ended is None else ended,
            now=context.now,
            width=context.width,
            rows=1 if context.is_low else 2,
            blocks=ASCII_BLOCKS if context.glyphs is ASCII else UNICODE_BLOCKS,
        ),
    )


def _levels(name: str, points: list[tuple[float, float]], running: float | None, read: float | None) -> Levels:
    """Return the levels of `points`, and the one that is `running`, if there is any point."""
    if not points or running is None or read is None:
        return Levels(name, points)
    return Levels(name, [*points, (max(read, points[-1][0]), running)], is_current=True)


def _changes_title(context: JobContext) -> tuple[Line, ...]:
    count = len(context.story)
    reading = "" if context.complete else "reading the history"
    title = heading("Changes", ", ".join(filter(None, (f"{count:,}, the newest first" if count else "", reading))))
    if count:
        return (*title, title_line(context.width, context.now))
    return title if reading else (*title, *note("No change of this job is known.", context.width))


def _events(events: Sequence[Event], width: int) -> LazyLines:
    return MappedLines(events, _event, width=width)


def _event(event: Event) -> Line:
    at = "unknown" if event.created_at is None else clock_time(event.created_at)
    name, message = masked_line(event.event_name), masked_line(event.message)
    return line((f" {at:19}  ", "dim"), (name, "text"), (f"  {message}", "dim"), value=message or name)
