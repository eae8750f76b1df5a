"""Credential processes: no terminal, a time limit, and no processes left over, however hottui ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hottui.runtime.process_group import ProcessFailed
from hottui.service.credential_process import run
from hottui.service.credentials_library import CredentialsLibrary
from hottui.service.credentials_refresh import LibraryCredentials
from hottui.service.errors import CredentialsMissing, ServiceError

TIMEOUT = 60.0


def script(folder: Path, text: str) -> list[str]:
    path = folder / "helper.sh"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return [str(path)]


def until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Return whether the process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def pids(path: Path) -> list[int]:
    return [int(word) for word in path.read_text().split()] if path.exists() else []


def test_the_process_has_no_terminal_no_input_and_its_own_session(tmp_path: Path) -> None:
    command = script(
        tmp_path,
        "wc -c; (: < /dev/tty) 2>/dev/null && echo terminal; set -- $(cat /proc/$$/stat); echo $1 $6; echo no >&2",
    )
    size, ids = run(command).strip().splitlines()
    assert size.strip() == "0"
    process, session = ids.split()
    assert process == session


def test_the_output_is_complete_and_child_processes_are_killed(tmp_path: Path) -> None:
    left = tmp_path / "pids"
    command = script(tmp_path, f"sleep 1000 & echo $! > {left}; head -c 300000 /dev/zero | tr '\\0' x")
    assert run(command) == "x" * 300_000
    until(lambda: not any(alive(pid) for pid in pids(left)))


def test_the_process_group_is_killed_at_the_time_limit(tmp_path: Path) -> None:
    left = tmp_path / "pids"
    command = script(tmp_path, f"trap '' TERM HUP; sleep 1000 & echo $! $$ > {left}; exec 1>&-; wait")
    with pytest.raises(ProcessFailed, match=r"took longer than 0\.5 s and was killed"):
        run(command, 0.5)
    assert len(pids(left)) == 2
    until(lambda: not any(alive(pid) for pid in pids(left)))


def test_the_error_names_the_reason_of_a_failed_process(tmp_path: Path) -> None:
    for text, words in (
        ("echo hush3; echo hush3 >&2; exit 7", "failed with exit code 7"),
        ("kill -9 $$", "failed with signal 9"),
        ("cat /dev/zero", "wrote more than"),
    ):
        with pytest.raises(ProcessFailed, match=words) as caught:
            run(script(tmp_path, text))
        assert "hush3" not in str(caught.value)
    with pytest.raises(ProcessFailed, match="Cannot start the credential process: its program does not exist"):
        run(["/nowhere/hush3"])


def write_profile(home: Path, command: str) -> None:
    (home / ".aliyun").mkdir()
    external = {"name": "prod", "mode": "External", "process_command": command}
    (home / ".aliyun" / "config.json").write_text(json.dumps({"current": "prod", "profiles": [external]}))


def test_a_profile_with_a_credential_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    key = {"mode": "AK", "access_key_id": "LTAIx", "access_key_secret": "s"}
    write_profile(tmp_path, f"echo {json.dumps(json.dumps(key))}")
    assert CredentialsLibrary("prod").find().secrets == ("s",)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("sh -c 'echo hush3 >&2; exit 3'", "the credential process failed with exit code 3"),
        ("echo hush3", "the credential process did not write JSON"),
        ('echo {"access_key_id":"hush3"}', "the credential process did not write JSON"),
        ('echo \'{"access_key_id":"hush3"}\'', "the credential process returned no access key"),
        ("/nowhere/hush3", "cannot start the credential process: its program does not exist"),
        ("echo 'hush3", "the command line of the credential process is invalid"),
    ],
)
def test_a_profile_whose_process_fails(
    command: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    write_profile(tmp_path, command)
    with pytest.raises(CredentialsMissing) as caught:
        CredentialsLibrary("prod").find()
    assert words in caught.value.message
    assert "hush3" not in f"{caught.value.message} {caught.value.hint}"


async def test_a_slow_process_is_named_and_continues_for_later_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    left, go = tmp_path / "pids", tmp_path / "go"
    os.mkfifo(go)
    key = {"mode": "AK", "access_key_id": "LTAIx", "access_key_secret": "s"}
    write_profile(tmp_path, script(tmp_path, f"echo $$ > {left}; cat {go} > /dev/null; echo '{json.dumps(key)}'")[0])
    source = LibraryCredentials("prod", timeout=0.1)
    ends = time.monotonic() + TIMEOUT
    while not pids(left):  # the library is still being imported
        assert time.monotonic() < ends
        with pytest.raises(ServiceError):
            await source.get()
    with pytest.raises(CredentialsMissing) as caught:
        await source.get()
    assert caught.value.message == (
        "The credential process of profile 'prod' of ~/.aliyun/config.json has not answered for 0.1 s."
    )
    assert "terminal" in caught.value.hint
    go.write_text("")
    while time.monotonic() < ends:
        try:
            found = await source.get()
        except CredentialsMissing:
            continue
        assert found.secrets == ("s",)
        return
    pytest.fail("the process was not waited for")


IN_A_PROCESS = """
import sys
from hottui.service.credential_process import run
run(sys.argv[1:])
"""


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_the_process_is_killed_with_hottui(by: signal.Signals, tmp_path: Path) -> None:
    left = tmp_path / "pids"
    command = script(tmp_path, f"sleep 1000 & echo $! $$ > {left}; wait")
    with subprocess.Popen([sys.executable, "-c", IN_A_PROCESS, *command]) as hottui:
        until(lambda: len(pids(left)) == 2)
        hottui.send_signal(by)
    until(lambda: not any(alive(pid) for pid in pids(left)))
