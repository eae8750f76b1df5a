"""Numbers with their units: cores, memory, CU."""

from typing import Final

from hottui.analysis.cost import Cost
from hottui.model.control_characters import visible
from hottui.model.memory_size import GIB, parse_memory

UNKNOWN: Final = "?"


def number(value: float | None) -> str:
    """Cores or CU without needless zeros; `–` for none."""
    return "–" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")


def size(memory: int) -> str:
    """Bytes as GiB or MiB."""
    return f"{number(memory / GIB)} GiB" if memory >= GIB else f"{number(memory / 1024**2)} MiB"


def cores(value: float | None) -> str:
    """`1 core`, `2.5 cores`."""
    return f"{number(value)} {'core' if value == 1 else 'cores'}"


def spec_text(cost: Cost) -> str:
    """Cores, memory and CU; "at least" before each figure that lacks a part, `?` where nothing of it is known."""
    cpu = at_least(cores(cost.cpu), cost.cpu, cost.cpu_known)
    memory = at_least(size(cost.memory), cost.memory, cost.memory_known)
    return f"{cpu if cpu != UNKNOWN else '? cores'}, {memory}, {at_least(f'{number(cost.cu)} CU', cost.cu, cost.known)}"


def at_least(text: str, value: float, known: bool) -> str:
    if known:
        return text
    return f"at least {text}" if value else UNKNOWN


def memory_text(text: str) -> str:
    """A memory text as GiB or MiB; as it came with a `?` where it is not understood, `–` where there is none."""
    if not text.strip():
        return "–"
    memory = parse_memory(text)
    return f"{visible(text).strip()} {UNKNOWN}" if memory is None else size(memory)
