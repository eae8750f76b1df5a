"""The Batch and Streaming tabs: the resource settings of the target setting, by the names of the API."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

from hottui.analysis.cost import BasicCost, GroupCost, PlanCost, basic_cost, managed_bytes, plan_cost
from hottui.model.cell_width import fit
from hottui.model.control_characters import visible
from hottui.model.memory_size import parse_memory
from hottui.model.result import BASIC, BasicResourceSetting, ResourceSettingSpec
from hottui.render.detail_context import DetailContext
from hottui.render.lazy_lines import LazyLines, fixed
from hottui.render.styled_text import Line, field, heading, line, no_answer, note
from hottui.render.units import UNKNOWN, at_least, cores, memory_text, number, size, spec_text

_WIDEST: Final = 24
"""Cells of a column in the table of groups, at most."""
_TITLES: Final = ("SLOTS", "CPU", "HEAP", "OFF-HEAP", "MANAGED", "ALL CPU", "ALL MEMORY")


def _spec(name: str, spec: ResourceSettingSpec | None) -> tuple[Line, ...]:
    if spec is None:
        return field(name, "", copy="")
    memory = visible(spec.memory).strip()
    unknown = f" {UNKNOWN}" if memory and parse_memory(memory) is None else ""
    cpu = "cores not set" if spec.cpu is None else cores(spec.cpu)
    return field(name, f"{cpu}, {memory or 'memory not set'}{unknown}")


def _basic(setting: BasicResourceSetting | None, subject: DetailContext) -> tuple[Line, ...]:
    if setting is None:
        return note("No basic resource setting in the answer.", subject.width)
    asked = subject.answer.result.asked_parallelism if subject.answer else None
    known = "" if setting.parallelism is None else f"{setting.parallelism:,}"
    text = f"{known} {subject.glyphs.arrow} {asked:,} asked for" if asked not in (None, setting.parallelism) else known
    return (
        *field("Parallelism", text, "changed" if text != known else "text"),
        *_spec("JobManager", setting.jobmanager_resource_setting_spec),
        *_spec("TaskManager", setting.taskmanager_resource_setting_spec),
    )


def depends(subject: DetailContext) -> tuple[object, ...]:
    """Return what both tabs depend on."""
    return (subject.answer, subject.unreadable, subject.width)


def batch(subject: DetailContext) -> LazyLines:
    """Return the Batch tab."""
    return fixed(_batch(subject))


def streaming(subject: DetailContext) -> LazyLines:
    """Return the Streaming tab: mode, basic setting, and for EXPERT the JobManager and the cost of the groups."""
    return fixed(_streaming(subject))


def _batch(subject: DetailContext) -> tuple[Line, ...]:
    if subject.answer is None:
        return no_answer(subject)
    setting = subject.answer.result.batch
    if setting is None:
        return note("No batch resource setting in the target setting.", subject.width)
    slots = "" if setting.max_slot is None else f"{setting.max_slot:,}"
    return (*field("Max slots", slots), *_basic(setting.basic_resource_setting, subject))


def _streaming(subject: DetailContext) -> tuple[Line, ...]:
    if subject.answer is None:
        return no_answer(subject)
    setting = subject.answer.result.streaming
    if setting is None:
        return note("No streaming resource setting in the target setting.", subject.width)
    out = [
        *field("Mode", subject.answer.result.target.mode),
        *heading("Basic"),
        *_basic(setting.basic_resource_setting, subject),
    ]
    if subject.answer.result.target.mode.upper() in ("", BASIC):
        out += _basic_cost_lines(subject)
    expert = setting.expert_resource_setting
    if expert is None:
        return tuple(out)
    out += [*heading("Expert"), *_spec("JobManager", expert.jobmanager_resource_setting_spec)]
    reading = subject.answer.plan
    if reading.error:
        out += field("Plan", f"cannot be read: {reading.error}", "stale", width=subject.width)
    elif reading.plan is None:
        out += field("Plan", "none in the answer", "dim")
    else:
        out += cost_lines(plan_cost(reading.plan, expert.jobmanager_resource_setting_spec), subject.width)
    return tuple(out)


def _basic_cost_lines(subject: DetailContext) -> tuple[Line, ...]:
    """Return the cost in BASIC mode, with the parallelism of the target setting and with the requested one."""
    result = subject.answer.result if subject.answer else None
    setting = result.streaming.basic_resource_setting if result and result.streaming else None
    if result is None or setting is None:
        return ()
    kept, asked = basic_cost(setting, result.flink_conf), result.asked_parallelism
    changed = basic_cost(setting, result.flink_conf, asked) if asked not in (None, setting.parallelism) else None
    return (*_basic_total("Job", kept, "bold"), *_basic_total("Job, changed", changed, "changed"))


def _basic_total(name: str, cost: BasicCost | None, style: str) -> tuple[Line, ...]:
    if cost is None:
        return ()
    managers = f"{cost.taskmanagers:,} {'TaskManager' if cost.taskmanagers == 1 else 'TaskManagers'}"
    return field(name, f"{spec_text(cost.total)} with {managers}", style)


def cost_lines(cost: PlanCost, width: int) -> tuple[Line, ...]:
    """Return the slot sharing groups with the resources of one slot and of all slots, and the total of the job."""
    rows = [_group(group) for group in cost.groups]
    name_width = min(max(cell_len(text) for text in ("GROUP", *(row[0] for row in rows))), 24, max(width // 4, 8))
    widths = [
        min(max(cell_len(text) for text in column), _WIDEST)
        for column in zip(_TITLES, *(row[1:] for row in rows), strict=True)
    ]
    out = [
        *heading("Slot sharing groups", "cpu and memory of one slot, then of all slots"),
        line((_columns(("GROUP", *_TITLES), name_width, widths), "header")),
    ]
    for group, row in zip(cost.groups, rows, strict=True):
        style = "text" if group.group else "stale"
        out.append(line((_columns(row, name_width, widths), style), value=group.name or None))
    out += heading("Total")
    out += field("TaskManagers", spec_text(cost.taskmanagers))
    out += field("JobManager", spec_text(cost.jobmanager))
    out += field("Job", spec_text(cost.total), "bold")
    return tuple(out)


def _group(cost: GroupCost) -> tuple[str, ...]:
    """Return the cells of a row: name, slots, resources of one slot, and of all slots."""
    name, total = visible(cost.name) or "(none)", cost.total
    sums = (
        at_least(number(total.cpu), total.cpu, total.cpu_known),
        at_least(size(total.memory), total.memory, total.memory_known),
    )
    if cost.group is None:
        return name, f"{cost.slots:,}", "no profile", "", "", "", *sums
    managed = managed_bytes(cost.group)
    slot = (
        number(cost.group.cpu),
        memory_text(cost.group.heap),
        memory_text(cost.group.off_heap),
        UNKNOWN if managed is None else size(managed) if managed else "–",
    )
    return name, f"{cost.slots:,}", *slot, *sums


def _columns(texts: Sequence[str], name_width: int, widths: Sequence[int]) -> str:
    """Return one line of the table: the name left-aligned, figures right-aligned, two cells between columns."""
    name, *figures = texts
    cells = (_right(text, width) for text, width in zip(figures, widths, strict=True))
    return "  ".join((f" {fit(name, name_width)}", *cells))


def _right(text: str, width: int) -> str:
    return fit(text, width) if cell_len(text) > width else " " * (width - cell_len(text)) + text
