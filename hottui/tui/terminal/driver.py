"""Textual's driver for Unix terminals, extended for invalid input, stalled connections and job control."""

import asyncio
import contextvars
import errno
import os
import signal
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from hottui.runtime import shutdown
from hottui.tui.terminal import input_reader
from hottui.tui.terminal.cell_writer import CellWriter
from hottui.tui.terminal.window_title import WindowTitle
from hottui.tui.terminal.writer import TerminalWriter

_RESTORE_TIMEOUT = 0.4
"""Seconds allowed for writing the sequences that restore the terminal."""
_AFTER_STOP = 0.05
"""Seconds between SIGCONT and drawing, so that signals received meanwhile are handled first."""
_CHECK_INTERVAL = 0.5
"""Seconds between checks that the terminal and the parent exist; usually a signal or a failed read comes first."""
_AFTER_RESIZE = 0.25
"""Seconds after the last SIGWINCH until everything is redrawn: a terminal may change its cells before or after it."""
_MOST_COLUMNS, _MOST_ROWS = 1_000, 500
"""Limits beyond any real terminal; a pty can be set to 65,535 in both directions, which would exhaust memory."""
_RESTORE = (
    b"\x1b\\"  # terminates an incomplete sequence
    b"\x1b[?2026l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?2048l\x1b[?2004l\x1b[?1004l"
    b"\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[m"
)
"""Resets every mode that Textual enables."""


class TerminalDriver(LinuxDriver):
    """Never blocks the event loop, and does not touch the terminal while it is in the background.

    SIGTSTP and SIGCONT are handled on the event loop. Textual would stop for good where no shell can continue it, and
    after a SIGSTOP mistake its own terminal settings for the user's.
    """

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._terminal = sys.__stderr__ or sys.stderr
        self.exit_event = self._stop_reading = input_reader.StopEvent()
        self._drawing = self._is_ending = False
        self._writer: TerminalWriter | None = None
        self._cells = CellWriter()
        self._title = WindowTitle()
        self._resized: asyncio.TimerHandle | None = None
        self._context = contextvars.copy_context()  # holds Textual's active app
        self._read: list[Message] = []
        stopping: dict[int, Callable[[], None]] = {
            signal.SIGTSTP: self._stop,
            signal.SIGCONT: self._continued,
        }
        shutdown.on_signal(self._end, self.restore_at_once, stopping)
        self._watch = shutdown.OrphanDetector(self.fileno)
        self._loop.call_later(_CHECK_INTERVAL, self._check_terminal)

    # Writing

    def is_ready_for_frame(self) -> bool:
        """Return whether a frame can be written now. After dropped frames, everything is redrawn later."""
        return self._writer is not None and not self._writer.should_drop_frame()

    def write(self, data: str) -> None:
        """Queue text for writing; does not block, and writes nothing while the terminal belongs to another program."""
        if self._writer is not None and self._drawing:
            self._writer.write(self._cells.reduce(data, Size(*self._get_terminal_size())))

    def set_title(self, text: str) -> None:
        """Set the window title; the one before is restored at the end, and while the program is stopped."""
        if self._title.change(text) and self._drawing:
            self.write(self._title.show())

    def _catch_up(self) -> None:
        """Redraw after dropped frames, once everything queued was written."""
        self._from_thread(self._draw_all)

    def _writer_failed(self, fault: Exception) -> None:
        """Restore the terminal directly after the writer failed, and report the error."""
        self._from_thread(self.restore_at_once)
        self._broken(fault)

    def _draw_all(self) -> None:
        for screen in self._app.screen_stack:
            screen.refresh(layout=True)
            for widget in screen.walk_children():
                widget.refresh()

    # Starting and stopping

    def start_application_mode(self) -> None:
        """Enter application mode, unless the process is in the background."""
        if not self._is_in_foreground():
            self._wait_in_background()
            return
        self._writer = TerminalWriter(
            self._terminal.fileno(), self._terminal.encoding, self._catch_up, self._writer_failed
        )
        self._drawing = True
        self._cells.forget()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # untyped in Textual
        self.write(self._title.show())
        self._follow_resizes()

    def _follow_resizes(self) -> None:
        """Redraw after a resize even if the size is the same again: terminals move or drop cells meanwhile."""
        handle = signal.getsignal(signal.SIGWINCH)
        if not callable(handle):
            return

        def resized(number: int, frame: FrameType | None) -> None:
            self._cells.forget()
            handle(number, frame)
            self._from_thread(self._redraw_after_resize)

        signal.signal(signal.SIGWINCH, resized)

    def _redraw_after_resize(self) -> None:
        if self._resized:
            self._resized.cancel()
        self._resized = self._loop.call_later(_AFTER_RESIZE, self.redraw)

    def redraw(self) -> None:
        """Write every cell again, also those that have not changed."""
        self._cells.forget()
        self._draw_all()

    def stop_application_mode(self) -> None:
        """Restore the terminal; only once."""
        if self._drawing:
            self._leave_terminal_settings()
            self.write(self._title.restore())
            super().stop_application_mode()
            self._drawing = False

    def disable_input(self) -> None:
        """Stop reading input."""
        if self._drawing:
            self._leave_terminal_settings()
            super().disable_input()

    def close(self) -> None:
        """Flush pending output, with a time limit."""
        super().close()
        if self._writer is not None:
            self._writer.close(_RESTORE_TIMEOUT)
            self._writer = None

    def restore_at_once(self) -> None:
        """Restore the terminal without blocking, for a forced exit."""
        if not self._drawing:
            return
        with suppress(OSError, termios.error):  # it is gone or blocked
            # opened again: O_NONBLOCK belongs to the open file, and the inherited one is shared with the shell
            terminal = os.open(os.ttyname(self.fileno), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
            os.write(terminal, _RESTORE + self._title.restore().encode())
            if self.attrs_before is not None and self._is_in_foreground():
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    def _leave_terminal_settings(self) -> None:
        """In the background, leave the terminal settings to the shell; changing them would stop the process."""
        if not self._is_in_foreground():
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            self.attrs_before = None

    def _is_in_foreground(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError as refused:
            return refused.errno == errno.ENOTTY  # not the controlling terminal, so there is no job control

    # Shutdown

    def limit_shutdown(self) -> None:
        """Limit the time of a shutdown: a DNS lookup or a blocked disk must not delay it."""
        shutdown.exit_within(self._app.return_code or 0, self.restore_at_once, shutdown.QUIT_DEADLINE)

    def _end(self, code: int) -> None:
        """Shut down cleanly, with a deadline, even if an earlier shutdown is stuck."""
        if self._is_ending:
            return
        self._is_ending = True
        shutdown.exit_within(code, self.restore_at_once)
        if self._app.return_code is None:
            self._app.exit(return_code=code)

    def _lost(self) -> None:
        self._end(128 + signal.SIGHUP)

    def _check_terminal(self) -> None:
        if self._watch.lost():
            self._lost()
            return
        self._check_size()
        self._loop.call_later(_CHECK_INTERVAL, self._check_terminal)

    def _check_size(self) -> None:
        """Resize what has another size than the terminal.

        Textual forwards a resize to its screens with a timer of 8 ms, which never fires if this process does not run
        for as long just after it has started the timer.
        """
        if not self._drawing:
            return
        size = Size(*self._get_terminal_size())
        resize = events.Resize(size, size)
        if self._app.size != size:
            self._app.post_message(resize)
            return
        for screen in self._app.screen_stack:
            if screen.outer_size != size:
                screen.post_message(resize)

    # Job control

    def _stop(self) -> None:
        """Restore the terminal and stop the whole process group, as ctrl-z does.

        The kernel ignores it in an orphaned process group; then the dashboard is redrawn at once.
        """
        if self._drawing:
            self.suspend_application_mode()
        self._must_signal_resume = True
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(0, signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, shutdown.ignore)
        self._loop.call_later(_AFTER_STOP, self._resume)

    def _continued(self) -> None:
        """Redraw after a SIGSTOP, before which the terminal could not be restored."""
        if self._drawing:
            self.suspend_application_mode()
            self._loop.call_later(_AFTER_STOP, self._resume)

    def _resume(self) -> None:
        if self._drawing or self._app.return_code is not None:
            return
        self.resume_application_mode()
        self._draw_all()

    def _wait_in_background(self) -> None:
        """Stop until moved to the foreground, like any program that reads the terminal."""
        os.kill(os.getpid(), signal.SIGTTIN)
        self._loop.call_later(_AFTER_STOP, self._resume)

    def _sigcont_application(self, *_: object) -> None:
        """Disable Textual's SIGCONT handler."""

    # Reading

    def run_input_thread(self) -> None:
        """Read input until the exit event is set or the terminal is gone."""
        if not input_reader.read(self.fileno, self._stop_reading, self._deliver):
            self._from_thread(self._lost)

    def _deliver(self, batch: list[Message]) -> None:
        """Post the messages of one read together, in order."""
        for message in batch:
            self.process_message(message)
        read, self._read = self._read, []
        self._from_thread(self._post, read)

    def send_message(self, message: Message) -> None:
        """Collect a message from `process_message`."""
        self._read.append(message)

    def _post(self, messages: list[Message]) -> None:
        for message in messages:
            self._app.post_message(message)

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as fault:  # noqa: BLE001 - passed to the app; Textual would print it with exit code 0
            self._broken(fault)

    def _broken(self, fault: Exception) -> None:
        self._from_thread(self._app._handle_exception, fault)

    def _from_thread(self, act: Callable[..., None], *given: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act, *given, context=self._context)

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return columns and rows of the terminal; COLUMNS and LINES in the environment do not follow a resize."""
        try:
            columns, rows = os.get_terminal_size(self._terminal.fileno())
        except OSError:
            columns = rows = 0
        return min(columns or 80, _MOST_COLUMNS), min(rows or 25, _MOST_ROWS)

    def _query_in_band_window_resize(self) -> None:
        """Do not enable in-band resize reports, nor mouse positions in pixels, which Textual enables with them.

        SIGWINCH reports resizes. Any bytes that look like a report would count as one, and mouse positions are valid
        only while both sides agree on their unit.
        """
