"""Every known change of a job as a table: when, by what, from what to what, and the outcome."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from hottui.analysis.changes import PARALLELISM
from hottui.analysis.job_story import JobChange
from hottui.model.cell_width import fit
from hottui.model.state import state_text
from hottui.render.ages import clock_time
from hottui.render.effect_text import verdict_glyph, verdict_label, verdict_style
from hottui.render.glyphs import Glyphs
from hottui.render.lazy_lines import LazyLines, MappedLines
from hottui.render.local_times import date_time, zone_title
from hottui.render.styled_text import Line, Span, line, note, wrap

_WIDE: Final = 100
"""Cells from which years, seconds and the detail are shown."""
_BY, _OUTCOME = 10, 14
"""Width in cells of two columns."""
_UNKNOWN_OLD: Final = f"{PARALLELISM} →"
_SUCCESSFUL: Final = frozenset({"SUCCESS", "UPGRADED", "HOT_UPDATED"})
_UNFINISHED: Final = frozenset({"EXECUTING", "UPGRADING", "HOT_UPDATING", "INIT"})


class _Columns(NamedTuple):
    """Widths in cells; `detail` is 0 where there is no space for it."""

    when: int
    change: int
    detail: int


def change_lines(story: Sequence[JobChange], width: int, glyphs: Glyphs) -> LazyLines:
    """Return one line for each change of `story`, rendered on access. The line of a hot update copies its ID."""
    columns = _columns(width)
    return MappedLines(story, lambda change: _line(change, columns, glyphs), width=width)


def title_line(width: int, now: float) -> Line:
    """Return the titles of the columns, with the time zone as it is now."""
    columns = _columns(width)
    detail = "DETAIL" if columns.detail else ""
    titles = f"{fit(zone_title(now, title='WHEN'), columns.when)}  {fit('BY', _BY)}  {fit('OUTCOME', _OUTCOME)}  "
    return line((f" {titles}{fit('CHANGE', columns.change)}  {detail}", "header"))


def change_text(change: JobChange) -> str:
    """Return what changed: `parallelism 4 → 8, 2 → 4 cores (scale up parallelism)`."""
    if change.old and change.what.startswith(_UNKNOWN_OLD):
        return change.old + change.what.removeprefix(PARALLELISM)
    if "→" in change.what or not (change.old or change.new):
        return change.what
    moved = _moved(change.old, change.new)
    return f"{moved} ({change.what})" if moved and change.what else moved or change.what


def _moved(old: str, new: str) -> str:
    """Return `old → new`, part by part where both have the same parts; unchanged ones are left out."""
    if not new:
        return ""
    before, after = old.split(", "), new.split(", ")
    if not old or len(before) != len(after):
        return f"{old or '?'} → {new}"
    return ", ".join(_part(a, b) for a, b in zip(before, after, strict=True) if a != b)


def _part(old: str, new: str) -> str:
    """Return `parallelism 4 → 8` or `2 → 4 cores`: the word that both have once."""
    (first, _, last), (new_first, _, new_last) = old.partition(" "), new.partition(" ")
    if first == new_first:
        return f"{first} {last} → {new_last}"
    return f"{first} → {new}" if last.rstrip("s") == new_last.rstrip("s") else f"{old} → {new}"


def _columns(width: int) -> _Columns:
    when = 19 if width >= _WIDE else 11
    rest = max(width - when - _BY - _OUTCOME - 7, 10)
    if width < _WIDE:
        return _Columns(when, rest, 0)
    change = min(rest * 3 // 5, 60)
    return _Columns(when, change, rest - change - 2)


def _line(change: JobChange, columns: _Columns, glyphs: Glyphs) -> Line:
    at = "unknown" if change.at is None else date_time(change.at)
    when = at if columns.when >= len(at) else at[5:16]
    return line(
        (f" {fit(when, columns.when)}  ", "dim"),
        (f"{fit(change.source.value, _BY)}  ", "text"),
        outcome(change, glyphs, _OUTCOME),
        (f"  {fit(change_text(change), columns.change)}", "text"),
        (f"  {fit(change.detail, columns.detail)}" if columns.detail else "", "dim"),
        value=change.id or change_text(change),
    )


def selected_lines(change: JobChange, width: int) -> tuple[Line, ...]:
    """Return everything known of one change: time, what, by whom, outcome; then the detail."""
    at = "at an unknown time" if change.at is None else clock_time(change.at)
    what = f"{at}, {change.source.value}: {change_text(change)}"
    word = verdict_label(change.verdict) if change.verdict is not None else change.outcome
    rest = ". ".join(filter(None, (word, change.detail)))
    return (*(line((f" {piece}", "text")) for piece in wrap(what, width - 2)), *note(rest, width))


def outcome(change: JobChange, glyphs: Glyphs, width: int) -> Span:
    """Return the effect of a tracked hot update, otherwise the word of the service, in `width` cells."""
    if change.verdict is not None:
        text = f"{verdict_glyph(change.verdict, glyphs)} {verdict_label(change.verdict)}"
        return Span(fit(text, width), verdict_style(change.verdict))
    word = change.outcome
    name = "updated" if word in _SUCCESSFUL else "updating" if word in _UNFINISHED else "unknown"
    name = "failed" if word.startswith("FAILED") else name
    return Span(fit(f"{getattr(glyphs, name)} {state_text(word) if word else 'unknown'}", width), name)
