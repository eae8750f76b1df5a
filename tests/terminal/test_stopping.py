"""Ctrl-z and fg, in a real shell with job control, and without one."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.terminal.conftest import Open
from tests.terminal.ptys import HOTTUI, PATIENCE, Session, alive, left_on, state
from tests.terminal.served import Restless, watched

_PROMPT = "shell> "


@pytest.fixture
def shell(open_on_terminal: Open) -> Session:
    """An interactive shell."""
    session = open_on_terminal("sh", "-i", env={"PS1": _PROMPT, "ENV": None})
    session.sees(_PROMPT)
    return session


def job(shell: Session) -> int:
    """Return the process started by the shell."""
    children = Path(f"/proc/{shell.pid}/task/{shell.pid}/children").read_text().split()
    return int(children[0])


def opened(shell: Session) -> int:
    """Start the demo in the shell; returns its process."""
    shell.type(f"{' '.join(HOTTUI)} demo\n".encode())
    shell.live()
    shell.quiet(0.4)
    return job(shell)


def stopped(shell: Session, pid: int) -> int:
    """Wait until the shell has the terminal again; return the position in the output."""
    shell.until(lambda: state(pid) == "T", "stopped")
    mark = len(shell.output)
    shell.type(b"echo back in the s''hell\n")
    shell.sees("back in the shell", since=mark)
    return mark


def back(shell: Session) -> None:
    """Bring it to the foreground, and wait until everything is drawn."""
    mark = len(shell.output)
    shell.type(b"fg\n")
    shell.sees("\x1b[?1049h", since=mark)
    shell.sees("SEEN", since=mark)
    shell.sees("live, every", since=mark)
    shell.quiet(0.4)


def test_ctrl_z_returns_to_the_shell_and_fg_redraws(shell: Session) -> None:
    pid = opened(shell)
    for _ in range(2):
        shell.type(b"\x1a")
        stopped(shell, pid)
        assert left_on(bytes(shell.output)) == [] or left_on(bytes(shell.output)) == ["bracketed paste"]
        back(shell)
        rows = shell.screen().rows()
        assert "hottui" in rows[0]
        assert "live, every" in rows[0]
        assert any("STATE" in row for row in rows[1:5])
        assert all(rows[2:38]), "a row was not drawn"
    shell.type(b"q")
    shell.sees(_PROMPT, since=len(shell.output))
    assert shell.output.count(b"\x1b[22;2t") == shell.output.count(b"\x1b[23;2t") >= 3, "saved and restored each time"
    assert b"Traceback" not in shell.output


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP], ids=["SIGTSTP", "SIGSTOP"])
def test_an_externally_stopped_job_resumes_and_ends_cleanly(shell: Session, number: int) -> None:
    pid = opened(shell)
    os.kill(pid, number)
    stopped(shell, pid)
    back(shell)
    assert "live, every" in shell.screen().rows()[0]
    mark = len(shell.output)
    shell.type(b"q")
    shell.sees(_PROMPT, since=mark)
    assert left_on(bytes(shell.output)) in ([], ["bracketed paste"])
    mark = len(shell.output)
    shell.type(b"stty -a\n")
    shell.sees("isig", since=mark)
    settings = bytes(shell.output[mark:])
    assert b"-isig" not in settings
    assert b"-icanon" not in settings
    assert b" -echo " not in settings


def test_a_job_continued_in_the_background_waits_for_the_foreground(shell: Session) -> None:
    pid = opened(shell)
    shell.type(b"\x1a")
    stopped(shell, pid)
    mark = len(shell.output)
    shell.type(b"bg\n")
    shell.quiet(0.5)
    shell.until(lambda: state(pid) == "T", "stopped again")
    assert b"\x1b[?1049h" not in shell.output[mark:]
    back(shell)
    assert "live, every" in shell.screen().rows()[0]


def test_a_job_started_in_the_background_waits_for_the_foreground(shell: Session) -> None:
    shell.type(f"{' '.join(HOTTUI)} demo &\n".encode())
    shell.until(lambda: Path(f"/proc/{shell.pid}/task/{shell.pid}/children").read_text() != "", "a job")
    pid = job(shell)
    shell.until(lambda: state(pid) == "T", "stopped")
    assert b"\x1b[?1049h" not in shell.output
    back(shell)
    assert "live, every" in shell.screen().rows()[0]


def test_a_stopped_job_can_be_killed(shell: Session) -> None:
    pid = opened(shell)
    shell.type(b"\x1a")
    mark = stopped(shell, pid)
    shell.type(b"kill %1; kill -CONT %1\n")  # as bash does by itself
    shell.until(lambda: not alive(pid), "the end")
    assert b"\x1b[?1049" not in shell.output[mark:], "it wrote into the shell's terminal"


def test_closing_the_terminal_of_a_stopped_job_ends_it(shell: Session) -> None:
    pid = opened(shell)
    shell.type(b"\x1a")
    stopped(shell, pid)
    shell.hang_up()
    end = time.monotonic() + PATIENCE
    while alive(pid):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_ctrl_z_without_a_shell_only_redraws(open_on_terminal: Open) -> None:
    """There would be no way to continue it: `ssh host hottui`, a terminal that runs nothing else."""
    session = open_on_terminal().live()
    session.quiet(0.4)
    mark = len(session.output)
    session.type(b"\x1a")
    session.sees("\x1b[?1049h", since=mark)
    session.sees("live, every", since=mark)
    session.quiet(0.4)
    assert all(session.screen().rows()[:38])
    session.type(b"q")
    assert session.ends() == 0


def test_polling_resumes_after_a_stop_without_a_burst(open_on_terminal: Open, environment: dict[str, str]) -> None:
    world = Restless(30)
    with watched(world, environment) as home:
        shell = open_on_terminal("sh", "-i", env={**home, "PS1": _PROMPT, "ENV": None})
        shell.sees(_PROMPT)
        shell.type(f"{' '.join(HOTTUI)}\n".encode())
        shell.live().watch(2.0)
        pid = job(shell)
        shell.type(b"\x1a")
        stopped(shell, pid)
        read, rounds = -1, 0
        while len(world.read_at) != read:  # what was sent before may arrive late
            read, rounds = len(world.read_at), rounds + 1
            assert rounds < 20, "it reads while it is stopped"
            shell.watch(1.5)
        began = time.monotonic()
        shell.type(b"fg\n")
        shell.until(lambda: len(world.read_at) > read + 20, "reads after the stop")
        lasted = time.monotonic() - began
        assert len(world.read_at) - read <= 10 * lasted + 10, "a burst: ten a second is the budget"
        shell.type(b"q")
        shell.until(lambda: not alive(pid), "the end")
