"""`--log`: a private file without secrets and control characters."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hottui import log as logfile
from hottui.log import Log
from hottui.model.ref import Ref
from hottui.model.state import Freshness
from hottui.model.tracking import Tracked, Transition, Trouble
from hottui.monitor.snapshot import Hold, LoopStatus, Snapshot
from tests.terminal.conftest import Open
from tests.terminal.ptys import HOTTUI

_LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARNING|ERROR) +\S.*")
_SECRET = "Wq8nR2vT5xY1zA4bC7dE0f"
_REF = Ref("http://127.0.0.1", "ws", "ns", "an-id")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def lines(path: Path) -> list[str]:
    """Return all lines, after checking their format."""
    found = path.read_text(encoding="utf-8").splitlines()
    assert all(_LINE.fullmatch(line) for line in found)
    return found


def test_a_run_is_logged(open_on_terminal: Open, tmp_path: Path) -> None:
    path = tmp_path / "hottui.log"
    session = open_on_terminal("sh", "-c", 'umask 0; exec "$@"', "sh", *HOTTUI, "demo", "--log", str(path)).live()
    session.until(lambda: " -> HOT_UPDAT" in path.read_text(), "a transition in the log")
    session.until(lambda: "read failed" in path.read_text() or "paused" in path.read_text(), "a refusal in the log")
    session.kill(signal.SIGTERM)
    assert session.ends() == 143
    logged = lines(path)
    assert "started" in logged[0]
    assert logged[-1].endswith("exit code 143")
    assert mode(path) == 0o600


def test_the_variable_enables_the_log_and_the_listing_is_logged(open_on_terminal: Open, tmp_path: Path) -> None:
    path = tmp_path / "hottui.log"
    session = open_on_terminal(env={"TERM": "dumb", "HOTTUI_LOG": str(path)})
    assert session.ends() == 0
    assert "table" in lines(path)[0]


def test_a_readable_log_is_made_private_with_a_message(open_on_terminal: Open, tmp_path: Path) -> None:
    path = tmp_path / "hottui.log"
    path.write_text("2026-01-01T00:00:00.000Z INFO    an older line\n")
    path.chmod(0o644)
    session = open_on_terminal(*HOTTUI, "demo", "--log", str(path), env={"TERM": "dumb"})
    assert session.ends() == 0
    assert mode(path) == 0o600
    assert b"was readable by others (mode 644)" in session.output
    assert "an older line" in lines(path)[0]


def test_an_unwritable_file_has_a_message(open_on_terminal: Open, tmp_path: Path) -> None:
    session = open_on_terminal(*HOTTUI, "demo", "--log", str(tmp_path))
    assert session.ends() == 2
    assert b"cannot be written" in session.output
    assert b"Traceback" not in session.output


def picture(*, trouble: str = "", held: str = "", store: str = "") -> Snapshot:
    """Return a snapshot with these messages."""
    shown = Trouble(1.0, trouble, "") if trouble else None
    row = Tracked(_REF, None, freshness=Freshness.STALE, trouble=shown)
    holds = (Hold("account", held, "Renew it.", 1.0),) if held else ()
    refused = Trouble(1.0, store, "") if store else None
    return Snapshot((row,), LoopStatus(False, 2.0, None, 0, holds, 0, refused), 1.0)


def test_each_trouble_is_logged_at_its_start_and_end(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = Log(path)
    for _ in range(3):
        log.snapshot(picture(trouble="Timed out.", held="The key was refused.", store="The disk is full."))
    for _ in range(3):
        log.snapshot(picture())
    log.ended(0)
    logged = [line.partition("Z ")[2] for line in lines(path)]
    assert logged[:-1] == [
        "WARNING an-id: read failed: Timed out.",
        "WARNING account: paused: The key was refused. Renew it.",
        "WARNING store: The disk is full.",
        "INFO    an-id: read succeeded",
        "INFO    account: resumed",
        "INFO    store: saving works again",
    ]


def test_a_trouble_with_another_request_id_is_logged_once(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = Log(path)
    for request_id in ("R-1", "R-2", "R-3"):
        trouble = Trouble(1.0, "No answer.", "Wait.", request_id)
        row = Tracked(_REF, None, freshness=Freshness.STALE, trouble=trouble)
        log.snapshot(Snapshot((row,), LoopStatus(False, 2.0, None, 0, (), 0, None), 1.0))
    log.ended(0)
    assert [line.partition("Z ")[2] for line in lines(path)][:-1] == [
        "WARNING an-id: read failed: No answer. Wait. Request ID: R-1"
    ]


def test_the_log_has_no_secrets_and_no_control_characters(tmp_path: Path) -> None:
    path = tmp_path / "log"
    os.environ["HOTTUI_TEST_TOKEN"] = _SECRET
    try:
        log = Log(path)
    finally:
        del os.environ["HOTTUI_TEST_TOKEN"]
    hostile = "\x1b]0;title\x07\x1b[2J\r\n2026-01-01T00:00:00.000Z INFO    forged\u202e"
    log.snapshot(picture(trouble=f"{hostile} token {_SECRET} Authorization: Bearer abcdefgh12345678"))
    log.transition(Transition(_REF, 1.0, f"{hostile}", "INIT"))
    log.ended(0)
    text = path.read_text(encoding="utf-8")
    assert len(lines(path)) == 3
    assert _SECRET not in text
    assert "abcdefgh12345678" not in text
    assert not set(text) & set("\x1b\x07\r\u202e")


def test_a_full_disk_loses_only_log_lines() -> None:
    log = Log(Path("/dev/full"))
    log.started("1", 1, "dashboard")
    log.ended(0)
    assert "No space left" in log.trouble


def write(log: Log, number: int) -> None:
    log.error(f"line {number:06} " + "x" * 100)


def numbers(*paths: Path) -> list[int]:
    """Return the numbers of the lines that `write` wrote, in the order of the files."""
    return [int(line.split(" line ")[1][:6]) for path in paths for line in lines(path)]


def test_the_log_is_rotated_between_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logfile, "MOST_BYTES", 10_000)
    path, link = tmp_path / "hottui.log", tmp_path / "link"
    link.symlink_to(path)
    before = os.umask(0)
    try:
        log = Log(link)
        for number in range(300):
            write(log, number)
    finally:
        os.umask(before)
    files = [tmp_path / name for name in ("hottui.log.2", "hottui.log.1", "hottui.log")]
    assert sorted(tmp_path.iterdir()) == sorted([*files, link])
    assert all(file.stat().st_size <= 10_000 and mode(file) == 0o600 for file in files)
    assert link.is_symlink()
    kept = numbers(*files)
    assert kept == list(range(kept[0], 300))
    assert 130 < len(kept) < 300
    assert log.trouble == ""


def test_log_limits(tmp_path: Path) -> None:
    path = tmp_path / "hottui.log"
    path.write_bytes(b"x" * 9_999_990)
    log = Log(path)
    write(log, 1)
    log.error("x" * 1_000_000)
    assert (tmp_path / "hottui.log.1").stat().st_size == 9_999_990
    assert path.stat().st_size < 11_000
    assert not (tmp_path / "hottui.log.2").exists()


def test_processes_sharing_a_log_lose_no_lines(tmp_path: Path) -> None:
    """Each process keeps the file that it opened until it finds that it was renamed."""
    program = """
import sys
from pathlib import Path
from hottui import log as log_file
log_file.MOST_BYTES, log_file.FILES = 20_000, 100
log = log_file.Log(Path(sys.argv[1]))
for number in range(300):
    log.error(f"line {number:06} {sys.argv[2]} " + "x" * 100)
print(log.trouble)
"""
    path = tmp_path / "hottui.log"
    running = [
        subprocess.Popen([sys.executable, "-c", program, path, str(n)], stdout=subprocess.PIPE, text=True)
        for n in range(4)
    ]
    assert [process.communicate(timeout=120)[0] for process in running] == ["\n"] * 4
    found = sorted(numbers(*tmp_path.iterdir()))
    assert found == sorted(list(range(300)) * 4)
    assert len(list(tmp_path.iterdir())) > 2


def test_a_log_that_was_moved_or_removed_is_recreated(tmp_path: Path) -> None:
    path = tmp_path / "hottui.log"
    log = Log(path)
    write(log, 1)
    path.rename(tmp_path / "moved")
    write(log, 2)
    path.unlink()
    write(log, 3)
    assert (numbers(tmp_path / "moved"), numbers(path)) == ([1], [3])


def test_a_log_that_cannot_be_rotated_stays_within_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logfile, "MOST_BYTES", 1_000)
    path = tmp_path / "hottui.log"
    path.with_name("hottui.log.1").mkdir()
    log = Log(path)
    for number in range(50):
        write(log, number)
    assert path.stat().st_size <= 1_000
    assert numbers(path)[-1] == 49
    assert "it cannot be rotated (Is a directory), so older lines were dropped" in log.trouble


def test_a_pipe_as_log_does_not_block(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(OSError, match="no process reads from this pipe"):
        Log(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    log = Log(path)
    write(log, 1)
    assert b"line 000001" in os.read(reader, 1000)
    for number in range(2_000):
        write(log, number)
    assert "temporarily unavailable" in log.trouble
    os.close(reader)
    log.ended(0)


def test_a_pipe_without_a_reader_has_a_message(open_on_terminal: Open, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    session = open_on_terminal(*HOTTUI, "demo", "--log", str(tmp_path / "pipe"))
    assert session.ends() == 2
    assert b"no process reads from" in session.output
