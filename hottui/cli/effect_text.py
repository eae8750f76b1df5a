"""What became of a hot update, as a few lines of text."""

from collections.abc import Iterator
from typing import Final

from hottui.analysis.changes import value_text
from hottui.analysis.cost_estimate import CostEstimate
from hottui.analysis.usual_duration import short_duration
from hottui.cli.effect_reports import EffectReport
from hottui.model.control_characters import shorten
from hottui.model.effect import EffectItem, Interruption, Verdict
from hottui.model.json_text import Json
from hottui.render.ages import clock_time
from hottui.render.glyphs import UNICODE, state_name, state_word
from hottui.render.units import UNKNOWN, cores, number, size

_LONGEST: Final = 80
"""Characters of a value or name."""
_MOST: Final = 20
"""Exceptions that are listed."""


def effect_lines(report: EffectReport) -> Iterator[str]:
    """Yield one line with state and ID, then verdict and reason, exceptions, interruption, and cost."""
    yield _title(report)
    effect = report.effect
    yield f"  effect        {effect.verdict}: {effect.reason or 'no reason known'}"
    if effect.verdict is not Verdict.UNKNOWN:
        exceptions = effect.exceptions
        yield from (f"    {exception_text(item)}" for item in exceptions[:_MOST])
        if len(exceptions) > _MOST:
            yield f"    and {len(exceptions) - _MOST:,} more; -o json has all"
    yield f"  interruption  {interruption_text(report.insight.interruption)}"
    costs = {"before": report.cost.before, "asked": report.cost.asked, "running": report.cost.running}
    if any(costs.values()):
        yield from (f"  {f'cost {name}':<13} {cost_text(cost)}" for name, cost in costs.items())
    else:
        yield "  cost          not known"


def _title(report: EffectReport) -> str:
    tracked = report.tracked
    glyph = getattr(UNICODE, state_name(tracked))
    parts = [f"{glyph} {state_word(tracked)}", tracked.ref.id]
    parts += [tracked.bookmark.label] if tracked.bookmark and tracked.bookmark.label else []
    parts += [tracked.summary.change] if tracked.summary and tracked.summary.change else []
    name = report.insight.job_name or report.answer.result.job_id
    return "  ".join([*parts, *([f"job {name}"] if name else [])])


def exception_text(item: EffectItem) -> str:
    """Return `NAME: ×4 → ×10 asked, ×4 runs (reason)` for a value that does not run as asked for."""
    asked, running = _value(item.asked), _value(item.running)
    before = f"{_value(item.before)} → " if item.before is not None else ""
    why = f" ({item.why})" if item.why else ""
    return f"≠ {shorten(item.name, _LONGEST)}: {before}{asked} asked, {running} runs{why}"


def _value(value: Json) -> str:
    return "its default" if value is None else shorten(value_text(value), _LONGEST)


def interruption_text(interruption: Interruption | None) -> str:
    """Return how long the job did not run, its restarts, and the checkpoint it was restored from."""
    if interruption is None:
        return "not known"
    if interruption.restarted is False:
        text = "none: no restart"
    elif interruption.seconds is not None:
        text = short_duration(interruption.seconds)
        if interruption.left is not None and interruption.back is not None:
            text += f", {clock_time(interruption.left)} to {clock_time(interruption.back)}"
    elif interruption.restarted:
        text = "the job restarted; how long it did not run is not known"
    else:
        text = "not known: hottui did not observe the hot update, or the job restarted again since"
    restarts = interruption.restarts
    count = "" if restarts is None else f"; {restarts:,} {'restart' if restarts == 1 else 'restarts'} since the start"
    restored = f"; restored from {interruption.restored_from}" if interruption.restored_from else ""
    return text + count + restored


def cost_text(cost: CostEstimate | None) -> str:
    """Return `10 cores, 40 GiB, 10 CU`, or `not known`; `at least` before lower bounds."""
    if cost is None:
        return "not known"
    cpu = cores(cost.cores) if cost.cores is not None else f"{UNKNOWN} cores"
    memory = size(cost.memory_bytes) if cost.memory_bytes is not None else f"{UNKNOWN} GiB"
    cu = f"{number(cost.cu)} CU" if cost.cu is not None else f"{UNKNOWN} CU"
    return f"{'at least ' if cost.at_least else ''}{cpu}, {memory}, {cu}"
