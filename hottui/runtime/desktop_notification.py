"""Which sequence for a desktop notification the user's terminal accepts."""

import re
from collections.abc import Mapping
from typing import Final

from hottui.model.notify_settings import OSC_9, OSC_99, OSC_777

_TERMINALS: Final = (
    (re.compile(r"kitty"), OSC_99),
    (re.compile(r"iterm"), OSC_9),
    (re.compile(r"wezterm|ghostty|warp|rxvt-unicode|\bfoot\b"), OSC_777),
)
"""By a part of the name that a terminal gives itself in TERM, TERM_PROGRAM, LC_TERMINAL, or its answer to XTVERSION."""
_VARIABLES: Final = {
    "KITTY_WINDOW_ID": OSC_99, "ITERM_SESSION_ID": OSC_9, "WEZTERM_PANE": OSC_777, "GHOSTTY_RESOURCES_DIR": OSC_777,
    "VTE_VERSION": OSC_777,
}  # fmt: skip
"""By a variable that a terminal sets; one that is started in another inherits its variables."""
_WITHOUT: Final = frozenset({"vscode", "Apple_Terminal"})
"""Values of TERM_PROGRAM of terminals that accept none."""


def accepted_sequence(environment: Mapping[str, str], tmux_client: str = "") -> str:
    """Return OSC_9, OSC_99 or OSC_777; empty for a terminal that is not known to accept one.

    `tmux_client` is what tmux knows of the terminal around it; the variables inside are those of the terminal in which
    the tmux server was started.
    """
    names = [tmux_client] if tmux_client else [environment.get(name, "") for name in ("TERM", "TERM_PROGRAM")]
    if not tmux_client and environment.get("TERM_PROGRAM") in _WITHOUT:
        return ""
    for name in (*names, environment.get("LC_TERMINAL", "")):
        for pattern, sequence in _TERMINALS:
            if pattern.search(name.lower()):
                return sequence
    if tmux_client:
        return ""
    return next((sequence for variable, sequence in _VARIABLES.items() if environment.get(variable)), "")
