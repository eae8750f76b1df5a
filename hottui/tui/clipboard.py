"""Copying over the terminal: OSC 52, and in an envelope for tmux and GNU screen, which pass on nothing else."""

import base64
import os
from collections.abc import Mapping

LIMIT = 74_994
"""Bytes that terminals are known to take: the base64 form of it stays under 100,000."""


class TooLong(ValueError):
    """The text is longer than a terminal's clipboard takes; the message is a sentence for the user."""


def osc52(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """The sequence that puts `text` on the clipboard of the terminal in front. Raises TooLong."""
    data = text.encode("utf-8", "replace")
    if len(data) > LIMIT:
        raise TooLong(f"{len(data):,} bytes are too long for a terminal's clipboard ({LIMIT:,} at most).")
    sequence = f"\x1b]52;c;{base64.b64encode(data).decode()}\x07"
    if environment.get("TMUX"):
        # tmux takes the bare one with `set-clipboard on`, the envelope with `allow-passthrough on`, each for itself
        return sequence + "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("STY"):
        pieces = [sequence[n : n + 240] for n in range(0, len(sequence), 240)]
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence
