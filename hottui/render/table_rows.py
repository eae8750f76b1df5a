"""Render a tracked hot update as the columns of one table row."""

import math

from hottui.model.cell_width import cells, fit
from hottui.model.control_characters import shorten, visible
from hottui.model.state import FAILED, Freshness
from hottui.model.tracking import Tracked
from hottui.render.ages import COARSE, EXACT, SEEN, Steps, age, next_change, seen_age
from hottui.render.effect_text import verdict_glyph, verdict_label, verdict_style
from hottui.render.glyphs import Glyphs, severity_style, state_name, state_word
from hottui.render.styled_text import Span, squeeze
from hottui.render.table_columns import GAP, GLYPH, JOB_ID, Columns

_BETWEEN = "  "
"""The separator in CHANGE."""


def display_name(tracked: Tracked) -> str:
    """Return the label of `tracked`, or its ID without one, as it is called in messages."""
    return visible(shorten(tracked.label or tracked.ref.id, 40))


def row_ages(tracked: Tracked, now: float) -> tuple[str, str]:
    """Return the age of its state and of its last good answer: the only parts of a row that change with time.

    They are empty where there is none. A finished hot update is not read again: the age of its answer is not shown.
    """
    since, seen = _times(tracked)
    return (
        age(now - since[0], since[1]) if since else "",
        (seen_age(now - seen[0]) if seen[1] is SEEN else age(now - seen[0], seen[1])) if seen else "",
    )


def next_row_change(tracked: Tracked, now: float) -> float:
    """Return in how many seconds `row_ages` differs; infinity if it never does."""
    return min((next_change(now - at, steps) for at, steps in filter(None, _times(tracked))), default=math.inf)


_Time = tuple[float, Steps] | None
"""A time and the steps of its age; None where no age is shown."""


def _times(tracked: Tracked) -> tuple[_Time, _Time]:
    """Return when its state was first seen, and when its last good answer was received."""
    ticking = tracked.in_progress and tracked.freshness is not Freshness.GONE
    since = None if tracked.since is None else (tracked.since, EXACT if ticking else COARSE)
    if tracked.seen is None:
        return since, None
    if _is_stale(tracked):
        return since, (tracked.seen, COARSE)
    return since, (tracked.seen, SEEN) if tracked.in_progress else None


def _is_stale(tracked: Tracked) -> bool:
    """Whether the last read failed."""
    return tracked.freshness in {Freshness.STALE, Freshness.DENIED}


def row_content(tracked: Tracked) -> tuple[object, ...]:
    """Return everything that a row shows except its ages; equal content means equal cells."""
    effect = tracked.effect.verdict if tracked.effect else None
    return tracked.bookmark, tracked.summary, tracked.freshness, tracked.trouble, effect, tracked.job_name


def row_spans(
    tracked: Tracked,
    ages: tuple[str, str],
    columns: Columns,
    glyphs: Glyphs,
    slow: str = "",
    *,
    place: str = "",
    marked: bool = False,
    dimmed: bool = False,
) -> tuple[tuple[Span, ...], ...]:
    """Return the spans of each visible column, padded to its width; the first is the bookmark's glyph.

    `ages` are those of `row_ages`; `slow` is the note on an update in progress that takes longer than usual.
    The glyph of a `marked` row replaces that of the bookmark; a `dimmed` row has no other colours.
    """
    since, seen = ages
    width_of = dict(columns)
    styled: dict[str, tuple[Span, ...]] = {
        "STATE": _state(tracked, glyphs),
        "FOR": (Span(since or glyphs.dot, "dim"),),
        "LABEL": (Span(label_of(tracked), "changed" if marked else "text"),),
        "PLACE": (Span(visible(place), "dim"),),
        "CHANGE": _change(tracked, width_of.get("CHANGE", 0), slow),
        "EFFECT": (_effect(tracked, width_of.get("EFFECT", 0), glyphs),),
        "JOB": (_job(tracked),),
        "ID": (Span(tracked.ref.id, "dim"),),
        "SEEN": (
            Span(seen or (glyphs.dot if tracked.seen is not None else ""), "stale" if _is_stale(tracked) else "dim"),
        ),
    }
    glyph = Span(glyphs.bookmark if tracked.bookmark else " ", "accent")
    if marked:
        glyph = Span(glyphs.marked, "changed")
    shown = [_column(styled[title], width) for title, width in columns]
    row = ((glyph,), *shown)
    return tuple(tuple(Span(span.text, "dim") for span in spans) for spans in row) if dimmed else row


def _column(spans: tuple[Span, ...], width: int) -> tuple[Span, ...]:
    if len(spans) == 1:
        return (Span(fit(spans[0].text, width) + " " * GAP, spans[0].style),)
    fitted: list[Span] = []
    left = width
    for span in spans[:-1]:
        text = fit(span.text, min(left, cells(span.text)))
        fitted.append(Span(text, span.style))
        left -= cells(text)
    return (*fitted, Span(fit(spans[-1].text, left) + " " * GAP, spans[-1].style))


def _state(tracked: Tracked, glyphs: Glyphs) -> tuple[Span, ...]:
    name = state_name(tracked)
    glyph: str = getattr(glyphs, name)
    stale = tracked.summary is not None and _is_stale(tracked)
    return (Span(f"{glyph} {visible(state_word(tracked))}{glyphs.stale if stale else ''}", "stale" if stale else name),)


def label_of(tracked: Tracked) -> str:
    """Return the bookmark's label, "" without a bookmark."""
    return visible(tracked.label)


def _job(tracked: Tracked) -> Span:
    job = visible(tracked.job)
    return Span(job if tracked.job_name else fit(job, JOB_ID).rstrip(), "dim")


def _effect(tracked: Tracked, width: int, glyphs: Glyphs) -> Span:
    if tracked.effect is None:
        return Span(glyphs.dot, "dim")
    verdict = tracked.effect.verdict
    label = verdict_label(verdict)
    glyph = f"{verdict_glyph(verdict, glyphs)} " if width >= GLYPH + len(label) else ""
    return Span(glyph + label, verdict_style(verdict))


def _change(tracked: Tracked, width: int, slow: str) -> tuple[Span, ...]:
    """Return the requested change and the failure.

    Severity and reason come first if the hot update failed, and `slow` if it is in progress: they are truncated last.
    """
    summary = tracked.summary
    trouble = tracked.trouble.message if tracked.trouble and tracked.freshness is not Freshness.LIVE else ""
    if summary is None:
        return (Span(visible(trouble), "stale"),)
    severity, why = visible(summary.severity), visible(summary.explanation)
    change = visible(summary.change)
    if summary.state == FAILED:
        found = [(severity, severity_style(severity)), (why, "text"), (trouble, "stale"), (change, "dim")]
    else:
        available = width - sum(cells(text) + len(_BETWEEN) for text in (severity, slow) if text)
        found = [
            (slow, "warning"),
            (squeeze(change, available), "text"),
            (severity, severity_style(severity)),
            (trouble, "stale"),
            ("" if trouble else why, "dim"),
        ]
    spans: list[Span] = []
    for text, style in found:
        if text:
            joint = "" if not spans else " " if spans[-1].text.strip() == severity else _BETWEEN
            spans.append(Span(joint + visible(text), style))
    return tuple(spans) or (Span("", "dim"),)
