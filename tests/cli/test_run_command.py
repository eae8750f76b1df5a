"""Running commands: an exception in a thread gives a message and the exit code of its own run only."""

import sys
import threading
from pathlib import Path

import click
import pytest

from hottui.cli.run_command import run

from .conftest import Home


@click.command()
@click.option("--fail", is_flag=True)
def command(fail: bool) -> None:
    def work() -> None:
        if fail:
            raise LookupError

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_an_exception_in_a_thread_is_reported_by_its_own_run_only(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    hooks = threading.excepthook, sys.unraisablehook
    for _ in range(2):
        assert run(command, ["--fail"]) == 1
        text = capsys.readouterr().err
        assert text.count("Internal error (LookupError); hottui continues.") == 1
        assert text.count("\n") == 1
        assert (threading.excepthook, sys.unraisablehook) == hooks, "the hooks are restored"
    assert run(command, []) == 0
    assert capsys.readouterr().err == ""
    assert len(list((Path(home.folder) / "state" / "hottui").iterdir())) == 2
