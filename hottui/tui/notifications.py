"""Notifies the user of what happens while the dashboard is not looked at: bell, desktop notification, command."""

import asyncio
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from hottui.analysis.notification import PendingEvents
from hottui.model.notify_settings import AUTO, OFF, SLOW, NotifySettings
from hottui.model.ref import Ref
from hottui.model.tracking import Tracked, Transition
from hottui.render.notification_text import notification_text
from hottui.runtime import tmux
from hottui.runtime.desktop_notification import accepted_sequence
from hottui.tui.notification_command import NotificationCommand
from hottui.tui.terminal.desktop_notification import notify_sequence

if TYPE_CHECKING:
    from hottui.tui.slow_updates import UsualDurations

CHECKED_EVERY: Final = 1.0
"""Seconds between two calls of `tick`."""
_BELL: Final = "\x07"


class Notifications:
    """Collects what is notified, and sends it.

    `started` is when the dashboard was; `write` writes to the terminal, `record` to the log; `report` shows that the
    command has failed, and `sent` notes a notification and the hot update of its first event.
    """

    def __init__(
        self,
        settings: NotifySettings,
        started: float,
        write: Callable[[str], None],
        *,
        record: Callable[[str], None],
        report: Callable[[str], None],
        sent: Callable[[str, Ref], None],
    ) -> None:
        self._settings = settings
        self._pending = PendingEvents(settings.on if settings.is_active else (), started)
        self._write = write
        self._tracked: tuple[Tracked, ...] = ()
        self._by_ref: Mapping[Ref, Tracked] | None = None
        self._note_sent = sent
        self._count = 0
        self._command = NotificationCommand(settings.command, record, report) if settings.command else None

    def observe(self, tracked: tuple[Tracked, ...]) -> None:
        """Take over what is tracked; a transition is published before the snapshot that has it."""
        self._tracked, self._by_ref = tracked, None

    def add(self, transition: Transition) -> None:
        """Add a transition."""
        if self._settings.is_active:
            self._pending.add_transition(transition, self._rows.get(transition.ref))

    @property
    def _rows(self) -> Mapping[Ref, Tracked]:
        if self._by_ref is None:
            self._by_ref = {one.ref: one for one in self._tracked}
        return self._by_ref

    def tick(self, now: float, durations: "UsualDurations | None") -> str:
        """Send what is due, and return the text for the desktop; empty if there is none. To be called once a second."""
        if not self._settings.is_active:
            return ""
        if durations is not None and SLOW in self._settings.on:
            self._pending.add_slow(durations.judged(self._tracked, now), now)
        notification = self._pending.take(now)
        if self._command is not None:
            if notification is not None:
                self._command.send(notification, self._rows)
            else:
                self._command.run_waiting(self._rows)
        if notification is None:
            return ""
        text = notification_text(notification, self._rows)
        self._count += 1
        self._note_sent(text, notification.events[0].ref)
        if self._settings.bell:
            self._write(_BELL)
        return text if self._settings.desktop != OFF else ""

    async def show_on_desktop(self, text: str) -> None:
        """Ask the terminal to show `text`, if it can."""
        how = await self._sequence()
        if how:
            self._write(notify_sequence(how, text, self._count))

    def close(self) -> None:
        """Kill the command if it is running."""
        if self._command is not None:
            self._command.close()

    async def _sequence(self) -> str:
        """Return the kind of sequence to send; with `auto`, that of the terminal in which tmux is shown now."""
        how = self._settings.desktop
        if how == AUTO:
            client = await asyncio.to_thread(tmux.client_terminal) if os.environ.get("TMUX") else ""
            return accepted_sequence(os.environ, client)
        return how
