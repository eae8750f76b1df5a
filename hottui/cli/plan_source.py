"""Read a plan from the service, a file or standard input, in any of its encodings."""

import os
from dataclasses import dataclass, field

from hottui.analysis.changes import changes, headline
from hottui.analysis.requested_parallelism import requested_changes
from hottui.cli.answer_input import envelope_in, names_file
from hottui.cli.inputs import read_text, source_name
from hottui.cli.output import CommandError
from hottui.cli.read_once import read_error, read_ids
from hottui.config.settings import Flags, LocationMissing
from hottui.errors import ExitCode
from hottui.model.answer import Answer, UnreadableAnswer, answer_of
from hottui.model.control_characters import shorten, visible
from hottui.model.json_text import Json, UnreadableJson, read_embedded
from hottui.model.masking import mask_json
from hottui.model.plan import Plan, PlanReading, read_plan
from hottui.model.result import ResourceSettingSpec
from hottui.service.errors import ServiceError

_INPUT = "Standard input"
_TITLE = 60
"""Maximum characters of a title."""


@dataclass(frozen=True)
class PlanSource:
    """A plan and, if it came with an answer, its parallelism changes and the JobManager's resources."""

    plan: Plan
    title: str
    """The hot update or file that the plan is from."""
    about: str = ""
    """The state of the hot update and the requested changes."""
    changes: dict[str, tuple[int, int]] = field(default_factory=dict)
    jobmanager: ResourceSettingSpec | None = None


def plan_from(source: str, flags: Flags, timeout: float) -> PlanSource:
    """Return the plan of the file `source`, of standard input (`-`), or of the hot update with that ID; secrets masked.

    Raises CommandError, SettingsError, InvalidName.
    """
    if names_file(source):
        return plan_in(read_text(source, invalid=ExitCode.UNREADABLE), source_name(source))
    try:
        ((ref, outcome),) = read_ids((source,), flags, timeout)
    except LocationMissing as missing:
        raise LocationMissing(missing.message, f"{missing.hint} {source} is not a file either.") from None
    if isinstance(outcome, ServiceError):
        raise read_error(ref, outcome)
    return _of_answer(answer_of(mask_json(outcome.answer.document)), source)


def plan_in(text: str, name: str) -> PlanSource:
    """Return the plan in `text`: a plan in one or two layers of JSON, an answer, or output of `get -o json`.

    Raises CommandError.
    """
    if not text.strip():
        raise CommandError(
            f"{name} is empty.", "Pass a resource plan, or an answer of the service.", ExitCode.UNREADABLE
        )
    try:
        value = read_embedded(text).value
    except UnreadableJson as error:
        raise _unreadable(name, str(error), _one_of_many(text)) from None
    if isinstance(value, dict) and not _is_plan(value) and (envelope := envelope_in(value)):
        return _of_envelope(envelope, name)
    return PlanSource(_plan(read_plan(mask_json(value)), name), "Resource plan" if name == _INPUT else _base(name))


def _is_plan(value: dict[str, Json]) -> bool:
    return "nodes" in value or "edges" in value


def _of_envelope(envelope: dict[str, Json], name: str) -> PlanSource:
    try:
        answer = answer_of(mask_json(envelope))
    except UnreadableAnswer as error:
        raise _unreadable(name, str(error)) from None
    if not answer.envelope.success:
        raise _unreadable(
            name, f"the service returned an error ({answer.envelope.error_code or 'no code'}) and no plan"
        )
    return _of_answer(answer, name)


def _of_answer(answer: Answer, name: str) -> PlanSource:
    result = answer.result
    plan = _plan(answer.plan, name)
    expert = result.target.expert
    return PlanSource(
        plan,
        title=f"Hot update {_base(result.job_hot_update_id)}" if result.job_hot_update_id else "Resource plan",
        about=" · ".join(part for part in (visible(result.state), headline(changes(result))) if part),
        changes=dict(requested_changes(plan, result)),
        jobmanager=expert.jobmanager_resource_setting_spec if expert else None,
    )


def _base(name: str) -> str:
    return shorten(visible(os.path.basename(name)), _TITLE)


def _plan(reading: PlanReading, name: str) -> Plan:
    if reading.plan is None and reading.absent:
        raise CommandError(
            f"{name} has no resource plan.",
            "Only jobs in EXPERT mode have one. Check the mode with `hottui get -o json`.",
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
    one_per_line = len(lines) > 1 and all(
        line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in lines
    )
    return f"The input has {len(lines):,} answers, one per line. Pass one of them." if one_per_line else ""
