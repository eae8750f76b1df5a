"""Copying over the terminal: OSC 52, and in an envelope for tmux and GNU screen, which pass on nothing else.

As it comes, tmux takes neither from a program in it; its own command puts a text into its buffer and on the clipboard.
"""

import base64
import os
import shutil
import subprocess
from collections.abc import Mapping

from hottui.errors import HottuiError

LIMIT = 74_994
"""Bytes that terminals are known to take: the base64 form of it stays under 100,000."""


class TooLong(HottuiError):
    """The text is longer than a terminal's clipboard takes; the message is for the user."""

    @classmethod
    def of(cls, text: str) -> "TooLong":
        """The error about `text`."""
        size = len(text.encode("utf-8", "replace"))
        return cls(f"{size:,} bytes are too long for a terminal's clipboard ({LIMIT:,} at most).")


def osc52(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """The sequence that puts `text` on the clipboard of the terminal in front. Raises TooLong."""
    data = text.encode("utf-8", "replace")
    if len(data) > LIMIT:
        raise TooLong.of(text)
    sequence = f"\x1b]52;c;{base64.b64encode(data).decode()}\x07"
    if environment.get("TMUX"):
        # tmux takes the bare one with `set-clipboard on`, the envelope with `allow-passthrough on`, each for itself
        return sequence + "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("STY"):
        pieces = [sequence[n : n + 240] for n in range(0, len(sequence), 240)]
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence


def load_into_tmux(text: str) -> None:
    """Put `text` into the buffer of the tmux around, and by way of it on the clipboard; nothing where there is none.

    It goes over standard input: the list of processes shows none of it. Takes some 5 ms, and a second at most.
    """
    tmux = shutil.which("tmux")
    if tmux is None or not os.environ.get("TMUX"):
        return
    for options in (("-w",), ()):  # before tmux 3.2 there was no way on to the clipboard
        command = [tmux, "load-buffer", *options, "-"]
        try:
            done = subprocess.run(  # noqa: S603 - the text is no part of the command
                command, input=text.encode("utf-8", "replace"), capture_output=True, timeout=1, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return  # the terminal was sent the text as well
        if done.returncode == 0:
            return
