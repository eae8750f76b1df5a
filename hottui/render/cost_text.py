"""The cost of a job before a hot update, as requested, and as it runs: a table, and its arithmetic."""

from collections.abc import Mapping
from typing import Final

from hottui.analysis.cost_comparison import CostComparison
from hottui.analysis.cost_estimate import CostEstimate
from hottui.model.cell_width import pad
from hottui.model.control_characters import visible
from hottui.render.styled_text import EMPTY, Line, field, line, note
from hottui.render.units import UNKNOWN, cores, metric_text, number, size

_NOT_KNOWN: Final = "not known"


def estimate_text(estimate: CostEstimate | None) -> str:
    """Return `10 cores, 40 GiB, 10 CU`, with `at least` before a lower bound and `?` for an unknown part."""
    if estimate is None:
        return _NOT_KNOWN
    cpu = cores(estimate.cores) if estimate.cores is not None else f"{UNKNOWN} cores"
    memory = size(estimate.memory_bytes) if estimate.memory_bytes is not None else f"{UNKNOWN} GiB"
    cu = f"{UNKNOWN if estimate.cu is None else number(estimate.cu)} CU"
    return f"{'at least ' if estimate.at_least else ''}{cpu}, {memory}, {cu}"


def estimates(costs: CostComparison) -> tuple[tuple[str, CostEstimate | None], ...]:
    """Return the names and the costs in order: before, asked, running."""
    return ("Before", costs.before), ("Asked", costs.asked), ("Running", costs.running)


def cost_lines(costs: CostComparison, width: int, reasons: Mapping[str, str] | None = None) -> tuple[Line, ...]:
    """Return one line each for before, asked, running and the usage measured by the service.

    `reasons` is line name → why its cost is not known.
    """
    out: list[Line] = []
    for name, cost in estimates(costs):
        why = (reasons or {}).get(name, "")
        text = estimate_text(cost) + (f": {why}" if cost is None and why else "")
        moved = name != "Before" and cost is not None and costs.before is not None and cost.cu != costs.before.cu
        out += field(name, text, "dim" if cost is None else "changed" if moved else "text", width=width)
    if measured := metric_text(costs.metric):
        out += field("By GetJob", measured, width=width)
    return tuple(out)


def arithmetic_lines(costs: CostComparison, width: int) -> tuple[Line, ...]:
    """Return the arithmetic and the assumptions of each cost."""
    out: list[Line] = []
    for name, cost in estimates(costs):
        if cost is None:
            continue
        out += [EMPTY] if out else []
        out += [line((f" {pad(name, 9)}", "header"), (estimate_text(cost), "text"))]
        out += estimate_lines(cost, width, indent="  ")
    return tuple(out)


def estimate_lines(cost: CostEstimate, width: int, indent: str = "") -> tuple[Line, ...]:
    """Return the arithmetic and the assumptions of one cost."""
    out: list[Line] = []
    for text in cost.arithmetic:
        out += note(indent + visible(text), width, "text")
    for text in cost.assumptions:
        out += note(indent + visible(text), width)
    return tuple(out)
