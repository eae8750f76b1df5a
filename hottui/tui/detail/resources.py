"""Batch and Streaming: the resource settings of the target, by the service's names."""

from hottui.model.changes import mode_of
from hottui.model.resources import GIB, Cost, GroupCost, PlanCost, managed_bytes, plan_cost
from hottui.model.result import BasicResourceSetting, ResourceSettingSpec
from hottui.model.text import visible
from hottui.tui.detail.fields import field, heading, note
from hottui.tui.detail.subject import Subject
from hottui.tui.lines import Line, fit, line


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
    """Cores, memory and CU."""
    return f"{cores(cost.cpu)}, {size(cost.memory)}, {number(cost.cu)} CU"


def _spec(name: str, spec: ResourceSettingSpec | None) -> tuple[Line, ...]:
    if spec is None:
        return field(name, "", copy="")
    return field(name, f"{cores(spec.cpu)}, {visible(spec.memory) or 'no memory given'}")


def _basic(setting: BasicResourceSetting | None, subject: Subject) -> tuple[Line, ...]:
    if setting is None:
        return note("The answer has no basic resource setting.", subject.width)
    asked = subject.answer.result.asked_parallelism if subject.answer else None
    known = "" if setting.parallelism is None else f"{setting.parallelism:,}"
    text = f"{known} {subject.glyphs.arrow} {asked:,} asked for" if asked not in (None, setting.parallelism) else known
    return (
        *field("Parallelism", text, "changed" if text != known else "text"),
        *_spec("JobManager", setting.jobmanager_resource_setting_spec),
        *_spec("TaskManager", setting.taskmanager_resource_setting_spec),
    )


def batch_lines(subject: Subject) -> tuple[Line, ...]:
    """The Batch pane."""
    if subject.answer is None:
        return note("No answer has been read yet.", subject.width)
    batch = subject.answer.result.batch
    if batch is None:
        return note("The target setting has no batch resource setting.", subject.width)
    slots = "" if batch.max_slot is None else f"{batch.max_slot:,}"
    return (*field("Max slots", slots), *_basic(batch.basic_resource_setting, subject))


def streaming_lines(subject: Subject) -> tuple[Line, ...]:
    """The Streaming pane: mode, basic setting, and for EXPERT the JobManager and what the plan's groups need."""
    if subject.answer is None:
        return note("No answer has been read yet.", subject.width)
    streaming = subject.answer.result.streaming
    if streaming is None:
        return note("The target setting has no streaming resource setting.", subject.width)
    out = [
        *field("Mode", mode_of(subject.answer.result)),
        *heading("Basic"),
        *_basic(streaming.basic_resource_setting, subject),
    ]
    expert = streaming.expert_resource_setting
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


def cost_lines(cost: PlanCost, width: int) -> tuple[Line, ...]:
    """The slot sharing groups with what one slot gets and all need, and the job's total."""
    name_width = min(max((len(g.name) for g in cost.groups), default=5) + 2, 24, max(width // 4, 8))
    titles = _columns("SLOTS", "CPU", "HEAP", "OFF-HEAP", "MANAGED", "ALL CPU", "ALL MEMORY")
    out = [
        *heading("Slot sharing groups", "cpu and memory of one slot, then of all slots"),
        line((f" {fit('GROUP', name_width)}{titles}", "header")),
    ]
    out += [_group(group, name_width) for group in cost.groups]
    out += heading("Total")
    out += field("TaskManagers", spec_text(cost.taskmanagers))
    out += field("JobManager", spec_text(cost.jobmanager))
    out += field("Job", spec_text(cost.total), "bold")
    return tuple(out)


def _group(cost: GroupCost, name_width: int) -> Line:
    name, total = visible(cost.name) or "(none)", (number(cost.total.cpu), size(cost.total.memory))
    if cost.group is None:
        return line(
            (f" {fit(name, name_width)}" + _columns(f"{cost.slots:,}", "no profile", "", "", "", *total), "stale")
        )
    managed = managed_bytes(cost.group)
    slot = (
        number(cost.group.cpu),
        visible(cost.group.heap) or "–",
        visible(cost.group.off_heap) or "–",
        size(managed) if managed else "–",
    )
    return line((f" {fit(name, name_width)}" + _columns(f"{cost.slots:,}", *slot, *total), "text"), value=cost.name)


def _columns(*texts: str) -> str:
    return "".join(text.rjust(width) for text, width in zip(texts, (6, 8, 10, 10, 10, 9, 13), strict=True))
