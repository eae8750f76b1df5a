"""The Textual app: theme, the dashboard, and the live engine that starts behind the first frame."""

import asyncio
import gc
import os
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import work
from textual.app import App
from textual.css.query import NoMatches
from textual.filter import LineFilter, Monochrome
from textual.message import Message
from textual.theme import Theme

from hottui import paths
from hottui.model.control_characters import visible
from hottui.render.glyphs import ASCII, UNICODE
from hottui.runtime import error_hooks, shutdown
from hottui.tui import themes
from hottui.tui.appearance import Appearance
from hottui.tui.dashboard_options import Connection, DashboardOptions, Unsaved
from hottui.tui.screens.dashboard import Dashboard
from hottui.tui.terminal import clipboard, input_errors
from hottui.tui.terminal.color_filters import AsciiFilter, ColorlessFilter, colors_unwanted
from hottui.tui.terminal.driver import TerminalDriver
from hottui.tui.terminal.escape_sequences import PASTE_LIMIT
from hottui.tui.terminal.input_limits import KEYS
from hottui.tui.terminal.input_queue import InputQueue

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.command import Provider
    from textual.screen import Screen

    from hottui.monitor.snapshot import Snapshot

_COLLECT = (700, 10, 1)
"""Python's own thresholds, which the command line raises for the start, but for the last: every line that is drawn
leaves a knot of Textual's caches behind, old by the time nobody needs it. What came with the start is out of the
collector's sight, so that a look at all the rest takes milliseconds."""


def _command_provider() -> "type[Provider]":
    from hottui.tui.command_palette import CommandProvider  # noqa: PLC0415 - many never open the palette

    return CommandProvider


class Fresh(Message):
    """A snapshot of the monitor; a later one replaces it when the screen is behind."""

    def __init__(self, snapshot: "Snapshot") -> None:
        super().__init__()
        self.snapshot = snapshot

    def can_replace(self, message: Message) -> bool:
        """Only the last snapshot matters."""
        return isinstance(message, Fresh)


class Met(Message):
    """A fault in hottui that it went on after."""

    def __init__(self, message: str) -> None:
        super().__init__()
        self.message = message


class Hottui(App[int]):
    """The dashboard. `clock` gives seconds since the epoch."""

    TITLE = "hottui"
    COMMANDS = {_command_provider}  # noqa: RUF012 - as Textual declares it
    CSS = """
    CommandList:nocolor > .option-list--option-highlighted { text-style: bold underline; }
    """
    """Textual's own rule asks for reverse video, which it does not draw there."""

    def __init__(self, opening: DashboardOptions, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(driver_class=TerminalDriver)
        self.input = InputQueue(self, super().post_message, self._input_dropped)
        self.opening = opening
        self.fault = ""
        """What to tell about a fault in hottui itself, once the terminal is back."""
        self._connection: Connection | None = None
        self.no_color = colors_unwanted(os.environ)
        few_colors = self.console.color_system not in {"256", "truecolor"}
        self.look = Appearance(ASCII if opening.ascii else UNICODE, clock, plain_cursor=self.no_color or few_colors)
        self._plain: list[LineFilter] = [AsciiFilter()] if opening.ascii else []
        self._plain += [ColorlessFilter()] if self.no_color else []
        self.shelf = themes.load(opening.theme_folders)
        for name in self.available_themes:
            self.unregister_theme(name)  # they know nothing of states and groups
        for theme in self.shelf.themes:
            self.register_theme(theme)
        wanted = self.shelf.find(opening.theme) or self.shelf.find(themes.DEFAULT) or self.shelf.themes[0]
        self._wear(wanted)
        self.theme = wanted.name
        missing = (f"No theme named {visible(opening.theme)}.",) if opening.theme not in {"", wanted.name} else ()
        notices = (*opening.notices, *self.shelf.failures, *missing)
        self.dashboard = Dashboard(replace(opening, notices=notices), self.look)

    def get_default_screen(self) -> Dashboard:
        """The dashboard is the screen everything else opens over."""
        return self.dashboard

    def post_message(self, message: Message) -> bool:
        """Queue `message`; typed input waits until what was typed before it has taken effect."""
        return self.input.put(message) if InputQueue.takes(message) else super().post_message(message)

    def _input_dropped(self, count: int) -> None:
        self.dashboard.say(f"Too much input at once: {count:,} keys were ignored.", "bar.warning")

    def on_mount(self) -> None:
        """Connect once the first frame is painted."""
        self.run_worker(self.input.run(), name="input", group="input")
        error_hooks.current_hooks().install_on_loop(asyncio.get_running_loop())
        error_hooks.current_hooks().add_listener(self._met)
        self.animation_level = "none"
        self.call_after_refresh(self._live)

    @work(group="engine", exclusive=True)
    async def _live(self) -> None:
        if not self.is_headless:  # in tests every fault is to be seen
            input_errors.contain(self)
        self._connection = connection = await asyncio.to_thread(self.opening.connect)
        try:
            connection.monitor.listen(self._fresh, self.dashboard.moved)
            self.dashboard.connected(connection)
            gc.freeze()  # what is loaded by now stays: a collection need not look at it again and hold up the loop
            gc.set_threshold(*_COLLECT)
            await connection.run()
        finally:
            await connection.close()

    def _fresh(self, snapshot: "Snapshot") -> None:
        self.post_message(Fresh(snapshot))

    def on_fresh(self, event: Fresh) -> None:
        """Hand the snapshot to the dashboard."""
        self.dashboard.take(event.snapshot)

    def _met(self, message: str) -> None:
        self.post_message(Met(message))

    def on_too_many_keys(self) -> None:
        """Tell of keys that were ignored."""
        self.dashboard.say(f"More than {KEYS:,} keys arrived at once; they were ignored.", "bar.warning")

    def on_paste_too_long(self) -> None:
        """Tell of a paste that was ignored."""
        self.dashboard.say(f"The pasted text has more than {PASTE_LIMIT:,} characters; it was ignored.", "bar.warning")

    def on_met(self, event: Met) -> None:
        """Tell of the fault; at the end it is told again."""
        self.dashboard.say(event.message, "bar.error")

    def _display(self, screen: "Screen[Any]", renderable: "RenderableType | None") -> None:
        """Write a frame, or none while the terminal does not keep up."""
        if not isinstance(self._driver, TerminalDriver) or self._driver.takes_a_frame():
            super()._display(screen, renderable)

    @property
    def unsaved(self) -> Unsaved | None:
        """What the user changed that the store has not taken, and why; None when it has everything."""
        monitor = self._connection.monitor if self._connection else None
        if monitor is None or not monitor.unsaved_changes:
            return None
        trouble = monitor.store_trouble
        return Unsaved(monitor.unsaved_changes, *((trouble.message, trouble.hint) if trouble else ("", "")))

    def run(self, **options: Any) -> int | None:
        """Run to the end. What is to be tidied up after it is done even where a signal comes then."""
        try:
            return super().run(**options)
        finally:
            shutdown.exit_at_once_on_signals()

    def exit(self, result: int | None = None, return_code: int = 0, message: "RenderableType | None" = None) -> None:
        """End, whatever would keep the process."""
        super().exit(result, return_code, message)
        if isinstance(self._driver, TerminalDriver):
            self._driver.leaving()

    def _handle_exception(self, error: Exception) -> None:
        from hottui.runtime import crash_report  # noqa: PLC0415 - never needed, one hopes

        if self.return_code is not None and isinstance(crash_report.cause(error), NoMatches):
            return  # in the end widgets go one after another, and Textual's palette looks for one that is gone
        self.fault = self.fault or crash_report.write_report(error, paths.state_dir())
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End; Textual would print a traceback with the values of variables."""
        self._close_messages_no_wait()

    def get_line_filters(self) -> list[LineFilter]:
        """Textual's filters but for its greys, and the ones to ASCII and to no colour where that is wanted."""
        return [*(each for each in super().get_line_filters() if not isinstance(each, Monochrome)), *self._plain]

    def action_command_palette(self) -> None:
        """Show the command palette."""
        from hottui.tui.command_palette import Palette  # noqa: PLC0415 - many never open it

        if not Palette.is_open(self):  # type: ignore[arg-type]  # it takes any app
            self.push_screen(Palette(id="--command-palette"))

    def watch_theme(self, name: str) -> None:
        """Draw everything in the colours of theme `name`."""
        self._wear(self.shelf.find(name))
        for screen in self.screen_stack:
            for widget in screen.walk_children():
                widget.refresh()

    def _wear(self, theme: Theme | None) -> None:
        if theme is not None:
            self.look.wear(themes.colors_of(theme))

    def copy_to_clipboard(self, text: str) -> None:
        """Put `text` on the clipboard of the terminal in front. Raises clipboard.TooLong."""
        sequence = clipboard.osc52(text)
        self.run_worker(partial(clipboard.load_into_tmux, text), thread=True, group="clipboard")
        if self._driver is not None:  # Textual's own method writes past tmux and screen
            self._driver.write(sequence)
