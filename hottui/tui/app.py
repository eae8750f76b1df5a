"""The Textual app: loads the theme, shows the dashboard, and starts the monitor after the first frame."""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import App
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.filter import ANSIToTruecolor, LineFilter, Monochrome
from textual.message import Message
from textual.theme import Theme

from hottui import paths
from hottui.model.control_characters import visible
from hottui.monitor.interface import Connection
from hottui.render.glyphs import ASCII, UNICODE
from hottui.runtime import error_hooks, garbage_collection, shutdown
from hottui.tui import themes
from hottui.tui.appearance import Appearance, AsciiFilter, ColorlessFilter, PaletteFilter, colors_unwanted
from hottui.tui.commands import Scope, bindings_for
from hottui.tui.dashboard_options import DashboardOptions, Unsaved
from hottui.tui.keymap import read_keymap
from hottui.tui.messages import ErrorReported, SnapshotChanged, TransitionObserved
from hottui.tui.notifications import CHECKED_EVERY, Notifications
from hottui.tui.screens.dashboard import Dashboard
from hottui.tui.screens.full_screen import FullScreen
from hottui.tui.screens.reuse import reusable
from hottui.tui.session_log import NOTIFIED, TROUBLE
from hottui.tui.terminal import clipboard, input_errors
from hottui.tui.terminal.driver import TerminalDriver
from hottui.tui.terminal.input_limits import KEYS
from hottui.tui.terminal.input_queue import InputQueue
from hottui.tui.terminal.input_tokenizer import PASTE_LIMIT
from hottui.tui.widgets.status_text import window_title

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.command import Provider
    from textual.screen import Screen

    from hottui.model.ref import Ref
    from hottui.model.tracking import Tracked, Transition
    from hottui.monitor.snapshot import Snapshot

_SAVED_WITHIN = 0.3
"""Seconds to wait for the store before quitting reports unsaved changes."""


def _command_provider() -> "type[Provider]":
    from hottui.tui.command_palette import CommandProvider  # noqa: PLC0415 - most sessions never open the palette

    return CommandProvider


def _hot_update_provider() -> "type[Provider]":
    from hottui.tui.command_palette import HotUpdateProvider  # noqa: PLC0415 - as above

    return HotUpdateProvider


class Hottui(App[int]):
    """The dashboard. `clock` gives seconds since the epoch."""

    TITLE = "hottui"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for(Scope.EVERYWHERE)]
    COMMANDS = {_command_provider, _hot_update_provider}  # noqa: RUF012 - declared so in Textual
    CSS = """
    ModalScreen, Palette { background: transparent; }
    Palette > .command-palette--help-text { color: $text-muted; text-style: not bold; }
    CommandList:nocolor > .option-list--option-highlighted { text-style: bold underline; }
    """
    """Tints and dim texts would have too little contrast. Without colours Textual's own rule for the palette is
    reverse video, which has no effect there."""

    def __init__(self, options: DashboardOptions, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(driver_class=TerminalDriver)
        self.keymap = read_keymap(options.keys)
        self.input = InputQueue(self, super().post_message, self._input_dropped, self.keymap)
        self.options = options
        self.fault = ""
        """Message about a fatal internal error, printed after the terminal is restored."""
        self._connection: Connection | None = None
        self.no_color = colors_unwanted(os.environ)
        few_colors = self.console.color_system not in {"256", "truecolor"}
        self.appearance = Appearance(
            ASCII if options.ascii else UNICODE,
            clock,
            plain_cursor=self.no_color or few_colors,
            commands=self.keymap.commands,
        )
        self.notifications = Notifications(
            options.notify,
            clock(),
            self.write_to_terminal,
            record=options.record,
            report=self._report_command,
            sent=self._log_sent,
        )
        self._plain: list[LineFilter] = [AsciiFilter()] if options.ascii else []
        self._plain += [ColorlessFilter()] if self.no_color else []
        self.loaded_themes = themes.load(options.theme_folders)
        for name in self.available_themes:
            self.unregister_theme(name)  # they have no colours for states and groups
        for theme in self.loaded_themes.themes:
            self.register_theme(theme)
        self._palette = PaletteFilter()
        wanted = (
            self.loaded_themes.find(options.theme)
            or self.loaded_themes.find(themes.FEW_COLORS if few_colors else themes.DEFAULT)
            or self.loaded_themes.themes[0]
        )
        self._apply_theme(wanted)
        self.theme = wanted.name
        missing: tuple[str, ...] = ()
        if options.theme not in {"", wanted.name}:
            missing = (f"No theme named {visible(options.theme)}; using {wanted.name}.",)
        notices = (*options.notices, *self.keymap.problems, *self.loaded_themes.failures, *missing)
        self.dashboard = Dashboard(replace(options, notices=notices), self.appearance)
        for notice in notices:
            self.dashboard.session_log.add(clock(), TROUBLE, notice, "warning")

    def get_default_screen(self) -> Dashboard:
        """Return the dashboard, the screen under all others."""
        return self.dashboard

    def post_message(self, message: Message) -> bool:
        """Queue `message`; typed input is delivered only after earlier input has taken effect."""
        return self.input.put(message) if InputQueue.takes(message) else super().post_message(message)

    def show_message(self, text: str, style: str = "bar") -> None:
        """Show `text` in the topmost footer: those below it are hidden."""
        self._full_screen.show_message(text, style)

    @property
    def _full_screen(self) -> FullScreen[Any]:
        """The topmost screen that fills the terminal."""
        return next((each for each in reversed(self.screen_stack) if isinstance(each, FullScreen)), self.dashboard)

    def _input_dropped(self, count: int) -> None:
        self.show_message(f"Too much input at once: ignored {count:,} keys.", "bar.warning")

    def on_mount(self) -> None:
        """Start the input queue, and connect after the first frame."""
        if self.keymap.bindings:
            self.set_keymap(self.keymap.bindings)
        self.run_worker(self.input.run(), name="input", group="input")
        error_hooks.current_hooks().install_on_loop(asyncio.get_running_loop())
        error_hooks.current_hooks().add_listener(self._post_error)
        self.animation_level = "none"
        self._set_title(self.dashboard.tracked)
        if self.options.notify.is_active:
            self.set_interval(CHECKED_EVERY, self._notify)
        self.call_after_refresh(self._run_monitor)

    @work(group="engine", exclusive=True)
    async def _run_monitor(self) -> None:
        if not self.is_headless:  # tests must see every error
            input_errors.contain(self)
        self._connection = connection = await asyncio.to_thread(self.options.connect)
        try:
            self.dashboard.attach(connection.monitor)
            connection.monitor.listen(self._post_snapshot, self._post_transition)
            garbage_collection.after_startup()
            await connection.run()
        finally:
            await connection.close()

    def _post_snapshot(self, snapshot: "Snapshot") -> None:
        snapshot = self.options.shown(snapshot)
        self._set_title(snapshot.tracked)
        self.notifications.observe(snapshot.tracked)
        self.dashboard.session_log.add_snapshot(snapshot)
        self.dashboard.latest = snapshot
        shown = replace(snapshot, tracked=self.dashboard.view.of(snapshot.tracked))
        for screen in self.screen_stack:
            screen.post_message(SnapshotChanged(shown))

    def _set_title(self, tracked: "tuple[Tracked, ...]") -> None:
        if isinstance(self._driver, TerminalDriver):
            self._driver.set_title(window_title(tracked, self.appearance.glyphs))

    def _log_sent(self, text: str, ref: "Ref") -> None:
        self.dashboard.session_log.add(self.appearance.clock(), NOTIFIED, text, "accent", ref)

    def _report_command(self, failure: str) -> None:
        self.dashboard.session_log.add(self.appearance.clock(), TROUBLE, failure, "warning")
        self.show_message(f"{failure} See the log (--log FILE).", "bar.warning")

    def _notify(self) -> None:
        text = self.notifications.tick(self.appearance.clock(), self.dashboard.usual_durations)
        if text:
            self.run_worker(self.notifications.show_on_desktop(text), group="notify")

    def _post_transition(self, transition: "Transition") -> None:
        self.notifications.add(transition)
        self.dashboard.session_log.add_transition(transition)
        for screen in self.screen_stack:
            screen.post_message(TransitionObserved(transition))

    def _post_error(self, text: str) -> None:
        self.post_message(ErrorReported(text))

    def on_error_reported(self, event: ErrorReported) -> None:
        """Show the error; the command line prints it again at exit."""
        self.dashboard.session_log.add(self.appearance.clock(), TROUBLE, event.text, "error")
        self.show_message(event.text, "bar.error")

    def on_too_many_keys(self) -> None:
        """Report ignored keys."""
        self.show_message(f"Too much input at once: ignored more than {KEYS:,} keys.", "bar.warning")

    def on_paste_too_long(self) -> None:
        """Report an ignored paste."""
        text = f"Pasted text too long: ignored more than {PASTE_LIMIT:,} characters."
        self.show_message(text, "bar.warning")

    def _display(self, screen: "Screen[Any]", renderable: "RenderableType | None") -> None:
        """Write a frame, unless the terminal is still behind."""
        if not isinstance(self._driver, TerminalDriver) or self._driver.is_ready_for_frame():
            super()._display(screen, renderable)

    @property
    def unsaved(self) -> Unsaved | None:
        """The changes that are not saved, and why; None when everything is saved."""
        monitor = self._connection.monitor if self._connection else None
        if monitor is None or not monitor.unsaved_changes:
            return None
        trouble = monitor.store_trouble
        return Unsaved(monitor.unsaved_changes, *((trouble.message, trouble.hint) if trouble else ("", "")))

    def run(self, **options: Any) -> int | None:
        """Run the app. After it, signals end the process at once, but cleanups still run."""
        try:
            return super().run(**options)
        finally:
            self.dashboard.layout_memory.wait(_SAVED_WITHIN)
            shutdown.exit_at_once_on_signals()

    def exit(self, result: int | None = None, return_code: int = 0, message: "RenderableType | None" = None) -> None:
        """Exit, and stop waiting for a terminal that is behind."""
        super().exit(result, return_code, message)
        self.notifications.close()
        if isinstance(self._driver, TerminalDriver):
            self._driver.limit_shutdown()

    def _handle_exception(self, error: Exception) -> None:
        from hottui.runtime import crash_report  # noqa: PLC0415 - needed only on a crash

        if self.return_code is not None and isinstance(crash_report.cause(error), NoMatches):
            return  # while exiting, Textual's palette queries widgets that are already removed
        self.fault = self.fault or crash_report.write_report(error, paths.state_dir())
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Exit; Textual would print a traceback with the values of variables."""
        self._close_messages_no_wait()

    def get_line_filters(self) -> list[LineFilter]:
        """Return Textual's filters except Monochrome, plus those for few colours, ASCII and no colour if needed."""
        own = [each for each in super().get_line_filters() if not isinstance(each, Monochrome)]
        if isinstance(self.current_theme, themes.PaletteTheme):  # what a modal screen does not cover passes twice
            own = [self._palette, *(each for each in own if not isinstance(each, ANSIToTruecolor))]
        return [*own, *self._plain]

    def action_help(self) -> None:
        """Show the help over whatever screen is open, or close it."""
        from hottui.tui.screens.help import Help  # noqa: PLC0415 - rarely needed

        if isinstance(self.screen, Help):
            self.screen.dismiss()
        elif (help_screen := reusable(self, Help, lambda: Help(self.appearance))) is not None:
            help_screen.set_scope(self._full_screen.footer_state.scopes[0])
            self.push_screen(help_screen)

    def action_redraw(self) -> None:
        """Redraw the screen."""
        if isinstance(self._driver, TerminalDriver):
            self._driver.redraw()

    def action_command_palette(self) -> None:
        """Show the command palette."""
        from hottui.tui.command_palette import Palette  # noqa: PLC0415 - most sessions never open it

        if not Palette.is_open(self):  # type: ignore[arg-type]  # it accepts any app
            self.push_screen(Palette(id="--command-palette"))

    async def action_quit(self) -> None:
        """Quit. Unsaved changes are retried while the monitor shuts down."""
        monitor = self.dashboard.monitor
        if monitor is not None and not await monitor.wait_until_saved(_SAVED_WITHIN):
            count = len(monitor.unsaved_changes)
            changes = "1 change" if count == 1 else f"{count} changes"
            self.show_message(f"{changes} not saved yet; retrying.", "bar.warning")
            drawn = asyncio.Event()
            self.call_after_refresh(drawn.set)
            with suppress(TimeoutError):
                async with asyncio.timeout(_SAVED_WITHIN):
                    await drawn.wait()
        self.exit(0)

    def watch_theme(self, name: str) -> None:
        """Redraw everything in the colours of theme `name`."""
        self._apply_theme(self.loaded_themes.find(name))
        for screen in self.screen_stack:
            for widget in screen.walk_children():
                widget.refresh()

    def _apply_theme(self, theme: Theme | None) -> None:
        if theme is not None:
            self.appearance.use_colors(themes.colors_of(theme))

    def copy_to_clipboard(self, text: str) -> None:
        """Copy `text` to the clipboard of the user's terminal. Raises clipboard.TooLong."""
        sequence = clipboard.osc52(text)
        self.run_worker(partial(clipboard.load_into_tmux, text), thread=True, group="clipboard")
        self.write_to_terminal(sequence)  # Textual's own method ignores tmux and screen

    def write_to_terminal(self, sequence: str) -> None:
        """Write a sequence that changes nothing on the screen."""
        if self._driver is not None:
            self._driver.write(sequence)
