"""`hottui job`: one job, and every change known of it."""

import re
import time
from typing import TYPE_CHECKING, Final

import click

from hottui.cli import wiring
from hottui.cli.completers import complete_ids
from hottui.cli.inputs import parse_ids
from hottui.cli.options import ascii_option, location_options, number, text_output_option, timeout_option
from hottui.cli.output import CommandError, emit, emit_rendered, json_line, print_error, supports_glyphs, text_width
from hottui.cli.read_once import RateLimitedReader, read_all, read_error, run_reads
from hottui.config.settings import Flags
from hottui.errors import ExitCode
from hottui.model.ref import JobRef, Ref
from hottui.model.state import is_final
from hottui.monitor.known_job import KnownJob
from hottui.service.errors import NotFound, ServiceError

if TYPE_CHECKING:
    from hottui.cli.effect_reports import SavedUpdate
    from hottui.cli.job_report import JobReport
    from hottui.cli.read_jobs import JobsReader
    from hottui.service.reading import Reading

_CHANGES: Final = 20
"""Changes that are printed as text, unless asked for others."""
_JOB_ID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""Job IDs are UUIDs, as far as seen; the other kind of ID is tried second."""


@click.command()
@click.argument("id_", metavar="ID|JOB_ID", shell_complete=complete_ids)
@click.option(
    "--changes",
    type=number(int, 0, 1_000_000, "a number from 0 to 1,000,000"),
    default=_CHANGES,
    show_default=True,
    metavar="N",
    help="Changes to print as text, the newest first; 0 for all. JSON has all.",
)
@text_output_option
@location_options
@timeout_option
@ascii_option
def job(*, id_: str, changes: int, output: str, flags: Flags, timeout: float, ascii_only: bool) -> int:
    """Show a job: state, health, restarts, engine, who changed it last, and every change known of it.

    Pass the ID of a hot update or of a job. Changes are your bookmarked hot updates of the job, each with its effect,
    and those by Autopilot and by schedules. Exit codes: 3 access denied, 4 not found, 5 unreachable or unavailable,
    6 invalid answer.

    \b
    Examples:
      hottui job 98fe2c01
      hottui job 98fe2c01 -o json | jq '.changes[].effect'
    """
    from hottui.cli.print_job import job_lines  # noqa: PLC0415 - start-up time: pydantic

    report, not_permitted, code = _read(id_, flags, timeout)
    if not_permitted:
        print_error(not_permitted)
    if output == "json":
        emit(json_line(report.document))
    else:
        ascii_only = ascii_only or not supports_glyphs()
        emit_rendered(job_lines(report, changes, text_width(), ascii_only), ascii_only)
    return code


def _read(id_: str, flags: Flags, timeout: float) -> "tuple[JobReport, str, int]":
    """Read everything about the job; return the report, one line about denied actions, and the exit code.

    Raises CommandError if no hot update and no job has the ID.
    """
    from hottui.cli.effect_reports import saved_updates  # noqa: PLC0415 - start-up time: pydantic
    from hottui.cli.job_report import job_report  # noqa: PLC0415 - as above
    from hottui.cli.read_jobs import JobsReader  # noqa: PLC0415 - as above
    from hottui.monitor.job_history import unknown_history  # noqa: PLC0415 - as above

    settings = wiring.load_settings(flags)
    context = settings.context()
    (ref,) = (context.ref(one) for one in parse_ids((id_,)))

    async def read(reader: RateLimitedReader) -> "tuple[JobReport, str, int]":
        jobs = JobsReader(reader)
        known, updates = await _resolved(ref, jobs, reader, saved_updates([ref]))
        saved = saved_updates([], [known.ref])
        moving = [each for each, one in saved.items() if not is_final(one.tracked.state) and each not in updates]
        outcomes = await read_all(moving, reader)
        updates |= {each: found for each, found in outcomes if not isinstance(found, ServiceError)}
        deployment_id = known.job.value.deployment_id if known.job.value else ""
        history = (
            await jobs.history(known.ref, deployment_id) if deployment_id else unknown_history(known.ref, time.time())
        )
        report = job_report(known, history, updates, saved, time.time())
        return report, jobs.not_permitted, jobs.code_of(known.ref)

    return run_reads(settings, context, timeout, read)


async def _resolved(
    ref: Ref, jobs: "JobsReader", reader: RateLimitedReader, saved: "dict[Ref, SavedUpdate]"
) -> "tuple[KnownJob, dict[Ref, Reading]]":
    """Return the job with the ID of `ref`, or that of the hot update with it, and what was read of the hot update.

    Raises CommandError if there is neither, or if the hot update cannot be read.
    """
    from hottui.cli.effect_reports import job_of  # noqa: PLC0415 - start-up time: pydantic

    known = None
    if ref not in saved and _JOB_ID.fullmatch(ref.id):
        known = await jobs.read(JobRef.of(ref, ref.id))
        if _is_read(known):
            return known, {}
    outcome = await reader.read(ref)
    if not isinstance(outcome, ServiceError):
        found = job_of(ref, outcome.answer)
        if found is None:
            raise CommandError(f"{ref.id}: The answer names no job.", exit_code=ExitCode.UNREADABLE)
        return await jobs.read(found), {ref: outcome}
    if not isinstance(outcome, NotFound):
        raise read_error(ref, outcome)
    row = saved[ref].tracked if ref in saved else None
    if row and row.summary and row.summary.job_id:
        return await jobs.read(JobRef.of(ref, row.summary.job_id)), {}
    known = known or await jobs.read(JobRef.of(ref, ref.id))
    if _is_read(known):
        return known, {}
    trouble = known.job.error
    if trouble is None or known.gone:
        hint = "Check ID, workspace, namespace and region."
        raise CommandError(f"{ref.id}: No hot update and no job has this ID.", hint, ExitCode.NOT_FOUND)
    message = f"{ref.id}: No hot update has this ID, and no job could be read by it: {trouble.message}"
    raise CommandError(message, trouble.advice, jobs.code_of(known.ref))


def _is_read(known: KnownJob) -> bool:
    return known.job.value is not None or known.flink.value is not None
