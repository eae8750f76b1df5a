"""Hooks for unhandled errors: bounded, thread-safe, and one report per location."""

import asyncio
import gc
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hottui.runtime.error_hooks import ErrorHooks, current_hooks, installed_hooks

_SECRET = "Gk3Pz8Tm1Xc6Vd9Hs4Lq"
_REPORTED = 5
_LISTED = 100


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the reports."""
    monkeypatch.setattr("hottui.paths.state_dir", lambda: tmp_path / "state")
    return tmp_path / "state"


def fault(number: int, message: str = "") -> Exception:
    """Return an error raised at a location of its own: line `number`."""
    try:
        exec(compile("\n" * number + "raise ArithmeticError(message)", "made-up.py", "exec"), {"message": message})
    except ArithmeticError as error:
        return error
    raise AssertionError


def test_installed_hooks_are_restored_and_share_no_state() -> None:
    before, outer = (threading.excepthook, sys.unraisablehook), current_hooks()
    for _ in range(2):
        with installed_hooks() as hooks:
            assert current_hooks() is hooks
            assert (threading.excepthook, sys.unraisablehook) != before
            hooks.handle(fault(1))
            assert len(hooks.messages) == 1, "a new run reports the same error again"
        assert (threading.excepthook, sys.unraisablehook) == before
        assert current_hooks() is outer
    with pytest.raises(KeyError), installed_hooks():
        raise KeyError
    assert (threading.excepthook, sys.unraisablehook) == before
    assert outer.messages == ()


def test_first_locations_get_a_report_each_and_the_others_one_line(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNHEARD_TOKEN", _SECRET)
    hooks, messages, logged = ErrorHooks(), list[str](), list[str]()
    hooks.add_listener(messages.append)
    hooks.add_log_listener(logged.append)
    for _ in range(3):
        for number in range(20):
            hooks.handle(fault(number, message=_SECRET))
    assert tuple(messages) == hooks.messages
    assert len(messages) == _REPORTED + 1
    files = sorted(state.iterdir())
    assert len(files) == _REPORTED + 1
    listing = next(file for file in files if str(file) in messages[-1])
    assert listing.stat().st_mode & 0o777 == 0o600
    lines = listing.read_text().splitlines()
    assert all(f"(ArithmeticError): line {number + 1} of made-up.py" in line for number, line in enumerate(lines, 5))
    assert len(lines) == 20 - _REPORTED
    assert logged == [*messages, *lines]
    assert not any(_SECRET in text for text in [*logged, *(file.read_text() for file in files)])


def test_the_list_is_bounded_with_a_message(state: Path) -> None:
    hooks, logged = ErrorHooks(), list[str]()
    hooks.add_log_listener(logged.append)
    for number in range(_LISTED + 20):
        hooks.handle(fault(number))
    assert len(hooks.messages) == _REPORTED + 1
    assert "they are not listed" in logged[-1]
    assert sum("made-up.py" in line for line in logged) == _LISTED - _REPORTED
    assert logged[-1] in max(file.read_text() for file in state.iterdir() if "Traceback" not in file.read_text())


def test_an_unwritable_folder_is_mentioned_once(state: Path) -> None:
    state.write_text("no folder")
    hooks = ErrorHooks()
    for number in range(10):
        hooks.handle(fault(number))
    assert len(hooks.messages) == _REPORTED + 1
    assert "No list was written" in hooks.messages[-1]


def test_a_failing_listener_is_reported_once_and_does_not_affect_the_others(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with installed_hooks() as hooks:
        calls, messages, logged = list[str](), list[str](), list[str]()

        def fail(message: str) -> None:
            calls.append(message)
            raise LookupError(message)

        hooks.add_listener(fail)
        hooks.add_listener(messages.append)
        hooks.add_log_listener(fail)
        hooks.add_log_listener(logged.append)
        for number in (1, 2):
            in_a_thread(fault(number))
    assert len(calls) == 2, "once as a listener, once as a log listener"
    assert tuple(messages) == tuple(logged) == hooks.messages
    assert [next(name for name in ("Arithmetic", "Lookup") if name in each) for each in messages] == [
        "Arithmetic", "Lookup", "Arithmetic",
    ]  # fmt: skip
    assert len(list(state.iterdir())) == 3
    assert capsys.readouterr() == ("", "")


def test_an_error_while_reporting_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> str:
        raise ValueError

    monkeypatch.setattr("hottui.runtime.crash_report.write_report", broken)
    hooks = ErrorHooks()
    hooks.handle(fault(1))
    assert "(ArithmeticError, then ValueError while reporting it)" in hooks.messages[0]


def test_an_error_whose_str_fails_is_reported() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise TypeError

    hooks = ErrorHooks()
    hooks.handle(Mute())
    assert "(Mute)" in hooks.messages[0]


class _Slow(type):
    """An error that is slow to hash, so that all threads report it concurrently."""

    def __hash__(cls) -> int:
        time.sleep(0.02)
        return super().__hash__()


def test_the_same_error_in_several_threads_is_reported_once() -> None:
    class Raced(Exception, metaclass=_Slow):
        pass

    hooks, start = ErrorHooks(), threading.Barrier(8)
    errors = [Raced(str(number)) for number in range(_REPORTED + 5)]

    def bring() -> None:
        start.wait()
        for error in errors:
            hooks.handle(error)

    threads = [threading.Thread(target=bring) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(hooks.messages) == len(set(hooks.messages)) == _REPORTED + 1


def in_a_thread(error: BaseException) -> None:
    """Raise it in a thread."""

    def fail() -> None:
        raise error

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def in_a_finaliser(error: BaseException) -> None:
    """Raise it in a finalizer."""

    class Fails:
        def __del__(self) -> None:
            raise error

    Fails()
    gc.collect()


async def in_a_loop(error: BaseException) -> None:
    """Raise it in a task that nobody awaits."""
    current_hooks().install_on_loop(asyncio.get_running_loop())
    asyncio.get_running_loop().call_exception_handler({"message": "a message", "exception": error})


@pytest.mark.parametrize("error", [RuntimeError, asyncio.CancelledError, GeneratorExit, BaseException])
@pytest.mark.parametrize("bring", [in_a_thread, in_a_finaliser, lambda error: asyncio.run(in_a_loop(error))])
def test_errors_of_every_origin_are_reported(
    error: type[BaseException], bring: Callable[[BaseException], None]
) -> None:
    with installed_hooks() as hooks:
        bring(error())
    assert [error.__name__ in each for each in hooks.messages] == [True]


@pytest.mark.parametrize(
    ("error", "bring"),
    [
        (SystemExit, in_a_thread),
        (SystemExit, in_a_finaliser),
        (KeyboardInterrupt, in_a_finaliser),
        (SystemExit, lambda error: asyncio.run(in_a_loop(error))),
        (KeyboardInterrupt, lambda error: asyncio.run(in_a_loop(error))),
    ],
)
def test_exit_exceptions_are_not_errors(error: type[BaseException], bring: Callable[[BaseException], None]) -> None:
    with installed_hooks() as hooks:
        bring(error())
    assert hooks.messages == ()


def test_nothing_is_printed_during_interpreter_shutdown() -> None:
    program = """
from hottui.runtime.error_hooks import current_hooks
current_hooks().install()
current_hooks().add_listener(print)
class Fails:
    def __del__(self):
        raise RuntimeError
kept = Fails()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=120, check=True)
    assert done.stdout + done.stderr == b""
