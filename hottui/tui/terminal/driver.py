"""Textual's driver for Unix terminals, made to outlast bad input, a link that stands still, and being stopped."""

import contextvars
import errno
import os
import signal
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from hottui.runtime import shutdown
from hottui.tui.terminal import input_reader
from hottui.tui.terminal.writer import TerminalWriter

_LAST_WORDS = 0.4
"""Seconds that a terminal is given to take what restores it."""
_AFTER_STOP = 0.05
"""Seconds between being continued and drawing: a signal that came meanwhile is heard first."""
_LOOK_EVERY = 0.5
"""Seconds between two looks whether the terminal and the parent are there; mostly a signal or a read tells first."""
_MOST_COLUMNS, _MOST_ROWS = 1_000, 500
"""More cells than any screen has; a pty can be set to 65,535 in both directions, which is more than memory holds."""
_RESTORE = (
    b"\x1b\\"  # ends whatever sequence was cut short
    b"\x1b[?2026l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?2048l\x1b[?2004l\x1b[?1004l"
    b"\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[m"
)
"""Everything Textual turns on, turned off."""


class TerminalDriver(LinuxDriver):
    """Never blocks the event loop, and leaves the terminal to others whenever it is theirs.

    Signals that stop and continue are heard on the event loop, not wherever Python happens to be. Textual would stop
    itself for good where no shell can continue it, and take its own settings for the user's after a SIGSTOP.
    """

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._terminal = sys.__stderr__ or sys.stderr
        self._drawing = self._told_to_end = False
        self._outlet: TerminalWriter | None = None
        self._context = contextvars.copy_context()  # Textual finds the app in it
        self._read: list[Message] = []
        stopping: dict[int, Callable[[], None]] = {
            signal.SIGTSTP: self._stop,
            signal.SIGCONT: self._continued,
        }
        shutdown.on_signal(self._end, self.restore_at_once, stopping)
        self._watch = shutdown.OrphanDetector(self.fileno)
        self._loop.call_later(_LOOK_EVERY, self._look)

    # Writing

    def takes_a_frame(self) -> bool:
        """Whether a frame can be written now. After one was left out, all is drawn anew once the terminal keeps up."""
        return self._outlet is not None and not self._outlet.leave_out()

    def write(self, data: str) -> None:
        """Hand text over; nothing waits for the terminal, and nothing is written while it is somebody else's."""
        if self._outlet is not None and self._drawing:
            self._outlet.write(data)

    def _catch_up(self) -> None:
        """The terminal has taken all it was given, but frames were left out."""
        self._from_a_thread(self._draw_all)

    def _mute(self, fault: Exception) -> None:
        """Nothing is written any more, not even what restores the terminal: that is done another way."""
        self._from_a_thread(self.restore_at_once)
        self._broken(fault)

    def _draw_all(self) -> None:
        for screen in self._app.screen_stack:
            screen.refresh(layout=True)
            for widget in screen.walk_children():
                widget.refresh()

    # Beginning and ending

    def start_application_mode(self) -> None:
        """Take the terminal over, unless it is somebody else's at the moment."""
        if not self._in_front():
            self._wait_in_the_background()
            return
        self._outlet = TerminalWriter(self._terminal.fileno(), self._terminal.encoding, self._catch_up, self._mute)
        self._drawing = True
        super().start_application_mode()  # type: ignore[no-untyped-call]  # as Textual has it

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was found; once."""
        if self._drawing:
            self._keep_out_of_the_way()
            super().stop_application_mode()
            self._drawing = False

    def disable_input(self) -> None:
        """Hear no more keys."""
        if self._drawing:
            self._keep_out_of_the_way()
            super().disable_input()

    def close(self) -> None:
        """Let the last words out, as far as the terminal takes them."""
        super().close()
        if self._outlet is not None:
            self._outlet.close(_LAST_WORDS)
            self._outlet = None

    def restore_at_once(self) -> None:
        """Restore the terminal without waiting for anything, for an end that cannot be a clean one."""
        if not self._drawing:
            return
        with suppress(OSError, termios.error):  # it is gone or takes nothing: there is nothing to restore it with
            # opened anew, because not to wait is told of an opening, and the one at hand is the shell's too
            os.write(os.open(os.ttyname(self.fileno), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY), _RESTORE)
            if self.attrs_before is not None and self._in_front():
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    def _keep_out_of_the_way(self) -> None:
        """In the background the terminal's settings are the shell's; touching them would stop the process."""
        if not self._in_front():
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            self.attrs_before = None

    def _in_front(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError as refused:
            return refused.errno == errno.ENOTTY  # not the terminal of a shell's jobs, so nobody else's either

    # Ending

    def leaving(self) -> None:
        """The app is asked to end. A name that is looked up, or a disk that hangs, must not keep it for long."""
        shutdown.exit_within(self._app.return_code or 0, self.restore_at_once, shutdown.QUIT_DEADLINE)

    def _end(self, code: int) -> None:
        """Leave cleanly, and in any case soon, also where the user has asked for it before and something keeps it."""
        if self._told_to_end:
            return
        self._told_to_end = True
        shutdown.exit_within(code, self.restore_at_once)
        if self._app.return_code is None:
            self._app.exit(return_code=code)

    def _lost(self) -> None:
        self._end(128 + signal.SIGHUP)

    def _look(self) -> None:
        if self._watch.lost():
            self._lost()
        else:
            self._loop.call_later(_LOOK_EVERY, self._look)

    # Being stopped and continued

    def _stop(self) -> None:
        """Give the terminal back and stop the whole job, as the terminal's own ctrl-z does.

        The system refuses where nobody could continue it: then all is drawn again at once.
        """
        if self._drawing:
            self.suspend_application_mode()
        self._must_signal_resume = True
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(0, signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, shutdown.ignore)
        self._loop.call_later(_AFTER_STOP, self._come_back)

    def _continued(self) -> None:
        """After a SIGSTOP nobody gave the terminal back; what is on it now is not known."""
        if self._drawing:
            self.suspend_application_mode()
            self._loop.call_later(_AFTER_STOP, self._come_back)

    def _come_back(self) -> None:
        if self._drawing or self._app.return_code is not None:
            return
        self.resume_application_mode()
        self._draw_all()

    def _wait_in_the_background(self) -> None:
        """Stop until brought to the front, as every program that wants keys does there."""
        os.kill(os.getpid(), signal.SIGTTIN)
        self._loop.call_later(_AFTER_STOP, self._come_back)

    def _sigcont_application(self, *_: object) -> None:
        """Textual's way back; it is not gone here."""

    # Reading

    def run_input_thread(self) -> None:
        """Read keys until told to stop, or until the terminal is gone."""
        if not input_reader.read(self.fileno, self.exit_event, self._deliver):
            self._from_a_thread(self._lost)

    def _deliver(self, batch: list[Message]) -> None:
        """Hand over what was read together; nothing acts before all of it is there."""
        for message in batch:
            self.process_message(message)
        read, self._read = self._read, []
        self._from_a_thread(self._post, read)

    def send_message(self, message: Message) -> None:
        """Take a message that `process_message` has made of one that was read."""
        self._read.append(message)

    def _post(self, messages: list[Message]) -> None:
        for message in messages:
            self._app.post_message(message)

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as fault:  # noqa: BLE001 - handed on; Textual would print it with exit code 0
            self._broken(fault)

    def _broken(self, fault: Exception) -> None:
        self._from_a_thread(self._app._handle_exception, fault)

    def _from_a_thread(self, act: Callable[..., None], *given: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act, *given, context=self._context)

    def _get_terminal_size(self) -> tuple[int, int]:
        """Columns and rows of the terminal itself; COLUMNS and LINES in the environment do not follow a resize."""
        try:
            columns, rows = os.get_terminal_size(self._terminal.fileno())
        except OSError:
            columns = rows = 0
        return min(columns or 80, _MOST_COLUMNS), min(rows or 25, _MOST_ROWS)

    def _query_in_band_window_resize(self) -> None:
        """Ask for no resize reports and so for no mouse in pixels, which Textual turns on with them.

        The size is the system's, and it reports each change of it by a signal. A report would also be whatever bytes
        look like one, and mouse positions are only read rightly while both sides agree on their unit.
        """
