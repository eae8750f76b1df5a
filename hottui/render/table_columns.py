"""The columns of the table: which are visible, their widths, and their titles."""

from collections.abc import Iterable
from typing import NamedTuple

from hottui.model.cell_width import cells, fit
from hottui.model.control_characters import visible
from hottui.model.tracking import Tracked
from hottui.render.glyphs import Glyphs
from hottui.render.row_order import RowOrder
from hottui.render.styled_text import Span

TITLES = ("STATE", "FOR", "LABEL", "CHANGE", "EFFECT", "JOB", "ID", "SEEN")
GAP = 1
_LABEL, _EFFECT, _JOB, _ID, _SEEN = 28, 12, 20, 17, 4
"""Maximum widths of these columns in cells."""
_WIDE, _ROOMY = 110, 150
"""Widths of the table in cells from which columns have their full width: all, and the job's name."""
_PLACE, _NARROW_PLACE = 17, 10
"""Maximum widths of PLACE in cells, in a wide and a narrow table."""
JOB_ID = 9
"""Cells of a job's ID, which is cut off."""
GLYPH = 2
"""Cells of the glyph in EFFECT, which a narrow table leaves out."""

Columns = tuple[tuple[str, int], ...]
"""The title and the width in cells of each visible column, from left to right."""


class LongestTexts(NamedTuple):
    """The width of the longest text in each column that may be narrow or hidden."""

    label: int
    effect: int
    job: int
    id: int
    seen: int


ANY_LENGTH = LongestTexts(_LABEL, _EFFECT, _JOB, _ID, _SEEN)


def longest_texts(tracked: Iterable[Tracked]) -> LongestTexts:
    """Return the widths of the longest texts, up to the maximum width of each column.

    Effects and names of jobs arrive one by one after the start: with the first, their column has its full width, since
    every change of a width moves the columns on its right.
    """
    label = effect = job = ident = seen = 0
    for one in tracked:
        if one.bookmark and label < _LABEL:
            label = max(label, _width_up_to(one.bookmark.label, _LABEL))
        if one.effect:
            effect = _EFFECT
        if job < _JOB:
            job = _JOB if one.job_name else max(job, _width_up_to(one.job, JOB_ID))
        if ident < _ID:
            ident = max(ident, _width_up_to(one.ref.id, _ID))
        if one.seen is not None:
            seen = _SEEN
    return LongestTexts(label, effect, job, ident, seen)


def _width_up_to(text: str, most: int) -> int:
    """Return the width of `text`, at most `most`."""
    return min(len(text) if text.isascii() else cells(visible(text[:most])), most)


def with_place(total: int, content: LongestTexts, chosen: tuple[str, ...], places: set[str]) -> Columns:
    """Return the columns as `columns_for` does, with PLACE before CHANGE if there is more than one place."""
    if len(places) < 2:
        return columns_for(total, content, chosen)
    longest = max(cells(visible(place)) for place in places)
    width = max(min(longest, _PLACE if total >= _WIDE else _NARROW_PLACE), len("PLACE"))
    columns = list(columns_for(total - width - GAP, content, chosen))
    before = next((n for n, (title, _) in enumerate(columns) if title == "CHANGE"), len(columns))
    return (*columns[:before], ("PLACE", width), *columns[before:])


def columns_for(total: int, content: LongestTexts = ANY_LENGTH, chosen: tuple[str, ...] = TITLES) -> Columns:
    """Divide `total` cells among the `chosen` columns; no column is wider than its longest text.

    By default, state and age are always shown, and job, then last seen, then ID, then the effect are hidden first. Of
    columns that the user has chosen, the last ones are hidden first. Label and change share the rest.
    """
    if chosen == TITLES:
        found = zip(TITLES, _default_widths(total, content), strict=True)
        return tuple((title, width) for title, width in found if width)
    full = _full_widths(total, content)
    shown = [title for title in chosen if full[title]]
    while len(shown) > 1 and 1 + sum(min(full[t], _LEAST.get(t, full[t])) + GAP for t in shown) > total:
        shown.pop()
    rest = total - 1 - sum(GAP + (0 if title in _LEAST else full[title]) for title in shown)
    if "LABEL" in shown:
        full["LABEL"] = min(full["LABEL"], max(rest * 2 // 5, _LEAST["LABEL"]) if "CHANGE" in shown else rest)
        rest -= full["LABEL"]
    full["CHANGE"] = max(rest, 0)
    return tuple((title, full[title]) for title in shown)


_LEAST = {"LABEL": 6, "CHANGE": 12}
"""The columns that share what the others leave, and the cells that they take at least."""


def _full_widths(total: int, content: LongestTexts) -> dict[str, int]:
    """Return the width of each column that has enough space; 0 if it is empty."""
    wide = total >= _WIDE
    return {
        "STATE": 15 if wide else 12,
        "FOR": 4,
        "LABEL": _width("LABEL", content.label, _LABEL),
        "CHANGE": _LEAST["CHANGE"],
        "EFFECT": _width("EFFECT", content.effect - (0 if wide else GLYPH), _EFFECT),
        "JOB": _width("JOB", content.job, _JOB),
        "ID": _width("ID", content.id, _ID),
        "SEEN": _width("SEEN", content.seen, _SEEN),
    }


def _default_widths(total: int, content: LongestTexts) -> tuple[int, ...]:
    """Return the width of each column, in the order of TITLES; 0 for a hidden one."""
    wide = total >= _WIDE
    state, since = 15 if wide else 12, 4
    fixed = 1 + state + since + 2 * GAP
    effect = _width("EFFECT", content.effect - (0 if wide else GLYPH), _EFFECT if total >= 60 else 0)
    job = _width("JOB", content.job, _JOB if total >= _ROOMY else 14 if wide else 0)
    narrow = 13 if wide or not effect else 10
    short = not wide or (total < _ROOMY and effect and job > JOB_ID)
    ident = _width("ID", content.id, narrow if short else _ID) if total >= 76 else 0
    last = _width("SEEN", content.seen, _SEEN if total >= 92 else 0)
    rest = total - fixed - sum(width + GAP for width in (effect, job, ident, last) if width) - GAP
    share = rest * 3 // 10 if effect else rest * 2 // 5
    label = _width("LABEL", content.label, max(min(share, _LABEL), 6))
    change = max(rest - label - (GAP if label else 0), 0)
    return (state, since, label, change, effect, job, ident, last)


def _width(title: str, content: int, most: int) -> int:
    """Return the width of a column: 0 if it is empty, otherwise at least that of its title."""
    return min(max(content, len(title)), most) if content > 0 else 0


def header(columns: Columns, order: RowOrder, glyphs: Glyphs) -> tuple[Span, ...]:
    """Return the column titles, with an arrow at the column that the rows are sorted by.

    The arrow may take the gap. If failures come first, their glyph is beside STATE.
    """
    titles = []
    for title, width in columns:
        shown = order_text(order, glyphs) if title == order.column else title
        failures = f" {glyphs.failed}" if title == "STATE" and order.failures_first else ""
        titles.append(fit(shown + failures, width + GAP))
    return (Span(" " + "".join(titles), "header"),)


def order_text(order: RowOrder, glyphs: Glyphs) -> str:
    """Return the title of the column that rows are sorted by with its arrow; empty for the default order."""
    return order.column and order.column + (glyphs.descending if order.reverse else glyphs.ascending)


def title_at(columns: Columns, x: int) -> str:
    """Return the title of the column at cell `x`; empty beside the columns."""
    end = 1
    for title, width in columns:
        end += width + GAP
        if x < end:
            return title
    return ""
