"""A plan from wherever the user has it: the service, a file, or standard input, in any of its wrappings."""

import os
from dataclasses import dataclass, field

from hottui.analysis.changes import changes, headline, plan_changes
from hottui.cli.inputs import STDIN, read_text
from hottui.cli.output import CommandError
from hottui.cli.read_once import read_ids
from hottui.config.settings import Flags, LocationMissing
from hottui.errors import ExitCode
from hottui.model.answer import Answer, UnreadableAnswer, read_answer
from hottui.model.control_characters import shorten, visible
from hottui.model.json_text import Json, UnreadableJson, read_embedded, write_json
from hottui.model.masking import mask_answer, mask_json
from hottui.model.plan import Plan, PlanReading, read_plan
from hottui.model.result import ResourceSettingSpec

_INPUT = "Standard input"
_TITLE = 60
"""Letters of a title."""
_SETTING = "targetResourceSetting"
"""The key of the service's `data` below which the plan lies."""


@dataclass(frozen=True)
class PlanSource:
    """A plan, and what its answer tells about it where there is one: what changes, and what the JobManager gets."""

    plan: Plan
    title: str
    """What it is the plan of."""
    about: str = ""
    """The state of the hot update and what was asked for."""
    changes: dict[str, tuple[int, int]] = field(default_factory=dict)
    jobmanager: ResourceSettingSpec | None = None


def plan_from(source: str, flags: Flags, timeout: float) -> PlanSource | int:
    """The plan of the file `source`, of standard input for `-`, or of the hot update with that ID; secrets masked.

    An exit code instead, when the service did not give it; that has been said. Raises Stop, SettingsError,
    InvalidName.
    """
    if source == STDIN:
        return given_in(read_text(STDIN, invalid=ExitCode.UNREADABLE), _INPUT)
    if os.path.exists(source):
        return given_in(read_text(source, invalid=ExitCode.UNREADABLE), source)
    if os.sep in source or source.endswith(".json"):
        raise CommandError(f"There is no file {source}.", exit_code=ExitCode.USAGE)
    if not source.strip():
        raise CommandError("An empty word names no plan.", "Give an ID, a file, or - for standard input.")
    try:
        good, code = read_ids((source,), flags, timeout)
    except LocationMissing as missing:
        raise LocationMissing(missing.message, f"{missing.hint} There is no file {source} either.") from None
    return _of_answer(read_answer(mask_answer(good[0][1].answer.text)), source) if good else code


def given_in(text: str, name: str) -> PlanSource:
    """The plan in a text: a plan in one or two layers of JSON, an answer, or what `get -o json` prints. Raises Stop."""
    if not text.strip():
        raise CommandError(
            f"{name} is empty.", "Give it a resource plan, or the answer of the service.", ExitCode.UNREADABLE
        )
    try:
        value = read_embedded(text).value
    except UnreadableJson as error:
        raise _unreadable(name, str(error), _one_of_many(text)) from None
    if isinstance(value, dict) and not _is_plan(value):
        data = value.get("result") if "ref" in value else value
        if isinstance(data, dict) and _SETTING in data:
            return _of_envelope({"success": True, "data": data}, name)
        if isinstance(data, dict) and ("success" in data or "data" in data):
            return _of_envelope(data, name)
    return PlanSource(_plan(read_plan(mask_json(value)), name), "Resource plan" if name == _INPUT else _base(name))


def _is_plan(value: dict[str, Json]) -> bool:
    return "nodes" in value or "edges" in value


def _of_envelope(envelope: dict[str, Json], name: str) -> PlanSource:
    try:
        answer = read_answer(write_json(mask_json(envelope)))
    except UnreadableAnswer as error:
        raise _unreadable(name, str(error)) from None
    if not answer.envelope.success:
        raise _unreadable(name, f"the service answered {answer.envelope.error_code or 'no'} and gave none")
    return _of_answer(answer, name)


def _of_answer(answer: Answer, name: str) -> PlanSource:
    result = answer.result
    plan = _plan(answer.plan, name)
    expert = result.streaming.expert_resource_setting if result.streaming else None
    return PlanSource(
        plan,
        title=f"Hot update {_base(result.job_hot_update_id)}" if result.job_hot_update_id else "Resource plan",
        about=" · ".join(part for part in (visible(result.state), headline(changes(result))) if part),
        changes=dict(plan_changes(plan, result.asked_parallelism, asked_vertices=result.asked_vertices)),
        jobmanager=expert.jobmanager_resource_setting_spec if expert else None,
    )


def _base(name: str) -> str:
    return shorten(visible(os.path.basename(name)), _TITLE)


def _plan(reading: PlanReading, name: str) -> Plan:
    if reading.plan is None and reading.absent:
        raise CommandError(
            f"{name} has no resource plan.",
            "Only jobs in EXPERT mode have one; `hottui get -o json` tells the mode.",
            ExitCode.UNREADABLE,
        )
    if reading.plan is None:
        raise _unreadable(name, reading.error)
    return reading.plan


def _unreadable(name: str, why: str, hint: str = "") -> CommandError:
    whose = "on standard input" if name == _INPUT else f"of {name}"
    return CommandError(f"The plan {whose} cannot be read: {why}.", hint, ExitCode.UNREADABLE)


def _one_of_many(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    whole = len(lines) > 1 and all(line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in lines)
    return f"It holds {len(lines):,} answers, one a line; give one of them." if whole else ""
