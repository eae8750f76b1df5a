"""Format numbers with their units: cores, memory, CU."""

from typing import Final

from hottui.analysis.cost import Cost
from hottui.model.control_characters import visible
from hottui.model.job import JobMetric
from hottui.model.memory_size import GIB, parse_memory

UNKNOWN: Final = "?"


def number(value: float | None) -> str:
    """Return cores or CU without trailing zeros; `–` for none."""
    return "–" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")


def size(memory: int) -> str:
    """Return bytes as GiB or MiB."""
    return f"{number(memory / GIB)} GiB" if memory >= GIB else f"{number(memory / 1024**2)} MiB"


def cores(value: float | None) -> str:
    """Return `1 core` or `2.5 cores`."""
    return f"{number(value)} {'core' if value == 1 else 'cores'}"


def metric_text(metric: JobMetric | None) -> str:
    """Return the measured cores and memory, `?` for one of them that is unknown; empty if both are."""
    if metric is None or (metric.total_cpu is None and metric.total_memory_byte is None):
        return ""
    cpu = cores(metric.total_cpu) if metric.total_cpu is not None else f"{UNKNOWN} cores"
    memory = size(metric.total_memory_byte) if metric.total_memory_byte is not None else f"{UNKNOWN} GiB"
    return f"{cpu}, {memory}"


def spec_text(cost: Cost) -> str:
    """Return cores, memory and CU, each "at least" if partly unknown and `?` if unknown."""
    cpu = at_least(cores(cost.cpu), cost.cpu, cost.cpu_known)
    memory = at_least(size(cost.memory), cost.memory, cost.memory_known)
    return f"{cpu if cpu != UNKNOWN else '? cores'}, {memory}, {at_least(f'{number(cost.cu)} CU', cost.cu, cost.known)}"


def at_least(text: str, value: float, known: bool) -> str:
    """Return `text`, with "at least" before a lower bound, `?` if nothing is known."""
    if known:
        return text
    return f"at least {text}" if value else UNKNOWN


def memory_text(text: str) -> str:
    """Return a memory size as GiB or MiB; unchanged with a `?` if it cannot be parsed, `–` if it is empty."""
    if not text.strip():
        return "–"
    memory = parse_memory(text)
    return f"{visible(text).strip()} {UNKNOWN}" if memory is None else size(memory)
