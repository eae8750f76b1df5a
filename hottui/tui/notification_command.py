"""Runs the command of `[notify]` for one notification after the other, in a thread."""

import asyncio
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from hottui.analysis.notification import Notification, merged
from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.render.notification_text import notification_lines, notification_variables
from hottui.runtime.process_group import ProcessFailed, run_in_group

TIME_LIMIT: Final = 30.0
"""Seconds after which the command and the processes it has started are killed."""
_MOST_LINES: Final = 50
"""Lines of output of one run that are logged."""


class NotificationCommand:
    """Runs `command` with the events as JSON lines on standard input; while it runs, what follows is collected.

    Each line of its output is passed to `record`. The first failure is passed to `report`, later ones only to `record`
    until it succeeds again.
    """

    def __init__(self, command: tuple[str, ...], record: Callable[[str], None], report: Callable[[str], None]) -> None:
        self._command = command
        self._record = record
        self._report = report
        self._waiting: Notification | None = None
        self._running = self._failing = False
        self._stop = threading.Event()

    def send(self, notification: Notification, rows: Mapping[Ref, Tracked]) -> None:
        """Pass a notification to the command, now or together with others when it has ended."""
        self._waiting = merged(self._waiting, notification)
        self.run_waiting(rows)

    def run_waiting(self, rows: Mapping[Ref, Tracked]) -> None:
        """Run the command for what waits, unless it is running."""
        if self._running or self._waiting is None:
            return
        notification, self._waiting = self._waiting, None
        self._running = True
        lines = notification_lines(notification, rows).encode("utf-8", "replace")
        environment = {**os.environ, **notification_variables(notification, rows)}
        work = (asyncio.get_running_loop(), lines, environment)
        # Not a thread of a pool: Python would wait for it at the end.
        threading.Thread(target=self._run, args=work, name="hottui-notify", daemon=True).start()

    def _run(self, loop: asyncio.AbstractEventLoop, lines: bytes, environment: Mapping[str, str]) -> None:
        output, failure = b"", "The notification command could not be run."
        try:
            output = run_in_group(
                self._command, "notification command", TIME_LIMIT,
                input=lines, environment=environment, with_errors=True, stop=self._stop,
            )  # fmt: skip
            failure = ""
        except ProcessFailed as error:
            output, failure = error.output, error.message
        finally:
            with suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(self._ended, output, failure)

    def _ended(self, output: bytes, failure: str) -> None:
        self._running = False
        lines = output.decode("utf-8", "replace").splitlines()
        for line in lines[:_MOST_LINES]:
            self._record(f"notification command: {line}")
        if len(lines) > _MOST_LINES:
            self._record(f"notification command: {len(lines) - _MOST_LINES:,} more lines")
        if failure:
            self._record(failure)
            if not self._failing and not self._stop.is_set():
                self._report(failure)
        self._failing = bool(failure)

    def close(self) -> None:
        """Kill the command if it is running; nothing runs afterwards."""
        self._stop.set()
