"""Key actions that copy to the terminal's clipboard. Secrets are never copied.

`copy` and `copy_shown_value` are for any screen, `masked_answer` is for exports; each other public function is an
action of the dashboard.
"""

from functools import partial
from typing import TYPE_CHECKING, Any

from hottui.model.control_characters import shorten, visible_block
from hottui.model.ref import Ref
from hottui.runtime import error_hooks, garbage_collection
from hottui.tui.background_thread import in_thread
from hottui.tui.screens.marking_actions import targets
from hottui.tui.terminal.clipboard import LIMIT, TooLong
from hottui.tui.workers import start_worker

if TYPE_CHECKING:
    from hottui.monitor.interface import Answers
    from hottui.tui.screens.dashboard import Dashboard
    from hottui.tui.screens.full_screen import FullScreen


def copy(screen: "FullScreen[Any]", text: str, what: str) -> None:
    """Copy `text` with control characters escaped, so that pasting it has no side effects."""
    try:
        if len(text) > LIMIT:
            raise TooLong.of(text)
        screen.app.copy_to_clipboard(visible_block(text))
    except TooLong as error:
        screen.show_message(f"{error} Print it with `hottui get -o json`.", "bar.warning")
    else:
        screen.show_message(f"Copied {what}: {shorten(text, 60)}")


def copy_shown_value(screen: "FullScreen[Any]", value: str | None) -> None:
    """Copy the value under the cursor of a view, unless it is masked."""
    from hottui.model.masking import MASK  # noqa: PLC0415 - off the start-up path

    if value == MASK:
        screen.show_message("Secrets cannot be copied: the value is masked.", "bar.warning")
    elif value:
        copy(screen, value, "value")
    else:
        screen.show_message("No value under the cursor.")


def copy_id(screen: "Dashboard") -> None:
    """Copy the IDs, separated by spaces: a pasted line end would run a command."""
    rows = targets(screen)
    if rows:
        copy(screen, " ".join(row.ref.id for row in rows), "ID" if len(rows) == 1 else f"{len(rows)} IDs")


def copy_value(screen: "Dashboard") -> None:
    """Copy the value under the cursor of the detail."""
    if screen.secrets_shown:
        key = screen.appearance.key("reveal")
        screen.show_message(f"Copying is disabled while secrets are shown. Press {key} to mask them.", "bar.warning")
    else:
        copy_shown_value(screen, screen.detail.value if screen.detail else None)


def copy_json(screen: "Dashboard") -> None:
    """Copy the answers with their secrets masked, one per line.

    Other keys act meanwhile: masking a large answer takes seconds.
    """
    refs = [row.ref for row in targets(screen)]
    if refs:
        start_worker(screen, partial(_copy_json, screen, refs), "copy", exclusive=True)


async def _copy_json(screen: "Dashboard", refs: list[Ref]) -> None:
    try:
        monitor = await screen.wait_for_monitor()
        answers = [await in_thread(partial(masked_answer, monitor, ref)) for ref in refs]
        if any(answers):
            copy(screen, "\n".join(filter(None, answers)), "JSON")
        else:
            screen.show_message("No answer to copy yet.")
    except Exception as error:  # noqa: BLE001 - reported
        error_hooks.current_hooks().handle(error)


def masked_answer(answers: "Answers", ref: Ref) -> str:
    """Return the last answer with its secrets masked; empty if there is none."""
    from hottui.model.masking import mask_answer  # noqa: PLC0415 - off the start-up path

    observation = answers.observation(ref)
    if observation is None:
        return ""
    with garbage_collection.postponed(when=garbage_collection.is_large(observation.answer)):
        return mask_answer(observation.answer)
