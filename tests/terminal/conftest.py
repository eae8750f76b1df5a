"""A home folder for each test, and programs on terminals that end with their test."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal.ptys import HOTTUI, Session, start

Open = Callable[..., Session]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of an SSH login, with the test's own folders."""
    (tmp_path / "tmp").mkdir()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path / "tmp"),
        **{f"XDG_{name.upper()}_HOME": str(tmp_path / name) for name in ("data", "config", "state", "cache")},
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }


@pytest.fixture
def open_on_terminal(environment: dict[str, str]) -> Iterator[Open]:
    """Starts `hottui demo`, or another command, on a pty. Keywords: `env` changes variables (None: unset), `size`."""
    sessions: list[Session] = []

    def opened(*command: str, env: dict[str, str | None] | None = None, size: tuple[int, int] = (120, 40)) -> Session:
        changed = {**environment, **(env or {})}
        given = {name: value for name, value in changed.items() if value is not None}
        sessions.append(start(command or (*HOTTUI, "demo"), given, size))
        return sessions[-1]

    yield opened
    for session in sessions:
        session.close()
