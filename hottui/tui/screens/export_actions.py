"""The key action that writes answers to a file, secrets masked; `write_new` is for other exports, too."""

import asyncio
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hottui.files import write_private
from hottui.runtime import error_hooks
from hottui.tui.background_thread import in_thread
from hottui.tui.screens.copy_actions import masked_answer
from hottui.tui.screens.marking_actions import name_of, targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hottui.model.tracking import Tracked
    from hottui.tui.screens.dashboard import Dashboard


def export(screen: "Dashboard") -> None:
    """Ask for a file, and write the answers of the hot updates to it, one per line."""
    rows = targets(screen)
    if not rows:
        return

    def write(name: str | None) -> None:
        if name is not None and name.strip():
            path = Path(name.strip()).expanduser()
            screen.run_worker(_export(screen, rows, path), group="export", exit_on_error=False)

    screen.open_prompt(f"Export {name_of(rows)} to", _file_name(screen, rows), write)


def _file_name(screen: "Dashboard", rows: "Sequence[Tracked]") -> str:
    now = datetime.fromtimestamp(screen.appearance.clock()).astimezone()
    return f"hot-update-{rows[0].ref.id}.json" if len(rows) == 1 else f"hot-updates-{now:%Y%m%d-%H%M%S}.jsonl"


async def _export(screen: "Dashboard", rows: "Sequence[Tracked]", path: Path) -> None:
    try:
        monitor = await screen.wait_for_monitor()
        answers = [await in_thread(partial(masked_answer, monitor, row.ref)) for row in rows]
        lines = [answer.replace("\n", " ").replace("\r", " ") for answer in answers if answer]
        if not lines:
            screen.show_message("No answer to export yet.")
            return
        await asyncio.to_thread(write_new, path, "".join(f"{line}\n" for line in lines))
        missing = f"; {len(rows) - len(lines)} without an answer" if len(lines) < len(rows) else ""
        screen.show_message(f"Exported {len(lines)} answer{'s' * (len(lines) != 1)} to {path}{missing}")
    except OSError as error:
        screen.show_message(f"Cannot write {path}: {error.strerror or error}.", "bar.error")
    except Exception as error:  # noqa: BLE001 - reported
        error_hooks.current_hooks().handle(error)


def write_new(path: Path, text: str) -> None:
    """Write `text` to a file that does not exist yet. Raises OSError."""
    if path.exists():
        raise FileExistsError(None, "it exists; choose another name")
    write_private(path, text)
