"""Render a tracked hot update as the columns of one table row."""

import math
from collections.abc import Iterable
from typing import NamedTuple

from hottui.model.cell_width import cells, fit
from hottui.model.control_characters import shorten, visible
from hottui.model.state import FAILED, Freshness
from hottui.model.tracking import Tracked
from hottui.render.ages import COARSE, EXACT, SEEN, Steps, age, next_change, seen_age
from hottui.render.effect_text import verdict_glyph, verdict_label, verdict_style
from hottui.render.glyphs import Glyphs, severity_style, state_name, state_word
from hottui.render.row_order import RowOrder
from hottui.render.styled_text import Span, squeeze

TITLES = ("STATE", "FOR", "LABEL", "CHANGE", "EFFECT", "JOB", "ID", "SEEN")
_GAP = 1
_BETWEEN = "  "
"""The separator in CHANGE."""
_LABEL, _EFFECT, _JOB, _ID, _SEEN = 28, 12, 20, 17, 4
"""Maximum widths of these columns in cells."""
_WIDE, _ROOMY = 110, 150
"""Widths of the table in cells from which columns have their full width: all, and the job's name."""
_JOB_ID = 9
"""Cells of a job's ID, which is cut off."""
_GLYPH = 2
"""Cells of the glyph in EFFECT, which a narrow table leaves out."""

Widths = tuple[int, ...]
"""The width of each column in cells, in the order of TITLES; 0 for a hidden column."""


class LongestTexts(NamedTuple):
    """The width of the longest text in each column that may be narrow or hidden."""

    label: int
    effect: int
    job: int
    id: int
    seen: int


def display_name(tracked: Tracked) -> str:
    """Return the label of `tracked`, or its ID without one, as it is called in messages."""
    return visible(shorten(tracked.label or tracked.ref.id, 40))


ANY_LENGTH = LongestTexts(_LABEL, _EFFECT, _JOB, _ID, _SEEN)


def longest_texts(tracked: Iterable[Tracked]) -> LongestTexts:
    """Return the widths of the longest texts, up to the maximum width of each column."""
    label = effect = job = ident = seen = 0
    for one in tracked:
        if one.bookmark and label < _LABEL:
            label = max(label, _width_up_to(one.bookmark.label, _LABEL))
        if one.effect and effect < _EFFECT:
            effect = max(effect, _GLYPH + len(verdict_label(one.effect.verdict)))
        if job < _JOB:
            job = max(job, _width_up_to(one.job, _JOB if one.job_name else _JOB_ID))
        if ident < _ID:
            ident = max(ident, _width_up_to(one.ref.id, _ID))
        if one.seen is not None:
            seen = _SEEN
    return LongestTexts(label, effect, job, ident, seen)


def _width_up_to(text: str, most: int) -> int:
    """Return the width of `text`, at most `most`."""
    return min(len(text) if text.isascii() else cells(visible(text[:most])), most)


def widths(total: int, content: LongestTexts = ANY_LENGTH) -> Widths:
    """Divide `total` cells among the columns.

    State and age are always shown. Job, then last seen, then ID, then the effect are hidden first; no column is wider
    than its longest text; label and change share the rest.
    """
    wide = total >= _WIDE
    state, since = 15 if wide else 12, 4
    fixed = 1 + state + since + 2 * _GAP
    effect = _width("EFFECT", content.effect - (0 if wide else _GLYPH), _EFFECT if total >= 60 else 0)
    job = _width("JOB", content.job, _JOB if total >= _ROOMY else 14 if wide else 0)
    narrow = 13 if wide or not effect else 10
    short = not wide or (total < _ROOMY and effect and job > _JOB_ID)
    ident = _width("ID", content.id, narrow if short else _ID) if total >= 76 else 0
    last = _width("SEEN", content.seen, _SEEN if total >= 92 else 0)
    rest = total - fixed - sum(width + _GAP for width in (effect, job, ident, last) if width) - _GAP
    share = rest * 3 // 10 if effect else rest * 2 // 5
    label = _width("LABEL", content.label, max(min(share, _LABEL), 6))
    change = max(rest - label - (_GAP if label else 0), 0)
    return (state, since, label, change, effect, job, ident, last)


def _width(title: str, content: int, most: int) -> int:
    """Return the width of a column: 0 if it is empty, otherwise at least that of its title."""
    return min(max(content, len(title)), most) if content > 0 else 0


def header(columns: Widths, order: RowOrder, glyphs: Glyphs) -> tuple[Span, ...]:
    """Return the column titles, with an arrow at the column that the rows are sorted by.

    The arrow may take the gap. If failures come first, their glyph is beside STATE.
    """
    titles = []
    for title, width in zip(TITLES, columns, strict=True):
        shown = order_text(order, glyphs) if title == order.column else title
        failures = f" {glyphs.failed}" if title == "STATE" and order.failures_first else ""
        titles.append(fit(shown + failures, width + _GAP) if width else "")
    return (Span(" " + "".join(titles), "header"),)


def order_text(order: RowOrder, glyphs: Glyphs) -> str:
    """Return the title of the column that rows are sorted by with its arrow; empty for the default order."""
    return order.column and order.column + (glyphs.descending if order.reverse else glyphs.ascending)


def visible_titles(columns: Widths) -> tuple[str, ...]:
    """Return the titles of the visible columns."""
    return tuple(title for title, width in zip(TITLES, columns, strict=True) if width)


def title_at(columns: Widths, x: int) -> str:
    """Return the title of the column at cell `x`; empty beside the columns."""
    end = 1
    for title, width in zip(TITLES, columns, strict=True):
        end += width + _GAP if width else 0
        if x < end:
            return title
    return ""


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
    columns: Widths,
    glyphs: Glyphs,
    slow: str = "",
    *,
    marked: bool = False,
    dimmed: bool = False,
) -> tuple[tuple[Span, ...], ...]:
    """Return the spans of each visible column, padded to its width; the first is the bookmark's glyph.

    `ages` are those of `row_ages`; `slow` is the note on an update in progress that takes longer than usual.
    The glyph of a `marked` row replaces that of the bookmark; a `dimmed` row has no other colours.
    """
    since, seen = ages
    styled = (
        _state(tracked, glyphs),
        (Span(since or glyphs.dot, "dim"),),
        (Span(label_of(tracked), "changed" if marked else "text"),),
        _change(tracked, columns[TITLES.index("CHANGE")], slow),
        (_effect(tracked, columns[TITLES.index("EFFECT")], glyphs),),
        (_job(tracked),),
        (Span(tracked.ref.id, "dim"),),
        (Span(seen or (glyphs.dot if tracked.seen is not None else ""), "stale" if _is_stale(tracked) else "dim"),),
    )
    glyph = Span(glyphs.bookmark if tracked.bookmark else " ", "accent")
    if marked:
        glyph = Span(glyphs.marked, "changed")
    shown = [_column(spans, width) for spans, width in zip(styled, columns, strict=True) if width]
    row = ((glyph,), *shown)
    return tuple(tuple(Span(span.text, "dim") for span in spans) for spans in row) if dimmed else row


def _column(spans: tuple[Span, ...], width: int) -> tuple[Span, ...]:
    if len(spans) == 1:
        return (Span(fit(spans[0].text, width) + " " * _GAP, spans[0].style),)
    fitted: list[Span] = []
    left = width
    for span in spans[:-1]:
        text = fit(span.text, min(left, cells(span.text)))
        fitted.append(Span(text, span.style))
        left -= cells(text)
    return (*fitted, Span(fit(spans[-1].text, left) + " " * _GAP, spans[-1].style))


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
    return Span(job if tracked.job_name else fit(job, _JOB_ID).rstrip(), "dim")


def _effect(tracked: Tracked, width: int, glyphs: Glyphs) -> Span:
    if tracked.effect is None:
        return Span(glyphs.dot, "dim")
    verdict = tracked.effect.verdict
    label = verdict_label(verdict)
    glyph = f"{verdict_glyph(verdict, glyphs)} " if width >= _GLYPH + len(label) else ""
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
