"""The effect of a hot update as text: labels, glyphs, the requested values, and the interruption.

Imports no pydantic: the first frame shows labels.
"""

from collections.abc import Sequence
from typing import Final

from hottui.model.cell_width import cells, fit
from hottui.model.control_characters import shorten, visible
from hottui.model.effect import Before, BeforeSource, EffectItem, Interruption, Verdict
from hottui.model.json_text import Json, write_json
from hottui.render.ages import clock_time
from hottui.render.glyphs import Glyphs
from hottui.render.local_times import date_time
from hottui.render.styled_text import Line, line, squeeze, wrap

NOT_KNOWN: Final = "not known"
_LONGEST: Final = 200
"""Characters shown of a value."""
_WIDEST_VALUE: Final = 14
"""Maximum width of a value's column in cells while names need the space."""

_LABELS: Final = {
    Verdict.NONE: "no effect",
    Verdict.JOB_FAILED: "job failed",
    Verdict.JOB_GONE: "job gone",
}
_GLYPHS: Final = {
    Verdict.APPLIED: "applied",
    Verdict.PARTIAL: "partial",
    Verdict.NONE: "differs",
    Verdict.SUPERSEDED: "superseded",
    Verdict.DRIFTED: "drifted",
    Verdict.JOB_FAILED: "failed",
    Verdict.JOB_GONE: "gone",
    Verdict.UNKNOWN: "unknown",
}
_STYLES: Final = {
    Verdict.APPLIED: "updated",
    Verdict.PARTIAL: "warning",
    Verdict.NONE: "error",
    Verdict.SUPERSEDED: "dim",
    Verdict.DRIFTED: "warning",
    Verdict.JOB_FAILED: "error",
    Verdict.JOB_GONE: "gone",
    Verdict.UNKNOWN: "dim",
}


def verdict_label(verdict: Verdict) -> str:
    """Return the words for `verdict` on screen: `applied`, `no effect`, `job failed`; at most 10 cells."""
    return _LABELS.get(verdict, verdict.value)


def verdict_glyph(verdict: Verdict, glyphs: Glyphs) -> str:
    """Return the glyph of `verdict`, one cell wide."""
    return str(getattr(glyphs, _GLYPHS[verdict]))


def verdict_style(verdict: Verdict) -> str:
    """Return the name of the style of `verdict` in the palette."""
    return _STYLES[verdict]


def value_text(key: str, value: Json) -> str:
    """Return the value of a requested key: parallelism as `×4`, text unchanged, anything else as JSON."""
    if isinstance(value, int) and not isinstance(value, bool) and (key == "parallelism" or key.startswith("vertex:")):
        return f"×{value:,}"
    return visible(shorten(value if isinstance(value, str) else write_json(value), _LONGEST))


def running_text(item: EffectItem) -> str:
    """Return the running value; `not known`, or `its default` where a conf key is not set."""
    if item.running is not None:
        return value_text(item.key, item.running)
    return NOT_KNOWN if item.carried is None else "its default"


def before_text(item: EffectItem) -> str:
    """Return the value before; `–` if it is unknown or was not set."""
    return "–" if item.before is None else value_text(item.key, item.before)


def exceptions_first(items: Sequence[EffectItem]) -> tuple[EffectItem, ...]:
    """Return the values that do not run as requested, the unknown ones, then the others; each in order."""
    return tuple(sorted(items, key=lambda item: (item.carried is not False, item.carried is not None)))


def item_lines(items: Sequence[EffectItem], width: int, glyphs: Glyphs) -> tuple[Line, ...]:
    """Return a table of requested values: before, asked, running, and below each exception its reason.

    A line copies the requested value. Empty if there are no items.
    """
    if not items:
        return ()
    rows = [(before_text(each), value_text(each.key, each.asked), running_text(each)) for each in items]
    titles = ("BEFORE", "ASKED", "RUNNING")
    widest = [max(len(title), *(cells(row[n]) for row in rows)) for n, title in enumerate(titles)]
    longest_name = max(4, *(cells(each.name) for each in items))
    available = width - 3
    values = widest
    if longest_name + sum(widest) + 2 * len(widest) > available:
        most = max((available - min(longest_name, available * 2 // 5)) // 3 - 2, 7)
        values = [min(each, max(most, _WIDEST_VALUE if width >= 100 else 0)) for each in widest]
    name = max(min(longest_name, available - sum(values) - 2 * len(values)), 8)
    head = fit("WHAT", name) + "".join("  " + fit(title, size) for title, size in zip(titles, values, strict=True))
    lines = [line((f"   {head}", "header"))]
    for item, row in zip(items, rows, strict=True):
        lines.append(_item_line(item, row, name, values, glyphs))
        if item.why:
            lines += [line((f"     {piece}", "dim")) for piece in wrap(item.why, width - 6)]
    return tuple(lines)


def _item_line(item: EffectItem, row: tuple[str, str, str], name: int, values: list[int], glyphs: Glyphs) -> Line:
    before, asked, running = (fit(text, size) for text, size in zip(row, values, strict=True))
    glyph, style = {
        True: (glyphs.applied, "updated"),
        False: (glyphs.differs, "error"),
        None: (glyphs.unknown, "dim"),
    }[item.carried]
    return line(
        (f" {glyph} ", style),
        (fit(squeeze(visible(item.name), name), name), "text"),
        (f"  {before}", "dim"),
        (f"  {asked}", "changed"),
        (f"  {running}", "error" if item.carried is False else "dim" if item.carried is None else "text"),
        value=value_text(item.key, item.asked),
    )


def before_source_text(before: Before) -> str:
    """Return where the values before come from."""
    if before.source is BeforeSource.OBSERVED:
        when = f" at {clock_time(before.at)}" if before.at else ""
        return f"observed before the hot update{when}"
    if before.source is BeforeSource.PREDECESSOR:
        return "the target of the previous hot update of the job"
    return "not known: the job was not read before the hot update"


def interruption_text(interruption: Interruption | None) -> str:
    """Return `none: no restart`, `12.4s, 09:30:00 to 09:30:12`, or why it is not known, with the restarts."""
    if interruption is None:
        return "not known: Flink was not read"
    restarts = interruption.restarts
    count = "" if restarts is None else f"; {restarts:,} {'restart' if restarts == 1 else 'restarts'} since the start"
    restored = f"; restored from {interruption.restored_from}" if interruption.restored_from else ""
    return _duration(interruption) + count + visible(restored)


def _duration(interruption: Interruption) -> str:
    left, back = interruption.left, interruption.back
    if interruption.restarted is False:
        return "none: no restart"
    if interruption.seconds is not None:
        text = f"{interruption.seconds:,.1f}s"
        return text if left is None or back is None else f"{text}, {date_time(left)} to {clock_time(back)[11:]}"
    if interruption.restarted:
        return f"not running since {clock_time(left)}" if left and not back else "restarted; for how long is not known"
    return "not known: hottui did not observe the hot update, or the job has restarted since"
