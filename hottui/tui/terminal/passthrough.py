"""Sequences for the terminal around tmux or GNU screen, wrapped in DCS."""

from collections.abc import Mapping

_PIECE = 240
"""Bytes of one DCS that GNU screen accepts."""


def passed_through(sequence: str, environment: Mapping[str, str]) -> str:
    """Return `sequence` so that the terminal around a multiplexer gets it; as it is without one.

    tmux accepts it with `allow-passthrough on`.
    """
    if environment.get("TMUX"):
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("STY"):
        size = _PIECE if sequence.isascii() else _PIECE // 4  # a character has up to four bytes
        pieces = [sequence[n : n + size] for n in range(0, len(sequence), size)]
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence
