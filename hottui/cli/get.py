"""`hottui get`: read hot updates once and print them."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from hottui.cli import wiring
from hottui.cli.completers import complete_ids
from hottui.cli.inputs import parse_ids
from hottui.cli.listing import JSON, Listing, listing_options
from hottui.cli.options import location_options, timeout_option
from hottui.cli.output import emit, emit_lines, json_line, print_error
from hottui.cli.read_once import Outcomes, RateLimitedReader, read_all, read_error, read_ids, run_reads
from hottui.config.settings import Flags
from hottui.errors import ExitCode
from hottui.model.ref import JobRef, Ref
from hottui.model.state import FAILED
from hottui.model.times import iso
from hottui.model.tracking import Tracked
from hottui.render.ages import time_zone
from hottui.render.documents import ref_document
from hottui.runtime import error_hooks
from hottui.service.errors import ServiceError

if TYPE_CHECKING:
    from hottui.monitor.known_job import KnownJob
    from hottui.service.reading import Reading

T = TypeVar("T")

_PLAN: Final = ("targetResourceSetting", "streamingResourceSetting", "expertResourceSetting", "resourcePlan")
"""Keys that lead to the plan in `data` of a response."""


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...", shell_complete=complete_ids)
@click.option("--effect", is_flag=True, help="Also read the job: what took effect, the interruption, and the cost.")
@click.option("--exit-status", is_flag=True, help="Exit with 1 if a hot update has failed.")
@location_options
@timeout_option
@listing_options("table", "text", *JSON, "csv")
def get(
    *, ids: tuple[str, ...], effect: bool, exit_status: bool, flags: Flags, timeout: float, listing: Listing
) -> int:
    """Read hot updates from the service once and print them, secrets masked.

    `-` reads IDs, or the JSON that HotUpdateJob returned, from standard input. With several IDs the exit code is the
    largest that occurred: 3 access denied, 4 not found, 5 unreachable or unavailable, 6 invalid answer. Effects that
    cannot be read are printed as unknown and do not change it. With --effect, the default is a few lines of text for
    each.

    \b
    Examples:
      hottui get 98fe2c01 -o json | jq .changes
      hottui get 98fe2c01 --effect
    """
    listing = listing.chosen("text" if effect else "table")
    if effect:
        return _get_effects(ids, listing, flags, timeout, exit_status=exit_status)
    if listing.output == "text":
        raise click.UsageError("-o text needs --effect.", click.get_current_context())
    from hottui.analysis.answer_summary import summarize  # noqa: PLC0415 - start-up time: pydantic

    readings, code = _successful(read_ids(ids, flags, timeout), exit_status=exit_status)
    if listing.output in JSON:
        _emit_json(readings)
        return code
    bookmarks = wiring.saved_bookmarks() if readings else {}
    rows = _convert_each(
        readings, lambda ref, reading: Tracked(ref, bookmarks.get(ref), summarize(reading.answer), seen=reading.at)
    )
    listing.emit(rows)
    return code


def _get_effects(ids: tuple[str, ...], listing: Listing, flags: Flags, timeout: float, *, exit_status: bool) -> int:
    from hottui.cli.effect_reports import job_of, judged, report_of, saved_updates, subject_of  # noqa: PLC0415 - start-up time: pydantic
    from hottui.cli.print_effect import effect_lines  # noqa: PLC0415 - as above
    from hottui.cli.read_jobs import JobsReader  # noqa: PLC0415 - as above

    settings = wiring.load_settings(flags)
    context = settings.context()
    refs = [context.ref(one) for one in parse_ids(ids)]

    async def read(reader: RateLimitedReader) -> "tuple[Outcomes, dict[JobRef, KnownJob], str]":
        outcomes, jobs = await read_all(refs, reader), JobsReader(reader)
        named = [job_of(ref, each.answer) for ref, each in outcomes if not isinstance(each, ServiceError)]
        known = await jobs.read_each(filter(None, named))
        return outcomes, known, jobs.not_permitted

    outcomes, known, not_permitted = run_reads(settings, context, timeout, read)
    readings, code = _successful(outcomes, exit_status=exit_status)
    if not_permitted:
        print_error(not_permitted)
    saved = saved_updates(refs, known)
    subjects = dict(
        _convert_each(readings, lambda ref, reading: (ref, subject_of(ref, reading, known, saved.get(ref))))
    )
    try:
        insights = judged(subjects, known, saved)
    except Exception as error:  # noqa: BLE001 - reported; each report is then made from its own answer
        error_hooks.current_hooks().handle(error)
        insights = {}
    reports = _convert_each(
        [one for one in readings if one[0] in subjects],
        lambda ref, reading: report_of(subjects[ref].tracked, reading.answer, known, insights.get(ref)),
    )
    if listing.output in JSON:
        by_ref = {report.tracked.ref: report for report in reports}
        _emit_json([one for one in readings if one[0] in by_ref], lambda ref: by_ref[ref].document)
    elif listing.output != "text":
        rows = [replace(each.tracked, effect=each.effect, job_name=each.insight.job_name) for each in reports]
        listing.emit(rows)
    else:
        for report in reports:
            emit_lines(effect_lines(report, ascii_only=listing.ascii_only), listing.ascii_only)
        if any(report.has_times for report in reports):
            emit(f"Times are local: {time_zone()}.")
    return code


def _successful(
    outcomes: "list[tuple[Ref, Reading | ServiceError]]", *, exit_status: bool
) -> "tuple[list[tuple[Ref, Reading]], int]":
    """Return the successful readings and the largest exit code; print the errors of the others.

    With `exit_status`, a hot update that failed counts as 1.
    """
    readings: list[tuple[Ref, Reading]] = []
    code: int = ExitCode.OK
    for ref, outcome in outcomes:
        if isinstance(outcome, ServiceError):
            error = read_error(ref, outcome)
            print_error(error.message, error.hint)
            code = max(code, error.exit_code)
        else:
            readings.append((ref, outcome))
            if exit_status and outcome.answer.result.state == FAILED:
                code = max(code, ExitCode.FAILED)
    return readings, code


def _convert_each(readings: "list[tuple[Ref, Reading]]", convert: "Callable[[Ref, Reading], T]") -> list[T]:
    """Return each reading converted; one that raises is reported, which sets the exit code, and left out."""
    converted: list[T] = []
    for ref, reading in readings:
        try:
            converted.append(convert(ref, reading))
        except Exception as error:  # noqa: BLE001 - reported
            error_hooks.current_hooks().handle(error)
            print_error(f"{ref.id}: Internal error ({type(error).__name__}): the answer cannot be shown.")
    return converted


def _emit_json(readings: "list[tuple[Ref, Reading]]", more: Callable[[Ref], dict[str, Any]] = lambda _: {}) -> None:
    """Print one line for each reading, with the keys of `more`."""
    for line in _convert_each(readings, lambda ref, reading: json_line(document(ref, reading) | more(ref))):
        emit(line)


def document(ref: Ref, reading: "Reading") -> dict[str, Any]:
    """Return what `get -o json` prints for one answer. Secrets are masked; the plan is an object."""
    from hottui.analysis.changes import ABSENT, changes  # noqa: PLC0415 - start-up time: pydantic
    from hottui.model.masking import mask_json, mask_value  # noqa: PLC0415 - start-up time: pydantic

    answer = reading.answer
    data = answer.document.get("data")
    if answer.plan.document is not None:
        data = _with_plan(data, answer.plan.document)
    return {
        "ref": ref_document(ref),
        "state": answer.result.state,
        "observed_at": iso(reading.at),
        "request_id": answer.envelope.request_id,
        "changes": [
            {
                "key": change.key,
                "kind": change.kind.value,
                "asked": mask_value(change.key, change.asked),
                "target": None if change.target is ABSENT else mask_value(change.key, change.target),
            }
            for change in changes(answer.result)
        ],
        "result": mask_json(data),
        "plan_error": answer.plan.error or None,
    }


def _with_plan(value: Any, plan: Any, path: tuple[str, ...] = _PLAN) -> Any:
    """Return a copy of `data` in which the plan is a JSON object instead of encoded text."""
    if not path:
        return plan
    if not isinstance(value, dict) or path[0] not in value:
        return value
    return {**value, path[0]: _with_plan(value[path[0]], plan, path[1:])}
