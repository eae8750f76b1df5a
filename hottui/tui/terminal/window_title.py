"""The window title: set with OSC 2, and the one before saved and restored with xterm's title stack.

tmux sets the title of its pane, and passes it on if `set-titles` is on. A terminal without the stack ignores it; it
shows its own title again after an empty one.
"""

import os
from collections.abc import Mapping

from hottui.model.control_characters import shorten, visible
from hottui.runtime.terminal_check import accepts_title

_LONGEST = 200
"""In characters."""
_SAVE, _RESTORE = "\x1b[22;2t", "\x1b]2;\x07\x1b[23;2t"


class WindowTitle:
    """The title, and whether the one before is saved. On a terminal without titles, nothing is written."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._accepted = accepts_title(environment)
        self._text = ""
        self._saved = False

    def change(self, text: str) -> bool:
        """Set the title that `show` writes; return whether it differs from the last one."""
        before, self._text = self._text, visible(shorten(text, _LONGEST))
        return self._text != before

    def show(self) -> str:
        """Return the sequences that set the title; the first time, they also save the one before."""
        if not self._accepted or not self._text:
            return ""
        save, self._saved = "" if self._saved else _SAVE, True
        return f"{save}\x1b]2;{self._text}\x07"

    def restore(self) -> str:
        """Return the sequences that restore the title before, once; empty if it is not saved."""
        saved, self._saved = self._saved, False
        return _RESTORE if saved else ""
