"""Questions to the surrounding tmux server."""

import os
import shutil
import subprocess
from typing import Final

_TIMEOUT: Final = 1.0
"""Seconds."""


def ask_tmux(*command: str) -> str:
    """Return the output of a tmux command; empty outside of tmux, or when it does not answer. Takes about 5 ms."""
    tmux = shutil.which("tmux")
    if tmux is None or not os.environ.get("TMUX"):
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - no part of the command comes from outside
            [tmux, *command], capture_output=True, timeout=_TIMEOUT, check=False, text=True, errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()


def client_terminal() -> str:
    """Return TERM and the name of the terminal around tmux, in which its last used client runs."""
    return ask_tmux("display-message", "-p", "#{client_termname} #{client_termtype}")
