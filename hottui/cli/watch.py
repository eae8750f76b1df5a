"""`hottui watch`: one line for each transition, for logs."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from hottui.cli import wiring
from hottui.cli.completers import complete_ids
from hottui.cli.follow import LastErrors, TroublePrinter, follow
from hottui.cli.inputs import parse_ids
from hottui.cli.options import ascii_option, interval_option, location_options
from hottui.cli.output import emit, json_line, print_error, supports_glyphs
from hottui.cli.tables import NO_BOOKMARKS
from hottui.cli.wait_decisions import Noted, ended
from hottui.config.settings import Flags
from hottui.errors import ExitCode
from hottui.model.control_characters import visible
from hottui.model.ref import Ref
from hottui.model.state import FAILED, is_final, state_text
from hottui.model.times import iso
from hottui.model.tracking import Tracked, Transition
from hottui.render.documents import transition_document
from hottui.render.glyphs import ascii_text

if TYPE_CHECKING:
    from hottui.monitor.snapshot import Snapshot


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...", shell_complete=complete_ids)
@click.option("-o", "--output", type=click.Choice(["text", "jsonl"]), default="text", show_default=True,
              help="A line of text or a JSON object for each transition.")  # fmt: skip
@click.option("--until-done", is_flag=True, help="End when all hot updates have; with 1 if one failed meanwhile.")
@location_options
@interval_option
@ascii_option
def watch(*, ids: tuple[str, ...], output: str, until_done: bool, flags: Flags, ascii_only: bool) -> int:
    """Print one line for each transition of the given IDs, or of all bookmarks.

    The state in which an ID is found first is a line, too. Times are those at which hottui observed the state, in UTC.
    Without IDs, observations are saved in the store, and bookmarks that are added or removed meanwhile are followed.

    \b
    Examples:
      hottui watch -o jsonl >>transitions.jsonl
      hottui watch 98fe2c01 41d7aa90 --until-done
    """
    settings = wiring.load_settings(flags)
    errors = LastErrors()
    context, _ = wiring.context_or_reason(settings)
    store = None
    if ids:
        place, bookmarks = settings.context(), wiring.saved_bookmarks()
        rows = tuple(Tracked(ref, bookmarks.get(ref)) for ref in map(place.ref, parse_ids(ids)))
    else:
        store = wiring.open_store(settings)
        rows = store.tracked()
    if not rows:
        print_error(*NO_BOOKMARKS)
    log = _TransitionLog(
        rows, errors, named=bool(ids), until_done=until_done, json=output == "jsonl",
        ascii_only=ascii_only or not supports_glyphs(),
    )  # fmt: skip
    code = follow(
        lambda: wiring.connection_for(rows, settings, context, store, errors.record, insight=False), log.update
    )
    for notice in store.repairs if store is not None else ():
        print_error(notice)
    return code or ExitCode.OK


class _TransitionLog:
    """Prints transitions and troubles, and decides when to end. `named` rows are those given as IDs."""

    def __init__(
        self,
        rows: Iterable[Tracked],
        errors: LastErrors,
        *,
        named: bool,
        until_done: bool,
        json: bool,
        ascii_only: bool,
    ) -> None:
        self._ended_before = frozenset(row.ref for row in rows if is_final(row.state))
        self._noted: dict[Ref, Noted] = {}
        self._errors = errors
        self._named = named
        self._until_done = until_done
        self._json = json
        self._ascii = ascii_only
        self._troubles = TroublePrinter()

    def update(self, snapshot: "Snapshot", transitions: tuple[Transition, ...]) -> int | None:
        """Print what is new; return the exit code once there is nothing more to print, or nobody who reads it."""
        rows = {row.ref: row for row in snapshot.tracked}
        for transition in transitions:
            row = rows.get(transition.ref, Tracked(transition.ref))
            line = json_line(transition_document(row, transition)) if self._json else self._text(row, transition)
            if not emit(line):
                return ExitCode.OK
        self._troubles.update(snapshot)
        return self._code(rows.values()) if self._until_done else None

    def _code(self, rows: Iterable[Tracked]) -> int | None:
        """Return the largest exit code of the rows that have ended meanwhile; None while one has not."""
        worst: int = ExitCode.OK
        now = time.time()
        for row in rows:
            if row.ref in self._ended_before and is_final(row.state):
                continue
            noted = self._noted.get(row.ref, Noted()).after(row, now, self._errors.code(row.ref))
            self._noted[row.ref] = noted
            end = ended(row, noted, now)
            if end is None:
                return None
            if self._named or end.code != ExitCode.NOT_FOUND:
                worst = max(worst, end.code)
        return worst

    def _text(self, row: Tracked, transition: Transition) -> str:
        summary = row.summary if row.state == transition.state else None
        state = " → ".join(state_text(each) for each in (transition.previous, transition.state) if each)
        why = summary.failure if summary else ""
        parts = (
            iso(transition.at) or "",
            row.ref.id,
            row.label,
            state,
            why if transition.state == FAILED else "",
            summary.change if summary else "",
        )
        text = "  ".join(visible(part) for part in parts if part)
        return ascii_text(text) if self._ascii else text
