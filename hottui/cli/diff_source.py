"""The two settings that `hottui diff` compares: of hot updates from the service or a file, before, and as it runs."""

import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from hottui.analysis.changes import changes, headline
from hottui.analysis.job_setting import setting_of_before, setting_of_reading, setting_of_result
from hottui.cli import wiring
from hottui.cli.answer_input import answer_in, names_file
from hottui.cli.effect_reports import job_of, judged, saved_updates, subject_of
from hottui.cli.inputs import STDIN, parse_ids, read_text, source_name
from hottui.cli.output import CommandError
from hottui.cli.read_jobs import JobsReader
from hottui.cli.read_once import RateLimitedReader, read_all, read_error, run_reads
from hottui.config.settings import Context, Flags, LocationMissing, Settings
from hottui.errors import ExitCode
from hottui.model.answer import Answer, UnreadableAnswer, read_answer
from hottui.model.effect import Before, BeforeSource
from hottui.model.job_reading import JOB_GONE
from hottui.model.ref import InvalidName, JobRef, Ref
from hottui.model.state import INIT
from hottui.monitor.known_job import KnownJob
from hottui.render.diff_text import Side
from hottui.render.effect_text import before_source_text
from hottui.service.errors import NotFound, ServiceError
from hottui.service.reading import Reading

_NOT_KNOWN: Final = (
    "It is recorded if the dashboard was open before the hot update began, "
    "or if the previous hot update of the job is bookmarked."
)


class Against(StrEnum):
    """What a hot update is compared with, unless it is another one."""

    BEFORE = "before"
    """What the job ran with before; this is the first setting then."""
    RUNNING = "running"
    """What the job runs with now; this is the second setting then."""


class Pair(NamedTuple):
    """The settings to compare, and one line about denied actions, which may be empty."""

    old: Side
    new: Side
    not_permitted: str = ""


@dataclass(frozen=True, slots=True)
class _Update:
    """A hot update, from the service or from a file. `ref` is None where the location is not known."""

    name: str
    answer: Answer
    at: float
    ref: Ref | None = None

    @property
    def side(self) -> Side:
        """What it asked for."""
        what = headline(changes(self.answer.result))
        return Side(f"{self.name}, {what}" if what else self.name, setting_of_result(self.answer.result))

    @property
    def job(self) -> JobRef | None:
        """The job that it names."""
        return job_of(self.ref, self.answer) if self.ref else None


def two_updates(first: str, second: str, flags: Flags, timeout: float) -> Pair:
    """Return what two hot updates asked for, each an ID or a file. Raises CommandError, SettingsError, InvalidName."""
    if first == second == STDIN:
        raise CommandError("Only one of the two can be standard input.", "Pass an ID or a file for the other.")
    sources = (first, second)
    files = {source: _in_file(source, None) for source in sources if names_file(source)}
    ids = tuple(source for source in sources if source not in files)
    if not ids:
        return Pair(files[first].side, files[second].side)
    settings, context = _location(flags, ids)

    async def read(reader: RateLimitedReader) -> dict[str, _Update]:
        refs = {context.ref(one): source for source in ids for one in parse_ids((source,))}
        outcomes = await read_all(list(refs), reader)
        return {refs[ref]: _update(ref, outcome) for ref, outcome in outcomes}

    found = files | run_reads(settings, context, timeout, read)
    return Pair(found[first].side, found[second].side)


def with_job(source: str, against: Against, flags: Flags, timeout: float) -> Pair:
    """Return what a hot update asked for and what its job ran with before, or runs with now.

    Raises CommandError, also if the latter is not known; SettingsError, InvalidName.
    """
    is_file = names_file(source)
    settings, context = _location(flags, (source,))
    given = _in_file(source, context) if is_file else None

    async def read(reader: RateLimitedReader) -> Pair:
        update = given
        if update is None:
            (ref,) = (context.ref(one) for one in parse_ids((source,)))
            update = _update(ref, await reader.read(ref))
        jobs = JobsReader(reader)
        # A job whose update has not begun runs with what it ran with before.
        needed = against is Against.RUNNING or (given is None and update.answer.result.state == INIT)
        known = await jobs.read(update.job) if needed and update.job else None
        if against is Against.BEFORE:
            return Pair(_before(update, known), update.side, jobs.not_permitted)
        return Pair(update.side, _running(update, known, jobs), jobs.not_permitted)

    return run_reads(settings, context, timeout, read)


def _location(flags: Flags, ids: tuple[str, ...]) -> tuple[Settings, Context]:
    settings = wiring.load_settings(flags)
    try:
        return settings, settings.context()
    except LocationMissing as missing:
        named = next((one for one in ids if not names_file(one)), "")
        hint = f"{missing.hint} {named} is not a file either." if named else missing.hint
        raise LocationMissing(missing.message, hint) from None


def _in_file(source: str, context: Context | None) -> _Update:
    name = source_name(source)
    answer = answer_in(read_text(source, invalid=ExitCode.UNREADABLE), name)
    named = answer.result.job_hot_update_id.strip()
    try:
        ref = context.ref(named) if context and named else None
    except InvalidName:
        ref = None
    return _Update(name, answer, time.time(), ref)


def _update(ref: Ref, outcome: "Reading | ServiceError") -> _Update:
    """Return the hot update; the answer that the store has if the service does not know it any more."""
    if not isinstance(outcome, ServiceError):
        return _Update(ref.id, outcome.answer, outcome.at, ref)
    if isinstance(outcome, NotFound):
        saved = saved_updates([ref]).get(ref)
        if saved and saved.observation:
            with suppress(UnreadableAnswer):
                answer = read_answer(saved.observation.answer)
                return _Update(f"{ref.id} as last seen", answer, saved.observation.at, ref)
    raise read_error(ref, outcome)


def _before(update: _Update, known: KnownJob | None) -> Side:
    ref, job, before = update.ref, update.job, Before()
    if ref is not None:
        saved = saved_updates([ref], [job] if job else [])
        jobs = {job: known or KnownJob(job)} if job else {}
        subject = subject_of(ref, Reading(update.answer, update.at), jobs, saved.get(ref))
        insight = judged({ref: subject}, jobs, saved).get(ref)
        insight = insight or (saved[ref].insight if ref in saved else None)
        before = insight.before if insight else before
    if before.source is BeforeSource.UNKNOWN:
        raise CommandError(f"{update.name}: What the job ran with before is not known.", _NOT_KNOWN, ExitCode.NOT_FOUND)
    return Side(f"before {update.name}: {before_source_text(before)}", setting_of_before(before))


def _running(update: _Update, known: KnownJob | None, jobs: JobsReader) -> Side:
    if known is None:
        raise CommandError(f"{update.name}: The answer names no job.", exit_code=ExitCode.UNREADABLE)
    reading = known.reading
    name = reading.job.deployment_name if reading.job else known.ref.job_id
    if reading.gone or (reading.job is None and reading.flink is None):
        why = JOB_GONE if reading.gone else " ".join(dict.fromkeys(reading.errors.values()))
        raise CommandError(f"{name}: {why}", exit_code=jobs.code_of(known.ref) or ExitCode.UNAVAILABLE)
    return Side(f"job {name or known.ref.job_id} as it runs", setting_of_reading(reading))
