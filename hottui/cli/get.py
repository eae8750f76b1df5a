"""`hottui get`: read hot updates once and print them."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from hottui import paths
from hottui.cli import wiring
from hottui.cli.options import ascii_option, location_options, output_option, timeout_option
from hottui.cli.output import emit, json_line, print_error, supports_glyphs, terminal_width
from hottui.cli.read_once import read_error, read_ids
from hottui.cli.tables import iso, ref_document, table
from hottui.config.settings import Flags
from hottui.errors import ExitCode
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark, Tracked
from hottui.runtime import error_hooks
from hottui.service.errors import ServiceError
from hottui.store.errors import StoreError

if TYPE_CHECKING:
    from hottui.service.client import Reading

T = TypeVar("T")

_PLAN: Final = ("targetResourceSetting", "streamingResourceSetting", "expertResourceSetting", "resourcePlan")
"""Keys that lead to the plan in `data` of a response."""


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@output_option
@location_options
@timeout_option
@ascii_option
def get(ids: tuple[str, ...], output: str, flags: Flags, timeout: float, ascii_only: bool) -> int:
    """Read hot updates from the service once and print them, secrets masked.

    `-` reads IDs, or the JSON that HotUpdateJob returned, from standard input. With several IDs the exit code is the
    largest that occurred: 3 access denied, 4 not found, 5 unreachable or unavailable, 6 invalid answer.
    """
    from hottui.analysis.summary import summarize  # noqa: PLC0415 - start-up time: pydantic

    readings, code = _successful(read_ids(ids, flags, timeout))
    if output == "json":
        lines = _convert_each(readings, lambda ref, reading: json_line(document(ref, reading)))
        for line in lines:
            emit(line)
        return code if len(lines) == len(readings) else max(code, ExitCode.INTERNAL)
    bookmarks = _bookmarks() if readings else {}
    rows = _convert_each(
        readings, lambda ref, reading: Tracked(ref, bookmarks.get(ref), summarize(reading.answer), seen=reading.at)
    )
    if rows:
        emit(table(rows, terminal_width(), ascii_only or not supports_glyphs()))
    return code if len(rows) == len(readings) else max(code, ExitCode.INTERNAL)


def _successful(outcomes: "list[tuple[Ref, Reading | ServiceError]]") -> "tuple[list[tuple[Ref, Reading]], int]":
    """Return the successful readings and the largest exit code; print the errors of the others."""
    readings: list[tuple[Ref, Reading]] = []
    code: int = ExitCode.OK
    for ref, outcome in outcomes:
        if isinstance(outcome, ServiceError):
            error = read_error(ref, outcome)
            print_error(error.message, error.hint)
            code = max(code, error.exit_code)
        else:
            readings.append((ref, outcome))
    return readings, code


def _convert_each(readings: "list[tuple[Ref, Reading]]", convert: "Callable[[Ref, Reading], T]") -> list[T]:
    """Return each reading converted; one that raises is reported and left out."""
    converted: list[T] = []
    for ref, reading in readings:
        try:
            converted.append(convert(ref, reading))
        except Exception as error:  # noqa: BLE001 - reported
            error_hooks.current_hooks().handle(error)
            print_error(f"{ref.id}: Internal error ({type(error).__name__}): the answer cannot be shown.")
    return converted


def _bookmarks() -> dict[Ref, Bookmark]:
    """Return the bookmarks for their labels; none where the store does not exist or cannot be read."""
    with suppress(StoreError, OSError):
        if paths.store_path().exists():
            with wiring.opened_store() as store:
                return {one.ref: one.bookmark for one in store.tracked() if one.bookmark}
    return {}


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
