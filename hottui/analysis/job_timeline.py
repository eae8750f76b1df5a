"""The timeline of a hot update and its job, merged from every source.

Times are seconds since the epoch, each by the clock of its source: observed times by the local one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hottui.analysis.stack_trace import innermost
from hottui.model.control_characters import visible
from hottui.model.job_history import Event
from hottui.model.job_reading import JobReading
from hottui.model.masking import masked_line
from hottui.model.state import is_final
from hottui.model.tracking import Transition

BEFORE: Final = 300.0
"""Seconds before the first observation from which Flink's phases and events are included."""
_AROUND: Final = 60.0
"""Seconds before the first and after the last observation in which a phase of Flink may belong to the hot update."""
_MOST_EVENTS: Final = 500


class Source(StrEnum):
    """The source of an entry."""

    OBSERVED = "observed"
    """A state of the hot update, as observed by hottui: the API returns no times."""
    FLINK = "Flink"
    SERVICE = "service"
    WATCHING = "hottui"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that began at `at`. `until` is when it ended; None for a moment, or if it has not ended."""

    at: float
    source: Source
    what: str
    until: float | None = None
    ongoing: bool = False
    detail: str = ""

    def seconds(self, now: float) -> float | None:
        """Return its duration, up to `now` if it has not ended; None for a moment."""
        if self.until is not None:
            return max(self.until - self.at, 0.0)
        return max(now - self.at, 0.0) if self.ongoing else None


def job_timeline(
    transitions: Sequence[Transition],
    *,
    reading: JobReading,
    events: Sequence[Event] = (),
    gaps: Sequence[tuple[float, float]] = (),
    since: float | None = None,
) -> tuple[TimelineEntry, ...]:
    """The entries in time order.

    `gaps` are begin and end of each time in which hottui did not run. Flink's and the service's entries before
    `since`, by default some minutes before the first transition, are left out.
    """
    observed = sorted(transitions, key=lambda transition: transition.at)
    if since is None:
        since = observed[0].at - BEFORE if observed else 0.0
    entries = [
        *_observed(observed),
        *(entry for entry in (*_phases(reading), *_restarts(reading)) if entry.at >= since),
        *_events(events, since),
        *(TimelineEntry(begin, Source.WATCHING, "not watched", end) for begin, end in gaps if end > begin),
    ]
    order = list(Source)
    return tuple(sorted(entries, key=lambda entry: (entry.at, order.index(entry.source), entry.what)))


def bar_span(entries: Sequence[TimelineEntry], until: float | None = None) -> tuple[float, float]:
    """Return begin and end of the time that the bars of `entries` span: the hot update with Flink's phases around it.

    What is earlier or later, such as another restart, does not count. `until` is now for an update in progress.
    Without an observation, all of Flink's entries are spanned.
    """
    observed = [entry.at for entry in entries if entry.source is Source.OBSERVED]
    flink = [entry.at for entry in entries if entry.source is Source.FLINK]
    if observed:
        observed += [] if until is None else [until]
        flink = [at for at in flink if min(observed) - _AROUND <= at <= max(observed) + _AROUND]
    times = [*observed, *flink]
    return min(times, default=0.0), max(times, default=0.0)


def _observed(transitions: Sequence[Transition]) -> list[TimelineEntry]:
    ends: list[float | None] = [*(later.at for later in transitions[1:]), None]
    return [
        TimelineEntry(
            at=transition.at,
            source=Source.OBSERVED,
            what=visible(transition.state) or "(no state)",
            until=end,
            ongoing=end is None and not is_final(transition.state),
        )
        for transition, end in zip(transitions, ends, strict=False)
    ]


def _phases(reading: JobReading) -> list[TimelineEntry]:
    """Return Flink's states; each lasts until the job entered the next one."""
    if reading.flink is None:
        return []
    entered = sorted(reading.flink.entered.items(), key=lambda pair: pair[1])
    ends: list[float | None] = [*(at for _, at in entered[1:]), reading.flink.end_time]
    return [
        TimelineEntry(at, Source.FLINK, f"job {visible(state)}", end if end is None or end >= at else None, end is None)
        for (state, at), end in zip(entered, ends, strict=False)
    ]


def _restarts(reading: JobReading) -> list[TimelineEntry]:
    """Return failures that caused a restart, and the checkpoint that was restored."""
    found = []
    for each in reading.exceptions.entries if reading.exceptions else ():
        if each.timestamp is not None:
            why = innermost(each.stacktrace or each.exception_name)
            where = f"failure in {masked_line(each.task_name)}" if each.task_name else "failure"
            found.append(TimelineEntry(each.timestamp, Source.FLINK, where, detail=why))
    restored = reading.checkpoints.restored if reading.checkpoints else None
    if restored is not None and restored.restore_timestamp is not None:
        kind = "savepoint" if restored.is_savepoint else "checkpoint"
        number = "" if restored.id is None else f" {restored.id}"
        path = masked_line(restored.external_path)
        found.append(TimelineEntry(restored.restore_timestamp, Source.FLINK, f"restored {kind}{number}", detail=path))
    return found


def _events(events: Sequence[Event], since: float) -> list[TimelineEntry]:
    timed = [(event.created_at, event) for event in events if event.created_at is not None]
    recent = sorted(((at, event) for at, event in timed if at >= since), key=lambda pair: pair[0])[-_MOST_EVENTS:]
    return [
        TimelineEntry(at, Source.SERVICE, masked_line(event.event_name) or "event", detail=masked_line(event.message))
        for at, event in recent
    ]
