"""Every way to end: quickly, with the right exit code, the terminal restored, and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hottui.runtime.shutdown import TERMINATING
from tests.terminal.conftest import Open
from tests.terminal.ptys import HOTTUI, PATIENCE, Session, alive, left_on

SOON = 30.0
"""In seconds; on an idle machine it takes 0.4."""


def restored(session: Session) -> None:
    """Check that the terminal is restored, and that only the dashboard was written."""
    assert left_on(bytes(session.output)) == []
    assert session.output.count(b"\x1b[22;2t") == session.output.count(b"\x1b[23;2t"), "another program's title is lost"
    assert session.settings() == session.before
    assert b"Traceback" not in session.output


def no_trace(folder: Path) -> bool:
    """Whether the demo has removed its folder."""
    return not list((folder / "tmp").iterdir())


_SIGNALS = (
    signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGUSR1, signal.SIGALRM, signal.SIGABRT,
    signal.SIGRTMIN,
)  # fmt: skip


@pytest.mark.parametrize("number", _SIGNALS, ids=str)
def test_signals_end_it_cleanly(open_on_terminal: Open, tmp_path: Path, number: int) -> None:
    session = open_on_terminal().live()
    session.kill(number)
    assert session.ends() == 128 + number
    assert session.ended_after < SOON
    restored(session)
    assert no_trace(tmp_path)


_ENDING_BY_DEFAULT = """
import os, resource, signal
for number in sorted(signal.valid_signals()):
    process = os.fork()
    if process == 0:
        if number not in {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.kill(os.getpid(), number)
        os._exit(0)
    status = os.waitpid(process, os.WUNTRACED)[1]
    if os.WIFSTOPPED(status):
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    elif os.WIFSIGNALED(status):
        print(int(number))
"""


def test_every_terminating_signal_except_those_of_crashes_is_handled() -> None:
    told = subprocess.run([sys.executable, "-c", _ENDING_BY_DEFAULT], capture_output=True, text=True, check=True).stdout
    unhandled = {signal.SIGKILL, signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL}
    assert set(TERMINATING) == set(map(int, told.split())) - unhandled


def test_a_signal_ends_a_busy_event_loop(open_on_terminal: Open, tmp_path: Path) -> None:
    session = faulty(open_on_terminal, "busy")
    session.quiet(2.0)
    session.kill(signal.SIGTERM)
    assert session.ends() == 143
    assert session.ended_after < SOON
    restored(session)
    assert no_trace(tmp_path)


def faulty(open_on_terminal: Open, place: str) -> Session:
    command = (sys.executable, "-m", "tests.terminal.faulty", place, "demo")
    return open_on_terminal(*command, env={"PYTHONPATH": str(Path(__file__).parents[2])}).live()


def test_a_blocked_event_loop_does_not_prevent_the_exit(open_on_terminal: Open, tmp_path: Path) -> None:
    session = faulty(open_on_terminal, "stuck")
    session.kill(signal.SIGTERM)
    assert session.ends() == 143
    restored(session)
    assert no_trace(tmp_path)


def test_a_signal_while_the_palette_opens_is_not_an_error(open_on_terminal: Open, tmp_path: Path) -> None:
    """Textual closes its screens one after another, and its palette queries its list meanwhile."""
    session = faulty(open_on_terminal, "palette")
    session.kill(signal.SIGTERM)
    assert session.ends() == 143
    restored(session)
    assert not list(tmp_path.rglob("crash-*"))


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM], ids=str)
def test_a_signal_during_cleanup_leaves_nothing_behind(open_on_terminal: Open, tmp_path: Path, number: int) -> None:
    session = faulty(open_on_terminal, f"tidying-{int(number)}")
    session.type(b"q")
    assert session.ends() == 128 + number
    restored(session)
    assert no_trace(tmp_path)


@pytest.mark.parametrize("place", ["stuck", "looking-up"])
def test_quitting_is_never_blocked_for_long(open_on_terminal: Open, tmp_path: Path, place: str) -> None:
    session = faulty(open_on_terminal, place)
    session.type(b"q")
    assert session.ends() == 0
    assert session.ended_after < SOON
    restored(session)
    assert no_trace(tmp_path)


def test_a_signal_shortens_a_blocked_shutdown(open_on_terminal: Open, tmp_path: Path) -> None:
    """The exit code distinguishes them: a normal end would give 0."""
    session = faulty(open_on_terminal, "looking-up")
    session.type(b"q")
    session.sees("\x1b[?1049l")
    session.kill(signal.SIGTERM)
    assert session.ends() == 143
    restored(session)
    assert no_trace(tmp_path)


def test_a_terminal_closed_during_shutdown_shortens_it(open_on_terminal: Open, tmp_path: Path) -> None:
    session = faulty(open_on_terminal, "looking-up")
    session.type(b"q")
    session.sees("\x1b[?1049l")
    session.hang_up()
    assert session.ends() == 129
    assert no_trace(tmp_path)


def test_many_signals_act_as_one(open_on_terminal: Open, tmp_path: Path) -> None:
    session = open_on_terminal().live()
    for _ in range(20):
        session.kill(signal.SIGTERM)
        session.kill(signal.SIGHUP)
    assert session.ends() in {143, 129}
    restored(session)
    assert no_trace(tmp_path)


def test_a_signal_during_start_up_restores_the_terminal(open_on_terminal: Open) -> None:
    moments = (b"\x1b[?1049h", b"\x1b[?1004h", b"\x1b[?2004h", b"hottui")
    for moment in moments:
        session = open_on_terminal()
        session.sees(moment)
        session.kill(signal.SIGTERM)
        assert session.ends() == 143
        restored(session)


def test_quitting_restores_the_terminal(open_on_terminal: Open, tmp_path: Path) -> None:
    session = open_on_terminal().live()
    session.type(b"q")
    assert session.ends() == 0
    restored(session)
    assert no_trace(tmp_path)


@pytest.mark.parametrize("ignored", [False, True], ids=["heard", "SIGHUP ignored"])
def test_a_closed_terminal_ends_it(open_on_terminal: Open, tmp_path: Path, ignored: bool) -> None:
    trap = 'trap "" HUP; ' if ignored else ""
    session = open_on_terminal("sh", "-c", f'{trap}exec "$@"', "sh", *HOTTUI, "demo").live()
    session.quiet(0.3)
    before = session.cpu()
    session.hang_up()
    assert session.ends() == 129
    assert session.ended_after < SOON
    assert session.used - before < 1.0, "it spins"
    assert no_trace(tmp_path)


def test_ignored_signals_stay_ignored(open_on_terminal: Open) -> None:
    session = open_on_terminal("sh", "-c", 'trap "" HUP; exec "$@"', "sh", *HOTTUI, "demo").live()
    session.kill(signal.SIGHUP)
    session.kill(signal.SIGHUP)
    session.type(b"?")
    session.shows("esc: close")
    session.type(b"\x1b")
    session.kill(signal.SIGTERM)
    assert session.ends() == 143


def test_a_dead_parent_ends_it(open_on_terminal: Open, tmp_path: Path) -> None:
    """After its wrapper is killed, hottui must not continue to read keys from the shell's terminal."""
    folder = tmp_path / "pid"
    wrapper = f'"$@" & echo $! > {folder}; wait'  # no job control: the child stays in the terminal's foreground
    session = open_on_terminal("sh", "-c", f'sh -c \'{wrapper}\' sh "$@" < /dev/tty; exec sleep 600', "sh", "sh", "-c",
                               'exec "$@" < /dev/tty', "sh", *HOTTUI, "demo").live()  # fmt: skip
    child = int(folder.read_text())
    parent = int(Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[1])
    assert parent != session.pid
    os.kill(parent, signal.SIGKILL)
    started = time.monotonic()
    session.until(lambda: not alive(child), "the end of a child without parent")
    assert time.monotonic() - started < SOON
    session.quiet(0.2)
    restored(session)
    assert no_trace(tmp_path)


def test_a_blocked_terminal_delays_the_exit_briefly(open_on_terminal: Open) -> None:
    session = open_on_terminal().live()
    session.quiet(0.3)
    for n in range(15):  # much output that is not read
        session.resize(100 + n % 2, 40)
        time.sleep(0.1)
    session.kill(signal.SIGTERM)
    started = time.monotonic()
    while alive(session.pid):
        assert time.monotonic() - started < PATIENCE
        time.sleep(0.01)
    assert time.monotonic() - started < SOON
    assert session.settings() == session.before
    assert session.ends() == 143
