"""A tracked hot update as the cells of one table row. Pure: what changes on screen is decided here."""

from rich.cells import cell_len

from hottui.model.state import Freshness
from hottui.model.text import visible
from hottui.model.tracking import Tracked
from hottui.tui.ages import age, seen_age
from hottui.tui.glyphs import Glyphs, state_name, state_word
from hottui.tui.lines import Span, fit, squeeze

TITLES = ("STATE", "FOR", "LABEL", "CHANGE", "JOB", "ID", "SEEN")
_GAP = 1

Widths = tuple[int, ...]
"""Cells of each column in the order of TITLES; 0 leaves the column out."""


def widths(total: int) -> Widths:
    """Share `total` cells among the columns.

    State and time always stand; label and change share what is left; job, then last seen, then ID give way first.
    """
    state, since, seen = 15 if total >= 110 else 12, 4, 4
    fixed = 1 + state + since + 2 * _GAP
    job = 9 if total >= 110 else 0
    ident = 17 if total >= 110 else 13 if total >= 76 else 0
    last = seen if total >= 92 else 0
    rest = total - fixed - sum(width + _GAP for width in (job, ident, last) if width) - 2 * _GAP
    label = max(min(rest * 2 // 5, 28), 6)
    change = max(rest - label, 0)
    return (state, since, label, change, job, ident, last)


def header(columns: Widths) -> tuple[Span, ...]:
    """The titles over the columns."""
    cells = (fit(title, width) + " " * _GAP for title, width in zip(TITLES, columns, strict=True) if width)
    return (Span(" " + "".join(cells), "header"),)


def ages(tracked: Tracked, now: float) -> tuple[str, str]:
    """How long it has been in its state, and how old its last good answer is: all of a row that time changes."""
    since = age(now - tracked.since) if tracked.since is not None else ""
    if tracked.seen is None:
        return since, ""
    stale = tracked.freshness in {Freshness.STALE, Freshness.DENIED}
    return since, (age if stale else seen_age)(now - tracked.seen)


def substance(tracked: Tracked) -> tuple[object, ...]:
    """All of it that a row shows but for its ages: where this is the same, so are the cells."""
    return tracked.bookmark, tracked.summary, tracked.freshness, tracked.trouble


def cells(tracked: Tracked, told: tuple[str, str], columns: Widths, glyphs: Glyphs) -> tuple[tuple[Span, ...], ...]:
    """The spans of each column that is shown, padded to its width; the first is the bookmark's sign.

    `told` are the row's ages as `ages` gives them.
    """
    since, seen = told
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
    sign = Span(glyphs.bookmark if tracked.bookmark else " ", "accent")
    shown = [_column(spans, width) for spans, width in zip(styled, columns, strict=True) if width]
    return ((sign,), *shown)


def _column(spans: tuple[Span, ...], width: int) -> tuple[Span, ...]:
    if len(spans) == 1:
        return (Span(fit(spans[0].text, width) + " " * _GAP, spans[0].style),)
    fitted: list[Span] = []
    left = width
    for span in spans[:-1]:
        text = fit(span.text, min(left, cell_len(span.text)))
        fitted.append(Span(text, span.style))
        left -= cell_len(text)
    return (*fitted, Span(fit(spans[-1].text, left) + " " * _GAP, spans[-1].style))


def _state(tracked: Tracked, glyphs: Glyphs) -> tuple[Span, ...]:
    name = state_name(tracked)
    sign: str = getattr(glyphs, name)
    stale = tracked.summary is not None and tracked.freshness in {Freshness.STALE, Freshness.DENIED}
    return (Span(f"{sign} {visible(state_word(tracked))}{glyphs.stale if stale else ''}", "stale" if stale else name),)


def label_of(tracked: Tracked) -> str:
    """The bookmark's label; a hot update without one shows what the session knows it by."""
    return visible(tracked.bookmark.label) if tracked.bookmark else ""


def _job(tracked: Tracked) -> str:
    return visible(tracked.summary.job_id) if tracked.summary else ""


def _change(tracked: Tracked, width: int) -> tuple[Span, ...]:
    summary = tracked.summary
    severity = f"  {visible(summary.severity)}" if summary and summary.severity else ""
    room = width - cell_len(severity)
    spans = [Span(squeeze(visible(summary.change), room), "text")] if summary and summary.change else []
    if severity:
        spans.append(Span(severity, "failed"))
    if tracked.trouble and tracked.freshness is not Freshness.LIVE:
        spans.append(Span(f"  {visible(tracked.trouble.sentence)}".removeprefix("" if spans else "  "), "stale"))
    elif summary and summary.reason:
        spans.append(Span(f"  {visible(summary.reason)}", "dim"))
    return tuple(spans) or (Span("", "dim"),)


def matches(tracked: Tracked, words: tuple[str, ...]) -> bool:
    """Whether every word (lower case) stands somewhere in the row, its note or its place."""
    summary, mark, ref = tracked.summary, tracked.bookmark, tracked.ref
    parts = [state_word(tracked), tracked.freshness.value, ref.id, ref.workspace, ref.namespace, ref.endpoint]
    if mark:
        parts += [mark.label, mark.note]
    if summary:
        parts += [summary.state, summary.job_id, summary.change, summary.severity, summary.reason]
    haystack = "\n".join(parts).lower()
    return all(word in haystack for word in words)
