"""Render a tracked hot update as the columns of one table row."""

from collections.abc import Iterable
from typing import NamedTuple

from hottui.model.cell_width import cells, fit
from hottui.model.control_characters import shorten, visible
from hottui.model.state import FAILED, Freshness
from hottui.model.tracking import Tracked
from hottui.render.ages import age, seen_age
from hottui.render.glyphs import Glyphs, state_name, state_word
from hottui.render.styled_text import Span, squeeze

TITLES = ("STATE", "FOR", "LABEL", "CHANGE", "JOB", "ID", "SEEN")
_GAP = 1
_BETWEEN = "  "
"""The separator in CHANGE."""
_LABEL, _JOB, _ID, _SEEN = 28, 9, 17, 4
"""Maximum widths of these columns in cells."""

Widths = tuple[int, ...]
"""The width of each column in cells, in the order of TITLES; 0 for a hidden column."""


class LongestTexts(NamedTuple):
    """The width of the longest text in each column that may be narrow or hidden."""

    label: int
    job: int
    id: int
    seen: int


def display_name(tracked: Tracked) -> str:
    """Return the label of `tracked`, or its ID without one, as it is called in messages."""
    return visible(shorten((tracked.bookmark.label if tracked.bookmark else "") or tracked.ref.id, 40))


ANY_LENGTH = LongestTexts(_LABEL, _JOB, _ID, _SEEN)


def longest_texts(tracked: Iterable[Tracked]) -> LongestTexts:
    """Return the widths of the longest texts, up to the maximum width of each column."""
    label = job = ident = seen = 0
    for one in tracked:
        if one.bookmark and label < _LABEL:
            label = max(label, _width_up_to(one.bookmark.label, _LABEL))
        if one.summary and job < _JOB:
            job = max(job, _width_up_to(one.summary.job_id, _JOB))
        if ident < _ID:
            ident = max(ident, _width_up_to(one.ref.id, _ID))
        if one.seen is not None:
            seen = _SEEN
    return LongestTexts(label, job, ident, seen)


def _width_up_to(text: str, most: int) -> int:
    """Return the width of `text`, at most `most`."""
    return min(len(text) if text.isascii() else cells(visible(text[:most])), most)


def widths(total: int, content: LongestTexts = ANY_LENGTH) -> Widths:
    """Divide `total` cells among the columns.

    State and age are always shown. Job, then last seen, then ID are hidden first; no column is wider than its longest
    text; label and change share the rest.
    """
    state, since = 15 if total >= 110 else 12, 4
    fixed = 1 + state + since + 2 * _GAP
    job = _width("JOB", content.job, _JOB if total >= 110 else 0)
    ident = _width("ID", content.id, _ID if total >= 110 else 13 if total >= 76 else 0)
    last = _width("SEEN", content.seen, _SEEN if total >= 92 else 0)
    rest = total - fixed - sum(width + _GAP for width in (job, ident, last) if width) - _GAP
    label = _width("LABEL", content.label, max(min(rest * 2 // 5, _LABEL), 6))
    change = max(rest - label - (_GAP if label else 0), 0)
    return (state, since, label, change, job, ident, last)


def _width(title: str, content: int, most: int) -> int:
    """Return the width of a column: 0 if it is empty, otherwise at least that of its title."""
    return min(max(content, len(title)), most) if content else 0


def header(columns: Widths) -> tuple[Span, ...]:
    """Return the column titles."""
    titles = (fit(title, width) + " " * _GAP for title, width in zip(TITLES, columns, strict=True) if width)
    return (Span(" " + "".join(titles), "header"),)


def row_ages(tracked: Tracked, now: float) -> tuple[str, str]:
    """Return the age of its state and of its last good answer: the only parts of a row that change with time."""
    since = age(now - tracked.since) if tracked.since is not None else ""
    if tracked.seen is None:
        return since, ""
    stale = tracked.freshness in {Freshness.STALE, Freshness.DENIED}
    return since, (age if stale else seen_age)(now - tracked.seen)


def row_content(tracked: Tracked) -> tuple[object, ...]:
    """Return everything that a row shows except its ages; equal content means equal cells."""
    return tracked.bookmark, tracked.summary, tracked.freshness, tracked.trouble


def row_spans(tracked: Tracked, ages: tuple[str, str], columns: Widths, glyphs: Glyphs) -> tuple[tuple[Span, ...], ...]:
    """Return the spans of each visible column, padded to its width; the first is the bookmark's glyph.

    `ages` are those of `row_ages`.
    """
    since, seen = ages
    stale = tracked.freshness in {Freshness.STALE, Freshness.DENIED}
    styled = (
        _state(tracked, glyphs),
        (Span(since or glyphs.dot, "dim"),),
        (Span(label_of(tracked), "text"),),
        _change(tracked, columns[TITLES.index("CHANGE")]),
        (Span(_job(tracked), "dim"),),
        (Span(tracked.ref.id, "dim"),),
        (Span(seen, "stale" if stale else "dim"),),
    )
    glyph = Span(glyphs.bookmark if tracked.bookmark else " ", "accent")
    shown = [_column(spans, width) for spans, width in zip(styled, columns, strict=True) if width]
    return ((glyph,), *shown)


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
    stale = tracked.summary is not None and tracked.freshness in {Freshness.STALE, Freshness.DENIED}
    return (Span(f"{glyph} {visible(state_word(tracked))}{glyphs.stale if stale else ''}", "stale" if stale else name),)


def label_of(tracked: Tracked) -> str:
    """Return the bookmark's label, "" without a bookmark."""
    return visible(tracked.bookmark.label) if tracked.bookmark else ""


def _job(tracked: Tracked) -> str:
    return visible(tracked.summary.job_id) if tracked.summary else ""


def _change(tracked: Tracked, width: int) -> tuple[Span, ...]:
    """Return the requested change and the failure.

    Severity and reason come first if the hot update failed, so that they are truncated last.
    """
    summary = tracked.summary
    trouble = tracked.trouble.message if tracked.trouble and tracked.freshness is not Freshness.LIVE else ""
    if summary is None:
        return (Span(visible(trouble), "stale"),)
    severity, why = visible(summary.severity), visible(summary.explanation)
    change = visible(summary.change)
    if summary.state == FAILED:
        found = [(severity, "failed"), (why, "text"), (trouble, "stale"), (change, "dim")]
    else:
        available = width - (cells(severity) + len(_BETWEEN) if severity else 0)
        found = [
            (squeeze(change, available), "text"),
            (severity, "failed"),
            (trouble, "stale"),
            ("" if trouble else why, "dim"),
        ]
    spans: list[Span] = []
    for text, style in found:
        if text:
            joint = "" if not spans else " " if spans[-1].style == "failed" else _BETWEEN
            spans.append(Span(joint + visible(text), style))
    return tuple(spans) or (Span("", "dim"),)


def matches(tracked: Tracked, words: tuple[str, ...]) -> bool:
    """Return whether every word (in lower case) occurs in the row, its note or its ref."""
    summary, mark, ref = tracked.summary, tracked.bookmark, tracked.ref
    parts = [state_word(tracked), tracked.freshness.value, ref.id, ref.workspace, ref.namespace, ref.endpoint]
    if mark:
        parts += [mark.label, mark.note]
    if summary:
        parts += [summary.state, summary.job_id, summary.change, summary.severity, summary.reason]
    haystack = "\n".join(parts).lower()
    return all(word in haystack for word in words)
