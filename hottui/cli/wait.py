"""`hottui wait`: wait until hot updates have ended, for scripts. The exit code has the result."""

import sys
import time
from typing import TYPE_CHECKING, Any, Final

import click

from hottui.cli import wiring
from hottui.cli.completers import complete_ids
from hottui.cli.follow import LastErrors, TroublePrinter, follow
from hottui.cli.inputs import STDIN, parse_ids
from hottui.cli.options import ascii_option, interval_option, location_options, number
from hottui.cli.output import TextLine, emit, emit_lines, json_line, print_error, supports_glyphs
from hottui.cli.wait_decisions import Ended, Noted, ended, exit_code, unfinished
from hottui.config.settings import Flags
from hottui.errors import ExitCode
from hottui.model.ref import Ref
from hottui.model.state import Freshness, state_text
from hottui.model.tracking import Tracked, Transition
from hottui.monitor.schedule import NOT_FOUND_GRACE
from hottui.render.documents import row_document
from hottui.render.glyphs import ASCII, UNICODE, state_name, state_word

if TYPE_CHECKING:
    from hottui.monitor.snapshot import Snapshot

_SHOWN: Final = 10
"""IDs that a message lists."""
PROGRESS_EVERY: Final = 60.0
"""Seconds between two lines about what is waited for: CI services end jobs that print nothing for long."""


@click.command()
@click.argument("ids", nargs=-1, metavar="ID...", shell_complete=complete_ids)
@click.option("--timeout", type=number(float, 0.1, 2_592_000, "a number of seconds from 0.1 to 2592000"), default=None,
              metavar="SECONDS", help="End with 124 after this time (default: no limit).")  # fmt: skip
@click.option("--all/--any", "wait_for_all", default=True,
              help="Wait for all (the default), or for the first that is updated or fails.")  # fmt: skip
@click.option("--effect", is_flag=True, help="Also end with 1 if what was asked for does not run afterwards.")
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="One line of text, or one JSON object, for each hot update at the end.")  # fmt: skip
@location_options
@interval_option
@ascii_option
def wait(
    ids: tuple[str, ...],
    *,
    timeout: float | None,
    wait_for_all: bool,
    effect: bool,
    output: str,
    flags: Flags,
    ascii_only: bool,
) -> int:
    """Wait until hot updates have ended: until all are updated, or one fails.

    Without IDs, or with `-`, reads IDs or HotUpdateJob's JSON from standard input. Transitions are printed to standard
    error. An ID that is not found yet is tried for a minute.

    Exit codes: 0 all updated, 1 one failed, 124 timed out, 130 interrupted; 3 access denied, 4 not found,
    5 unreachable or unavailable, 6 invalid answer.

    \b
    Examples:
      aliyun ... HotUpdateJob ... | hottui wait --timeout 600
      hottui wait 98fe2c01 --effect -o json
    """
    if not ids and sys.stdin.isatty():
        raise click.UsageError("Missing argument 'ID...'.", click.get_current_context())
    settings = wiring.load_settings(flags)
    context = settings.context()
    refs = [context.ref(one) for one in parse_ids(ids or (STDIN,))]
    bookmarks, errors = wiring.saved_bookmarks(), LastErrors()
    rows = [Tracked(ref, bookmarks.get(ref)) for ref in refs]
    waiting = _Wait(rows, errors, wait_for_all=wait_for_all, effect=effect)
    code = follow(
        lambda: wiring.connection_for(rows, settings, context, None, errors.record, insight=effect),
        waiting.check,
        timeout,
    )
    plain = ascii_only or not supports_glyphs()
    for ref in refs:
        row, end = waiting.rows[ref], waiting.outcomes.get(ref)
        if output == "json":
            emit(json_line(_document(row, end)))
        else:
            emit_lines([TextLine(_line(row, ascii_only=plain))], plain)
    for end in waiting.outcomes.values():
        if end is not None and end.code:
            print_error(end.message, end.hint)
    if code is None:
        print_error(_timed_out(waiting, timeout or 0.0))
        return ExitCode.TIMED_OUT
    return code


class _Wait:
    """Decides when the wait is over, and prints progress to standard error."""

    def __init__(self, rows: list[Tracked], errors: LastErrors, *, wait_for_all: bool, effect: bool) -> None:
        self.rows = {row.ref: row for row in rows}
        self.outcomes: dict[Ref, Ended | None] = {}
        self._noted = dict.fromkeys(self.rows, Noted())
        self._errors = errors
        self._all = wait_for_all
        self._effect = effect
        self._troubles = TroublePrinter()
        self._next_line = time.monotonic() + PROGRESS_EVERY

    def check(self, snapshot: "Snapshot", transitions: tuple[Transition, ...]) -> int | None:
        """Return the exit code; None while the wait goes on."""
        self.rows = {row.ref: row for row in snapshot.tracked}
        now = time.time()
        denied = snapshot.loop.not_permitted
        for ref, row in self.rows.items():
            self._noted[ref] = self._noted[ref].after(row, now, self._errors.code(ref))
            self.outcomes[ref] = ended(row, self._noted[ref], now, effect=self._effect, denied=denied)
        for transition in transitions:
            row = self.rows[transition.ref]
            print_error(f"{_name(row)}: {state_text(transition.state)}")
        code = exit_code(tuple(self.outcomes.values()), first=not self._all)
        if code is None:
            self._troubles.update(snapshot, _note)
            if time.monotonic() >= self._next_line:
                self._next_line = time.monotonic() + PROGRESS_EVERY
                print_error(f"Waiting for {_listed(self.left())}.")
        return code

    def left(self) -> list[Tracked]:
        """Return the rows that have not ended."""
        return [row for ref, row in self.rows.items() if self.outcomes.get(ref) is None]


def _note(row: Tracked) -> str:
    """Return how long an ID that is not found is tried."""
    return f" Trying again for {NOT_FOUND_GRACE:.0f} s." if row.freshness is Freshness.GONE else ""


def _name(row: Tracked) -> str:
    return f"{row.ref.id} ({row.label})" if row.label else row.ref.id


def _line(row: Tracked, *, ascii_only: bool) -> str:
    summary = row.summary
    effect = f"effect {row.effect.verdict}" if row.effect else ""
    parts = (
        f"{getattr(ASCII if ascii_only else UNICODE, state_name(row))} {state_word(row)}",
        row.ref.id,
        row.label,
        summary.change if summary else "",
        effect,
    )
    return "  ".join(filter(None, parts))


def _listed(rows: list[Tracked]) -> str:
    shown = ", ".join(f"{row.ref.id} ({_state(row)})" for row in rows[:_SHOWN])
    return f"{shown} and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else shown


def _state(row: Tracked) -> str:
    word = state_word(row)
    return "no answer yet" if word == Freshness.WAITING else word


def _timed_out(waiting: _Wait, timeout: float) -> str:
    if left := unfinished(waiting.left()):
        return f"Not ended within {timeout:g} s: {_listed(left)}."
    return f"The effect was not known within {timeout:g} s: {_listed(waiting.left())}."


def _document(row: Tracked, end: Ended | None) -> dict[str, Any]:
    """Return what `wait -o json` prints for one hot update. `exit_code` is null if it has not ended."""
    return row_document(row) | {
        "exit_code": None if end is None else int(end.code),
        "message": end.message if end else "",
    }
