"""Ask for the name of a file, and write a plan to it."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from hottui.model.control_characters import visible
from hottui.render.plan_export import UnknownFormat
from hottui.runtime import error_hooks
from hottui.tui.background_thread import in_thread
from hottui.tui.screens.export_actions import write_new
from hottui.tui.screens.full_screen import FullScreen
from hottui.tui.workers import start_worker


def ask_for_file(screen: FullScreen[Any], name: str, text_for: Callable[[Path], str]) -> None:
    """Write the text for a file to it. `text_for` may be slow, and raises UnknownFormat."""

    def write(entered: str | None) -> None:
        if entered is not None and entered.strip():
            path = Path(entered.strip()).expanduser().absolute()
            start_worker(screen, partial(_write, screen, path, text_for), "export")

    screen.open_prompt("Write the plan (.svg, .txt, .dot, .mmd) to", name, write)


async def _write(screen: FullScreen[Any], path: Path, text_for: Callable[[Path], str]) -> None:
    try:
        text = await in_thread(partial(text_for, path))
        await asyncio.to_thread(write_new, path, text)
        screen.show_message(f"Wrote the plan to {path}")
    except UnknownFormat as error:
        screen.show_message(str(error), "bar.warning")
    except OSError as error:
        screen.show_message(f"Cannot write {visible(str(path))}: {error.strerror or error}.", "bar.error")
    except Exception as error:  # noqa: BLE001 - reported
        error_hooks.current_hooks().handle(error)
