"""The Timeline tab: observed states, Flink's phases and restarts, events of the service, and times without watching."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from hottui.analysis.job_timeline import Source, TimelineEntry, bar_span, job_timeline
from hottui.analysis.usual_duration import short_duration
from hottui.model.cell_width import fit, pad
from hottui.model.job_reading import JobReading
from hottui.model.ref import Ref
from hottui.model.state import is_final, state_text
from hottui.model.times import duration
from hottui.model.tracking import Summary, Tracked
from hottui.render.detail_context import DetailContext
from hottui.render.glyphs import Glyphs, state_name
from hottui.render.lazy_lines import LazyLines, MappedLines, fixed
from hottui.render.local_times import WIDTH, date_time, zone_title
from hottui.render.styled_text import EMPTY, Line, clip, line, note

_TIME, _SOURCE, _LASTED = WIDTH, 8, 10
"""Widths of columns in cells."""
_MANY: Final = 200
"""Transitions from which the duration of the state in progress is not updated every second."""
_STYLES: Final = {Source.FLINK: "accent", Source.SERVICE: "text", Source.WATCHING: "stale"}


_NO_REF: Final = Ref("", "", "", "")


class _Layout(NamedTuple):
    """The widths of the last two columns, and the times that the bars span."""

    what: int
    bar: int
    begin: float
    end: float


def depends(subject: DetailContext) -> tuple[object, ...]:
    """Return what the body depends on."""
    counting = subject.tracked.in_progress and len(subject.transitions) < _MANY
    return (subject.transitions, subject.job, subject.width, subject.utc, int(subject.now) if counting else 0)


def head(subject: DetailContext) -> tuple[Line, ...]:
    """Return the column titles."""
    if not subject.transitions and not subject.job.timeline:
        return ()
    layout = _layout(subject.width, (), subject)
    bar = "  BAR" if layout.bar else ""
    titles = f" {pad(zone_title(subject.now, utc=subject.utc), _TIME)}  {pad('SOURCE', _SOURCE)}  "
    titles += f"{pad('WHAT', layout.what)}  {pad('LASTED', _LASTED)}"
    return (line((fit((titles + bar).rstrip(), subject.width), "header")),)


def body(subject: DetailContext) -> LazyLines:
    """Return all entries, oldest first, each with its detail on a line of its own."""
    entries = subject.job.timeline or job_timeline(subject.transitions, reading=JobReading())
    if not entries:
        return fixed(note("No transitions observed yet.", subject.width))
    layout = _layout(subject.width, entries, subject)
    rows = [(entry, part) for entry in entries for part in ((False, True) if entry.detail else (False,))]
    return MappedLines(rows, lambda row: _row(*row, subject, layout), width=subject.width)


def tail(subject: DetailContext) -> tuple[Line, ...]:
    """Return the duration of the hot update, how long others took, and a note on the times."""
    transitions, usual = subject.transitions, subject.job.usual
    if not transitions and not subject.job.timeline:
        return ()
    out: list[Line] = [EMPTY]
    if len(transitions) > 1:
        total = duration(transitions[-1].at - transitions[0].at)
        out += note(f"First to last transition: {total}", subject.width, "text")
    if usual is not None:
        whose = "job" if usual.of_job else "namespace"
        text = f"Usually {short_duration(usual.median)}, 90% within {short_duration(usual.p90)}"
        out += note(f"{text} ({usual.count:,} hot updates of this {whose}).", subject.width, "text")
    errors = dict(subject.job.reading.errors) if subject.job.reading else {}
    if subject.job.events_error:
        errors["GetEvents"] = subject.job.events_error
    for call, why in errors.items():
        out += note(f"Not known by {call}: {why}", subject.width)
    earlier = "; the first may have started earlier" if transitions and not transitions[0].previous else ""
    text = f"The API returns no timestamps. Observed times are when hottui first observed the state{earlier}."
    zone = "local time" if subject.utc else "UTC"
    return (*out, *note(f"{text} U: {zone}.", subject.width))


def _layout(width: int, entries: Sequence[TimelineEntry], subject: DetailContext) -> _Layout:
    available = width - _TIME - _SOURCE - _LASTED - 8
    bar = min(max(available - 26, 0), 40) if available >= 38 else 0
    begin, end = bar_span(entries, subject.now if subject.tracked.in_progress else None)
    return _Layout(max(available - bar - (2 if bar else 0), 8), bar, begin, end)


def _row(entry: TimelineEntry, is_detail: bool, subject: DetailContext, layout: _Layout) -> Line:
    if is_detail:
        indent = " " * (_TIME + _SOURCE + 5)
        text = fit(clip(entry.detail), max(subject.width - len(indent), 8)).rstrip()
        return line((indent, "dim"), (text, "dim"), value=entry.detail)
    style, what = _what(entry, subject.glyphs)
    at = date_time(entry.at, utc=subject.utc)
    return line(
        (f" {pad(at, _TIME)}  ", "dim"),
        (f"{pad(entry.source.value, _SOURCE)}  ", "dim"),
        (fit(what, layout.what), style),
        (f"  {pad(_lasted(entry, subject), _LASTED)}", "text"),
        (f"  {_bar(entry, subject, layout)}".rstrip(), style),
        value=f"{at} {entry.source.value} {entry.what}",
    )


def _what(entry: TimelineEntry, glyphs: Glyphs) -> tuple[str, str]:
    """Return style and text; observed states have their glyph."""
    text = clip(entry.what, 60)
    if entry.source is not Source.OBSERVED:
        return _STYLES[entry.source], text
    state = "" if entry.what == "(no state)" else entry.what
    name = state_name(Tracked(_NO_REF, summary=Summary(state)))
    return name, f"{getattr(glyphs, name)} {state_text(text)}"


def _lasted(entry: TimelineEntry, subject: DetailContext) -> str:
    if entry.until is not None:
        seconds = max(entry.until - entry.at, 0.0)
        return f"{seconds:.1f}s" if entry.source is Source.FLINK and seconds < 60 else duration(seconds)
    if entry.ongoing and subject.tracked.in_progress and entry.source is Source.OBSERVED:
        return f"{duration(subject.now - entry.at)} so far"
    lasting = entry.ongoing or (entry.source is Source.OBSERVED and is_final(entry.what))
    return "since then" if lasting else ""


def _bar(entry: TimelineEntry, subject: DetailContext, layout: _Layout) -> str:
    """Return the time of a phase as a bar; nothing for a moment, and for what lies outside the span."""
    span = layout.end - layout.begin
    seconds = entry.seconds(subject.now)
    if not layout.bar or span <= 0 or seconds is None or entry.at > layout.end:
        return ""
    scale = layout.bar / span
    first = min(max(int((entry.at - layout.begin) * scale), 0), layout.bar - 1)
    last = min(max(round((entry.at + seconds - layout.begin) * scale), first + 1), layout.bar)
    mark = "░" if entry.source is Source.WATCHING else "█"
    return " " * first + mark * (last - first)
