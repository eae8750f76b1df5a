"""Signals while an event loop runs: all tasks are cancelled, and the exit code is that of the signal."""

import signal

import pytest

from .conftest import PATIENCE, started

_BUSY = """
import asyncio, os, signal, sys, threading
from hottui.runtime.shutdown import run_until_signal

def leave(number, frame):
    raise SystemExit("raised in the midst of it")

for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
    if signal.getsignal(number) is not signal.SIG_IGN:
        signal.signal(number, leave)
left = 0

async def hop(turning):
    global left
    turning.set()
    try:
        while True:
            await asyncio.sleep(0)
    finally:
        left += 1

async def work():
    turning = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for _ in range(20):
            group.create_task(hop(turning))
        await turning.wait()
        threading.Timer(0.02, os.kill, (os.getpid(), int(sys.argv[1]))).start()

try:
    run_until_signal(work())
finally:
    print(left, signal.getsignal(signal.SIGTERM) is leave)
"""

_STUCK = """
import asyncio, os, signal, time
from hottui.runtime.shutdown import run_until_signal

async def work():
    looking_up = asyncio.create_task(asyncio.to_thread(time.sleep, 600))
    await asyncio.sleep(0.1)
    os.kill(os.getpid(), signal.SIGTERM)
    await looking_up

run_until_signal(work())
"""

_IGNORING = """
import asyncio, os, signal
from hottui.runtime.shutdown import run_until_signal

async def work():
    os.kill(os.getpid(), signal.SIGHUP)
    await asyncio.sleep(0.2)
    return "it went on"

signal.signal(signal.SIGHUP, signal.SIG_IGN)
print(run_until_signal(work()))
"""


def outcome(program: str, *args: object) -> tuple[int, bytes, bytes]:
    with started(*map(str, args), program=("-c", program)) as running:
        out, err = running.communicate(timeout=PATIENCE)
    return running.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM] * 4)
def test_a_signal_cancels_all_tasks_and_restores_the_handlers(number: signal.Signals) -> None:
    assert outcome(_BUSY, int(number)) == (128 + number, b"20 True\n", b"")


def test_uncancellable_work_does_not_delay_the_exit() -> None:
    assert outcome(_STUCK) == (143, b"", b"")


def test_an_ignored_signal_stays_ignored() -> None:
    assert outcome(_IGNORING) == (0, b"it went on\n", b"")


_DROPPED = """
import signal, sys, weakref
from hottui.cli import main

class Forgotten: pass

class Begun:
    def find_spec(name, *_):
        if name == "hottui.demo.server":
            forgotten = Forgotten()
            callback = weakref.ref(forgotten, lambda _: signal.raise_signal(signal.SIGTERM))
            del forgotten  # Python drops exceptions raised in the callback

sys.meta_path.insert(0, Begun)
main()
"""

_REPLACED = """
import signal, sys
from hottui.cli import main

class Named:
    def __set_name__(self, owner, name):
        signal.raise_signal(signal.SIGTERM)

class Begun:
    def find_spec(name, *_):
        if name == "hottui.demo.server":
            type("Owner", (), {"named": Named()})  # Python replaces the exception raised here by a RuntimeError

sys.meta_path.insert(0, Begun)
main()
"""


@pytest.mark.parametrize("program", [_DROPPED, _REPLACED], ids=["dropped", "turned"])
def test_a_signal_ends_the_process_even_if_python_drops_the_exception(program: str) -> None:
    with started("demo", "--serve", "0", program=("-c", program)) as running:
        _, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, err) == (143, b"")
