"""`hottui get`: read hot updates once and print them."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from hottui import paths
from hottui.cli import wiring
from hottui.cli.options import ascii_option, location_options, output_option, timeout_option
from hottui.cli.output import emit, holds_signs, json_line, print_error, terminal_width
from hottui.cli.read_once import read_given
from hottui.cli.tables import iso, ref_document, table
from hottui.config.settings import Flags
from hottui.errors import ExitCode
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark, Tracked
from hottui.runtime import error_hooks
from hottui.store.errors import StoreError

if TYPE_CHECKING:
    from hottui.service.client import Reading

T = TypeVar("T")

_PLAN: Final = ("targetResourceSetting", "streamingResourceSetting", "expertResourceSetting", "resourcePlan")
"""Where the plan lies in the service's `data`."""


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@output_option
@location_options
@timeout_option
@ascii_option
def get(ids: tuple[str, ...], output: str, flags: Flags, timeout: float, ascii_only: bool) -> int:
    """Read hot updates from the service once and print them, secrets masked.

    `-` reads IDs, or the JSON that HotUpdateJob returned, from standard input. With several IDs the exit code is the
    largest that occurred: 3 refused, 4 not found, 5 unreachable or unavailable, 6 an answer that cannot be read.
    """
    from hottui.analysis.summary import summarise  # noqa: PLC0415 - pydantic comes with it

    good, code = read_given(ids, flags, timeout)
    if output == "json":
        lines = _each(good, lambda ref, reading: json_line(document(ref, reading)))
        for line in lines:
            emit(line)
        return code if len(lines) == len(good) else max(code, ExitCode.INTERNAL)
    marks = _bookmarks() if good else {}
    rows = _each(good, lambda ref, reading: Tracked(ref, marks.get(ref), summarise(reading.answer), seen=reading.at))
    if rows:
        emit(table(rows, terminal_width(), ascii_only or not holds_signs()))
    return code if len(rows) == len(good) else max(code, ExitCode.INTERNAL)


def _each(good: "list[tuple[Ref, Reading]]", make: "Callable[[Ref, Reading], T]") -> list[T]:
    """What `make` makes of each answer; a fault in one is reported, and costs that one alone."""
    made: list[T] = []
    for ref, reading in good:
        try:
            made.append(make(ref, reading))
        except Exception as error:  # noqa: BLE001 - reported
            error_hooks.current_hooks().heard(error)
            print_error(f"{ref.id}: A fault in hottui: its answer cannot be shown ({type(error).__name__}).")
    return made


def _bookmarks() -> dict[Ref, Bookmark]:
    """The bookmarks, for their labels; none where there is no store, or it cannot be read: the answers matter more."""
    with suppress(StoreError, OSError):
        if paths.store_path().exists():
            with wiring.opened_store() as store:
                return {one.ref: one.bookmark for one in store.tracked() if one.bookmark}
    return {}


def document(ref: Ref, reading: "Reading") -> dict[str, Any]:
    """What `get -o json` prints of one answer. Secrets are masked; the plan stands as an object."""
    from hottui.analysis.changes import ABSENT, changes  # noqa: PLC0415
    from hottui.model.json_text import read_json  # noqa: PLC0415
    from hottui.model.masking import mask_json, mask_value  # noqa: PLC0415

    answer = reading.answer
    envelope = read_json(answer.text)
    data = envelope.get("data") if isinstance(envelope, dict) else None
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
    """A copy of the service's `data` in which the plan is the object that its text encodes."""
    if not path:
        return plan
    if not isinstance(value, dict) or path[0] not in value:
        return value
    return {**value, path[0]: _with_plan(value[path[0]], plan, path[1:])}
