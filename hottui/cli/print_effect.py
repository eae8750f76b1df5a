"""What became of a hot update, as a few lines of text."""

from collections.abc import Iterator
from typing import Final

from hottui.cli.effect_reports import EffectReport
from hottui.cli.output import TextLine
from hottui.model.control_characters import shorten
from hottui.model.effect import EffectItem
from hottui.render.cost_text import estimate_text, estimates
from hottui.render.effect_text import before_source_text, interruption_text, running_text, value_text, verdict_label
from hottui.render.glyphs import ASCII, UNICODE, state_name, state_word

_LONGEST: Final = 60
"""Characters of a name."""
_MOST: Final = 8
"""Exceptions that are listed."""


def named(name: str, text: str) -> TextLine:
    """Return a line with the name of a value and its text."""
    return TextLine(f"  {name:<14}", text)


def effect_lines(report: EffectReport, *, ascii_only: bool) -> Iterator[TextLine]:
    """Yield one line with state and ID, then verdict and reason, exceptions, interruption, and cost."""
    effect, before = report.effect, report.insight.before
    yield TextLine(_title(report, ascii_only=ascii_only))
    yield named("effect", f"{verdict_label(effect.verdict)}: {effect.reason or 'no reason is known'}")
    exceptions = effect.exceptions
    yield from (TextLine("    ≠ ", exception_text(item)) for item in exceptions[:_MOST])
    if len(exceptions) > _MOST:
        yield TextLine("      ", f"and {len(exceptions) - _MOST:,} more; -o json has all")
    yield named("before", before_source_text(before))
    yield named("interruption", interruption_text(report.insight.interruption))
    costs = estimates(report.cost)
    if not any(cost for _, cost in costs):
        yield named("cost", "not known")
        return
    for name, cost in costs:
        yield named(f"cost {name.lower()}", estimate_text(cost))


def _title(report: EffectReport, *, ascii_only: bool) -> str:
    tracked = report.tracked
    glyph = getattr(ASCII if ascii_only else UNICODE, state_name(tracked))
    parts = [f"{glyph} {state_word(tracked)}", tracked.ref.id]
    parts += [tracked.bookmark.label] if tracked.bookmark and tracked.bookmark.label else []
    parts += [tracked.summary.change] if tracked.summary and tracked.summary.change else []
    name = report.insight.job_name or report.answer.result.job_id
    return "  ".join([*parts, *([f"job {name}"] if name else [])])


def exception_text(item: EffectItem) -> str:
    """Return `NAME: ×4 → ×10 asked, ×4 runs (reason)` for a value that does not run as asked for."""
    asked = value_text(item.key, item.asked)
    before = f"{value_text(item.key, item.before)} → " if item.before is not None else ""
    why = f" ({item.why})" if item.why else ""
    return f"{shorten(item.name, _LONGEST)}: {before}{asked} asked, {running_text(item)} runs{why}"
