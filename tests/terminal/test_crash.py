"""Internal errors anywhere: the terminal is restored, and a report without secrets is written."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal.conftest import Open
from tests.terminal.faulty import _PLACES, _UNHANDLED
from tests.terminal.ptys import PATIENCE, left_on

_SECRET = "Zx8Kq2Lw5Nv1Rt4Yb7Hd"
_ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("place", _PLACES)
def test_an_internal_error_has_a_message_and_a_report(
    open_on_terminal: Open, environment: dict[str, str], place: str
) -> None:
    command = ("sh", "-c", f'umask 0; exec "{sys.executable}" -m tests.terminal.faulty {place} demo')
    session = open_on_terminal(*command, env={"FAULTY_TOKEN": _SECRET, "PYTHONPATH": str(_ROOT)})
    assert session.ends() == 1
    assert left_on(bytes(session.output)) == []
    assert session.settings() == session.before

    after = bytes(session.output).rpartition(b"\x1b[?1004l")[2]
    assert after.count(b"\n") == 1, "exactly one message"
    assert b"Traceback" not in session.output
    folder = Path(environment["XDG_STATE_HOME"]) / "hottui"
    (report,) = folder.iterdir()
    assert str(report) in after.decode()
    assert report.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700

    text = report.read_text(encoding="utf-8")
    assert "Traceback" in text
    assert "faulty.py" in text, "it does not point to the fault"
    assert "RuntimeError" in text
    for secret in (_SECRET, "eyJhbGciOiJIUzI1NiJ9", "a-local-value-never-shown", "\x1b", "\x07"):
        assert secret not in text
        assert secret.encode() not in after.partition(b"hottui: ")[2]


@pytest.mark.parametrize("place", [*_UNHANDLED, "detail"])
def test_an_unhandled_error_is_reported_once_and_the_dashboard_continues(
    open_on_terminal: Open, environment: dict[str, str], tmp_path: Path, place: str
) -> None:
    log = tmp_path / "hottui.log"
    command = (sys.executable, "-m", "tests.terminal.faulty", place, "demo", "--log", str(log))
    session = open_on_terminal(*command, env={"FAULTY_TOKEN": _SECRET, "PYTHONPATH": str(_ROOT)}).live()
    if place == "detail":
        session.type(b"\r")
    session.shows("Internal error (RuntimeError); hottui continues.")
    since = len(session.output)
    session.watch(3.0)  # raised every second
    session.type(b"\x1b[B")
    session.until(lambda: len(session.output) > since, "the dashboard to go on")
    session.type(b"q")
    assert session.ends() == 1
    assert left_on(bytes(session.output)) == []

    after = bytes(session.output).rpartition(b"\x1b[?1004l")[2]
    assert after.count(b"\n") == 1, "exactly one message"
    assert b"Traceback" not in session.output
    (report,) = (Path(environment["XDG_STATE_HOME"]) / "hottui").iterdir()
    assert str(report) in after.decode()
    assert report.stat().st_mode & 0o777 == 0o600
    text, logged = report.read_text(encoding="utf-8"), log.read_text(encoding="utf-8")
    assert "faulty.py" in text, "it does not point to the fault"
    assert logged.count("Internal error") == 1
    assert logged.rstrip().endswith("exit code 1")
    for secret in (_SECRET, "eyJhbGciOiJIUzI1NiJ9", "a-local-value-never-shown", "\x1b", "\x07"):
        assert secret not in text + logged
        assert secret.encode() not in after.partition(b"hottui: ")[2]


def test_leaving_a_detail_while_it_loads_is_not_an_error(open_on_terminal: Open) -> None:
    command = (sys.executable, "-m", "tests.terminal.faulty", "slow", "demo")
    session = open_on_terminal(*command, env={"PYTHONPATH": str(_ROOT)}).live()
    session.type(b"\r")
    for _ in range(5):
        session.watch(0.3)
        session.type(b"j")
    session.type(b"q")
    assert session.ends() == 0
    assert b"Internal error" not in session.output


def test_an_error_while_joining_threads_at_exit_has_a_message(open_on_terminal: Open) -> None:
    command = (sys.executable, "-m", "tests.terminal.faulty", "late", "--version")
    session = open_on_terminal(*command, env={"FAULTY_TOKEN": _SECRET, "PYTHONPATH": str(_ROOT)})
    session.ends()
    assert session.output.count(b"Internal error (RuntimeError); hottui continues.") == 1
    assert session.output.count(b"\n") == 2, "the version and exactly one message"


@pytest.mark.parametrize("silent", [False, True], ids=["with a message", "without output"])
def test_an_error_in_a_forced_exit_does_not_stop_other_cleanups(
    open_on_terminal: Open, environment: dict[str, str], tmp_path: Path, silent: bool
) -> None:
    log = tmp_path / "hottui.log"
    command = (sys.executable, "-m", "tests.terminal.faulty", "mute", "demo", "--log", str(log))
    session = open_on_terminal(*command, env={"FAULTY_TOKEN": _SECRET, "PYTHONPATH": str(_ROOT)}).live()
    session.kill(signal.SIGTERM)
    if silent:
        session.hang_up()
    assert session.ends() in {143, 129}
    assert list((tmp_path / "tmp").iterdir()) == [], "the demo's folder was not removed"
    (report,) = (Path(environment["XDG_STATE_HOME"]) / "hottui").iterdir()
    assert "_fail_at_once" in report.read_text(encoding="utf-8")
    assert log.read_text(encoding="utf-8").count("Internal error") == 1
    if not silent:
        assert str(report) in session.output.decode()
    assert b"Traceback" not in session.output
    assert _SECRET.encode() not in session.output


_TWO_ENDS = """
import sys, time
from hottui.runtime.shutdown import cleanup_on_forced_exit, exit_within
def fail():
    raise LookupError
def mute():
    raise LookupError
with cleanup_on_forced_exit(lambda: print("of a block that has ended", flush=True)):
    pass
with (
    cleanup_on_forced_exit(lambda: print("first", flush=True)),
    cleanup_on_forced_exit(fail),
    cleanup_on_forced_exit(lambda: print("last", flush=True)),
):
    exit_within(7, mute)
    time.sleep(600)
"""


def test_remaining_cleanups_run_once_despite_errors(
    environment: dict[str, str],
) -> None:
    command = [sys.executable, "-c", _TWO_ENDS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 7
    assert done.stdout.splitlines() == ["last", "first"]
    assert done.stderr.count("Internal error (LookupError)") == 2, "two places, two messages"
    assert done.stderr.count("\n") == 2


def test_an_unwritable_state_folder_has_a_message(open_on_terminal: Open, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    command = (sys.executable, "-m", "tests.terminal.faulty", "message", "demo")
    session = open_on_terminal(*command, env={"FAULTY_TOKEN": _SECRET, "PYTHONPATH": str(_ROOT)})
    assert session.ends() == 1
    assert b"No report was written" in session.output
    assert _SECRET.encode() not in session.output
    assert left_on(bytes(session.output)) == []
