"""hottui as a process: streams, pipes, signals, locales, and output without a terminal."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from hottui import paths
from hottui.demo.simulation import SimulatedUpdate, Simulation
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark

from .conftest import PATIENCE, Held, Home, answering, http, interrupt, lead, process, started, started_and_running

PLACE = ("https://ververica.cn-hangzhou.aliyuncs.com", "w1", "n1")
FULL = "/dev/full"


@pytest.fixture
def crowd(home: Home) -> int:
    """Add more bookmarks than fit into the buffer of a pipe; return their number."""
    with home.store() as store:
        store.add_all([Bookmark(Ref(*PLACE, f"hu-{n}"), "订单 é 😀", "x" * 100) for n in range(1_000)])
    return 1_000


def shell(command: str) -> "subprocess.CompletedProcess[str]":
    """Run a shell command that may call `hottui`; the exit code is that of the first command of a pipe."""
    line = f'set -o pipefail; hottui() {{ "{sys.executable}" -m hottui "$@"; }}; {command}'
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=120, check=False)


# Where output goes


def test_a_closed_pipe_is_not_an_error(crowd: int) -> None:
    done = shell("hottui ls -o json | head -n 1")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["ref"]["id"]


@pytest.mark.parametrize("command", ["ls", "ls -o json", "export", "info"])
def test_a_full_disk_on_standard_output_is_reported(crowd: int, command: str) -> None:
    done = shell(f"hottui {command} >{FULL}")
    assert done.returncode == 5
    assert done.stderr.startswith("hottui: Standard output cannot be written: No space left on device.\n")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        ("hottui info >&-", 5, "Standard output cannot be written"),
        ("hottui --help >/dev/full", 5, "System error: No space left on device."),
        ("hottui ls <&-", 0, "No bookmarks yet."),
        ("hottui ls 2>&-", 0, ""),
        ("hottui ls 2>/dev/full", 0, ""),
        ("hottui add -w w -r cn-hangzhou - <&-", 2, "No ID on standard input."),
        ("hottui ls <&- >&- 2>&-", 0, ""),
        ("hottui <&- >&- 2>&-", 0, ""),
        ("hottui demo <&- >&- 2>&-", 5, ""),
        ("hottui --help | true", 0, ""),
    ],
)
def test_closed_and_full_streams(command: str, code: int, message: str) -> None:
    done = shell(command)
    assert (done.returncode, done.stderr) == (code, done.stderr)
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


LATIN = {"PYTHONIOENCODING": "latin-1"}
BARE = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


@pytest.mark.parametrize("environment", [{"LC_ALL": "C"}, {"LANG": "C"}, LATIN, BARE], ids=str)
@pytest.mark.parametrize("command", [["ls"], ["ls", "-o", "json"], ["export"]], ids=" ".join)
def test_data_is_printed_in_every_locale(home: Home, environment: dict[str, str], command: list[str]) -> None:
    with home.store() as store:
        store.add(Bookmark(Ref(*PLACE, "hu-1"), "订单 é 😀"))
    outcome = process(*command, environment=environment)
    assert outcome.code == 0, outcome.err
    if command == ["ls"]:
        assert "hu-1" in outcome.out
    else:
        document = json.loads(outcome.out)
        assert document.get("bookmarks", [document])[0]["label"] == "订单 é 😀"


def test_pipes_get_no_colours(crowd: int) -> None:
    assert "\x1b" not in process("ls").out


# Interrupted


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("command", [["get", "x1"], ["x1"]], ids=" ".join)
def test_a_signal_ends_a_read(monkeypatch: pytest.MonkeyPatch, command: list[str], number: signal.Signals) -> None:
    held = Held()
    with answering(http(b"{}"), held=held) as origin:
        lead(monkeypatch, origin)
        with started(*command) as running:
            assert held.asked.wait(PATIENCE)
            running.send_signal(number)
            out, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, out, err.strip()) == (128 + number, b"", b"")


def test_ctrl_c_while_waiting_for_ids_is_130() -> None:
    with started_and_running("add", "-", "-w", "w", "-r", "cn-hangzhou", stdin=subprocess.PIPE) as running:
        assert interrupt(running).code == 130
    assert not paths.store_path().exists()


@pytest.mark.parametrize("milliseconds", [0, 10, 30, 60, 100, 150, 200, 300, 500, 800])
def test_ctrl_c_at_any_moment_leaves_no_traceback(milliseconds: int) -> None:
    with started_and_running("demo") as running:
        time.sleep(milliseconds / 1000)
        outcome = interrupt(running)
    assert outcome.err.strip() == ""
    assert (outcome.code, outcome.out) == (130, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_removes_temporary_files(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    with started_and_running("demo", env={**os.environ, "TMPDIR": str(folder)}) as running:
        while not list(folder.glob("hottui-demo-*/demo.db")):
            assert running.poll() is None
            time.sleep(0.01)
        running.send_signal(number)
        out, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, out, err) == (128 + number, b"", b"")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_served_demo_silently(number: signal.Signals) -> None:
    with started_and_running("demo", "--serve", "0") as running:
        assert running.stdout is not None
        while b"ctrl-c" not in (line := running.stdout.readline()):
            assert line, "it ended before serving"
        running.send_signal(number)
        _, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, err) == (128 + number, b"")


def test_nohup_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held()
    with answering(http(b"{}"), held=held) as origin:
        lead(monkeypatch, origin)
        ignored: dict[str, Any] = {"preexec_fn": lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)}
        with started("get", "x1", **ignored) as running:
            assert held.asked.wait(PATIENCE)
            running.send_signal(signal.SIGHUP)
            held.go.set()
            assert running.wait(PATIENCE) == 6


def test_the_served_demo_ends_with_ctrl_c(tmp_path: Path) -> None:
    with started("demo", "--serve", "0") as running:
        assert running.stdout is not None
        outcome = b"".join(iter(running.stdout.readline, b"Press ctrl-c to stop.\n"))
        ended = interrupt(running)
    assert ended.code == 130
    assert b"export HOTTUI_ENDPOINT=http://127.0.0.1:" in outcome


def test_a_port_in_use_is_reported(endpoint: str) -> None:
    port = endpoint.rpartition(":")[2]
    outcome = process("demo", "--serve", port)
    assert (outcome.code, outcome.out) == (2, "")
    assert f"Cannot listen on 127.0.0.1:{port}: the port is already in use." in outcome.err


# Not at a terminal


def test_the_demo_prints_its_table_once(home: Home) -> None:
    outcome = process("demo")
    assert outcome.code == 0, outcome.err
    titles, *rows = outcome.out.splitlines()
    place = ["WORKSPACE", "NAMESPACE"]
    assert titles.split() == ["STATE", "FOR", "LABEL", "JOB", *place, "ID", "SEEN", "CHANGE"]
    assert len(rows) >= 40
    assert any(row.startswith("UPDATING ") for row in rows)
    assert not any(row.startswith("waiting ") for row in rows)
    assert not paths.store_path().exists()


def test_the_demo_removes_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    assert process("demo", environment={"TMPDIR": str(folder)}).code == 0
    assert list(folder.iterdir()) == []


def test_bookmarks_and_ids_are_read_once(place: str, member: SimulatedUpdate, home: Home, world: Simulation) -> None:
    workspace, namespace, name = member.key
    with home.store() as store:
        store.add(Bookmark(Ref(place, workspace, namespace, name), "mine"))
    outcome = process("nosuch-1", "-", given=b"nosuch-2\n")
    assert outcome.code == 4
    rows = {one: row for row in outcome.out.splitlines() for one in (name, "nosuch-1", "nosuch-2") if f" {one}" in row}
    assert rows[name].startswith("UPDATED ")
    assert "mine" in rows[name]
    assert rows["nosuch-1"].lower().startswith("gone ")
    assert rows["nosuch-2"].lower().startswith("gone ")
    assert "hottui: nosuch-1: Hot update not found" in outcome.err
    with home.store() as store:
        assert [each.ref.id for each in store.tracked()] == [name]
        assert store.tracked()[0].state == "HOT_UPDATED"


# The disk


def test_a_full_disk_loses_no_bookmark(home: Home) -> None:
    with home.store() as store:
        store.add(Bookmark(Ref(*PLACE, "hu-1")))

    def limit_file_size() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    ids = "\n".join(f"hu-{n}" for n in range(5_000)).encode()
    outcome = process("add", "-", "-w", "w", "-r", "cn-hangzhou", given=ids, preexec_fn=limit_file_size)
    assert (outcome.code, outcome.out) == (5, "")
    assert "No space left to write the store" in outcome.err
    with home.store() as store:
        assert [each.ref.id for each in store.tracked()] == ["hu-1"]


def test_hottui_runs_as_a_module_and_as_a_script() -> None:
    script = Path(sys.executable).parent / "hottui"
    done = subprocess.run([script, "--version"], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == process("--version").out
