"""A fault that a command does not wait for: a message and an exit code of its own run, and of no other."""

import sys
import threading
from pathlib import Path

import click
import pytest

from hottui.cli.run import run

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


def test_a_fault_in_a_thread_is_told_by_the_run_it_came_up_in_alone(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    hooks = threading.excepthook, sys.unraisablehook
    for _ in range(2):
        assert run(command, ["--fail"]) == 1
        told = capsys.readouterr().err
        assert told.count("Internal error (LookupError); hottui continues.") == 1
        assert told.count("\n") == 1
        assert (threading.excepthook, sys.unraisablehook) == hooks, "nobody else hears of faults any more"
    assert run(command, []) == 0
    assert capsys.readouterr().err == ""
    assert len(list((Path(home.folder) / "state" / "hottui").iterdir())) == 2
