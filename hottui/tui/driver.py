"""Textual's driver for Unix terminals, made to outlast bad input and a link that stands still."""

import asyncio

from textual.drivers.linux_driver import LinuxDriver

_BEHIND = 15
"""Writes that wait for the terminal from which on frames are left out: Textual blocks the event loop at 30."""
_LOOK_AGAIN = 0.25
"""Seconds between two looks whether the terminal has caught up."""


class SteadyDriver(LinuxDriver):
    """Leaves out frames while the terminal does not take them, and draws all anew once it does.

    A frame only tells what differs from the one before, so after one was left out none of the next is of use.
    """

    _behind = False

    def write(self, data: str) -> None:
        """Write, or leave it out while the terminal is behind."""
        if not self._behind and self._waiting() >= _BEHIND and not self.exit_event.is_set():
            self._behind = True
            asyncio.get_running_loop().call_later(_LOOK_AGAIN, self._catch_up)
        if not self._behind:
            super().write(data)

    def _waiting(self) -> int:
        # Textual offers no other way to see how much is waiting
        return self._writer_thread._queue.qsize() if self._writer_thread else 0

    def _catch_up(self) -> None:
        if self._waiting() > 0 and not self.exit_event.is_set():
            asyncio.get_running_loop().call_later(_LOOK_AGAIN, self._catch_up)
            return
        self._behind = False
        for screen in self._app.screen_stack:
            screen.refresh(layout=True)
            for widget in screen.walk_children():
                widget.refresh()

    def run_input_thread(self) -> None:
        """Read keys; bytes that are no UTF-8 (line noise, a paste in another encoding) are passed over."""
        while True:
            try:
                super().run_input_thread()
            except UnicodeDecodeError:
                continue
            return
