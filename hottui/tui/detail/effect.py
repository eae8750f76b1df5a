"""The parts of the Overview about the effect: verdict, interruption, the requested values, and the cost."""

from typing import Final

from hottui.analysis.usual_duration import short_duration, slow_text
from hottui.model.effect import Before, BeforeSource, Effect, EffectItem, Verdict
from hottui.model.state import is_final
from hottui.render.cost_text import arithmetic_lines, cost_lines
from hottui.render.detail_context import DetailContext
from hottui.render.effect_text import (
    before_source_text,
    exceptions_first,
    interruption_text,
    item_lines,
    verdict_glyph,
    verdict_label,
    verdict_style,
)
from hottui.render.styled_text import Line, Span, field, heading, line, note

_MOST: Final = 300
"""Values that are listed; exceptions come first."""
_FEW: Final = 6
"""Vertices that run as requested up to which each is listed."""


def verdict_lines(subject: DetailContext) -> tuple[Line, ...]:
    """Return verdict and reason; before the end of the hot update, nothing."""
    effect = effect_of(subject)
    if effect is None:
        if not is_final(subject.tracked.state) or subject.tracked.summary is None:
            return ()
        effect = Effect(Verdict.UNKNOWN, "The job was not read yet.")
    label, style = verdict_label(effect.verdict), verdict_style(effect.verdict)
    glyph = verdict_glyph(effect.verdict, subject.glyphs)
    first, *more = field("Effect", f"{glyph} {label}: {effect.reason}".removesuffix(": "), width=subject.width)
    name, text = first.spans
    shown = line(name, (text.text[: len(label) + 2], style), Span(text.text[len(label) + 2 :]), value=effect.reason)
    return (shown, *more)


def effect_of(subject: DetailContext) -> Effect | None:
    """Return the effect with its items; without them as long as only the table's is known."""
    insight = subject.job.insight
    return (insight.effect if insight else None) or subject.tracked.effect


def duration_lines(subject: DetailContext) -> tuple[Line, ...]:
    """Return the interruption of the job, or how long the update in progress takes compared with others."""
    tracked, usual = subject.tracked, subject.job.usual
    if tracked.summary is None:
        return ()
    took = f"usually {short_duration(usual.median)}, {_others(usual.count, of_job=usual.of_job)}" if usual else ""
    if not is_final(tracked.state):
        started = subject.transitions[0].at if subject.transitions else tracked.since
        at = subject.now if tracked.seen is None else tracked.seen  # while paused, it may have ended
        slow = slow_text(at - started, usual) if started is not None else ""
        style = "warning" if slow else "dim"
        return field("Duration", slow or took, style, width=subject.width) if slow or took else ()
    insight = subject.job.insight
    interruption = (insight.interruption if insight else None) or tracked.interruption
    if interruption is None and effect_of(subject) is None:
        return ()
    return field("Interruption", interruption_text(interruption), width=subject.width)


def _others(count: int, *, of_job: bool) -> str:
    return f"by {count:,} hot updates of {'this job' if of_job else 'this namespace'}"


def has_values(subject: DetailContext) -> bool:
    """Whether anything is known of the requested values besides the request."""
    effect = effect_of(subject)
    return effect is not None and any(
        item.before is not None or item.running is not None or item.carried is not None for item in effect.items
    )


def value_lines(subject: DetailContext) -> tuple[Line, ...]:
    """Return the requested values, before, requested, and running: exceptions first."""
    effect, insight = effect_of(subject), subject.job.insight
    items = effect.items if effect else ()
    listed, folded = _listed(exceptions_first(items))
    out = [*heading("Changes", _count(items)), *item_lines(listed, subject.width, subject.glyphs)]
    if folded:
        out += note(f"{folded:,} vertices run as asked; the Plan tab shows each.", subject.width)
    if len(items) > len(listed) + folded:
        out += note(f"… and {len(items) - len(listed) - folded:,} more values.", subject.width)
    before = insight.before if insight else Before()
    if before.source is not BeforeSource.OBSERVED or before.at:
        out += note(f"Before: {before_source_text(before)}.", subject.width)
    return tuple(out)


def _listed(items: tuple[EffectItem, ...]) -> tuple[tuple[EffectItem, ...], int]:
    """Return the items to list, and the number of vertices that run as requested and are only counted."""
    carried = [item for item in items if item.key.startswith("vertex:") and item.carried and not item.why]
    if len(carried) <= _FEW:
        return items[:_MOST], 0
    hidden = {item.key for item in carried}
    return tuple(item for item in items if item.key not in hidden)[:_MOST], len(carried)


def _count(items: tuple[EffectItem, ...]) -> str:
    missing = sum(item.carried is False for item in items)
    return f"{missing:,} of {len(items):,} not as asked" if missing else ""


def cost_section(subject: DetailContext) -> tuple[Line, ...]:
    """Return the cost before, as requested and running, with the arithmetic if that is asked for."""
    costs = subject.job.costs
    if costs is None or (costs.before is None and costs.asked is None and costs.running is None):
        return ()
    hint = "$: hide the arithmetic" if subject.arithmetic else "$: arithmetic and assumptions"
    out = [*heading("Cost", hint), *cost_lines(costs, subject.width, _reasons(subject))]
    if subject.arithmetic:
        out += arithmetic_lines(costs, subject.width)
    return tuple(out)


def _reasons(subject: DetailContext) -> dict[str, str]:
    """Return by the name of a cost why it is not known."""
    insight, reading = subject.job.insight, subject.job.reading
    before = insight.before if insight else Before()
    reasons = {"Asked": "the answer has no sizes"}
    if before.source is BeforeSource.UNKNOWN:
        reasons["Before"] = "the job was not read before the hot update"
    else:
        reasons["Before"] = "its sizes are not known"
    if reading is None or (reading.job is None and reading.flink is None):
        errors = reading.errors if reading else {}
        reasons["Running"] = next(iter(errors.values()), "the job was not read").rstrip(".")
    else:
        reasons["Running"] = "the job's answers have no sizes"
    return reasons
