"""Copy to the clipboard through the terminal: OSC 52, wrapped in a DCS passthrough for tmux and GNU screen.

With its default settings tmux accepts neither from a program inside it, so `tmux load-buffer` is used as well.
"""

import base64
import os
import shutil
import subprocess
from collections.abc import Mapping

from hottui.errors import HottuiError
from hottui.tui.terminal.passthrough import passed_through

LIMIT = 74_994
"""Bytes that terminals are known to accept: base64-encoded they stay under 100,000."""


class TooLong(HottuiError):
    """The text exceeds the terminal clipboard's limit; the message is user-facing."""

    @classmethod
    def of(cls, text: str) -> "TooLong":
        """Return the error for `text`."""
        size = len(text.encode("utf-8", "replace"))
        return cls(f"{size:,} bytes exceed the terminal clipboard's limit of {LIMIT:,}.")


def osc52(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the sequence that copies `text` to the clipboard of the user's terminal. Raises TooLong."""
    data = text.encode("utf-8", "replace")
    if len(data) > LIMIT:
        raise TooLong.of(text)
    sequence = f"\x1b]52;c;{base64.b64encode(data).decode()}\x07"
    bare = sequence if environment.get("TMUX") else ""  # tmux accepts it with `set-clipboard on`
    return bare + passed_through(sequence, environment)


def load_into_tmux(text: str) -> None:
    """Load `text` into the paste buffer of the surrounding tmux and through it the clipboard; a no-op outside tmux.

    It is passed on standard input, so that the process list does not show it. Takes about 5 ms, at most a second.
    """
    tmux = shutil.which("tmux")
    if tmux is None or not os.environ.get("TMUX"):
        return
    for options in (("-w",), ()):  # `-w` (also copy to the clipboard) came with tmux 3.2
        command = [tmux, "load-buffer", *options, "-"]
        try:
            done = subprocess.run(  # noqa: S603 - the text is not part of the command
                command, input=text.encode("utf-8", "replace"), capture_output=True, timeout=1, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return  # the OSC 52 sequence was sent as well
        if done.returncode == 0:
            return
